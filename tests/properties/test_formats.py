"""Formats that are read and written: what comes back is valid, and explained."""

from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from timelines import drawn_timelines

from timeline_nb.errors import ProjectError
from timeline_nb.interchange.formats import read, write
from timeline_nb.interchange.registered import FORMATS, Format
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import ReadRequest, WriteRequest
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Clip, Timeline
from timeline_nb.timeline.speed import speed_of
from timeline_nb.timeline.validate import problems

BOTH = [one for one in FORMATS if one.reads and one.writes]
# An EDL says no rate, and holds one track of pictures a file.
GIVEN = {"edl": "rate"}


def there_and_back(own: Format, timeline: Timeline) -> tuple[Timeline, Report, Report]:
    """Write a timeline and read it."""
    path = Path(f"a{own.suffixes[0]}")
    out, back = Report(path, own.name, "export"), Report(path, own.name, "import")
    written = write(own, WriteRequest(timeline=timeline, path=path, report=out), {})
    args = {"rate": timeline.rate} if own.name in GIVEN else {}
    request = ReadRequest(data=written.data, name=path.name, path=path, report=back)
    try:
        return read(own, request, args), out, back
    except ProjectError:
        # A list of nothing is refused as none, where all of the edit was lost.
        assume(not out.lost and any(track.items for track in timeline.tracks))
        raise


def shown(timeline: Timeline) -> list[tuple[object, ...]]:
    """The media seconds that each clip shows, and when, on each kind of track."""
    rows: list[tuple[object, ...]] = []
    for track in timeline.tracks:
        layout = layout_of(track.items)
        for number, item in enumerate(track.items):
            if isinstance(item, Clip):
                start = item.source_range.start
                speed = speed_of(item)
                first = start if speed is None else speed.media_time(start)
                at = layout.start(number)
                rows.append((track.kind, at, item.duration, first))
    return sorted(rows, key=str)


@pytest.mark.parametrize("own", BOTH, ids=lambda own: own.name)
@given(timeline=drawn_timelines())
@settings(max_examples=12, deadline=None)
def test_what_comes_back_is_valid_and_explained(
    own: Format, timeline: Timeline
) -> None:
    made, out, back = there_and_back(own, timeline)
    # The import numbers what has no id.
    faults = [p.message for p in problems(made) if "item id" not in p.message]
    assert faults == []
    if out.is_exact and back.is_exact:
        assert shown(made) == shown(timeline)
    assert all(one.by_how_much is None or one.by_how_much >= 0 for one in out)


def test_formats_have_names_and_suffixes_of_their_own() -> None:
    names = [one.name for one in FORMATS]
    assert len(set(names)) == len(names)
    for one in FORMATS:
        assert one.reads or one.writes
        assert one.about.endswith(".")
        assert all(s.startswith(".") and s == s.lower() for s in one.suffixes)
