"""Times in the cells of lists: timecode, clocks, frames, seconds with any comma."""

import re
from fractions import Fraction
from typing import Final

from timeline_nb.errors import TimeError, TimelineError
from timeline_nb.interchange.timecodes import TimecodeClock, is_timecode
from timeline_nb.timebase import parse_time

__all__ = ["read_time"]

# Clocks without hours, as chapters of a video's description have them: `1:23.5`.
_SHORT_CLOCK: Final = re.compile(r"([0-9]{1,4}):([0-9]{2})((?:[.,][0-9]{1,9})?)")
_LONG_CLOCK: Final = re.compile(
    r"([0-9]{1,4}):([0-9]{2}):([0-9]{2})((?:[.,][0-9]{1,9})?)"
)
_MOST_LETTERS: Final = 60
_COMMA: Final = re.compile(r"([+-]?[0-9]+),([0-9]+)")


def read_time(text: str, clock: TimecodeClock) -> tuple[Fraction, bool]:
    """Return the seconds that a cell says, and whether it is timecode.

    Args:
        text: `01:00:04:12`, `1:23`, `0:01:23.5`, `12f`, `4.5`, `4,5`, `101/25`.
        clock: Counts timecode and frames.

    Raises:
        TimelineError: It is no time; the message begins with the text.
    """
    stripped = text.strip()
    if len(stripped) > _MOST_LETTERS:
        raise TimelineError(f"{stripped[:20]!r}... is too long for a time")
    if is_timecode(stripped):
        counted = clock.read(stripped)
        if counted is None or counted.fault:
            fault = counted.fault if counted else "is no timecode"
            raise TimelineError(f"{stripped!r} {fault}")
        return clock.seconds(counted.frame), True
    if match := _LONG_CLOCK.fullmatch(stripped):
        return _clock(stripped, int(match[1]), int(match[2]), match[3], match[4]), False
    if match := _SHORT_CLOCK.fullmatch(stripped):
        hours, minutes = divmod(int(match[1]), 60)
        return _clock(stripped, hours, minutes, match[2], match[3]), False
    # Where a comma stands before decimals.
    comma = _COMMA.fullmatch(stripped)
    plain = f"{comma[1]}.{comma[2]}" if comma else stripped
    try:
        return parse_time(plain, clock.rate), False
    except TimeError as error:
        raise TimelineError(str(error)) from None


def _clock(
    text: str, hours: int, minutes: int, seconds: str, decimals: str
) -> Fraction:
    if minutes > 59 or int(seconds) > 59:
        raise TimelineError(f"{text!r} has more than 59 minutes or seconds")
    whole = (hours * 60 + minutes) * 60 + int(seconds)
    return Fraction(f"{whole}.{decimals[1:] or 0}")
