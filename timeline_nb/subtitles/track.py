"""A subtitle track as lines with their times, and back."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from timeline_nb.errors import TimelineError
from timeline_nb.subtitles.files import Line
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Gap, Item, Subtitle, Track

__all__ = ["Fault", "faults_of", "items_of", "lines_of"]


_SLACK: Final = Fraction(1, 1000)


def lines_of(track: Track) -> list[Line]:
    """The lines of a track, with when they are read."""
    layout = layout_of(track.items)
    return [
        Line(layout.start(n), layout.start(n + 1), item.text, dict(item.style))
        for n, item in enumerate(track.items)
        if isinstance(item, Subtitle)
    ]


def items_of(
    lines: Iterable[Line], ids: Iterable[str], rate: Fraction
) -> tuple[Item, ...]:
    """Lines as items of a track, on whole frames; none may overlap the one before.

    Raises:
        TimelineError: Two lines overlap by more than a frame, or one begins before 0.
    """
    items: list[Item] = []
    at = Fraction(0)
    for line, item_id in zip(
        sorted(lines, key=lambda one: one.start), ids, strict=False
    ):
        start = Fraction(round(line.start * rate)) / rate
        end = max(Fraction(round(line.end * rate)) / rate, start + 1 / rate)
        if start < at:
            if at - start > 1 / rate or end <= at:
                raise TimelineError(
                    f"the line {line.text!r} at {float(line.start):g} s begins before "
                    f"the one before it ends, at {float(at):g} s: put it on a track of "
                    "its own"
                )
            start = at
        if start > at:
            items.append(Gap(duration=start - at))
        items.append(
            Subtitle(id=item_id, text=line.text, duration=end - start, style=line.style)
        )
        at = end
    return tuple(items)


@dataclass(frozen=True)
class Fault:
    """What makes a line hard to read.

    Args:
        line: The line.
        message: What is wrong, with figures.
    """

    line: Line
    message: str


def faults_of(
    lines: Iterable[Line],
    *,
    letters_a_second: float = 20.0,
    letters_a_row: int = 42,
    rows: int = 2,
    shortest_s: float = 0.8,
) -> list[Fault]:
    """What cannot be read in time, or is too long, or overlaps (as broadcasters ask).

    Args:
        lines: In any order.
        letters_a_second: Reading speed.
        letters_a_row: How wide a row may be.
        rows: How many rows a line may have.
        shortest_s: For how long a line must be seen.
    """
    found = []
    before: Line | None = None
    for line in sorted(lines, key=lambda one: one.start):
        seconds = float(line.end - line.start)
        letters = len(line.text.replace("\n", ""))
        told = line.text.split("\n")
        widest = max(map(len, told))
        if before is not None and line.start < before.end - _SLACK:
            overlap = float(before.end - line.start)
            found.append(Fault(line, f"overlaps the line before it by {overlap:.2f} s"))
        if seconds < shortest_s:
            found.append(
                Fault(line, f"is seen for {seconds:.2f} s, not {shortest_s:g}")
            )
        if letters > letters_a_second * seconds:
            speed = letters / seconds
            found.append(
                Fault(
                    line, f"has {speed:.1f} letters a second, over {letters_a_second:g}"
                )
            )
        if widest > letters_a_row:
            found.append(Fault(line, f"has a row of {widest}, over {letters_a_row}"))
        if len(told) > rows:
            found.append(Fault(line, f"has {len(told)} rows, over {rows}"))
        before = line
    return found
