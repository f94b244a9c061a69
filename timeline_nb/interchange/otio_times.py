"""Times of OpenTimelineIO: a value at a rate, both of them doubles.

Doubles hold whole frames exactly, and OpenTimelineIO's reader changes others by their
last bit; so a time of ours is the native one unless that differs by more.
"""

import math
from fractions import Fraction
from typing import Any, Final

from timeline_nb.errors import ProjectError
from timeline_nb.timebase import MAX_RATE, MAX_SECONDS, TimeRange

__all__ = [
    "exact_rate",
    "exact_ratio",
    "is_same_ratio",
    "is_same_time",
    "range_object",
    "seconds_of",
    "time_object",
    "time_range_of",
]

# A double of a rate is near the rate that it stands for: within what programs write
# with two decimals (29.97, 23.98).
_RATE_NEAR: Final = 5e-3
_FINEST_RATE: Final = 100_000
_FINEST_VALUE: Final = 1_000_000
_FINEST_TIME: Final = 1_000_000_000
# Denominators below are written as the rate of a time that is on no frame.
_FINEST_CLOCK: Final = 1_000_000
# No edit is as short; the last bit of a double of a day is 15 picoseconds.
_SAME_S: Final = Fraction(1, 10**9)
_SAME_RATIO: Final = Fraction(1, 10**9)


def exact_rate(rate: float) -> Fraction:
    """Return the rate that a double stands for.

    Rates of NTSC are n * 1000/1001 (SMPTE ST 12-1); others are whole, or what they say.

    Raises:
        ProjectError: It is not above 0, or beyond all cameras.

    Example:
        >>> exact_rate(29.97)
        Fraction(30000, 1001)
    """
    if not math.isfinite(rate) or not 0 < rate <= MAX_RATE:
        raise ProjectError(f"a rate of {rate:g} is not between 0 and {MAX_RATE}")
    near = round(rate)
    if near and abs(rate - near) < 1e-9:
        return Fraction(near)
    ntsc = Fraction(round(rate * 1001 / 1000) * 1000, 1001)
    if ntsc > 0 and abs(float(ntsc) - rate) < _RATE_NEAR:
        return ntsc
    exact = Fraction(rate).limit_denominator(_FINEST_RATE)
    if not exact:
        raise ProjectError(f"a rate of {rate:g} is below 1/{_FINEST_RATE}")
    return exact


def time_object(time: Fraction, rate: Fraction) -> dict[str, Any]:
    """Return a time as frames of a rate; on no frame, as parts of its own clock."""
    frames = time * rate
    value, clock = float(frames), float(rate)
    if frames.denominator != 1 and time.denominator <= _FINEST_CLOCK:
        value, clock = float(time.numerator), float(time.denominator)
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": clock, "value": value}


def range_object(span: TimeRange, rate: Fraction) -> dict[str, Any]:
    """Return a range of time as frames of a rate."""
    return {
        "OTIO_SCHEMA": "TimeRange.1",
        "duration": time_object(span.duration, rate),
        "start_time": time_object(span.start, rate),
    }


def seconds_of(time: dict[str, Any]) -> Fraction:
    """Return the seconds of a time.

    Raises:
        ProjectError: It has no value or rate, or is beyond a century.
    """
    value, rate = time.get("value"), time.get("rate")
    if not _is_number(value) or not _is_number(rate):
        raise ProjectError("a time has a value or a rate that is no number")
    frames = _exact(value)
    seconds = (frames / exact_rate(float(str(rate)))).limit_denominator(_FINEST_TIME)
    if abs(seconds) > MAX_SECONDS:
        raise ProjectError("a time is beyond a century")
    return seconds


def time_range_of(span: dict[str, Any]) -> TimeRange:
    """Return a range of time.

    Raises:
        ProjectError: It has no start or duration, or ends before it begins.
    """
    start, duration = span.get("start_time"), span.get("duration")
    if not isinstance(start, dict) or not isinstance(duration, dict):
        raise ProjectError("a range of time has no start or no duration")
    length = seconds_of(duration)
    if length < 0:
        raise ProjectError("a range of time ends before it begins")
    return TimeRange(seconds_of(start), length)


def is_same_time(kept: Fraction, native: Fraction) -> bool:
    """Return whether a native time is the one kept, as far as doubles tell."""
    return abs(kept - native) <= _SAME_S


def is_same_ratio(kept: Fraction, native: Fraction) -> bool:
    """Return whether a native speed is the one kept, as far as doubles tell."""
    return abs(kept - native) <= _SAME_RATIO * max(Fraction(1), abs(kept))


def exact_ratio(value: object) -> Fraction:
    """Return a speed that is a double.

    Raises:
        ProjectError: It is no number, or not finite.
    """
    if not _is_number(value):
        raise ProjectError("a speed is no number")
    return _exact(value)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _exact(value: Any) -> Fraction:
    if isinstance(value, float) and not math.isfinite(value):
        raise ProjectError("a number is not finite")
    if abs(value) > MAX_SECONDS * MAX_RATE:
        raise ProjectError(f"a number of {value:.3g} is beyond every time")
    whole = round(value)
    if abs(value - whole) < 1 / _FINEST_VALUE:
        return Fraction(whole)
    return Fraction(value).limit_denominator(_FINEST_VALUE)
