"""Marker lists of Avid Media Composer: user, timecode, track, color, comment, length.

Between tabs, without a header, as its Markers window exports and imports them.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from timeline_nb.interchange.list_text import ListText
from timeline_nb.interchange.marks.colors import AVID, color_of, name_of
from timeline_nb.interchange.marks.mark import Mark, MarkList, named_mark, one_row
from timeline_nb.interchange.timecodes import TimecodeClock, is_timecode

__all__ = ["is_avid", "read_avid", "write_avid"]

_USER: Final = "timeline_nb"
_LEAST: Final = 5
_LENGTH: Final = 5
_MOST_DIGITS: Final = 9


def is_avid(text: ListText, _: TimecodeClock) -> bool:
    """Return whether the first row has a timecode in its second field of five."""
    first = next((row for row in text.rows if row.strip()), "")
    cells = first.split("\t")
    return len(cells) >= _LEAST and is_timecode(cells[1])


def read_avid(text: ListText, clock: TimecodeClock) -> MarkList:
    """Return the markers; a comment is the name, and after ` | ` the note."""
    found = MarkList("avid", counts_timecode=True)
    for number, cells in text.table("\t"):
        counted = clock.read(cells[1]) if len(cells) >= _LEAST else None
        if counted is None or counted.fault:
            why = counted.fault if counted else "it has no timecode in its second field"
            found.lose(number, "a row", why)
            continue
        start = clock.seconds(counted.frame)
        length = cells[_LENGTH].strip() if len(cells) > _LENGTH else ""
        whole = length.isascii() and length.isdecimal() and len(length) <= _MOST_DIGITS
        # One frame is a moment.
        frames = int(length) if whole else 1
        end = start + (clock.seconds(frames) if frames > 1 else Fraction(0))
        color = color_of(cells[3], AVID)
        if not color:
            found.lose(number, f"the color {cells[3][:40]!r}", "it is green")
        name, _, note = cells[4].partition(" | ")
        named_mark(
            found, number, start, end, name=name, color=color or "green", note=note
        )
    return found


def write_avid(marks: Sequence[Mark], clock: TimecodeClock) -> list[str]:
    """Return rows that Media Composer imports."""
    rows = []
    for mark in marks:
        start = clock.nearest(mark.start)
        frames = max(1, clock.nearest(mark.end) - start)
        comment = " | ".join(filter(None, (one_row(mark.name), one_row(mark.note))))
        color, _ = name_of(mark.color, AVID)
        cells = (_USER, clock.text(start), "V1", color, comment, str(frames))
        rows.append("\t".join(cells))
    return rows
