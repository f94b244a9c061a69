"""The appearance of a text in pixels, from the parameters of a title."""

import math
from collections.abc import Mapping
from typing import Any, Final

from timeline_nb.effects.titles.raster import TextAppearance

__all__ = ["MOST_LETTERS", "appearance_of", "plain_text"]

# Longer texts are cut off where `substitute` is set; nobody reads more.
MOST_LETTERS: Final = 2_000
# Each letter stays one letter, so that spans keep their positions.
_PLAIN: Final = {
    **{code: " " for code in (*range(32), *range(0x7F, 0xA0)) if code != 0x0A},
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}


def plain_text(text: str) -> str:
    """Return a text without control characters and lone surrogates."""
    return text.translate(_PLAIN)


def appearance_of(values: Mapping[str, Any], size: tuple[int, int]) -> TextAppearance:
    """Return the appearance of a text on a picture.

    Args:
        values: All parameters of `title`, checked.
        size: Width and height of the picture, in pixels.
    """
    width, height = size
    letters = max(round(values["size"] * height, 3), 1.0)
    # Rows beyond twice the picture's height are never visible.
    rows = math.ceil(2 * height / letters) if values["substitute"] else 0
    return TextAppearance(
        font=values["font"],
        size=letters,
        bold=values["bold"],
        italic=values["italic"],
        color=values["color"],
        outline=round(values["outline"] * height, 2),
        outline_color=values["outline_color"],
        shadow=(
            round(values["shadow"][0] * height, 2),
            round(values["shadow"][1] * height, 2),
        ),
        shadow_blur=round(values["shadow_blur"] * height, 2),
        shadow_color=values["shadow_color"],
        box_color=values["box_color"],
        box_padding=round(values["box_padding"] * height, 2),
        align=values["align"],
        line_spacing=values["line_spacing"],
        width=values["width"] * width,
        underline=values["underline"],
        strikeout=values["strikeout"],
        spans=tuple(
            (start, end, *((name, own) for name, own in styles if own is not None))
            for start, end, *styles in values["spans"]
        ),
        substitute=values["substitute"],
        most_rows=rows,
    )
