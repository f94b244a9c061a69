"""Numbers read exactly: as the decimal, the fraction or the time they stand for."""

import re
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

from timeline_nb.errors import TimeError

__all__ = [
    "MAX_TEXT",
    "MICROSECOND",
    "exact_number",
    "is_float",
    "seconds_of_delta",
    "seconds_of_float",
    "to_fraction",
]

# Decimal digits on either side of the point.
_MAX_DIGITS: Final = 40
# Letters of a number or time that is written as text.
MAX_TEXT: Final = 80
# Floats of more decimals are computed; simple fractions have so small denominators.
_MOST_EXACT: Final = 1_000_000_000_000
_MOST_SIMPLE: Final = 1_000_000
# 1001/120000 is a frame of the fastest NTSC rate. Within so many parts of 1, a few
# steps of a 64-bit float, a random time is near such a fraction once in fifty.
_MOST_SIMPLE_TIME: Final = 120_000
_FLOAT_STEPS: Final = 2**48
MICROSECOND: Final = Fraction(1, 1_000_000)
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+|\d+/\d+)")


def is_float(value: object) -> bool:
    """Return whether a time is a binary float, Python's or NumPy's: perhaps inexact."""
    return isinstance(value, float) or getattr(_dtype(value), "kind", "") == "f"


def to_fraction(value: object) -> Fraction:
    """Read a plain number exactly; a float counts as the decimal it prints as.

    A float that needs more than twelve decimals was computed: it counts as the simple
    fraction it stands for, as 1 / 3 for one third.

    Raises:
        TimeError: `value` is not a finite number.
    """
    exact = exact_number(value)
    if not is_float(value) or exact.denominator <= _MOST_EXACT:
        return exact
    simple = _simple(exact, _MOST_SIMPLE, _MOST_EXACT)
    nearest = Fraction(round(exact * _MOST_EXACT), _MOST_EXACT)
    return nearest if simple is None else simple


def exact_number(value: object) -> Fraction:
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
    if not is_plain or len(text) > 2 * MAX_TEXT:
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


def seconds_of_float(value: Any, rate: Fraction | None) -> Fraction:
    """Return the exact time that a float means; see `parse_time`."""
    exact = exact_number(value)
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


def seconds_of_delta(value: Any) -> Fraction | None:
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
