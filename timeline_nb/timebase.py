"""Exact time: Fraction seconds, half-open ranges, rates, timecode.

Time is a `fractions.Fraction` of a second everywhere inside the package. A float
appears only where a person types one or a table shows one. It is read as the decimal
it prints as (`0.1` is exactly one tenth); a computed one (`0.1 * 3`, `1 / 3`, a
table's `time_s`) as the nearest exact time: see `parse_time`.
"""

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec.structs import force_setattr
from typing_extensions import TypeAliasType

if TYPE_CHECKING:
    from datetime import timedelta
    from decimal import Decimal

    import numpy as np

from timeline_nb.errors import ArgumentError, TimeError
from timeline_nb.exact_numbers import (
    MAX_TEXT,
    MICROSECOND,
    exact_number,
    is_float,
    seconds_of_delta,
    seconds_of_float,
    to_fraction,
)
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


class _RangeMeta(msgspec.StructMeta):
    """Explains calls whose arguments do not fit."""

    def __call__(self, *args: Any, **words: Any) -> Any:
        """Make a range.

        Raises:
            ArgumentError: An argument is misspelt, missing or one too many.
            TimeError: One is no time, or the duration is negative.
        """
        try:
            return _make(self, *args, **words)
        except TypeError as error:
            if not str(error).startswith(_OF_STRUCTS):
                raise
        raise ArgumentError(_misfit(len(args), words))


# How msgspec begins what it says of arguments.
_OF_STRUCTS: Final = ("Unexpected key", "Missing req", "Extra positional", "Argument '")
_make: Final = msgspec.StructMeta.__call__


def _misfit(placed: int, words: dict[str, Any]) -> str:
    """Return what is wrong with the arguments of a range, and what to give."""
    takes = "it takes start= and duration=, in seconds"
    other = next((word for word in words if word not in {"start", "duration"}), None)
    if other is not None:
        meant = ", or tl.TimeRange.between(start, end)" * other.startswith(("e", "s"))
        return f"TimeRange has no argument {other!r:.60}: {takes}{meant}"
    given = placed + len(words)
    return f"TimeRange has {given} argument{'s' * (given != 1)}: {takes}"


class TimeRange(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, metaclass=_RangeMeta
):
    """A half-open range of time: `start` belongs to it, `end` does not.

    Args:
        start: Seconds; any `TimeLike` that needs no rate is read as an exact fraction.
        duration: Seconds, at least 0.

    Raises:
        ArgumentError: An argument is misspelt, missing or one too many.
        TimeError: One is no time, or the duration is negative.

    Example:
        >>> tl.TimeRange("1s", "2s").end
        Fraction(3, 1)
    """

    start: Fraction
    duration: Fraction

    def __post_init__(self) -> None:
        if type(self.start) is not Fraction or type(self.duration) is not Fraction:
            force_setattr(self, "start", _seconds("start", self.start))
            force_setattr(self, "duration", _seconds("duration", self.duration))
        if self.duration < 0:
            raise TimeError(f"the duration {self.duration} s is negative")

    @classmethod
    def between(cls, start: TimeLike, end: TimeLike) -> "TimeRange":
        """Return the range from `start` up to `end`, in seconds.

        Example:
            >>> tl.TimeRange.between("1s", "3s")
            TimeRange(start=Fraction(1, 1), duration=Fraction(2, 1))
        """
        first = start if type(start) is Fraction else _seconds("start", start)
        last = end if type(end) is Fraction else _seconds("end", end)
        try:
            made: TimeRange = _make(cls, first, last - first)
        except TimeError:
            fault = f"the end, {last} s, is before the start, {first} s"
            raise TimeError(fault) from None
        return made

    @property
    def end(self) -> Fraction:
        """The first second after the range."""
        return self.start + self.duration

    def contains(self, time: TimeLike) -> bool:
        """Return whether `time` lies in the range.

        Raises:
            TimeError: `time` is no time.

        Example:
            >>> shot = tl.TimeRange.between("1s", "3s")
            >>> shot.contains(1), shot.contains(3)  # the end does not belong to it
            (True, False)
        """
        return self.start <= _seconds("time", time) < self.end

    def encloses(self, other: "TimeRange") -> bool:
        """Return whether all of `other` lies in the range.

        Example:
            >>> tl.TimeRange.between(1, 5).encloses(tl.TimeRange.between(2, 5))
            True
        """
        return self.start <= _checked(other).start and other.end <= self.end

    def overlaps(self, other: "TimeRange") -> bool:
        """Return whether the two ranges share any time.

        Example:
            >>> tl.TimeRange.between(1, 3).overlaps(tl.TimeRange.between(3, 5))
            False
        """
        return max(self.start, _checked(other).start) < min(self.end, other.end)

    def intersection(self, other: "TimeRange") -> "TimeRange | None":
        """Return the time both ranges share, or None.

        Example:
            >>> tl.TimeRange.between(1, 3).intersection(tl.TimeRange.between(2, 5))
            TimeRange(start=Fraction(2, 1), duration=Fraction(1, 1))
        """
        start = max(self.start, _checked(other).start)
        end = min(self.end, other.end)
        return TimeRange.between(start, end) if start < end else None

    def shifted(self, by: TimeLike) -> "TimeRange":
        """Return the same duration, `by` later.

        Raises:
            TimeError: `by` is no time.

        Example:
            >>> tl.TimeRange.between(1, 3).shifted(10)
            TimeRange(start=Fraction(11, 1), duration=Fraction(2, 1))
        """
        moved: TimeRange = _make(
            TimeRange, self.start + _seconds("by", by), self.duration
        )
        return moved

    def padded(self, by: TimeLike) -> "TimeRange":
        """Return the range grown by `by` at both ends.

        Raises:
            TimeError: `by` is no time, or shrinks the range to less than nothing.

        Example:
            >>> tl.TimeRange.between(1, 3).padded(1)
            TimeRange(start=Fraction(0, 1), duration=Fraction(4, 1))
        """
        more = _seconds("by", by)
        return TimeRange(self.start - more, self.duration + 2 * more)

    def __str__(self) -> str:
        return f"[{float(self.start):.3f}, {float(self.end):.3f}) s"


def _seconds(name: str, value: TimeLike) -> Fraction:
    """Read a time of a range; an error begins with its name."""
    if type(value) is Fraction:
        return value
    try:
        return parse_time(value)
    except TimeError as error:
        raise TimeError(f"{name}: {error}") from None


def _checked(other: Any) -> "TimeRange":
    if isinstance(other, TimeRange):
        return other
    kind = type(other).__name__
    raise ArgumentError(f"other is of type {kind}: give a tl.TimeRange")


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
        seconds = seconds_of_delta(value)
    if seconds is None and is_float(value):
        seconds = seconds_of_float(value, rate)
    if seconds is None:
        seconds = exact_number(value)
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
    if len(text) > MAX_TEXT:
        raise TimeError(f"{text[:MAX_TEXT]!r}... is too long for a time")
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
