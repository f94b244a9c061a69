"""The names of Final Cut's frame formats and rates."""

import re
from fractions import Fraction
from typing import Final

__all__ = ["CONFORM_RATES", "format_name", "named_format"]

# The rates of an edit that Final Cut has, and how its format names spell them.
_RATES: Final = {
    Fraction(24000, 1001): "2398",
    Fraction(24): "24",
    Fraction(25): "25",
    Fraction(30000, 1001): "2997",
    Fraction(30): "30",
    Fraction(50): "50",
    Fraction(60000, 1001): "5994",
    Fraction(60): "60",
}
_SIZES: Final = {
    (1280, 720): "720",
    (1920, 1080): "1080",
    (640, 480): "640x480",
    (3840, 2160): "3840x2160",
    (4096, 2160): "4096x2160",
}
_HEIGHTS: Final = {480: 640, 540: 960, 576: 768, 720: 1280, 1080: 1920, 2160: 3840}
_NAME: Final = re.compile(r"FFVideoFormat([0-9]{3,4})(?:x([0-9]{3,4}))?p([0-9]{2,4})")

# How `conform-rate` spells the rates of media (the DTD's list).
CONFORM_RATES: Final = {
    Fraction(24000, 1001): "23.98",
    Fraction(24): "24",
    Fraction(25): "25",
    Fraction(30000, 1001): "29.97",
    Fraction(30): "30",
    Fraction(60): "60",
    Fraction(48000, 1001): "47.95",
    Fraction(48): "48",
    Fraction(50): "50",
    Fraction(60000, 1001): "59.94",
}


def format_name(size: tuple[int, int], rate: Fraction) -> str | None:
    """Return Final Cut's name of a frame format; None if it has none for it."""
    width, number = _SIZES.get(size), _RATES.get(rate)
    return f"FFVideoFormat{width}p{number}" if width and number else None


def named_format(name: str) -> tuple[tuple[int, int] | None, Fraction | None]:
    """Return the size and the rate of a format by its name, where it tells them."""
    found = _NAME.fullmatch(name[:60])
    if found is None:
        return None, None
    rates = {number: rate for rate, number in _RATES.items()}
    first, second = int(found[1] or 0), int(found[2] or 0)
    size = (first, second) if second else (_HEIGHTS.get(first, 0), first)
    return (size if all(size) else None), rates.get(found[3])
