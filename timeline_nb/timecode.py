"""Frame numbers and timecode: times at a rate, counted in frames."""

from fractions import Fraction

from timeline_nb.errors import TimeError

__all__ = [
    "dropped_a_minute",
    "format_timecode",
    "frame_at",
    "frame_count",
    "frame_time",
]


def dropped_a_minute(rate: Fraction) -> int:
    """Return the numbers dropped per minute but each tenth (SMPTE ST 12-1, 5.2.2)."""
    if rate.denominator != 1001 or rate.numerator not in {30000, 60000, 120000}:
        raise TimeError(
            f"drop-frame timecode exists for 30000/1001 and its multiples, not {rate}"
        )
    return rate.numerator // 15000


def format_timecode(time: Fraction, rate: Fraction, *, drop_frame: bool = False) -> str:
    """Print the timecode of the frame shown at `time`.

    Args:
        time: Seconds.
        rate: Frames per second.
        drop_frame: Skip numbers so that the clock keeps wall time (`;` before the
            frames), at 30000/1001 and its multiples only.

    Returns:
        `HH:MM:SS:FF`, with a leading `-` before zero.

    Raises:
        TimeError: `drop_frame` at a rate that has none.
    """
    number = frame_at(time, rate)
    sign, number = ("-", -number) if number < 0 else ("", number)
    nominal = -(-rate.numerator // rate.denominator)
    if drop_frame:
        dropped = dropped_a_minute(rate)
        tens, rest = divmod(number, nominal * 600 - dropped * 9)
        minutes = max(0, rest - dropped) // (nominal * 60 - dropped)
        number += dropped * (9 * tens + minutes)
    whole, frames = divmod(number, nominal)
    minutes, seconds = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    width = max(2, len(str(nominal - 1)))
    mark = ";" if drop_frame else ":"
    return f"{sign}{hours:02}:{minutes:02}:{seconds:02}{mark}{frames:0{width}}"


def frame_time(number: int, rate: Fraction) -> Fraction:
    """Return the second at which frame `number` begins."""
    return number / rate


def frame_at(time: Fraction, rate: Fraction) -> int:
    """Return the number of the frame shown at `time`: the last that has begun."""
    scaled = time * rate
    return scaled.numerator // scaled.denominator


def frame_count(duration: Fraction, rate: Fraction) -> int:
    """Return how many frames it takes to cover `duration` seconds."""
    return -frame_at(-duration, rate)
