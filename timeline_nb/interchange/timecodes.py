"""Timecode as other programs write it: read leniently, with what is wrong about it.

A rate of 30000/1001 counts 30 frames a second; drop-frame timecode leaves out numbers,
so that the clock keeps wall time (SMPTE ST 12-1, 5.2.2).
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

__all__ = ["DAY_S", "Counted", "TimecodeClock", "is_timecode"]

DAY_S: Final = 86_400
# `.` and `,` stand before the frames in lists of some programs; `;` means drop-frame.
_TIMECODE: Final = re.compile(
    r"(?P<h>[0-9]{1,3})[:;.](?P<m>[0-9]{2})[:;.](?P<s>[0-9]{2})"
    r"(?P<mark>[:;.,])(?P<f>[0-9]{2,3})"
)
_DROPPED_RATES: Final = {30000: 2, 60000: 4, 120000: 8}


def is_timecode(text: str) -> bool:
    """Return whether a text is timecode: `01:00:04:12`."""
    return _TIMECODE.fullmatch(text.strip()) is not None


@dataclass(frozen=True)
class Counted:
    """What a timecode says.

    Args:
        frame: Frames since 00:00:00:00.
        is_drop: Whether a `;` stands before its frames.
        fault: What is wrong with it, such as `has 31 frames, and a second 25`; empty
            if nothing is.
    """

    frame: int
    is_drop: bool
    fault: str = ""


@dataclass(frozen=True)
class TimecodeClock:
    """Frames as timecode, and back.

    Args:
        rate: Frames a second.
        is_drop: Whether numbers are dropped, as only 30000/1001 and its multiples do.
    """

    rate: Fraction
    is_drop: bool = False

    @property
    def nominal(self) -> int:
        """The frames that a second counts: 30 at 30000/1001."""
        return -(-self.rate.numerator // self.rate.denominator)

    @property
    def day(self) -> int:
        """The frames of 24 hours, after which the clock begins anew."""
        return self._number(DAY_S, 0, self._dropped if self.is_drop else 0)

    @property
    def _dropped(self) -> int:
        """The numbers that are dropped a minute, but each tenth; 0 where none are."""
        if self.rate.denominator != 1001:
            return 0
        return _DROPPED_RATES.get(self.rate.numerator, 0)

    def read(self, text: str) -> Counted | None:
        """Return what a timecode says; None of what is none.

        Numbers that do not exist count as the frame they would come to.
        """
        match = _TIMECODE.fullmatch(text.strip())
        if match is None:
            return None
        hours, minutes, seconds = (int(match[name]) for name in "hms")
        frames, marked = int(match["f"]), match["mark"] == ";"
        drop = self.is_drop or marked
        dropped = self._dropped if drop else 0
        whole = (hours * 60 + minutes) * 60 + seconds
        fault = ""
        if minutes > 59 or seconds > 59:
            fault = "has more than 59 minutes or seconds"
        elif frames >= self.nominal:
            fault = f"has frame {frames}, and a second {self.nominal} from 0"
        elif dropped and frames < dropped and not seconds and minutes % 10:
            fault = "is one of the numbers that drop-frame leaves out"
            frames = dropped
        elif marked and not self._dropped:
            fault = "is drop-frame, which this rate has not"
        return Counted(self._number(whole, frames, dropped), marked, fault)

    def _number(self, whole_s: int, frames: int, dropped: int) -> int:
        minutes = whole_s // 60
        skipped = dropped * (minutes - minutes // 10)
        return whole_s * self.nominal + frames - skipped

    def text(self, frame: int) -> str:
        """Return the timecode of a frame, within a day: `01:00:04:12`."""
        number, dropped = frame % self.day, self._dropped if self.is_drop else 0
        if dropped:
            tens, rest = divmod(number, self.nominal * 600 - dropped * 9)
            minutes = max(0, rest - dropped) // (self.nominal * 60 - dropped)
            number += dropped * (9 * tens + minutes)
        whole, frames = divmod(number, self.nominal)
        minutes, seconds = divmod(whole, 60)
        hours, minutes = divmod(minutes, 60)
        mark = ";" if dropped else ":"
        width = max(2, len(str(self.nominal - 1)))
        return f"{hours:02}:{minutes:02}:{seconds:02}{mark}{frames:0{width}}"

    def seconds(self, frame: int) -> Fraction:
        """Return the second at which a frame begins."""
        return frame / self.rate

    def nearest(self, seconds: Fraction) -> int:
        """Return the frame nearest to a time; of two, the later one."""
        scaled = 2 * seconds * self.rate + 1
        return scaled.numerator // (2 * scaled.denominator)
