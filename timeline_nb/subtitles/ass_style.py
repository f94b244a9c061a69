"""Styles of SubStation Alpha, as parameters of `title`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from timeline_nb.subtitles.colors import ass_color
from timeline_nb.subtitles.numpad import numpad_from_ssa

__all__ = ["LETTER", "Style", "plain_style", "style_of"]

# A script's font size spans ascent to descent; a title's is its em size.
LETTER: Final = 0.85


@dataclass(frozen=True)
class Style:
    """A style of a script.

    Args:
        name: Its name.
        numpad: Alignment, as the number numpad counts it: 1 is bottom left.
        margins: Left, right and vertical margins, in the script's pixels.
        parameters: Parameters of `title`, without the position.
    """

    name: str
    numpad: int
    margins: tuple[float, float, float]
    parameters: dict[str, Any]

    @staticmethod
    def share(size: float, height: float) -> float:
        """Return a font size as a share of the height, as `title` takes it."""
        return round(min(max(size / height * LETTER, 0.005), 1.0), 4)


@lru_cache(maxsize=16)
def plain_style(size: tuple[float, float]) -> Style:
    """Return the style of events without a known style."""
    fields = {"name": "Default", "outline": "2", "shadow": "2", "alignment": "2"}
    margins = dict.fromkeys(("marginl", "marginr", "marginv"), "10")
    return style_of(fields | margins, size, is_v4=False)


def style_of(
    fields: Mapping[str, str], size: tuple[float, float], *, is_v4: bool
) -> Style:
    """Return the style of a `Style:` row.

    Args:
        fields: Text by column name in lower case; missing and invalid fields have
            defaults.
        size: Width and height of the script.
        is_v4: Whether alignments are those of SSA v4.
    """
    height = size[1]
    outline = _color(fields, "outlinecolour", "#000000")
    if is_v4:
        # SSA has one color for outline and shadow.
        outline = _color(fields, "backcolour", "#000000")
    width = round(min(_number(fields, "outline", 2.0) / height, 0.1), 5)
    parameters: dict[str, Any] = {
        "font": fields.get("fontname", "").strip().lstrip("@") or "Arial",
        "size": Style.share(_number(fields, "fontsize", 18.0), height),
        "color": _color(fields, "primarycolour", "#ffffff"),
        "outline": width,
        "outline_color": outline,
    }
    for name in ("bold", "italic", "underline", "strikeout"):
        if _number(fields, name, 0.0, low=-1.0):
            parameters[name] = True
    shadow = round(min(_number(fields, "shadow", 0.0) / height, 1.0), 5)
    if shadow:
        cast = _color(fields, "backcolour", "#00000080")
        parameters |= {"shadow": [shadow, shadow], "shadow_color": cast}
    if _number(fields, "borderstyle", 1.0) == 3:
        parameters |= {"box_color": outline, "box_padding": width, "outline": 0.0}
    number = int(_number(fields, "alignment", 2.0))
    if is_v4:
        number = numpad_from_ssa(number)
    margins = [_number(fields, f"margin{side}", 10.0) for side in "lrv"]
    return Style(
        fields.get("name", "").strip().lstrip("*") or "Default",
        number if 1 <= number <= 9 else 2,
        (margins[0], margins[1], margins[2]),
        parameters,
    )


def _color(fields: Mapping[str, str], name: str, default: str) -> str:
    return ass_color(fields.get(name, "")) or default


def _number(
    fields: Mapping[str, str], name: str, default: float, *, low: float = 0.0
) -> float:
    try:
        value = float(fields.get(name, "")[:24])
    except ValueError:
        return default
    return min(max(value, low), 100_000.0) if value == value else default  # noqa: PLR0124 - NaN is no number
