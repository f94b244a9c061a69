"""Speeds in EDL: source frames a second, rounded to tenths."""

from fractions import Fraction
from typing import Final

from timeline_nb.interchange.edl.remarks import fraction_of

__all__ = ["motion_text", "speed_of_motion"]

# Half of what the last digit of `047.6` stands for.
_HALF: Final = Fraction(1, 20)
_SIMPLE: Final = 12


def speed_of_motion(frames: Fraction, nominal: int, exact: str | None) -> Fraction:
    """Return the speed that a row `M2` means.

    Args:
        frames: Its source frames a second.
        nominal: Frames that a second of timecode counts.
        exact: The speed by a remark of this program, if there is one.

    Returns:
        The remark's speed if it rounds to the row's; else the simplest fraction that
        does, where one of a denominator up to 12 is: `016.7` at 25 is 2/3.
    """
    told = fraction_of(exact)
    if told is not None and abs(told * nominal - frames) <= _HALF:
        return told
    for denominator in range(1, _SIMPLE + 1):
        near = Fraction(round(frames / nominal * denominator), denominator)
        if abs(near * nominal - frames) <= _HALF and (near or not frames):
            return near
    return frames / nominal


def motion_text(speed: Fraction, nominal: int) -> tuple[str, Fraction]:
    """Return a speed as a row `M2` has it, and the speed that this is."""
    tenths = round(speed * nominal * 10)
    if not tenths and speed:
        tenths = 1 if speed > 0 else -1
    sign = "-" if tenths < 0 else ""
    whole, tenth = divmod(abs(tenths), 10)
    return f"{sign}{whole:03}.{tenth}", Fraction(tenths, 10 * nominal)
