"""Markers in EDL: those of DaVinci Resolve's timeline, and the `LOC` rows of Avid.

Resolve writes an event for each marker, and below it a row of its note and
`|C:ResolveColorBlue |M:name |D:frames`.
"""

import re
from collections.abc import Sequence
from typing import Final

from timeline_nb.interchange.list_text import ListText
from timeline_nb.interchange.marks.colors import AVID, RESOLVE, color_of, name_of
from timeline_nb.interchange.marks.mark import Mark, MarkList, named_mark, one_row
from timeline_nb.interchange.timecodes import TimecodeClock

__all__ = ["is_edl", "read_edl_marks", "write_resolve"]

_EVENT: Final = re.compile(
    r"\s*[0-9]{1,8}\s+\S+\s+\S+\s+\S+(?:\s+[0-9]{1,5})?"
    r"\s+(?P<source>[0-9:;.,]{11,12})\s+[0-9:;.,]{11,12}"
    r"\s+(?P<start>[0-9:;.,]{11,12})\s+(?P<end>[0-9:;.,]{11,12})\s*"
)
_RESOLVE: Final = re.compile(
    r"(?P<note>[^|]*+)\|C:ResolveColor(?P<color>[A-Za-z]{1,20})\s*+"
    r"\|M:(?P<name>[^|]*+)\|D:(?P<frames>[0-9]{1,9})\s*+"
)
_LOCATOR: Final = re.compile(
    r"\s*\*\s*LOC:?\s+(?P<at>[0-9:;.,]{11,12})(?:\s+(?P<color>\S+))?(?P<name>.*)"
)
_PREFIX: Final = "ResolveColor"


def is_edl(text: ListText, _: TimecodeClock) -> bool:
    """Return whether the first rows have an event of an EDL, or a locator."""
    rows = (row for row in text.rows[:500])
    return any(_EVENT.fullmatch(row) or _LOCATOR.fullmatch(row) for row in rows)


def read_edl_marks(text: ListText, clock: TimecodeClock) -> MarkList:
    """Return the markers of an EDL; its cuts are no markers."""
    found = MarkList("resolve", counts_timecode=True)
    place = ""
    for number, row in enumerate(text.rows, 1):
        if row.startswith("FCM:") and "NON" not in row and "DROP" in row:
            clock = TimecodeClock(clock.rate, is_drop=True)
        elif event := _EVENT.fullmatch(row):
            place = event["start"]
        elif mark := _RESOLVE.fullmatch(row):
            _add_resolve(found, number, place, mark, clock)
        elif mark := _LOCATOR.fullmatch(row):
            _add_locator(found, number, mark, clock)
    return found


def _add_resolve(
    found: MarkList, row: int, place: str, mark: re.Match[str], clock: TimecodeClock
) -> None:
    counted = clock.read(place)
    if counted is None or counted.fault:
        why = counted.fault if counted else "there is no event before it"
        found.lose(row, "a marker", why)
        return
    frames, start = int(mark["frames"]), counted.frame
    # One frame is a moment.
    end = start + (frames if frames > 1 else 0)
    color = color_of(mark["color"], RESOLVE)
    if not color:
        found.lose(row, f"the color {mark['color']!r}", "it is green")
    named_mark(
        found,
        row,
        clock.seconds(start),
        clock.seconds(end),
        name=mark["name"],
        color=color or "green",
        note=mark["note"],
    )


def _add_locator(
    found: MarkList, row: int, mark: re.Match[str], clock: TimecodeClock
) -> None:
    counted = clock.read(mark["at"])
    if counted is None or counted.fault:
        found.lose(row, "a locator", counted.fault if counted else "it has no timecode")
        return
    word, rest = mark["color"] or "", mark["name"]
    color = color_of(word, AVID)
    name = rest if color or not word else f"{word}{rest}"
    at = clock.seconds(counted.frame)
    named_mark(found, row, at, at, name=name, color=color or "green")


def write_resolve(marks: Sequence[Mark], clock: TimecodeClock) -> list[str]:
    """Return the EDL that Resolve imports as markers of a timeline."""
    mode = "DROP FRAME" if clock.is_drop else "NON-DROP FRAME"
    rows = ["TITLE: Markers", f"FCM: {mode}", ""]
    for number, mark in enumerate(marks, 1):
        first = clock.nearest(mark.start)
        frames = max(1, clock.nearest(mark.end) - first)
        start, end = clock.text(first), clock.text(first + 1)
        color, _ = name_of(mark.color, RESOLVE)
        note = one_row(mark.note).replace("|", "/")
        name = one_row(mark.name).replace("|", "/")
        rows += [
            f"{number:03}  001      V     C        {start} {end} {start} {end}  ",
            f"{note} |C:{_PREFIX}{color} |M:{name} |D:{frames}",
            "",
        ]
    return rows
