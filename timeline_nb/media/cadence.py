"""The rate that frames were made at, and their exact times.

A container's clock rounds: frames at 30 a second have 0, 33, 67 and 100 in Matroska's
milliseconds. Here such stamps are put back where they were, at multiples of a
thirtieth of a second. What was made at no steady rate keeps its own stamps.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Cadence", "cadence_of", "simplest_between"]

Stamps = NDArray[np.int64]

# Rates that cameras, screens and encoders work at, in frames a second.
_STANDARD: Final = (
    *(Fraction(n * 1000, 1001) for n in (24, 30, 60, 120, 15, 48, 240)),
    *(Fraction(n) for n in (24, 25, 30, 50, 60, 120, 48, 100, 240, 15, 10, 12, 20)),
    *(Fraction(n) for n in (5, 1, 2, 3, 4, 6, 8, 16, 18, 40, 72, 75, 90, 144, 200)),
    Fraction(25, 2),
)
# Rates beyond are a container's clock, not a camera's.
_FASTEST: Final = 1000
# Rounding once puts stamps off by less than a tick; twice, as from 90 kHz to
# milliseconds, by less than two.
_ROUNDED_ONCE: Final = 1.0 + 1e-6
_ROUNDED_TWICE: Final = 2.0 + 1e-6
# A second rounding is believed where frames are so many ticks apart.
_FINE_TICKS: Final = 8
# Holes in a grid differ from a variable rate where frames are so far apart.
_WIDE_TICKS: Final = 4
# Fewer frames in a row may look steady by chance.
_LEAST_RUN: Final = 12
# Guessed stamps may be off by this share of a step, most of them, and others by so many
# steps: the frames are counted all the same.
_GUESSED: Final = 0.01
_MOSTLY: Final = 0.9
_BESIDE: Final = 4
# Of stamps of which a larger share repeats the one before, none is believed.
_MOST_ALIKE: Final = 0.1
# A clock on which every time is a whole tick, in ticks a second at most.
_FINEST_HZ: Final = 1_000_000_000
_FIRST: Final = np.zeros(1, np.int64)


@dataclass(frozen=True, eq=False)
class Cadence:
    """When frames are shown.

    Args:
        pts: `(n,) int64`, rising, in ticks of `time_base`.
        end_pts: When the last frame is over.
        time_base: Seconds a tick: the container's where that is exact, else finer.
        rate: Frames a second; of a rate that varies, what most frames come at.
        is_vfr: Whether frames last unequally.
    """

    pts: Stamps
    end_pts: int
    time_base: Fraction
    rate: Fraction
    is_vfr: bool


@dataclass(frozen=True)
class _Run:
    """Frames `first:last` at multiples `places` of a step, in ticks from `origin`."""

    first: int
    last: int
    step: Fraction
    origin: Fraction
    places: Stamps


def cadence_of(
    stamps: Stamps,
    end: int,
    tick: Fraction,
    announced: Sequence[Fraction],
    *,
    guessed: bool = False,
) -> Cadence:
    """Return the exact times of frames whose stamps a clock has rounded.

    Args:
        stamps: `(n,) int64`, at least one, in the order shown, never falling.
        end: When the last frame is over, in ticks; not after it if that is unknown.
        tick: Seconds a tick.
        announced: Rates that the file announces, the likeliest first.
        guessed: Whether some stamps are guesses, as FFmpeg makes them between those
            of a program stream.
    """
    known = [rate for rate in announced if 0 < rate <= _FASTEST]
    if len(stamps) == 1:
        length = max(0, end - int(stamps[0])) * tick
        by_length = (
            [1 / length] if length and 1 / length in (*known, *_STANDARD) else []
        )
        rate = [*by_length, *known, Fraction(25)][0]
        alone = _Run(0, 1, 1 / rate / tick, Fraction(int(stamps[0])), _FIRST)
        return _Clocked(stamps, tick, (alone,)).cadence(end, rate, is_vfr=False)
    whole = _steady(stamps, tick, known) or _with_holes(stamps, tick, known)
    if whole is None and known and (np.diff(stamps) == 0).mean() > _MOST_ALIKE:
        places, first = np.arange(len(stamps)), Fraction(int(stamps[0]))
        whole = _Run(0, len(stamps), 1 / known[0] / tick, first, places)
    if whole is None and guessed:
        whole = _mostly_steady(stamps, tick, known)
    if whole is not None:
        is_vfr = bool(whole.places[-1] != len(stamps) - 1)
        rate = 1 / (whole.step * tick)
        return _Clocked(stamps, tick, (whole,)).cadence(end, rate, is_vfr=is_vfr)
    runs = tuple(_runs(stamps, tick, known))
    longest = max(runs, key=lambda run: run.last - run.first, default=None)
    if longest and longest.last - longest.first > len(stamps) // 2:
        rate = 1 / (longest.step * tick)
    else:
        rate = _nominal(stamps, tick, known)
    return _Clocked(stamps, tick, runs).cadence(end, rate, is_vfr=True)


def _tolerance(step: float) -> float:
    return _ROUNDED_TWICE if step >= _FINE_TICKS else _ROUNDED_ONCE


def _steady(stamps: Stamps, tick: Fraction, known: Sequence[Fraction]) -> _Run | None:
    """Return all frames one step apart; None if no rate explains the stamps."""
    if stamps[-1] <= stamps[0]:
        return None
    count = np.arange(len(stamps))
    steps = np.diff(stamps)
    exact = 1 / (Fraction(int(steps[0])) * tick) if np.ptp(steps) == 0 else None
    mean = (len(stamps) - 1) / (int(stamps[-1] - stamps[0]) * tick)
    # Of rates that all explain the stamps, whole ones are likelier than NTSC's.
    nearest = sorted(_STANDARD, key=lambda rate: abs(rate - mean))[:4]
    nearest.sort(key=lambda rate: rate.denominator == 1001)
    announced = [rate for rate in known if rate in _STANDARD]
    rates = [*announced, *nearest, *([exact] if exact else ()), *known]
    if exact in known:
        rates.insert(0, exact)
    elif exact in _STANDARD:
        rates.insert(len(announced), exact)
    for most in (_ROUNDED_ONCE, _ROUNDED_TWICE):
        for rate in rates:
            run = _fitted(stamps, 1 / rate / tick, count, most=most)
            if run is not None:
                return run
    if len(stamps) < _LEAST_RUN:
        return None
    slack = Fraction(1, len(stamps) - 1)
    step = Fraction(int(stamps[-1] - stamps[0]), len(stamps) - 1)
    low, high = 1 / ((step + slack) * tick), 1 / ((step - slack) * tick)
    if not 0 < low < high <= _FASTEST:
        return None
    return _fitted(stamps, 1 / simplest_between(low, high) / tick, count)


def _mostly_steady(
    stamps: Stamps, tick: Fraction, known: Sequence[Fraction]
) -> _Run | None:
    """Return a steady cadence despite a few deviating stamps; None if it is not."""
    count = np.arange(len(stamps))
    for rate in (*known, *_STANDARD):
        step = 1 / rate / tick
        error = stamps - count * float(step)
        middle = float(np.median(error))
        beside = np.abs(error - middle)
        right = (beside <= _GUESSED * step).mean()
        if right >= _MOSTLY and beside.max() <= _BESIDE * step:
            origin = Fraction(round(middle))
            return _Run(0, len(stamps), step, origin, count)
    return None


def _fitted(
    stamps: Stamps, step: Fraction, places: Stamps, *, most: float = _ROUNDED_TWICE
) -> _Run | None:
    """Return stamps as multiples of a step that were rounded; None if they are not.

    Args:
        stamps: In ticks.
        step: In ticks.
        places: Which multiples they are.
        most: How far apart their faults may be, in ticks.
    """
    error = stamps - places * float(step)
    low, high = float(error.min()), float(error.max())
    if high - low > min(most, _tolerance(float(step))):
        return None
    first = Fraction(int(stamps[0]))
    # Rounding to the nearest tick leaves each error within half a tick of the origin.
    if not high - 0.5 - 1e-6 <= first <= low + 0.5 + 1e-6:
        middle = Fraction((low + high) / 2).limit_denominator(1000)
        first = middle if high - low <= _ROUNDED_ONCE else first
    return _Run(0, len(stamps), step, first, places)


def _with_holes(
    stamps: Stamps, tick: Fraction, known: Sequence[Fraction]
) -> _Run | None:
    """Return a steady cadence with missing frames; None if it is not."""
    steps = np.diff(stamps)
    median = int(np.median(steps))
    if median <= 0 or steps.min() <= 0:
        return None
    common = 1 / (median * tick)
    near = [rate for rate in _STANDARD if abs(rate / common - 1) < 0.1]
    exact = [common] if common in (*known, *near) else []
    for rate in (*exact, *known, *near, common):
        step = 1 / rate / tick
        if step < _WIDE_TICKS:
            continue
        places = np.rint((stamps - stamps[0]) / float(step)).astype(np.int64)
        unit = np.diff(places) == 1
        if np.diff(places).min() < 1 or unit.mean() < 0.5:
            continue
        run = _fitted(stamps, step, places)
        if run is not None:
            return run
    return None


def _runs(stamps: Stamps, tick: Fraction, known: Sequence[Fraction]) -> Iterator[_Run]:
    """Yield the stretches of frames that come at a steady rate, in order."""
    steps = np.diff(stamps)
    if len(steps) < _LEAST_RUN:
        return
    windows = np.lib.stride_tricks.sliding_window_view(steps, _LEAST_RUN - 1)
    even = np.flatnonzero((np.ptp(windows, axis=1) <= 2) & (windows.min(axis=1) > 0))
    at = 0
    for begin in even.tolist():
        if begin < at:
            continue
        rest = stamps[begin:]
        common = 1 / (Fraction(float(windows[begin].mean())) * tick)
        rates = [rate for rate in (*known, *_STANDARD) if abs(rate / common - 1) < 0.1]
        best, length = Fraction(0), 0
        for rate in rates:
            step = 1 / rate / tick
            reach = _reach(rest, float(step))
            if reach > length:
                best, length = step, reach
        if length >= _LEAST_RUN:
            run = _fitted(rest[:length], best, np.arange(length))
            if run is not None:
                last = begin + length
                yield _Run(begin, last, run.step, run.origin, run.places)
                at = last


def _reach(stamps: Stamps, step: float) -> int:
    """Return how many of the first stamps are rounded multiples of a step."""
    reach = min(len(stamps), 4 * _LEAST_RUN)
    while True:
        error = stamps[:reach] - np.arange(reach) * step
        spread = np.maximum.accumulate(error) - np.minimum.accumulate(error)
        beyond = np.flatnonzero(spread > _ROUNDED_ONCE)
        if len(beyond):
            return int(beyond[0])
        if reach == len(stamps):
            return reach
        reach = min(len(stamps), 4 * reach)


def _nominal(stamps: Stamps, tick: Fraction, known: Sequence[Fraction]) -> Fraction:
    """Return what most frames of a film of variable rate come at."""
    median = Fraction(float(np.median(np.diff(stamps)))) * tick
    span = int(stamps[-1] - stamps[0]) * tick
    common = 1 / median if median > 0 else (len(stamps) - 1) / max(span, tick)
    for rate in (*known, *_STANDARD):
        if abs(rate / common - 1) < 0.02:
            return rate
    return min(common, Fraction(_FASTEST)).limit_denominator(1001)


class _Clocked:
    """Frames on one clock that holds the times of all runs exactly.

    Args:
        stamps: `(n,) int64`, as in the container.
        tick: Seconds a tick of the container.
        runs: The frames that come at a steady rate.
    """

    def __init__(self, stamps: Stamps, tick: Fraction, runs: tuple[_Run, ...]) -> None:
        clock = _common(
            tick, *(t * tick for run in runs for t in (run.step, run.origin))
        )
        unit = int(tick / clock)
        top = int(np.abs(stamps).max()) * unit
        pts = stamps * unit
        if clock.denominator <= _FINEST_HZ and top < 1 << 62:
            for run in runs:
                origin, step = int(run.origin * unit), int(run.step * unit)
                pts[run.first : run.last] = origin + run.places * step
        if clock.denominator > _FINEST_HZ or top >= 1 << 62 or not _rises(pts):
            clock, unit, runs, pts = tick, 1, (), _rising(stamps)
        self._stamps, self._pts = stamps, pts
        self._clock, self._unit = clock, unit
        self._last = runs[-1] if runs and runs[-1].last == len(stamps) else None

    def cadence(self, end: int, rate: Fraction, *, is_vfr: bool) -> Cadence:
        """Return the frames' times, with what is known besides."""
        return Cadence(self._pts, self._end(end), self._clock, rate, is_vfr)

    def _end(self, end: int) -> int:
        """Return when the last frame is over."""
        last = int(self._pts[-1])
        length = (end - int(self._stamps[-1])) * self._unit
        if self._last is not None:
            step = int(self._last.step * self._unit)
            whole = max(1, round(length / step)) * step
            if length <= 0:
                return last + step
            if abs(length - whole) <= 2 * self._unit:
                return last + whole
        if length <= 0 and len(self._pts) > 1:
            length = int(np.median(np.diff(self._pts)))
        return last + max(1, length)


def _rises(pts: Stamps) -> bool:
    return len(pts) < 2 or int(np.diff(pts).min()) > 0


def _rising(stamps: Stamps) -> Stamps:
    """Return stamps of which each is at least a tick after the one before."""
    places = np.arange(len(stamps))
    return np.maximum.accumulate(stamps - places) + places


def _common(*parts: Fraction) -> Fraction:
    """Return the longest tick of which all these are whole multiples."""
    below = lcm(*(part.denominator for part in parts))
    above = gcd(*(int(part * below) for part in parts))
    return Fraction(above or 1, below)


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """Return the simplest fraction in `low < x < high`, both positive.

    It is the meeting point of their continued fractions (Stern and Brocot's tree).
    """
    whole = low.numerator // low.denominator
    if whole + 1 < high:
        return Fraction(whole + 1)
    rest_low, rest_high = low - whole, high - whole
    if rest_low == 0:
        denominator = rest_high.denominator // rest_high.numerator + 1
        return whole + Fraction(1, denominator)
    return whole + 1 / simplest_between(1 / rest_high, 1 / rest_low)
