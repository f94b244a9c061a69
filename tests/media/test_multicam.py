"""Cameras: in step by what they hear, switched, and side by side."""

from fractions import Fraction
from itertools import combinations
from pathlib import Path

import av
import numpy as np
import pandas as pd
import pytest
from media_factory import picture, read_number
from numpy.typing import NDArray

import timeline_nb as tl
from timeline_nb.errors import MediaError, TimelineError
from timeline_nb.multicam.layouts import (
    Cell,
    ScreenLayout,
    layout,
    layout_names,
    transform_in,
)
from timeline_nb.multicam.sync import Reader, synchronized
from timeline_nb.notebook.cameras import Multicam
from timeline_nb.timeline.model import Clip

HZ = 48_000


def concert(seconds: float, seed: int = 4) -> NDArray[np.float32]:
    """Notes that come at odd times, over a murmur."""
    chance = np.random.default_rng(seed)
    time = np.arange(int(seconds * HZ)) / HZ
    sound = chance.normal(0, 0.01, time.shape)
    at = 0.3
    while at < seconds:
        begin = int(at * HZ)
        length = min(HZ, len(time) - begin)
        note = np.exp(-(time[:length]) * 6)
        pitch = chance.uniform(200, 1200)
        sound[begin : begin + length] += (
            0.3 * note * np.sin(2 * np.pi * pitch * time[: len(note)])
        )
        at += chance.uniform(0.15, 0.9)
    return sound.astype(np.float32)


def reader(sound: NDArray[np.float32]) -> Reader:
    def read(start: int, count: int) -> NDArray[np.float32]:
        out = np.zeros((2, count), np.float32)
        first, last = max(0, start), min(len(sound), start + count)
        if first < last:
            out[:, first - start : last - start] = sound[first:last]
        return out

    return read


@pytest.mark.parametrize("offset", [-3.217, 0.0, 0.013, 7.5])
def test_an_offset_is_found_within_a_frame(offset: float) -> None:
    whole = concert(60)
    chance = np.random.default_rng(9)
    begin = int(20 * HZ)
    one = whole[begin : begin + 25 * HZ]
    two = whole[begin + int(offset * HZ) :][: 25 * HZ]
    two = 0.4 * two + chance.normal(0, 0.02, two.shape).astype(np.float32)
    found = synchronized(reader(one), 25, reader(two), 25, HZ)
    assert found.offset_s == pytest.approx(offset, abs=0.002)
    assert abs(found.drift_ppm) < 40


def test_a_clock_that_runs_slow_is_found() -> None:
    whole = concert(300, 7)
    # It made 100 samples a million too few: its own second is longer.
    drift = 100e-6
    places = np.arange(int(280 * HZ)) * (1 + drift) + 5 * HZ
    other = np.interp(places, np.arange(len(whole)), whole).astype(np.float32)
    found = synchronized(reader(whole), 300, reader(other), 280, HZ)
    assert found.offset_s == pytest.approx(5, abs=0.004)
    assert found.drift_ppm == pytest.approx(100, abs=8)
    assert found.time_in(205.02) == pytest.approx(200, abs=0.005)


def test_strangers_are_not_made_to_fit() -> None:
    with pytest.raises(MediaError, match="too little in common"):
        synchronized(reader(concert(20, 1)), 20, reader(concert(20, 2)), 20, HZ)
    silence = np.zeros(20 * HZ, np.float32)
    with pytest.raises(MediaError, match="silent"):
        synchronized(reader(concert(20)), 20, reader(silence), 20, HZ)


