"""A plugin written in C is equal to OpenCV's box blur."""

import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.plugins import Plugins

SOURCES = Path(__file__).parents[2] / "plugins_src"
ID = "timeline-nb.test.blur"
pytestmark = pytest.mark.timeout(60)


@pytest.fixture(scope="module")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("plugins")
    made = Plugins(folder / "plugins", folder / "cache")
    made.install(SOURCES / "blur.wasm")
    yield made
    made.close()


@pytest.mark.parametrize("radius", [0, 1, 8, 31, 64])
@pytest.mark.parametrize("size", [(1, 1), (5, 3), (64, 48), (170, 201)])
def test_it_is_the_blur_of_opencv(
    plugins: Plugins, radius: int, size: tuple[int, int]
) -> None:
    width, height = size
    picture = np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8)
    blurred = plugins.plugin(ID).frame("box_blur", [picture], {"radius_px": radius})
    side = (2 * radius + 1,) * 2
    expected = cv2.blur(picture, side, borderType=cv2.BORDER_REPLICATE)
    assert np.array_equal(blurred, expected)


def test_a_view_with_steps_is_blurred_too(plugins: Plugins) -> None:
    whole = np.random.default_rng(7).integers(0, 256, (40, 60, 3), np.uint8)
    part = whole[::2, ::-1]
    blurred = plugins.plugin(ID).frame("box_blur", [part], {"radius_px": 2})
    expected = cv2.blur(part.copy(), (5, 5), borderType=cv2.BORDER_REPLICATE)
    assert np.array_equal(blurred, expected)


@pytest.mark.parametrize(
    ("pictures", "values", "message"),
    [
        ([], {}, "takes 1 pictures, not 0"),
        ([np.zeros((4, 4), np.uint8)], {}, r"\(H, W, 3\) uint8"),
        ([np.zeros((4, 4, 3), np.float32)], {}, r"\(H, W, 3\) uint8"),
        ([np.zeros((0, 4, 3), np.uint8)], {}, r"\(H, W, 3\) uint8"),
        ([np.zeros((4, 4, 3), np.uint8)], {"radius_px": 65}, "outside 0 to 64"),
        ([np.zeros((4, 4, 3), np.uint8)], {"radius_px": float("nan")}, "outside"),
        ([np.zeros((4, 4, 3), np.uint8)], {"radius": 1}, "did you mean 'radius_px'"),
    ],
)
def test_mistakes_are_named(
    plugins: Plugins, pictures: Any, values: Any, message: str
) -> None:
    with pytest.raises(PluginError, match=message):
        plugins.plugin(ID).frame("box_blur", pictures, values)
    assert plugins.plugin(ID).state in {"loaded", "active"}


@pytest.mark.whole
def test_the_module_is_built_of_its_source(tmp_path: Path) -> None:
    if shutil.which("clang-14") is None:
        pytest.skip("needs clang-14 and lld-14 of Debian")
    for name in ("blur.c", "build.sh"):
        shutil.copy(SOURCES / name, tmp_path)
    subprocess.run(["sh", str(tmp_path / "build.sh")], check=True)
    built, kept = (
        hashlib.sha256((folder / "blur.wasm").read_bytes()).hexdigest()
        for folder in (tmp_path, SOURCES)
    )
    assert built == kept
