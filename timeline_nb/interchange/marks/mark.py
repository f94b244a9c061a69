"""A marker as a list has it, and what could not be read."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from timeline_nb.errors import ProjectError
from timeline_nb.timeline.limits import (
    MAX_MARKERS,
    MAX_NAME_LETTERS,
    MAX_TEXT_LETTERS,
)

__all__ = ["Mark", "MarkList", "RowFault", "named_mark", "one_row"]

_GREEN: Final = "green"
# As many as a report lists.
_MOST_FAULTS: Final = 10_000


@dataclass(frozen=True)
class Mark:
    """A marker of a list.

    Args:
        start: Seconds, as the list counts them.
        duration: Seconds; 0 for a moment.
        name: What is written beside it.
        color: Such as `green`, or a color of CSS.
        note: Free text.
    """

    start: Fraction
    duration: Fraction = Fraction(0)
    name: str = ""
    color: str = _GREEN
    note: str = ""

    @property
    def end(self) -> Fraction:
        """When it ends."""
        return self.start + self.duration


@dataclass(frozen=True)
class RowFault:
    """What a row of a list says that is not kept as it is.

    Args:
        row: Its number, from 1.
        what: What is not kept: `the time '1:99'`.
        is_lost: Whether it is lost; else it is another, but near.
        detail: Why, and what became of it.
    """

    row: int
    what: str
    is_lost: bool = True
    detail: str = ""


@dataclass
class MarkList:
    """The markers of a list, in its order.

    Args:
        format: The name of its format: `resolve`.
        marks: The markers.
        faults: What was not kept as it is.
        counts_timecode: Whether times are timecode, which may begin at some hour.
    """

    format: str
    marks: list[Mark] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    counts_timecode: bool = False

    def lose(self, row: int, what: str, detail: str = "") -> None:
        """Note what is lost of a row."""
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(RowFault(row, what, detail=detail))


def named_mark(  # noqa: PLR0913 - a marker's fields
    found: MarkList,
    row: int,
    start: Fraction,
    end: Fraction,
    *,
    name: str = "",
    color: str = _GREEN,
    note: str = "",
) -> None:
    """Add a marker to a list; texts that are too long are cut, which is noted.

    Raises:
        ProjectError: There are more than an edit may have.
    """
    if len(found.marks) >= MAX_MARKERS:
        raise ProjectError(f"row {row}: there are more than {MAX_MARKERS:,} markers")
    if end < start:
        found.lose(row, "the end, which is before the start", "it is a moment")
        end = start
    name, note = name.strip(), note.strip()
    if len(name) > MAX_NAME_LETTERS or len(note) > MAX_TEXT_LETTERS:
        found.lose(row, "the end of a text that is too long")
        name, note = name[:MAX_NAME_LETTERS], note[:MAX_TEXT_LETTERS]
    found.marks.append(Mark(start, end - start, name, color, note))


def one_row(text: str) -> str:
    """Return a text without line ends and tabs, for a row of a list."""
    return " ".join(text.split())
