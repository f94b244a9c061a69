"""Layout: the times at which a track's items begin, kept and derived fast.

Adding fractions costs a microsecond each. A layout counts whole ticks of the least
common denominator instead, and is derived from the one before when a track changes in
one place, so that an edit of thousands of clips stays under a millisecond.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import lcm
from typing import Final

from cachetools import LRUCache

from timeline_nb.core.locks import new_lock
from timeline_nb.errors import TimelineError
from timeline_nb.timeline.limits import MAX_CLOCK_WORK
from timeline_nb.timeline.model import Clip, Item, Transition

__all__ = ["TrackLayout", "derive_layout", "duration_of", "layout_of"]

_ZERO: Final = Fraction(0)
# Layouts of the tracks in use and of a few steps of their history.
_KEPT: Final = 64

_kept: LRUCache[int, tuple[tuple[Item, ...], "TrackLayout"]] = LRUCache(_KEPT)
_lock = new_lock("layouts of tracks")


def duration_of(item: Item) -> Fraction:
    """Return the seconds that an item takes on its track; 0 for a transition."""
    if isinstance(item, Clip):
        return item.source_range.duration
    return _ZERO if isinstance(item, Transition) else item.duration


@dataclass(frozen=True)
class TrackLayout:
    """The times at which items begin.

    Args:
        ticks_per_s: Ticks a second; every duration is a whole number of them.
        starts: The tick at which each item begins, and then the end of the last.
    """

    ticks_per_s: int
    starts: Sequence[int]

    def start(self, number: int) -> Fraction:
        """Return the second at which item `number` begins."""
        return Fraction(self.starts[number], self.ticks_per_s)

    @property
    def end(self) -> Fraction:
        """The second at which the last item ends."""
        return Fraction(self.starts[-1], self.ticks_per_s)

    def index_at(self, time: Fraction) -> int:
        """Return the number of the last item that begins at or before `time`."""
        # Ticks are whole: a time between two ticks is rounded down.
        tick = time.numerator * self.ticks_per_s // time.denominator
        return bisect_right(self.starts, tick) - 1


def layout_of(items: tuple[Item, ...]) -> TrackLayout:
    """Return the layout of a track's items, which is cached.

    Raises:
        TimelineError: Their times have no common denominator of a sensible size.
    """
    with _lock:
        entry = _kept.get(id(items))
    if entry is not None and entry[0] is items:
        return entry[1]
    durations = [duration_of(item) for item in items]
    ticks_per_s = _common_clock(1, durations, len(items))
    return _keep(items, TrackLayout(ticks_per_s, _summed(durations, ticks_per_s, 0)))


def derive_layout(
    old: tuple[Item, ...], new: tuple[Item, ...], *, first: int, last: int, added: int
) -> None:
    """Remember the layout of `new`: `old` with items `first:last` replaced.

    Args:
        old: The items before.
        new: The items now.
        first: The first item replaced.
        last: The first item kept behind them.
        added: How many items stand in their place.

    Raises:
        TimelineError: As `layout_of`.
    """
    before = layout_of(old)
    durations = [duration_of(item) for item in new[first : first + added]]
    ticks_per_s = _common_clock(before.ticks_per_s, durations, len(new))
    factor = ticks_per_s // before.ticks_per_s
    starts = (
        list(before.starts)
        if factor == 1
        else [tick * factor for tick in before.starts]
    )
    middle = _summed(durations, ticks_per_s, starts[first])
    shift = middle[-1] - starts[last]
    tail = starts[last + 1 :]
    if shift:
        tail = [tick + shift for tick in tail]
    _keep(new, TrackLayout(ticks_per_s, starts[:first] + middle + tail))


def _common_clock(ticks_per_s: int, durations: list[Fraction], count: int) -> int:
    """Return the ticks a second of which all durations of a track are whole numbers."""
    for denominator in {duration.denominator for duration in durations}:
        ticks_per_s = lcm(ticks_per_s, denominator)
        if count * ticks_per_s.bit_length() ** 2 > MAX_CLOCK_WORK:
            raise TimelineError(
                f"the {count:,} items of a track last so many different fractions of a "
                "second that their times cannot be added: give times in whole frames "
                "or milliseconds"
            )
    return ticks_per_s


def _summed(durations: list[Fraction], ticks_per_s: int, start: int) -> list[int]:
    ticks = (d.numerator * (ticks_per_s // d.denominator) for d in durations)
    return list(accumulate(ticks, initial=start))


def _keep(items: tuple[Item, ...], layout: TrackLayout) -> TrackLayout:
    with _lock:
        # The items are kept too, so that their id() is not reused.
        _kept[id(items)] = (items, layout)
    return layout
