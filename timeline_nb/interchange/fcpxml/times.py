"""Times of FCPXML: exact fractions of a second, as `1001/30000s`."""

import re
from fractions import Fraction
from typing import Final

from timeline_nb.core.near_names import quoted
from timeline_nb.errors import ProjectError
from timeline_nb.timebase import MAX_SECONDS

__all__ = ["MOST_DENOMINATOR", "format_time", "parse_time"]

# The DTD: "a 64-bit numerator and 32-bit denominator".
_MOST_NUMERATOR: Final = 2**63 - 1
MOST_DENOMINATOR: Final = 2**31 - 1
# Programs other than Final Cut write decimals too.
_TIME: Final = re.compile(r"(-?[0-9]{1,40})(?:/([0-9]{1,40})|\.([0-9]{1,12}))?s?")


def parse_time(text: str, what: str) -> Fraction:
    """Return the seconds of a time: `5s`, `1001/30000s`, `2.5s`.

    Args:
        text: The time.
        what: Whose it is, for messages: `film.fcpxml, line 12: offset`.

    Raises:
        ProjectError: It is none, or beyond 64 bits or a century.
    """
    found = _TIME.fullmatch(text.strip()) if len(text) <= 90 else None
    if found is None:
        raise ProjectError(
            f"{what} is {quoted(text)}, not a time such as '1001/30000s'"
        )
    number, divisor = int(found[1]), int(found[2] or 1)
    if abs(number) > _MOST_NUMERATOR or divisor > _MOST_NUMERATOR:
        raise ProjectError(f"{what} is {quoted(text)}, which is beyond 64 bits")
    if not divisor:
        raise ProjectError(f"{what} is {quoted(text)}, which divides by zero")
    seconds = Fraction(number, divisor)
    if found[3]:
        seconds = Fraction(f"{found[1]}.{found[3]}")
    if abs(seconds) > MAX_SECONDS:
        raise ProjectError(f"{what} is {quoted(text)}, which is beyond a century")
    return seconds


def format_time(seconds: Fraction) -> str:
    """Return a time as FCPXML has it; beyond 32 bits, the nearest that it can hold."""
    if seconds.denominator > MOST_DENOMINATOR:
        seconds = seconds.limit_denominator(MOST_DENOMINATOR)
    if seconds.denominator == 1:
        return f"{seconds.numerator}s"
    return f"{seconds.numerator}/{seconds.denominator}s"