def shot(
    path: Path, sound: NDArray[np.float32], begin_s: float, frames: int, add: int
) -> Path:
    """A camera's file: frames numbered by the common time, and what it heard."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "18"})
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        audio = container.add_stream("aac", rate=HZ)
        assert isinstance(audio, av.AudioStream)
        audio.layout = "stereo"
        for number in range(frames):
            own = picture(number + round(begin_s * 25) + add)
            frame = av.VideoFrame.from_ndarray(own, "rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        first = int(begin_s * HZ)
        mono = sound[first : first + frames * HZ // 25]
        for at in range(0, len(mono) - 1023, 1024):
            block = np.ascontiguousarray(np.stack([mono[at : at + 1024]] * 2))
            made = av.AudioFrame.from_ndarray(block, "fltp", "stereo")
            made.sample_rate, made.pts = HZ, at
            made.time_base = Fraction(1, HZ)
            container.mux(audio.encode(made))
        container.mux(audio.encode())
    return path


@pytest.fixture(scope="module")
def cameras(tmp_path_factory: pytest.TempPathFactory) -> Multicam:
    folder = tmp_path_factory.mktemp("cameras")
    studio = tl.open_studio(tl.Settings(cache_dir=folder / "cache"))
    sound = concert(12)
    # Each camera adds hundreds of its own to the number of the common frame.
    files = {
        "wide": shot(folder / "wide.mp4", sound, 0.0, 250, 0),
        "close": shot(folder / "close.mp4", sound, 1.2, 200, 300),
        "stage": shot(folder / "stage.mp4", sound, 0.6, 220, 600),
    }
    return tl.sync_cameras({n: tl.open(p, studio=studio) for n, p in files.items()})


def fresh(cameras: Multicam) -> tl.Edit:
    studio = cameras.cameras["wide"].studio
    return tl.Edit("concert", rate=25, size=(640, 360), studio=studio)


def test_cameras_come_into_step(cameras: Multicam) -> None:
    table = cameras.to_dataframe().set_index("camera")
    assert table.loc["close", "offset_s"] == pytest.approx(1.2, abs=0.02)
    assert table.loc["stage", "offset_s"] == pytest.approx(0.6, abs=0.02)
    assert float(cameras.common.start) == pytest.approx(1.2, abs=0.02)


def test_a_switched_cut_never_shows_a_frame_of_another_time(
    cameras: Multicam,
) -> None:
    cut = fresh(cameras)
    cuts = [("2s", "wide"), ("3s", "close"), ("4.4s", "stage"), ("5s", "wide")]
    cameras.switch(cut, cuts, end="6s")
    assert [clip.name for clip in cut.clips] == ["wide", "close", "stage", "wide"]
    numbers = [read_number(cut.frame(f"{n}f")) for n in range(0, 100, 7)]
    for place, number in zip(range(0, 100, 7), numbers, strict=True):
        common = 50 + place
        camera = (
            0 if common < 75 else 300 if common < 110 else 600 if common < 125 else 0
        )
        assert abs(number - camera - common) <= 1, place
    cut.undo()
    table = pd.DataFrame({"time_s": [2.0, 3.0], "camera": ["wide", "close"]})
    cameras.switch(cut, table, end="4s", sound="stage")
    assert [track.kind for track in cut.timeline.tracks] == ["video", "audio"]
    (heard,) = (i for i in cut.timeline.tracks[1].items if isinstance(i, Clip))
    assert heard.name == "stage"
    assert heard.duration == 2


def test_cuts_that_cannot_be_made_are_refused(
    cameras: Multicam,
) -> None:
    cut = fresh(cameras)
    with pytest.raises(TimelineError, match="no angle 'roof': there are wide, close"):
        cameras.switch(cut, [("2s", "roof")])
    with pytest.raises(TimelineError, match="'close' was not running from 0 s"):
        cameras.switch(cut, [("0s", "close")], end="3s")
    with pytest.raises(TimelineError, match="not before the next"):
        cameras.switch(cut, [("3s", "wide"), ("2s", "stage")])
    with pytest.raises(TimelineError, match="no column 'camera'"):
        cameras.switch(cut, pd.DataFrame({"time_s": [1]}))
    with pytest.raises(TimelineError, match="carries no timecode"):
        tl.sync_cameras(cameras.cameras, by="timecode")
    with pytest.raises(TimelineError, match="no camera 'clos'; did you mean 'close'"):
        tl.sync_cameras(cameras.cameras, offsets={"clos": 1.2})
    with pytest.raises(TimelineError, match="no camera 'stag'; did you mean 'stage'"):
        cameras.switch(cut, [("2s", "wide")], end="3s", sound="stag")
    with pytest.raises(TimelineError, match="by='clap': give 'sound' or 'timecode'"):
        tl.sync_cameras(cameras.cameras, by="clap")
    assert not cut.timeline.tracks


def test_cameras_stand_side_by_side(cameras: Multicam) -> None:
    cut = fresh(cameras)
    cameras.split_screen(cut, "columns-3", start="2s", end="3s")
    frame = cut.frame("0.5s")
    # Each third shows its own camera: no two are alike.
    thirds = [frame[:, n * 214 : n * 214 + 200].astype(int) for n in range(3)]
    for one, other in combinations(thirds, 2):
        assert np.abs(one - other).mean() > 1
    assert cut.duration == 1
    cut.undo()
    cells = [Cell(0, 0, 1, 1), Cell(0.5, 0, 0.5, 0.5, fit="fit")]
    own = ScreenLayout("mine", (*cells, Cell(0.9, 0.9, 0.1, 0.1)))
    cameras.split_screen(cut, own, start="2s", end="3s")
    # A whole picture, and in its right upper quarter another, whole as well.
    whole = cut.frame("0.5s")[:180, 320:]
    assert read_number(np.repeat(np.repeat(whole, 2, 0), 2, 1)) >= 300
    cut.undo()
    with pytest.raises(TimelineError, match="has 4 cells, and there are 3 clips"):
        cameras.split_screen(cut, "grid-4")
    with pytest.raises(TimelineError, match="no layout 'grid-99'; there are grid-2"):
        cameras.split_screen(cut, "grid-99")


def test_there_are_layouts_for_every_number_and_shape() -> None:
    assert len(layout_names()) >= 83
    for count in range(2, 26):
        assert layout_names(count)


@pytest.mark.parametrize("aspect", [16 / 9, 9 / 16, 1.0])
def test_every_layout_lies_within_the_screen(aspect: float) -> None:
    overlapping = {"picture_in_picture", "diagonal", "center"}
    for name in layout_names():
        rule, count = name.rsplit("-", 1)
        cells = layout(name, aspect=aspect, gap=0.01).cells
        assert len(cells) == int(count), name
        for cell in cells:
            assert cell.width > 0.01, name
            assert cell.height > 0.01, name
            assert cell.left >= -1e-9, name
            assert cell.top >= -1e-9, name
            assert cell.left + cell.width <= 1 + 1e-9, name
            assert cell.top + cell.height <= 1 + 1e-9, name
        if rule in overlapping:
            continue
        for a, b in combinations(cells, 2):
            apart = (
                a.left + a.width <= b.left + 1e-9
                or b.left + b.width <= a.left + 1e-9
                or a.top + a.height <= b.top + 1e-9
                or b.top + b.height <= a.top + 1e-9
            )
            assert apart, name
        area = sum(c.width * c.height for c in layout(name, aspect=aspect).cells)
        assert area == pytest.approx(1), name


def test_a_picture_fills_its_cell_and_no_more() -> None:
    cell = layout("one_big-3").cells[1]
    shape = transform_in(cell, (1280, 720), (640, 360))
    from timeline_nb.compose.placement import Canvas, place

    spot = place(shape, (1280, 720), Canvas(640, 360))
    assert spot.exact == pytest.approx((cell.width * 640, cell.height * 360))
    assert spot.middle[0] == pytest.approx((cell.left + cell.width / 2) * 640)
