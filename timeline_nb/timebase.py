"""Exact time: Fraction seconds, half-open ranges, rates, timecode.

Time is a `fractions.Fraction` of a second everywhere inside the package. A float
appears only where a person types one or a table shows one. It is read as the decimal
it prints as (`0.1` is exactly one tenth); a computed one (`0.1 * 3`, `1 / 3`, a
table's `time_s`) as the nearest exact time: see `parse_time`.
"""

import re
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec.structs import force_setattr
from typing_extensions import TypeAliasType

if TYPE_CHECKING:
    import numpy as np

from timeline_nb.errors import TimeError
from timeline_nb.timecode import (
    dropped_a_minute,
    format_timecode,
    frame_at,
    frame_count,
    frame_time,
)

__all__ = [
    "MICROSECOND",
    "TimeLike",
    "TimeRange",
    "format_timecode",
    "frame_at",
    "frame_count",
    "frame_time",
    "is_float",
    "parse_duration",
    "parse_rate",
    "parse_time",
    "to_fraction",
]

# An alias with a name, so that signatures in `help` say `TimeLike`. The parts in quotes
# keep NumPy unloaded; pandas' Timedelta is a timedelta.
TimeLike = TypeAliasType(
    "TimeLike",
    "Fraction | float | Decimal | str | timedelta | np.number[Any] | np.timedelta64",
)

# A century. Longer is a mistake, and 1e308 seconds would exhaust the machine.
MAX_SECONDS: Final = 3_155_760_000
# Finer than any clock; sums of hostile fractions would grow without end.
MAX_DENOMINATOR: Final = 10**12
# Faster than any camera; guards frame arithmetic against hostile rates.
MAX_RATE: Final = 1_000_000

_NTSC: Final = {
    "23.976": Fraction(24000, 1001),
    "23.98": Fraction(24000, 1001),
    "29.97": Fraction(30000, 1001),
    "47.952": Fraction(48000, 1001),
    "47.95": Fraction(48000, 1001),
    "59.94": Fraction(60000, 1001),
    "119.88": Fraction(120000, 1001),
}
# Decimal digits on either side of the point.
_MAX_DIGITS: Final = 40
_MAX_TEXT: Final = 80
# Floats of more decimals are computed; simple fractions have so small denominators.
_MOST_EXACT: Final = 1_000_000_000_000
_MOST_SIMPLE: Final = 1_000_000
# 1001/120000 is a frame of the fastest NTSC rate. Within so many parts of 1, a few
# steps of a 64-bit float, a random time is near such a fraction once in fifty.
_MOST_SIMPLE_TIME: Final = 120_000
_FLOAT_STEPS: Final = 2**48
MICROSECOND: Final = Fraction(1, 1_000_000)
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+|\d+/\d+)")
_FRAMES: Final = re.compile(r"([+-]?\d+)\s*f(?:rames?)?")
_UNIT: Final = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+|\d+/\d+))\s*(ms|s|m|min|h)?")
_UNIT_SECONDS: Final = {
    None: Fraction(1),
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "m": Fraction(60),
    "min": Fraction(60),
    "h": Fraction(3600),
}
_CLOCK: Final = re.compile(
    r"(?P<sign>[+-]?)(?P<h>\d+):(?P<m>\d{1,2}):(?P<s>\d{1,2})"
    r"(?:\.(?P<decimals>\d+)|(?P<mark>[:;])(?P<f>\d+))?"
)


