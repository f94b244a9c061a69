"""Frame numbers of other programs, and clips at the edges of their files."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from media_factory import VFR_STAMPS, Clips, read_number

import timeline_nb as tl
from timeline_nb.errors import RecognitionError, TimeError


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tl.Studio]:
    with tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache")) as studio:
        yield studio


def table_of(numbers: list[int], path: Path) -> Path:
    """A table as another program writes it: a frame, a label and a box."""
    row = {"label": "thing", "score": 0.9, "x1": 10, "y1": 10, "x2": 20, "y2": 20}
    pd.DataFrame([{"frame": n, **row} for n in numbers]).to_csv(path, index=False)
    return path


@pytest.mark.parametrize("name", ["matroska", "transport", "late", "ntsc"])
def test_rows_name_the_frames_that_they_count(
    name: str, clips: Clips, studio: tl.Studio, tmp_path: Path
) -> None:
    src = tl.open(clips[name], studio=studio)
    path = table_of([2, 11, 30], tmp_path / "found.csv")
    table = tl.read_detections(path, source=src)
    assert table["pts"].tolist() == src.index.pts[[2, 11, 30]].tolist()
    cut = tl.Edit("rows", rate=src.rate, size=(192, 112), studio=studio)
    cut.append(src.clips(table.tl.ranges()))
    begins = [
        sum(c.duration for c in src.clips(table.tl.ranges())[:n]) for n in range(3)
    ]
    assert [read_number(cut.frame(Fraction(at))) for at in begins] == [2, 11, 30]


def test_uneven_frames_are_counted_by_who_knows_them(
    clips: Clips, studio: tl.Studio, tmp_path: Path
) -> None:
    src = tl.open(clips["vfr"], studio=studio)
    path = table_of([7], tmp_path / "found.csv")
    with pytest.raises(RecognitionError, match=r"give source=tl\.open"):
        tl.read_detections(path, source=src.source)
    (time_s,) = tl.read_detections(path, source=src)["time_s"]
    assert time_s == pytest.approx((VFR_STAMPS[7] - VFR_STAMPS[0]) / 1000)
    with pytest.raises(RecognitionError, match=r"frame 60, and .* has frames 0 to 59"):
        tl.read_detections(table_of([60], path), source=src)


def test_a_clip_may_reach_out_by_less_than_a_frame(
    clips: Clips, studio: tl.Studio
) -> None:
    src = tl.open(clips["cfr"], studio=studio)
    assert src.range == tl.TimeRange(Fraction(0), Fraction(60, 25))
    whole = src.clip("-0.039s", "2.43s")
    assert whole.source_range == src.range
    with pytest.raises(TimeError, match=r"end it at 12/5 s at the latest"):
        src.clip(1, "2.44s")
    with pytest.raises(TimeError, match=r"begin it at 0 s at the earliest"):
        src.clip("-0.04s", 1)
