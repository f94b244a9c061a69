"""What an edit loses on its way there and back is in the reports, in one vocabulary."""

import re
from importlib.util import find_spec

import pytest
from rich_edits import rich_edit, there_and_back

from timeline_nb.interchange import terms
from timeline_nb.interchange.registered import FORMATS, Format
from timeline_nb.interchange.report import Finding, Report
from timeline_nb.timeline.comparing.changes import Change
from timeline_nb.timeline.comparing.timelines import compare
from timeline_nb.timeline.model import Timeline

HAS_AAF = find_spec("otio_aaf_adapter") is not None
BOTH = [
    one
    for one in FORMATS
    if one.reads and one.writes and (HAS_AAF or one.name != "aaf")
]
# A log of clips says in one row that it is no edit.
EDITS = [one for one in BOTH if one.name != "ale"]
ANY = r".*"
OF_FORMATS = r"metadata of formats.*|metadata: (?:ale|edl|otio)"
TRANSITION = r"the transition '.*'"
MOVES = f"{terms.TIMES}|{terms.FIRST_FRAME}|{TRANSITION}|{terms.SPEED}|{terms.CLIP}"
# What a change may be told as. The first pattern that fits it counts.
COVERS = {
    r"sample_rate_hz": terms.SAMPLE_RATE,
    r"size": terms.SIZE,
    r"metadata: start_timecode": terms.START_TIMECODE,
    OF_FORMATS: ANY,
    r"metadata: .*": f"{terms.METADATA}|its columns",
    r"effect (\w+)(?: .*|:.*)?": r"the effect '\1'",
    r"order of effects": r"the effect '.*'",
    r"sync_lock": terms.SYNC_LOCK,
    r"locked": terms.LOCK,
    r"enabled": terms.DISABLED,
    r"renamed|name": terms.NAME,
    r"gain_db": f"{terms.GAIN}|{terms.FADES}",
    r"pan": terms.PAN,
    r"keyframes of (\w+)": rf"keyframes of \1|{terms.FADES}|{terms.GAIN}|{terms.PAN}"
    rf"|{terms.PLACEMENT}",
    r"fade (?:in|out)": f"{terms.FADES}|{terms.TIMES}|{TRANSITION}",
    r"blend": terms.BLEND,
    r"fit|position|scale|rotation_deg|opacity|crop": terms.PLACEMENT,
    r"links": terms.LINK,
    r"speed": terms.SPEED,
    r"audio": terms.STREAMS,
    r"style: .*": terms.STYLE,
    r"text": terms.LINES,
    r"moved.*|slipped|longer.*|shorter.*|(?:head|tail) \w+": MOVES,
    r"media|content of the media": rf"{terms.NESTED}|the generator '.*'",
    r"(?:solid|title|gradient): .*": r"the generator '.*'|the title's .*",
    r"transition: .*|\w+ (?:added|removed)": TRANSITION,
}


def pattern_of(change: Change) -> str:
    """Return the pattern of the findings that tell a change."""
    marked = re.search(r'marker "(.*)" at', change.where)
    if marked:
        return re.escape(terms.marker(marked[1]))
    if change.what in {"added", "removed"}:
        if ", subtitle " in change.where or "subtitle" in change.before + change.after:
            return terms.LINES
        return rf"{terms.CLIP}|{terms.TRACK}|{terms.NESTED}|the generator '.*'"
    for what, told in COVERS.items():
        found = re.fullmatch(what, change.what)
        if found:
            return found.expand(told) if "\\1" in told else told
    raise AssertionError(f"a change that no pattern fits: {change}")


def tells(row: Finding, change: Change, pattern: str) -> bool:
    """Return whether a finding is of a change, and of its place."""
    if not re.fullmatch(pattern, row.what):
        return False
    if row.outcome == "kept" and is_lost(change):
        return False
    # A marker of a clip may become one of the edit; no link is told for each clip.
    is_of_edit = change.where == "timeline" or 'marker "' in change.where
    if is_of_edit or pattern == terms.LINK:
        return row.where.startswith(terms.EDIT) or is_near(row, change)
    if TRANSITION in pattern or "the track" in pattern:
        # Transitions move the edges of clips beside them.
        return row.where.startswith((track_of(change), "V", "A", "project"))
    return is_near(row, change)


def track_of(change: Change) -> str:
    """Return the name of a change's track."""
    return change.where.removeprefix("track ").partition(", ")[0]


def is_near(row: Finding, change: Change) -> bool:
    """Return whether a finding is of the clip of a change, or of its whole track."""
    name = re.search(r'(?:clip|subtitle) "([^"]*)"', change.where)
    if name and name[1] in row.where:
        return True
    is_of_track = row.where.partition(", ")[0] in {track_of(change), "project"}
    return is_of_track and '"' not in row.where


def is_lost(change: Change) -> bool:
    """Return whether something was there before, and is not there now."""
    return change.kind == "removed" or (change.after == "none" != change.before)


def untold(edit: Timeline, back: Timeline, *reports: Report) -> list[str]:
    """Return the changes that no finding tells."""
    rows = [row for report in reports for row in report]
    missing = []
    for change in compare(edit, back):
        pattern = pattern_of(change)
        if pattern == ANY or (change.what, change.before) == ("name", "none"):
            # What a format keeps for itself; a clip without a name gets its media's.
            continue
        if not any(tells(row, change, pattern) for row in rows):
            missing.append(f"{change}   [{pattern}]")
    return missing


@pytest.mark.parametrize("own", EDITS, ids=lambda one: one.name)
def test_each_difference_of_a_rich_edit_is_reported(own: Format) -> None:
    edit = rich_edit()
    _, back, *reports = there_and_back(own, edit)
    assert untold(edit, back, *reports) == []


@pytest.mark.parametrize("own", EDITS, ids=lambda one: one.name)
def test_what_was_read_is_written_again_to_the_byte(own: Format) -> None:
    _, once, *_ = there_and_back(own, rich_edit())
    first, twice, *_ = there_and_back(own, once)
    second, *_ = there_and_back(own, twice)
    assert second == first
