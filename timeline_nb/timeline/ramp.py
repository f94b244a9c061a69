"""Ramps: how much media passes while the rate of a clip changes.

Between two keyframes a rate follows its curve in a few straight steps, so that what
has passed is a sum of trapezoids. The sums up to each keyframe are kept; a time needs
one search and one step, however many keyframes there are.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Final

from cachetools import LRUCache

from timeline_nb.core.locks import new_lock
from timeline_nb.errors import TimelineError
from timeline_nb.timebase import to_fraction
from timeline_nb.timeline.keyframes import eased, handles_of
from timeline_nb.timeline.limits import MAX_RATE_KEYFRAMES
from timeline_nb.timeline.model import Keyframe

__all__ = ["FINE", "MAX_RATE", "Ramp", "parse_speed", "ramp_of"]

MAX_RATE: Final = 100
# Denominators of rates, and of media seconds.
FINE: Final = 1_000_000
# Straight steps in which an eased ramp is approximated.
_STEPS: Final = 32
# Sums are rounded to this part of a second, far below what `FINE` tells apart, so that
# their denominators do not grow with the number of keyframes.
_GRID: Final = 2**96
_WEIGHT_GRID: Final = 2**40
# Ramps are known by their keyframes, which edits of a clip share.
_KEPT_KEYFRAMES: Final = 50_000


@dataclass(frozen=True)
class _Curve:
    """The share of a change that is made after each step, and the area below it.

    Args:
        weights: After 0, 1 ... steps; from 0 to 1.
        areas: Below the weights up to each step, the whole width being 1.
    """

    weights: tuple[Fraction, ...]
    areas: tuple[Fraction, ...]

    def weight(self, share: Fraction) -> Fraction:
        """Return the share of the change that is made after a share of the time."""
        _, rest, left, right = self._step(share)
        return left + (right - left) * rest

    def area(self, share: Fraction) -> Fraction:
        """Return the area below the curve up to a share of the time."""
        number, rest, left, right = self._step(share)
        steps = len(self.weights) - 1
        return self.areas[number] + rest * (left + (right - left) * rest / 2) / steps

    def _step(self, share: Fraction) -> tuple[int, Fraction, Fraction, Fraction]:
        steps = len(self.weights) - 1
        number = min(share * steps // 1, steps - 1)
        rest = share * steps - number
        return number, rest, self.weights[number], self.weights[number + 1]


def _curve(weights: Sequence[Fraction]) -> _Curve:
    areas = [Fraction(0)]
    for left, right in pairwise(weights):
        areas.append(areas[-1] + (left + right) / (2 * (len(weights) - 1)))
    return _Curve(tuple(weights), tuple(areas))


_HELD: Final = _curve((Fraction(0), Fraction(0)))
_LINEAR: Final = _curve((Fraction(0), Fraction(1)))


def _curve_of(key: Keyframe) -> _Curve:
    if key.interpolation in {"hold", "linear"}:
        return _HELD if key.interpolation == "hold" else _LINEAR
    return _eased_curve(tuple(handles_of(key)))


@lru_cache(maxsize=1024)
def _eased_curve(handles: tuple[float, ...]) -> _Curve:
    shares = (eased(number / _STEPS, handles) for number in range(_STEPS + 1))
    return _curve([Fraction(round(w * _WEIGHT_GRID), _WEIGHT_GRID) for w in shares])


@dataclass(frozen=True, eq=False)
class Ramp:
    """A rate that changes, and the media seconds that pass.

    Args:
        times: Moments of the clip's time at which there are keyframes, in order.
        rates: Media seconds a second at each.
        curves: The way from each rate to the next.
    """

    times: tuple[Fraction, ...]
    rates: tuple[Fraction, ...]
    curves: tuple[_Curve, ...]
    _sums: list[int] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._sums.append(0)
        for number in range(len(self.curves)):
            gained = self._within(number, Fraction(1)) * _GRID
            self._sums.append(self._sums[-1] + round(gained))

    def rate_at(self, time: Fraction) -> Fraction:
        """Return media seconds a second, at a moment of the clip's time."""
        number = bisect_right(self.times, time) - 1
        if number < 0 or number == len(self.curves):
            return self.rates[max(0, number)]
        start, rate = self.times[number], self.rates[number]
        share = (time - start) / (self.times[number + 1] - start)
        change = self.rates[number + 1] - rate
        return rate + change * self.curves[number].weight(share)

    def passed(self, time: Fraction) -> Fraction:
        """Return the media seconds since the first keyframe, negative before it."""
        number = bisect_right(self.times, time) - 1
        if number < 0:
            return (time - self.times[0]) * self.rates[0]
        begun, start = Fraction(self._sums[number], _GRID), self.times[number]
        if number == len(self.curves):
            return begun + (time - start) * self.rates[number]
        share = (time - start) / (self.times[number + 1] - start)
        return begun + self._within(number, share)

    def _within(self, number: int, share: Fraction) -> Fraction:
        """Return the media seconds of a share of the time after a keyframe."""
        length = self.times[number + 1] - self.times[number]
        rate = self.rates[number]
        change = self.rates[number + 1] - rate
        return length * (rate * share + change * self.curves[number].area(share))

    def edges(self, start: Fraction, way: int) -> Iterator[Fraction]:
        """Yield moments from `start` on, between which the media runs one way.

        Args:
            start: A moment of the clip's time.
            way: 1 for later moments, -1 for earlier ones.
        """
        if way > 0:
            first = max(0, bisect_right(self.times, start) - 1)
            numbers = range(first, len(self.curves))
        else:
            last = min(len(self.curves), bisect_left(self.times, start))
            numbers = range(last - 1, -1, -1)
        for number in numbers:
            turns = self._turns(number)
            for turn in turns if way > 0 else reversed(turns):
                if (turn - start) * way > 0:
                    yield turn

    def _turns(self, number: int) -> list[Fraction]:
        """Return the moments from one keyframe to the next at which the rate is 0."""
        start, end = self.times[number], self.times[number + 1]
        rate, change = self.rates[number], self.rates[number + 1] - self.rates[number]
        rates = [rate + change * weight for weight in self.curves[number].weights]
        turns = [start]
        if min(rates) < 0 < max(rates):
            step = (end - start) / (len(rates) - 1)
            for place, (left, right) in enumerate(pairwise(rates)):
                if left * right < 0:
                    turns.append(start + step * (place + left / (left - right)))
                elif right == 0:
                    turns.append(start + step * (place + 1))
        return [*turns, end]


