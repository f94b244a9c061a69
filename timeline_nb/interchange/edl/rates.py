"""The rate of an EDL, which it does not say."""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from timeline_nb.interchange.edl.rows import EventGroup, EventList
from timeline_nb.interchange.timecodes import TimecodeClock

__all__ = ["likely_rates"]

_PLAIN: Final = (24, 25, 30, 50, 60, 48, 100, 120)
_DROPPED: Final = (Fraction(30000, 1001), Fraction(60000, 1001))
# So many rows are enough to tell rates apart.
_MOST_ROWS: Final = 2_000


def likely_rates(found: EventList) -> list[Fraction]:
    """Return rates under which an EDL is least wrong, the likeliest first.

    The numbers of frames in its timecode exclude lower rates, and, if there are many,
    higher ones; under the right one, events that are not retimed last as long as their
    source.
    """
    groups = found.groups[:_MOST_ROWS]
    times = [time for group in groups for row in group.rows for time in row.times]
    # A few numbers may be wrong, or of a source of another rate.
    numbers = sorted(map(_frames, times))
    highest = numbers[len(numbers) * 995 // 1000] if numbers else 0
    is_drop = found.is_drop or any(";" in time for time in times)
    known = _DROPPED if is_drop else tuple(map(Fraction, _PLAIN))
    fitting = [rate for rate in known if TimecodeClock(rate).nominal > highest]
    seen = len({time for time in times if _frames(time)})
    fitting = [rate for rate in fitting if _is_likely(rate, highest, seen)] or fitting
    wrong = Counter({rate: _mismatches(groups, rate) for rate in fitting})
    fewest = min(wrong.values(), default=0)
    return [rate for rate in fitting if wrong[rate] == fewest] or [known[-1]]


def _is_likely(rate: Fraction, highest: int, seen: int) -> bool:
    """Return whether so many times would miss the highest number of a second.

    Each misses it by (n - 1) / n; all of 7 n times do once in a thousand lists.
    """
    nominal = TimecodeClock(rate).nominal
    return highest == nominal - 1 or seen < 7 * nominal


def _frames(timecode: str) -> int:
    digits = timecode[-3:].lstrip(":;.,")
    return int(digits) if digits.isdecimal() else 0


def _mismatches(groups: Iterable[EventGroup], rate: Fraction) -> int:
    """Return how many events last another time than their source does."""
    clock, count = TimecodeClock(rate), 0
    for group in groups:
        if group.motions or group.is_frozen:
            continue
        for row in group.rows:
            frames = [counted.frame for t in row.times if (counted := clock.read(t))]
            if len(frames) == 4 and not row.is_black:
                count += frames[1] - frames[0] != frames[3] - frames[2]
    return count
