import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from states import until

import timeline_nb as tl
from timeline_nb.core.worker_threads import threads_left_behind
from timeline_nb.effects.custom import forget_custom_effect

Image = NDArray[np.uint8]
_gate = threading.Event()


def turns_for_ever(rgb: Image) -> Image:
    while True:
        rgb = rgb.copy()


def hides_in_a_handler(_: Image) -> Image:
    while True:
        try:
            time.sleep(0.001)
        except Exception:  # noqa: BLE001, S112 - as effects may do
            continue


def waits_in_c(rgb: Image) -> Image:
    _gate.wait()
    return rgb


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tl.Studio]:
    for function in (turns_for_ever, hides_in_a_handler, waits_in_c):
        tl.effect()(function)
    _gate.clear()
    with tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache")) as studio:
        yield studio
        _gate.set()
    for function in (turns_for_ever, hides_in_a_handler, waits_in_c):
        forget_custom_effect(function.__name__)


def edit_of(source: tl.Media, effect: str, studio: tl.Studio) -> tl.Edit:
    cut = tl.Edit("stuck", rate=25, size=(160, 68), studio=studio)
    cut.append(source.clip("0s", "1s"))
    if effect:
        cut.effects.add(cut.clips[0].id, effect)
    return cut


@pytest.mark.parametrize(
    "effect", ["turns_for_ever", "hides_in_a_handler", "waits_in_c"]
)
def test_two_stuck_renders_stop_neither_renders_nor_detections(
    effect: str, studio: tl.Studio, bikes: Path, tmp_path: Path
) -> None:
    # Of tests before this one.
    before = set(threads_left_behind())
    folder = tmp_path / "films"
    folder.mkdir()
    source = tl.open(bikes, studio=studio)
    stuck = [
        edit_of(source, effect, studio).render(folder / f"stuck{number}.mp4")
        for number in range(2)
    ]
    after = edit_of(source, "", studio).render(folder / "after.mp4")
    until(lambda: all(job.status == "processing" for job in stuck))
    assert after.status == "queued"
    for job in stuck:
        job.cancel()
    for job in stuck:
        with pytest.raises(tl.JobCancelledError):
            job.wait(120)
        assert job.status == "cancelled"
    assert after.wait(200).frames == 25
    assert len(source.detect(end="1s").to_dataframe())
    assert sorted(path.name for path in folder.iterdir()) == ["after.mp4"]
    assert not list((tmp_path / "cache" / "renders").iterdir())
    if effect == "waits_in_c":
        assert set(threads_left_behind()) - before
        return
    until(lambda: set(threads_left_behind()) <= before)


SCRIPT = """
import time
import timeline_nb as tl

@tl.effect()
def asleep(rgb):
    time.sleep(1e6)

studio = tl.open_studio(tl.Settings(cache_dir={cache!r}))
source = tl.open({media!r}, studio=studio)
cut = tl.Edit("stuck", rate=25, size=(160, 68), studio=studio)
cut.append(source.clip("0s", "1s"))
cut.effects.add(cut.clips[0].id, "asleep")
job = cut.render({film!r})
while job.status != "processing":
    time.sleep(0.01)
print("end")
"""


def test_python_ends_though_an_effect_is_stuck(bikes: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    paths = {"cache": tmp_path / "cache", "film": tmp_path / "film.mp4", "media": bikes}
    script.write_text(SCRIPT.format(**{k: str(v) for k, v in paths.items()}))
    ended = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert ended.stdout.strip().endswith("end")
    assert ended.returncode == 0
    assert "Traceback" not in ended.stderr
    assert not list(tmp_path.glob("*.mp4")) + list(tmp_path.glob(".*.mp4"))