def parse_speed(value: object) -> Fraction:
    """Read a rate of media seconds a second.

    Raises:
        TimeError: It is no number.
        TimelineError: It is beyond `MAX_RATE`.
    """
    rate = to_fraction(value).limit_denominator(FINE)
    if abs(rate) > MAX_RATE:
        raise TimelineError(f"a rate of {float(rate):g} is beyond {MAX_RATE}")
    return rate


_ramps: LRUCache[int, tuple[tuple[Keyframe, ...], Ramp]] = LRUCache(
    _KEPT_KEYFRAMES, getsizeof=lambda entry: len(entry[0])
)
_lock = new_lock("ramps of rates")


def ramp_of(keys: tuple[Keyframe, ...]) -> Ramp:
    """Return the ramp of keyframes of a rate, which is kept as long as they are used.

    Raises:
        TimeError: A value is no number.
        TimelineError: A rate is beyond `MAX_RATE`, the times are not in order, or there
            are too many.
    """
    with _lock:
        entry = _ramps.get(id(keys))
    if entry is not None and entry[0] is keys:
        return entry[1]
    if len(keys) > MAX_RATE_KEYFRAMES:
        raise TimelineError(
            f"{len(keys):,} keyframes are more than {MAX_RATE_KEYFRAMES:,}"
        )
    times = tuple(key.time for key in keys)
    if any(left >= right for left, right in pairwise(times)):
        raise TimelineError("its keyframes are not in order of time")
    rates = tuple(parse_speed(key.value) for key in keys)
    ramp = Ramp(times, rates, tuple(_curve_of(key) for key in keys[:-1]))
    with _lock:
        # The keyframes are kept too, so that their id() is not reused.
        _ramps[id(keys)] = (keys, ramp)
    return ramp
