"""OpenTimelineIO files: what is written comes back equal, through its library too."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timelines import drawn_timelines, empty, media

from timeline_nb.interchange import otio
from timeline_nb.interchange.otio_times import exact_rate, seconds_of, time_object
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import ReadRequest, WriteRequest
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, Timeline


def written(timeline: Timeline, starts: Fraction = Fraction(0)) -> bytes:
    path = Path("a.otio")
    report = Report(path, "otio", "export")
    request = WriteRequest(
        timeline=timeline, path=path, report=report, timecode_of=lambda _: starts
    )
    return otio.write(request).data


def read_back(data: bytes, report: Report | None = None, **args: Any) -> Timeline:
    path = Path("a.otio")
    own = report or Report(path, "otio", "import")
    return otio.read(
        ReadRequest(data=data, name=path.name, path=path, report=own), **args
    )


def rewritten(data: bytes) -> bytes:
    """What OpenTimelineIO's library makes of a file when it saves it."""
    made = opentimelineio.adapters.read_from_string(data.decode(), "otio_json")
    text: str = opentimelineio.adapters.write_to_string(made, "otio_json")
    return text.encode()


@given(drawn_timelines(), st.sampled_from([Fraction(0), Fraction(3600)]))
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_equal(timeline: Timeline, starts: Fraction) -> None:
    report = Report(Path("a.otio"), "otio", "import")
    assert read_back(written(timeline, starts), report) == timeline
    assert report.findings == []


@given(drawn_timelines())
@settings(max_examples=30, deadline=None)
def test_three_rewrites_by_its_library_change_nothing(timeline: Timeline) -> None:
    data = written(timeline, Fraction(3600))
    for _ in range(3):
        data = rewritten(data)
    assert read_back(data) == timeline


@given(st.fractions(0, 100_000, max_denominator=100_000))
def test_times_off_the_grid_are_kept(time: Fraction) -> None:
    rate = Fraction(30000, 1001)
    assert abs(seconds_of(time_object(time, rate)) - time) < Fraction(1, 10**8)
    of = media(seconds=200_000)
    span = TimeRange(time, Fraction(1, 7))
    timeline = edits.append(empty(rate), [Clip(name="a", media=of, source_range=span)])
    assert read_back(rewritten(written(timeline))) == timeline


# Rates of SMPTE ST 12-1, as programs write them with two and more decimals.
@pytest.mark.parametrize(
    ("said", "exact"),
    [
        (23.976, Fraction(24000, 1001)),
        (23.98, Fraction(24000, 1001)),
        (29.97, Fraction(30000, 1001)),
        (29.97002997002997, Fraction(30000, 1001)),
        (59.94, Fraction(60000, 1001)),
        (25.0, Fraction(25)),
        (48000.0, Fraction(48000)),
        (12.5, Fraction(25, 2)),
    ],
)
def test_a_double_stands_for_a_rate(said: float, exact: Fraction) -> None:
    assert exact_rate(said) == exact
