"""The blur plugin is equal to the built-in effects, and to OpenCV's median."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from references import footage

from timeline_nb.effects import blur, registry
from timeline_nb.effects.picture import Moment, Picture
from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.bundled import bundled_plugins, plugin_file
from timeline_nb.wasm_plugins.plugin import Plugin
from timeline_nb.wasm_plugins.plugins import Plugins

Rgba = NDArray[np.uint8]
ID = "timeline-nb.blur"


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("plugins")
    made = Plugins(folder / "plugins", folder / "cache")
    made.install("blur")
    yield made.plugin(ID)
    made.close()


def noise(height: int, width: int) -> Rgba:
    return np.random.default_rng(7).integers(0, 256, (height, width, 4), np.uint8)


def edges(height: int, width: int) -> Rgba:
    """Black and white, whose means lie halfway between two levels more than others."""
    picture = np.zeros((height, width, 4), np.uint8)
    picture[:, width // 2 :] = 255
    picture[height // 3 : height // 2] = 255 - picture[height // 3 : height // 2]
    picture[::7, :, 1] = 255
    picture[:, ::5, 3] = 255
    return picture


def photograph() -> Rgba:
    with av.open(str(footage("bigbuckbunny.mp4"))) as film:
        frame = next(film.decode(video=0))
    # Of a part, for speed; the sides are odd.
    return np.ascontiguousarray(frame.to_ndarray(format="rgba")[:301, :507])


PICTURES: dict[str, Callable[[], Rgba]] = {
    "noise, odd sides": lambda: noise(201, 171),
    "edges": lambda: edges(202, 340),
    "edges, odd sides": lambda: edges(101, 353),
    "tall": lambda: noise(500, 4),
    "tiny": lambda: edges(2, 2),
    "white": lambda: np.full((60, 50, 4), 255, np.uint8),
    "photograph": photograph,
}


def of_planes(picture: Rgba, change: Callable[[Any], Any]) -> Rgba:
    """What an effect makes of each channel, as it does of a plane."""
    parts = [change(np.ascontiguousarray(picture[:, :, n])) for n in range(4)]
    return np.dstack(parts)


def distance(one: Any, other: Any) -> int:
    return int(np.abs(one.astype(int) - other).max())


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("sigma", [0, 0.001, 0.004, 0.01, 0.0251, 0.037, 0.2])
def test_gaussian(plugin: Plugin, name: str, sigma: float) -> None:
    picture = PICTURES[name]()
    sigma_px = sigma * picture.shape[0]
    expected = of_planes(picture, lambda plane: blur.smooth(plane, sigma_px))
    assert distance(plugin.frame("gaussian", [picture], {"sigma": sigma}), expected) < 2


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize(
    ("length", "angle"), [(0, 0), (0.03, 0), (0.03, 90), (0.05, -17.3), (0.2, 135)]
)
def test_motion(plugin: Plugin, name: str, length: float, angle: float) -> None:
    picture = PICTURES[name]()
    high = picture.shape[0]
    expected = of_planes(
        picture, lambda one: blur.along_line(one, length * high, angle)
    )
    values = {"length": length, "angle": angle}
    assert distance(plugin.frame("motion", [picture], values), expected) < 2


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("radius", [0, 0.004, 0.01, 0.3])
def test_box(plugin: Plugin, name: str, radius: float) -> None:
    picture = PICTURES[name]()
    side = 2 * round(radius * picture.shape[0]) + 1
    expected = cv2.blur(picture, (side, side), borderType=cv2.BORDER_REPLICATE)
    assert distance(plugin.frame("box", [picture], {"radius": radius}), expected) < 2


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("radius_px", [0, 1, 2, 3, 10])
def test_median_is_that_of_opencv_in_each_byte(
    plugin: Plugin, name: str, radius_px: int
) -> None:
    picture = PICTURES[name]()
    radius_px = min(radius_px, int(0.05 * picture.shape[0]))
    values = {"radius": radius_px / picture.shape[0]}
    made = plugin.frame("median", [picture], values)
    assert np.array_equal(made, cv2.medianBlur(picture, 2 * radius_px + 1))


def test_the_widest_kernels(plugin: Plugin) -> None:
    picture = noise(2600, 40)
    made = plugin.frame("median", [picture], {"radius": 0.05})
    assert np.array_equal(made, cv2.medianBlur(picture, 255))
    made = plugin.frame("box", [picture], {"radius": 0.3})
    expected = cv2.blur(picture, (1561, 1561), borderType=cv2.BORDER_REPLICATE)
    assert distance(made, expected) < 2


@pytest.mark.parametrize(
    ("effect", "builtin"),
    [("gaussian", blur.gaussian_blur), ("motion", blur.motion_blur),
     ("box", blur.box_blur)],
)  # fmt: skip
def test_luma_and_opacity_are_those_of_the_effect_with_its_defaults(
    plugin: Plugin, effect: str, builtin: Any
) -> None:
    entry = next(one for one in plugin.manifest.effects if one.name == effect)
    spec = registry.picture.specs[f"{effect}_blur"].parameters
    ours = {one.name: one for one in entry.parameters}
    assert set(ours) == {*spec, "intensity", "edges"}
    for one, other in ((ours[name], spec[name]) for name in spec):
        assert (one.default, one.low, one.high) == (
            other.default,
            other.low,
            other.high,
        )
    defaults = {name: one.default for name, one in spec.items()}
    moment = Moment(Fraction(0), Fraction(1, 25))
    given = photograph()[:300, :506].copy()
    given[100:200, 100:300, 3] = 0
    rgb, opacity = np.ascontiguousarray(given[..., :3]), given[..., 3].copy()
    picture = Picture(moment=moment, rgb=rgb, alpha=opacity)
    expected = builtin(picture, **defaults)
    made = plugin.frame(effect, [given])
    luma = Picture(moment=moment, rgb=made[..., :3]).planes[0]
    assert distance(luma, expected.planes[0]) < 2
    assert distance(made[..., 3], expected.alpha) < 2


def test_intensity_mixes_as_the_built_in_mix_does(plugin: Plugin) -> None:
    picture = edges(120, 90)
    whole = plugin.frame("box", [picture], {"radius": 0.05})
    for intensity in (0, 1, 33, 50, 99.5):
        values = {"radius": 0.05, "intensity": intensity}
        share = intensity / 100
        expected = cv2.addWeighted(picture, 1 - share, whole, share, 0)
        assert distance(plugin.frame("box", [picture], values), expected) < 2


@pytest.mark.parametrize("effect", ["gaussian", "motion", "box", "median"])
def test_sharp_edges_are_those_of_the_picture(plugin: Plugin, effect: str) -> None:
    picture = noise(200, 300)
    made = plugin.frame(effect, [picture], {"edges": "sharp"})
    whole = plugin.frame(effect, [picture])
    for place in (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1]):
        assert np.array_equal(made[place], picture[place])
    inner = np.s_[20:-20, 20:-20]
    assert distance(made[inner], whole[inner]) < 2
    assert distance(whole[0], picture[0]) > 20


def test_half_the_reach_from_the_edge_half_is_blurred(plugin: Plugin) -> None:
    picture = noise(200, 300)
    values: dict[str, float | str] = {"radius": 0.05, "edges": "sharp"}
    made = plugin.frame("box", [picture], values)
    whole = plugin.frame("box", [picture], {"radius": 0.05})
    expected = cv2.addWeighted(picture, 0.5, whole, 0.5, 0)
    # Ten pixels wide is the reach, and the sixth row lies five from the first.
    assert distance(made[5, 20:-20], expected[5, 20:-20]) < 2


def test_a_view_with_steps_is_blurred_too(plugin: Plugin) -> None:
    part = noise(40, 60)[::2, ::-1]
    made = plugin.frame("box", [part], {"radius": 0.1})
    expected = cv2.blur(part.copy(), (5, 5), borderType=cv2.BORDER_REPLICATE)
    assert np.array_equal(made, expected)


def test_presets_are_effects_with_parameters(plugin: Plugin) -> None:
    presets = plugin.call("get_presets")["presets"]
    assert len({one["name"] for one in presets}) == len(presets) > 3
    picture = noise(400, 80)
    for one in presets:
        made = plugin.frame(one["effect"], [picture], one["parameters"])
        assert not np.array_equal(made, picture)


def test_apply_blur_names_the_effect(plugin: Plugin) -> None:
    args = {"blur_type": "motion", "intensity": 12.5, "edge_blur": False}
    assert plugin.call("apply_blur", args) == {
        "effect": "timeline-nb.blur/motion",
        "parameters": {"intensity": 12.5, "edges": "sharp"},
    }
    assert plugin.call("apply_blur")["parameters"]["edges"] == "blurred"
    with pytest.raises(PluginError, match="none of 'gaussian'"):
        plugin.call("apply_blur", {"blur_type": "zoom"})


@pytest.mark.parametrize(
    ("pictures", "values", "message"),
    [
        ([], {}, "takes 1 pictures, not 0"),
        ([np.zeros((4, 4), np.uint8)], {}, r"\(H, W, 4\) uint8"),
        ([np.zeros((4, 4, 4), np.float32)], {}, r"\(H, W, 4\) uint8"),
        ([np.zeros((0, 4, 4), np.uint8)], {}, r"\(H, W, 4\) uint8"),
        ([np.zeros((4, 4, 4), np.uint8)], {"radius": 0.31}, "outside 0 to 0.3"),
        ([np.zeros((4, 4, 4), np.uint8)], {"radius": float("nan")}, "outside"),
        ([np.zeros((4, 4, 4), np.uint8)], {"radios": 1}, "did you mean 'radius'"),
    ],
)
def test_mistakes_are_named(
    plugin: Plugin, pictures: Any, values: Any, message: str
) -> None:
    with pytest.raises(PluginError, match=message):
        plugin.frame("box", pictures, values)
    assert plugin.state in {"loaded", "active"}


def test_a_name_that_is_not_bundled(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match="did you mean 'blur'"):
        plugin_file("blurr")
    assert plugin_file("blur") == bundled_plugins()["blur"]
    assert plugin_file(tmp_path / "blur") == tmp_path / "blur"
