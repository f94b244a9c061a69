"""Colors as a person writes them, in the one form that is stored: `#rrggbb[aa]`."""

import re
from collections.abc import Sequence
from operator import index
from typing import Any, Final, TypeAlias

from timeline_nb.core.near_names import near_names

__all__ = ["ColorLike", "parse_color"]

# "#ff8800", "#ff880080" with its opacity, "red", or (255, 136, 0).
ColorLike: TypeAlias = str | Sequence[int]

_HEX: Final = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_TRANSPARENT: Final = "#00000000"


def parse_color(value: Any) -> str:
    """Return a color as `#rrggbb`, or `#rrggbbaa` where it is not opaque.

    Args:
        value: `#rgb`, `#rgba`, `#rrggbb` or `#rrggbbaa`; a color name of CSS Color
            Module Level 4 (`red`, `rebeccapurple`, `transparent`); or three or four
            integers from 0 to 255: red, green, blue and opacity.

    Raises:
        ValueError: It is none of these. The message begins with `is`, so that the
            caller can put the name of the field before it.
    """
    if isinstance(value, str):
        return _from_text(value)
    try:
        parts = [index(part) for part in value]
    except TypeError:
        parts = []
    if len(parts) not in {3, 4} or not all(0 <= part <= 255 for part in parts):
        raise ValueError(
            f"is {value!r}: a color is '#ff8800', a CSS name such as 'orange', or "
            "three or four integers from 0 to 255"
        )
    return _packed("".join(f"{part:02x}" for part in parts))


def _from_text(value: str) -> str:
    text = value.strip().lower()
    if _HEX.fullmatch(text):
        digits = text[1:]
        return _packed("".join(d * 2 for d in digits) if len(digits) < 6 else digits)
    if text == "transparent":
        return _TRANSPARENT
    from PIL.ImageColor import colormap, getrgb

    if text not in colormap:
        near = near_names(text, [*colormap, "transparent"])
        hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
        raise ValueError(
            f"is {value!r}: a color is '#ff8800', '#ff880080' with its opacity, or a "
            f"CSS name such as 'orange'{hint}"
        )
    return parse_color(getrgb(text))


def _packed(digits: str) -> str:
    """Return `#rrggbb` for opaque colors, so that one color has one spelling."""
    return f"#{digits.removesuffix('ff') if len(digits) == 8 else digits}"
