"""The clock of a file: converts raw time stamps to media time."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

__all__ = ["JOINED_FORMATS", "LEAP_S", "STEP_BACK_S", "Clock", "is_break"]

# Stamps in the order of decoding rise: what goes back by more than a rounding begins a
# new clock.
STEP_BACK_S: Final = Fraction(1, 4)
# Stamps that leap further ahead do so where formats may be joined end to end: FFmpeg's
# own limit (`dts_delta_threshold`).
LEAP_S: Final = 10
JOINED_FORMATS: Final = frozenset({"mpegts", "mpeg"})


@dataclass(frozen=True)
class Clock:
    """Takes raw stamps to media time, through the places where a clock restarts.

    Args:
        start_time: The raw second that is media time 0.
        shifts: `shifts[k]` is added to raw seconds after the break `k`, counted from
            0 in the order of the file, and before the break `k + 1`; before the first
            break nothing is added.
    """

    start_time: Fraction
    shifts: tuple[Fraction, ...] = ()

    def media_time(self, raw: Fraction, breaks: int = 0) -> Fraction:
        """Return the media time of a raw time after `breaks` breaks of its stream."""
        return raw + self._shift(breaks) - self.start_time

    def raw_time(self, media: Fraction, breaks: int = 0) -> Fraction:
        """Return the raw time of a media time after `breaks` breaks of its stream."""
        return media - self._shift(breaks) + self.start_time

    def _shift(self, breaks: int) -> Fraction:
        if not breaks or not self.shifts:
            return Fraction(0)
        return self.shifts[min(breaks, len(self.shifts)) - 1]


def is_break(before: Fraction, after: Fraction, *, container: str) -> bool:
    """Return whether a clock restarts between two consecutive stamps of a stream.

    Args:
        before: The greatest raw second since the last break.
        after: The next raw second.
        container: FFmpeg's name of the format; only in transport and program streams,
            which are joined by laying their bytes end to end, a leap ahead counts.
    """
    if after < before - STEP_BACK_S:
        return True
    return container in JOINED_FORMATS and after > before + LEAP_S