class TimeRange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A half-open range of time: `start` belongs to it, `end` does not.

    Args:
        start: Seconds; any `TimeLike` that needs no rate is read as an exact fraction.
        duration: Seconds, at least 0.

    Raises:
        TimeError: One is no time, or the duration is negative.

    Example:
        >>> tl.TimeRange("1s", "2s").end
        Fraction(3, 1)
    """

    start: Fraction
    duration: Fraction

    def __post_init__(self) -> None:
        if type(self.start) is not Fraction or type(self.duration) is not Fraction:
            force_setattr(self, "start", parse_time(self.start))
            force_setattr(self, "duration", parse_time(self.duration))
        if self.duration < 0:
            raise TimeError(f"the duration {self.duration} s is negative")

    @classmethod
    def between(cls, start: TimeLike, end: TimeLike) -> "TimeRange":
        """Return the range from `start` up to `end`, in seconds.

        Example:
            >>> tl.TimeRange.between("1s", "3s")
            TimeRange(start=Fraction(1, 1), duration=Fraction(2, 1))
        """
        first = start if type(start) is Fraction else parse_time(start)
        last = end if type(end) is Fraction else parse_time(end)
        return cls(first, last - first)

    @property
    def end(self) -> Fraction:
        """The first second after the range."""
        return self.start + self.duration

    def contains(self, time: Fraction) -> bool:
        """Return whether `time` (seconds) lies in the range.

        Example:
            >>> shot = tl.TimeRange.between("1s", "3s")
            >>> shot.contains(1), shot.contains(3)  # the end does not belong to it
            (True, False)
        """
        return self.start <= time < self.end

    def encloses(self, other: "TimeRange") -> bool:
        """Return whether all of `other` lies in the range.

        Example:
            >>> tl.TimeRange.between(1, 5).encloses(tl.TimeRange.between(2, 5))
            True
        """
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "TimeRange") -> bool:
        """Return whether the two ranges share any time.

        Example:
            >>> tl.TimeRange.between(1, 3).overlaps(tl.TimeRange.between(3, 5))
            False
        """
        return max(self.start, other.start) < min(self.end, other.end)

    def intersection(self, other: "TimeRange") -> "TimeRange | None":
        """Return the time both ranges share, or None.

        Example:
            >>> tl.TimeRange.between(1, 3).intersection(tl.TimeRange.between(2, 5))
            TimeRange(start=Fraction(2, 1), duration=Fraction(1, 1))
        """
        start, end = max(self.start, other.start), min(self.end, other.end)
        return TimeRange.between(start, end) if start < end else None

    def shifted(self, by: Fraction) -> "TimeRange":
        """Return the same duration, `by` seconds later.

        Example:
            >>> tl.TimeRange.between(1, 3).shifted(10)
            TimeRange(start=Fraction(11, 1), duration=Fraction(2, 1))
        """
        return TimeRange(self.start + by, self.duration)

    def padded(self, by: Fraction) -> "TimeRange":
        """Return the range grown by `by` seconds at both ends.

        Example:
            >>> tl.TimeRange.between(1, 3).padded(1)
            TimeRange(start=Fraction(0, 1), duration=Fraction(4, 1))
        """
        return TimeRange(self.start - by, self.duration + 2 * by)

    def __str__(self) -> str:
        return f"[{float(self.start):.3f}, {float(self.end):.3f}) s"


def is_float(value: object) -> bool:
    """Return whether a time is a binary float, Python's or NumPy's: perhaps inexact."""
    return isinstance(value, float) or getattr(_dtype(value), "kind", "") == "f"


def to_fraction(value: TimeLike) -> Fraction:
    """Read a plain number exactly; a float counts as the decimal it prints as.

    A float that needs more than twelve decimals was computed: it counts as the simple
    fraction it stands for, as 1 / 3 for one third.

    Raises:
        TimeError: `value` is not a finite number.
    """
    exact = _exact(value)
    if not is_float(value) or exact.denominator <= _MOST_EXACT:
        return exact
    simple = _simple(exact, _MOST_SIMPLE, _MOST_EXACT)
    nearest = Fraction(round(exact * _MOST_EXACT), _MOST_EXACT)
    return nearest if simple is None else simple


def _exact(value: Any) -> Fraction:
    """Read a number as the decimal or the fraction it prints as.

    Raises:
        TimeError: It is not a finite number.
    """
    if isinstance(value, bool):
        raise TimeError(f"{value!r} is not a number: give seconds, or text as '12f'")
    if isinstance(value, (Fraction, int)):
        return Fraction(value)
    text = str(value).strip()
    is_plain = not isinstance(value, str) or _NUMBER.fullmatch(text)
    if not is_plain or len(text) > 2 * _MAX_TEXT:
        raise TimeError(f"{value!r:.80} is not a plain number")
    try:
        number = Fraction(text) if "/" in text else Decimal(text)
    except (InvalidOperation, ValueError, ZeroDivisionError) as error:
        raise TimeError(f"{value!r} is not a number") from error
    if isinstance(number, Fraction):
        return number
    # "1e999999999" would be computed in full.
    if not number.is_finite() or abs(number.adjusted()) > _MAX_DIGITS:
        raise TimeError(f"{value!r} is not a finite number of a sensible size")
    return Fraction(number)


def _simple(exact: Fraction, most: int, parts: int) -> Fraction | None:
    """Return the fraction of a denominator up to `most` that a float stands for.

    None if there is none within one in `parts`.
    """
    simple = exact.limit_denominator(most)
    return simple if abs(simple - exact) * parts <= 1 + abs(exact) else None


def _dtype(value: object) -> Any:
    return getattr(value, "dtype", None)


def _seconds_of_float(value: Any, rate: Fraction | None) -> Fraction:
    """Return the exact time that a float means; see `parse_time`."""
    exact = _exact(value)
    narrow = getattr(_dtype(value), "itemsize", 8) < 8
    # A float32 holds 24 bits: at 100 s it is 4 microseconds off.
    tolerance = max(MICROSECOND, abs(exact) / 2**23) if narrow else MICROSECOND
    if rate is not None:
        frame = Fraction(round(exact * rate)) / rate
        if abs(frame - exact) <= tolerance:
            return frame
    if (exact / MICROSECOND).denominator == 1:
        return exact
    simple = _simple(exact, _MOST_SIMPLE_TIME, _FLOAT_STEPS)
    return round(exact / MICROSECOND) * MICROSECOND if simple is None else simple


def _seconds_of_delta(value: Any) -> Fraction | None:
    """Return the seconds of a `timedelta`, NumPy's or pandas' too; None of others."""
    if isinstance(value, timedelta):
        whole = value.days * 86_400 + value.seconds
        nanoseconds = value.microseconds * 1000 + getattr(value, "nanoseconds", 0)
        return whole + Fraction(nanoseconds, 10**9)
    dtype = _dtype(value)
    if getattr(dtype, "kind", "") != "m":
        return None
    if value != value:  # noqa: PLR0124 - NaT, as NaN, is not equal to itself
        raise TimeError(f"{value!r} is not a time")
    if str(dtype) == "timedelta64":
        raise TimeError(f"{value!r} has no unit: give numpy.timedelta64(5, 's'), say")
    # Weeks to seconds in whole seconds: in nanoseconds 64 bits end at 292 years.
    whole = value.astype("timedelta64[s]")
    rest = (value - whole).astype("timedelta64[ns]")
    return int(whole.astype("int64")) + Fraction(int(rest.astype("int64")), 10**9)


def parse_rate(value: TimeLike) -> Fraction:
    """Read a frame rate, in frames per second.

    The customary short forms of the NTSC rates mean the exact ones: `29.97` and
    `"29.97"` are 30000/1001.

    Raises:
        TimeError: `value` is not a rate between 0 and 1,000,000.
    """
    rate = _NTSC.get(str(value)) or to_fraction(value)
    if not 0 < rate <= MAX_RATE:
        raise TimeError(f"the rate {value!r} is not between 0 and {MAX_RATE} frames/s")
    return rate


def parse_time(value: TimeLike, rate: Fraction | None = None) -> Fraction:
    """Read a time exactly, in seconds.

    A float within a microsecond of a frame of `rate` is that frame's time. Another one
    with more than six decimals was computed: it is the simple fraction it stands for
    (`1 / 3` is one third), or else the nearest microsecond.

    Args:
        value: Seconds as a number, Python's or NumPy's; a `timedelta`, also NumPy's and
            pandas'; or a string such as `"12f"` (frames), `"0.5s"`, `"250ms"`, `"2m"`,
            `"3/25"`, `"00:00:04.5"` (a clock), `"00:00:04:12"` (timecode),
            `"00:00:04;12"` (drop-frame timecode).
        rate: Frames per second, needed by frames and timecode.

    Raises:
        TimeError: The text has none of these forms, needs a rate that was not
            given, or is longer than a century.
    """
    seconds = _parse_text(value.strip(), rate) if isinstance(value, str) else None
    if seconds is None:
        seconds = _seconds_of_delta(value)
    if seconds is None and is_float(value):
        seconds = _seconds_of_float(value, rate)
    if seconds is None:
        seconds = _exact(value)
    if abs(seconds) > MAX_SECONDS:
        raise TimeError(f"the time {value!r} is longer than a century")
    return seconds


def parse_duration(value: TimeLike, rate: Fraction | None = None) -> Fraction:
    """Read a duration like `parse_time`, and check that it is not negative.

    Raises:
        TimeError: As `parse_time`, or the duration is negative.
    """
    seconds = parse_time(value, rate)
    if seconds < 0:
        raise TimeError(f"the duration {value!r} is negative")
    return seconds


def _parse_text(text: str, rate: Fraction | None) -> Fraction:
    if len(text) > _MAX_TEXT:
        raise TimeError(f"{text[:_MAX_TEXT]!r}... is too long for a time")
    if match := _FRAMES.fullmatch(text):
        return frame_time(int(match[1]), _needed(rate, text))
    if match := _UNIT.fullmatch(text):
        return to_fraction(match[1]) * _UNIT_SECONDS[match[2]]
    if match := _CLOCK.fullmatch(text):
        return _parse_clock(match, rate)
    raise TimeError(
        f"{text!r} is not a time: write seconds ('4.5s'), frames ('12f'), "
        "a clock ('00:00:04.5') or timecode ('00:00:04:12')"
    )


def _needed(rate: Fraction | None, text: str) -> Fraction:
    if rate is None:
        raise TimeError(f"{text!r} counts frames: give a rate, or a time in seconds")
    return rate


def _parse_clock(match: re.Match[str], rate: Fraction | None) -> Fraction:
    hours, minutes, seconds = int(match["h"]), int(match["m"]), int(match["s"])
    if minutes > 59 or seconds > 59:
        raise TimeError(f"{match[0]!r} has more than 59 minutes or seconds")
    whole = hours * 3600 + minutes * 60 + seconds
    if match["f"] is None:
        time = Fraction(f"{whole}.{match['decimals'] or 0}")
    else:
        rate = _needed(rate, match[0])
        number = _timecode_frame(match, whole, rate, drop=match["mark"] == ";")
        time = frame_time(number, rate)
    return -time if match["sign"] == "-" else time


def _timecode_frame(
    match: re.Match[str], whole_s: int, rate: Fraction, *, drop: bool
) -> int:
    nominal, frames = -(-rate.numerator // rate.denominator), int(match["f"])
    if frames >= nominal:
        raise TimeError(f"{match[0]!r}: a second has {nominal} frames, counted from 0")
    number = whole_s * nominal + frames
    if not drop:
        return number
    dropped = dropped_a_minute(rate)
    minutes = whole_s // 60
    if frames < dropped and whole_s % 60 == 0 and minutes % 10:
        raise TimeError(f"{match[0]!r} is one of the numbers that drop-frame skips")
    return number - dropped * (minutes - minutes // 10)
