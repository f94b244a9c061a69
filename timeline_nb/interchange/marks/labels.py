"""Labels of Audacity: start, end and text between tabs, in seconds.

The file is described in Audacity's manual under "Importing and Exporting Labels"; a
row that begins with a backslash has the frequencies of the label before it.
"""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from timeline_nb.interchange.list_text import ListText
from timeline_nb.interchange.marks.mark import Mark, MarkList, named_mark, one_row
from timeline_nb.interchange.timecodes import TimecodeClock
from timeline_nb.timebase import MICROSECOND

__all__ = ["is_labels", "read_labels", "write_labels"]

# Locales that write a comma are Audacity's, too.
_SECONDS: Final = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{0,12})?")


def is_labels(text: ListText, _: TimecodeClock) -> bool:
    """Return whether the first row is two numbers and a text, between tabs."""
    first = next((row for row in text.rows if row.strip()), "")
    cells = first.split("\t")
    return len(cells) >= 2 and all(
        _SECONDS.fullmatch(cell.strip()) for cell in cells[:2]
    )


def read_labels(text: ListText, clock: TimecodeClock) -> MarkList:
    """Return the labels; a time within a microsecond of a frame is that frame's."""
    found = MarkList("audacity")
    for number, row in enumerate(text.rows, 1):
        if row.startswith("\\"):
            found.lose(number, "the frequencies of a label")
            continue
        if not row.strip():
            continue
        cells = row.split("\t", 2)
        times = [_SECONDS.fullmatch(cell.strip()) for cell in cells[:2]]
        if len(times) < 2 or not all(times):
            found.lose(number, "a row", "it does not begin with two times")
            continue
        start, end = (_on_grid(one[0], clock.rate) for one in times if one)
        name = cells[2] if len(cells) > 2 else ""
        named_mark(found, number, start, end, name=name)
    return found


def _on_grid(text: str, rate: Fraction) -> Fraction:
    exact = Fraction(text.replace(",", ".").rstrip("."))
    frame = Fraction(round(exact * rate)) / rate
    return frame if abs(frame - exact) <= MICROSECOND else exact


def write_labels(marks: Sequence[Mark], _: TimecodeClock) -> list[str]:
    """Return rows of start, end and name."""
    return [
        f"{float(mark.start):.6f}\t{float(mark.end):.6f}\t"
        f"{one_row(mark.name or mark.note)}"
        for mark in marks
    ]
