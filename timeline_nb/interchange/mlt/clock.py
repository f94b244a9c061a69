"""Times as MLT writes them: frames, clocks and timecodes of the profile's rate."""

import re
from fractions import Fraction
from typing import Final

__all__ = ["MOST_FRAMES", "clock_text", "frames_of"]

# What MLT holds, and writes where something has no end.
MOST_FRAMES: Final = 2**31 - 1
_FRAMES: Final = re.compile(r"([+-]?[0-9]{1,12}+)(?:[.,][0-9]*+)?")
# `mlt_property.c`; what is negative may have its sign before the last part.
_CLOCK: Final = re.compile(
    r"(-?)(?:([0-9]{1,9}+):)?([0-9]{1,9}+):(-?)([0-9]{1,9}+(?:[.,][0-9]{1,12}+)?)"
)
_SMPTE: Final = re.compile(
    r"(-?)([0-9]{1,9}+):([0-9]{1,9}+):([0-9]{1,9}+)[:;]([0-9]{1,9}+)"
)


def frames_of(text: str, rate: Fraction) -> int | None:
    """Return the frames of a time; None if it is none, or too long for MLT.

    Args:
        text: `125`, `00:00:05.000`, `00:00:05:00` or `00:00:05;00`.
        rate: Frames a second.

    Example:
        >>> frames_of("00:00:05.040", Fraction(25))
        126
    """
    text = text.strip()
    if found := _FRAMES.fullmatch(text):
        count = int(found[1])
    elif found := _SMPTE.fullmatch(text):
        sign, hours, minutes, seconds, frames = found.groups()
        whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
        # Timecodes count as if there were a whole number of frames a second.
        count = whole * round(rate) + int(frames)
        count = -count if sign else count
    elif found := _CLOCK.fullmatch(text):
        sign, hours, minutes, also, last = found.groups()
        exact = int(hours or 0) * 3600 + int(minutes) * 60
        count = round((exact + Fraction(last.replace(",", "."))) * rate)
        count = -count if sign or also else count
    else:
        return None
    return count if abs(count) <= MOST_FRAMES else None


def clock_text(frames: int, rate: Fraction) -> str:
    """Return frames as a clock, as Shotcut writes its markers: `00:00:05.040`."""
    thousandths = round(frames / rate * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    hours, minute = divmod(minutes, 60)
    second, part = divmod(rest, 1000)
    return f"{hours:02}:{minute:02}:{second:02}.{part:03}"
