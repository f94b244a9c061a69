"""A subtitle track as lines with their times, and back."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from timeline_nb.errors import TimelineError
from timeline_nb.subtitles.lines import Cue, Fault
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Gap, Item, Subtitle, Track

__all__ = ["PlacedCue", "faults_of", "items_of", "lanes_of", "lines_of"]

_SLACK: Final = Fraction(1, 1000)
# Below what a timeline may have, so that there is room for the film.
_MOST_LANES: Final = 900


def lines_of(track: Track) -> list[Cue]:
    """The lines of a track, with when they are read."""
    layout = layout_of(track.items)
    return [
        Cue(
            layout.start(n),
            layout.start(n + 1),
            item.text,
            dict(item.style),
            dict(item.metadata),
        )
        for n, item in enumerate(track.items)
        if isinstance(item, Subtitle)
    ]


@dataclass(frozen=True)
class PlacedCue:
    """A line on whole frames.

    Args:
        line: The line.
        start: Frame at which it comes.
        end: Frame at which it goes, at least one later.
    """

    line: Cue
    start: int
    end: int


def lanes_of(lines: Iterable[Cue], rate: Fraction) -> list[list[PlacedCue]]:
    """Lines on whole frames, in as many rows as are shown at once; none is lost.

    Layers of ASS keep their order: those of a higher one come later, and lie over.
    Lines that overlap by rounding alone follow one another.

    Raises:
        TimelineError: More are shown at once than a timeline has tracks, or one
            begins before 0.
    """
    lanes: list[list[PlacedCue]] = []
    layers = sorted({_layer(line) for line in lines})
    for layer in layers:
        own = [line for line in lines if _layer(line) == layer]
        lanes += _layered(sorted(own, key=lambda line: line.start), rate)
        if len(lanes) > _MOST_LANES:
            raise TimelineError(
                f"more than {_MOST_LANES} lines are shown at once: take in fewer"
            )
    return lanes


def _layer(line: Cue) -> int:
    layer = line.metadata.get("ass", {}).get("layer", 0)
    return layer if isinstance(layer, int) else 0


def _layered(lines: list[Cue], rate: Fraction) -> list[list[PlacedCue]]:
    lanes: list[list[PlacedCue]] = []
    for line in lines:
        if line.start < 0:
            raise TimelineError(
                f"the line {line.text[:40]!r} begins before 0, at "
                f"{float(line.start):g} s: move it with at="
            )
        start, end = round(line.start * rate), round(line.end * rate)
        lane = next((own for own in lanes if _has_room(own[-1], line, start)), None)
        if lane is None:
            lanes.append(lane := [])
            if len(lanes) > _MOST_LANES:
                return lanes
        start = max(start, lane[-1].end) if lane else start
        lane.append(PlacedCue(line, start, max(end, start + 1)))
    return lanes


def _has_room(last: PlacedCue, line: Cue, start: int) -> bool:
    if start >= last.end:
        return True
    return start == last.end - 1 and line.start >= last.line.end - _SLACK


def items_of(
    lane: Iterable[PlacedCue], ids: Iterable[str], rate: Fraction
) -> tuple[Item, ...]:
    """Lines that do not overlap as items of a track."""
    items: list[Item] = []
    at = 0
    for place, item_id in zip(lane, ids, strict=False):
        if place.start > at:
            items.append(Gap(duration=Fraction(place.start - at) / rate))
        items.append(
            Subtitle(
                id=item_id,
                text=place.line.text,
                duration=Fraction(place.end - place.start) / rate,
                style=place.line.style,
                metadata=place.line.metadata,
            )
        )
        at = place.end
    return tuple(items)


def faults_of(
    lines: Iterable[Cue],
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
    before: Cue | None = None
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
