"""The appearance of a text in pixels, of the parameters of a title."""

import math
from collections.abc import Mapping
from typing import Any, Final

from timeline_nb.effects.titles.raster import TextAppearance

__all__ = ["MOST_LETTERS", "appearance_of", "plain_text"]

# Of a text that must be rasterize whatever it is; more is never read.
MOST_LETTERS: Final = 2_000
# Letters stay letters, so that spans keep their places: what is not drawn is a space.
_PLAIN: Final = {
    **{code: " " for code in (*range(32), *range(0x7F, 0xA0)) if code != 0x0A},
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}


def plain_text(text: str) -> str:
    """Text that can be rasterize: no control letters, no halves of surrogate pairs."""
    return text.translate(_PLAIN)


def appearance_of(values: Mapping[str, Any], size: tuple[int, int]) -> TextAppearance:
    """The appearance of a text on a picture of a size.

    Args:
        values: Of all parameters of `title`, checked.
        size: Width and height, in pixels.
    """
    width, height = size
    letters = max(round(values["size"] * height, 3), 1.0)
    # Two pictures' height of rows is more than is ever seen.
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
            (start, end, *((name, own) for name, own in looks if own is not None))
            for start, end, *looks in values["spans"]
        ),
        substitute=values["substitute"],
        most_rows=rows,
    )
