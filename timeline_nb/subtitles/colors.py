"""Colors as files name them: CSS, HTML and SubStation Alpha."""

import re
from typing import Final

from PIL import ImageColor

__all__ = ["ass_color", "css_color", "to_ass"]

_FUNCTION: Final = re.compile(r"rgba?\(([^()]{1,60})\)")
_HEX: Final = re.compile(r"[0-9a-fA-F]{6}")


def css_color(text: str) -> str | None:
    """`#rrggbb` or `#rrggbbaa` of a color of CSS or of an HTML font; None if none."""
    told = text.strip().strip("\"'").lower()[:64]
    function = _FUNCTION.fullmatch(told)
    if function:
        return _of_parts(function[1].replace(",", " ").replace("/", " ").split())
    if _HEX.fullmatch(told):
        told = f"#{told}"
    if told == "transparent":
        return "#00000000"
    try:
        parts = ImageColor.getrgb(told)
    except ValueError:
        return None
    return "#" + "".join(f"{part:02x}" for part in parts)


def _of_parts(parts: list[str]) -> str | None:
    """Red, green, blue and perhaps opacity, as numbers or percents."""
    if len(parts) not in {3, 4}:
        return None
    found = []
    for place, part in enumerate(parts):
        full = 1.0 if place == 3 else 255.0
        try:
            share = float(part.rstrip("%")) / (100 if part.endswith("%") else full)
        except ValueError:
            return None
        found.append(round(255 * min(max(share, 0.0), 1.0)))
    return "#" + "".join(f"{value:02x}" for value in found)


def ass_color(text: str) -> str | None:
    """`#rrggbb` or `#rrggbbaa` of `&HAABBGGRR`, or of the decimal number SSA has."""
    told = text.strip().strip("&").lstrip("Hh").strip()
    is_hex = "h" in text.lower()
    try:
        number = int(told, 16 if is_hex else 10) & 0xFFFFFFFF
    except ValueError:
        return None
    clear, blue, green, red = number.to_bytes(4, "big")
    opaque = f"{255 - clear:02x}" if clear else ""
    return f"#{red:02x}{green:02x}{blue:02x}{opaque}"


def to_ass(color: str) -> str:
    """`&HAABBGGRR` of `#rrggbb` or `#rrggbbaa`."""
    digits = color[1:].ljust(8, "f")
    red, green, blue, alpha = (int(digits[n : n + 2], 16) for n in range(0, 8, 2))
    return f"&H{255 - alpha:02X}{blue:02X}{green:02X}{red:02X}"
