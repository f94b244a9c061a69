"""Subtitle tracks as cues with times, and back."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Final

from timeline_nb.errors import TimelineError
from timeline_nb.subtitles.cues import Cue, Fault
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.limits import MAX_TEXT_LETTERS
from timeline_nb.timeline.model import Gap, Item, Subtitle, Track

__all__ = ["PlacedCue", "cues_of", "faults_of", "items_of", "lanes_of"]

_SLACK: Final = Fraction(1, 1000)
# Fewer than a timeline's limit, so that there is room for other tracks.
_MOST_LANES: Final = 900


def cues_of(track: Track) -> list[Cue]:
    """Return the cues of a track, with their times in the timeline."""
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
    """A cue on whole frames.

    Args:
        cue: The cue.
        start: Number of its first frame.
        end: Number of the frame after its last, at least `start + 1`.
    """

    cue: Cue
    start: int
    end: int


def lanes_of(cues: Iterable[Cue], rate: Fraction) -> list[list[PlacedCue]]:
    """Distribute cues to lanes without overlaps, on whole frames.

    Cues of higher ASS layers are on later lanes, which are drawn on top. Cues that
    overlap only by rounding share a lane.

    Raises:
        TimelineError: More cues are shown at once than a timeline has tracks, or one
            starts before 0.
    """
    lanes: list[list[PlacedCue]] = []
    ordered = sorted(cues, key=lambda cue: (_layer(cue), cue.start))
    for _, own in groupby(ordered, key=_layer):
        lanes += _layered(own, rate)
        if len(lanes) > _MOST_LANES:
            raise TimelineError(
                f"more than {_MOST_LANES} cues are shown at once: read fewer"
            )
    return lanes


def _layer(cue: Cue) -> int:
    layer = cue.metadata.get("ass", {}).get("layer", 0)
    return layer if isinstance(layer, int) else 0


def _layered(cues: Iterable[Cue], rate: Fraction) -> list[list[PlacedCue]]:
    lanes: list[list[PlacedCue]] = []
    # Numbers alone are compared first: 100,000 cues may meet 900 lanes.
    ends: list[int] = []
    for cue in cues:
        if cue.start < 0:
            raise TimelineError(
                f"the cue {cue.text[:40]!r} begins before 0, at "
                f"{float(cue.start):g} s: move it with at="
            )
        start, end = round(cue.start * rate), round(cue.end * rate)
        near = (number for number, last in enumerate(ends) if last <= start + 1)
        fits = (n for n in near if _has_room(lanes[n][-1], cue, start))
        number = next(fits, len(lanes))
        if number == len(lanes):
            lanes.append([])
            ends.append(start)
            if len(lanes) > _MOST_LANES:
                return lanes
        lane = lanes[number]
        start = max(start, lane[-1].end) if lane else start
        lane.append(PlacedCue(cue, start, max(end, start + 1)))
        ends[number] = lane[-1].end
    return lanes


def _has_room(last: PlacedCue, cue: Cue, start: int) -> bool:
    if start >= last.end:
        return True
    return start == last.end - 1 and cue.start >= last.cue.end - _SLACK


def items_of(
    lane: Iterable[PlacedCue], ids: Iterable[str], rate: Fraction
) -> tuple[Item, ...]:
    """Return the cues of a lane as items of a track."""
    items: list[Item] = []
    at = 0
    for place, item_id in zip(lane, ids, strict=False):
        if place.start > at:
            items.append(Gap(duration=Fraction(place.start - at) / rate))
        items.append(
            Subtitle(
                id=item_id,
                # What a project file takes; far more than is drawn.
                text=place.cue.text[:MAX_TEXT_LETTERS],
                duration=Fraction(place.end - place.start) / rate,
                style=place.cue.style,
                metadata=place.cue.metadata,
            )
        )
        at = place.end
    return tuple(items)


def faults_of(
    cues: Iterable[Cue],
    *,
    letters_a_second: float = 20.0,
    letters_a_row: int = 42,
    rows: int = 2,
    shortest_s: float = 0.8,
) -> list[Fault]:
    """Return faults of readability, by the limits that broadcasters use.

    Args:
        cues: Cues in any order.
        letters_a_second: Largest reading speed.
        letters_a_row: Largest number of letters in a row.
        rows: Largest number of rows.
        shortest_s: Shortest duration, in seconds.
    """
    found = []
    before: Cue | None = None
    for cue in sorted(cues, key=lambda one: one.start):
        seconds = float(cue.end - cue.start)
        letters = len(cue.text.replace("\n", ""))
        lines = cue.text.split("\n")
        widest = max(map(len, lines))
        if before is not None and cue.start < before.end - _SLACK:
            overlap = float(before.end - cue.start)
            found.append(Fault(cue, f"overlaps the cue before it by {overlap:.2f} s"))
        if seconds < shortest_s:
            found.append(Fault(cue, f"is seen for {seconds:.2f} s, not {shortest_s:g}"))
        if letters > letters_a_second * seconds:
            speed = letters / seconds
            found.append(
                Fault(
                    cue, f"has {speed:.1f} letters a second, over {letters_a_second:g}"
                )
            )
        if widest > letters_a_row:
            found.append(Fault(cue, f"has a row of {widest}, over {letters_a_row}"))
        if len(lines) > rows:
            found.append(Fault(cue, f"has {len(lines)} rows, over {rows}"))
        before = cue
    return found
