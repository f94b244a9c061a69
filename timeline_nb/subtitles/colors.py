"""Colors of CSS, HTML and SubStation Alpha."""

import re
from typing import Final

from PIL.ImageColor import getrgb

from timeline_nb.core.colors import parse_color

__all__ = ["ass_color", "css_color", "to_ass"]

_FUNCTION: Final = re.compile(r"rgba?\(([^()]{1,60})\)")
_HEX: Final = re.compile(r"[0-9a-fA-F]{6}")


def css_color(text: str) -> str | None:
    """Return `#rrggbb[aa]` of a CSS or HTML color; None if it is not one."""
    text = text.strip().strip("\"'").lower()[:64]
    function = _FUNCTION.fullmatch(text)
    if function:
        return _of_parts(function[1].replace(",", " ").replace("/", " ").split())
    if _HEX.fullmatch(text):
        text = f"#{text}"
    try:
        # Pillow reads hsl() and hsv() as well.
        return parse_color(getrgb(text) if "(" in text else text)
    except ValueError:
        return None


def _of_parts(parts: list[str]) -> str | None:
    """Return the color of three or four numbers or percentages."""
    if len(parts) not in {3, 4}:
        return None
    values = []
    for place, part in enumerate(parts):
        full = 1.0 if place == 3 else 255.0
        try:
            share = float(part.rstrip("%")) / (100 if part.endswith("%") else full)
        except ValueError:
            return None
        values.append(round(255 * min(max(share, 0.0), 1.0)))
    return "#" + "".join(f"{value:02x}" for value in values)


def ass_color(text: str) -> str | None:
    """Return `#rrggbb[aa]` of `&HAABBGGRR` or a decimal number; None if neither."""
    digits = text.strip().strip("&").lstrip("Hh").strip()
    is_hex = "h" in text.lower()
    try:
        number = int(digits, 16 if is_hex else 10) & 0xFFFFFFFF
    except ValueError:
        return None
    transparency, blue, green, red = number.to_bytes(4, "big")
    opaque = f"{255 - transparency:02x}" if transparency else ""
    return f"#{red:02x}{green:02x}{blue:02x}{opaque}"


def to_ass(color: str) -> str:
    """Return `&HAABBGGRR` of `#rrggbb` or `#rrggbbaa`."""
    digits = color[1:].ljust(8, "f")
    red, green, blue, alpha = (int(digits[n : n + 2], 16) for n in range(0, 8, 2))
    return f"&H{255 - alpha:02X}{blue:02X}{green:02X}{red:02X}"
