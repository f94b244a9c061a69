"""Numbers, points, colors and decibels of FCPXML."""

import math
import re
from typing import Final

__all__ = [
    "format_color",
    "format_decibels",
    "format_number",
    "parse_color",
    "parse_decibels",
    "parse_number",
    "parse_point",
]

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})")
_LARGEST: Final = 1e6


def format_number(value: float) -> str:
    """Return a number without an exponent, exact to ten digits."""
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def parse_number(text: str) -> float | None:
    """Return the number that a text begins with, up to a million; None if none does."""
    found = _NUMBER.match(text.strip())
    if found is None:
        return None
    return max(-_LARGEST, min(_LARGEST, float(found[0])))


def parse_point(text: str) -> tuple[float, float] | None:
    """Return two numbers; None if a text has not two."""
    parts = [parse_number(part) for part in text.split(None, 2)[:2]]
    if len(parts) < 2 or parts[0] is None or parts[1] is None:
        return None
    return parts[0], parts[1]


def format_decibels(value: float) -> str:
    """Return a gain: `-3dB`."""
    return f"{format_number(value)}dB"


def parse_decibels(text: str) -> float | None:
    """Return a gain in dB, of which -96 is Final Cut's silence; None if it is none."""
    value = parse_number(text)
    return None if value is None else max(-200.0, min(200.0, value))


def format_color(color: str) -> str:
    """Return `#rrggbb` or `#rrggbbaa` as four shares: `1 0.5 0 1`."""
    digits = color.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    digits = digits.ljust(8, "f")
    try:
        shares = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4, 6)]
    except ValueError:
        shares = [1.0, 1.0, 1.0, 1.0]
    return " ".join(f"{share:.5g}" for share in shares)


def parse_color(text: str) -> str | None:
    """Return shares of red, green, blue and opacity as `#rrggbb` or `#rrggbbaa`."""
    parts = [parse_number(part) for part in text.split(None, 4)[:4]]
    shares = [part for part in parts if part is not None and math.isfinite(part)]
    if len(shares) < 3 or len(shares) != len(parts):
        return None
    levels = [round(255 * max(0.0, min(1.0, share))) for share in shares]
    if levels[3:] == [255]:
        levels = levels[:3]
    return "#" + "".join(f"{level:02x}" for level in levels)
