"""Where a text lies on its frame, and how it is set: for editing it in its place."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timeline_nb.effects.catalog import find
from timeline_nb.effects.generators import text_rows
from timeline_nb.effects.spec import values_of
from timeline_nb.effects.titles.appearance import (
    MOST_LETTERS,
    appearance_of,
    plain_text,
)
from timeline_nb.effects.titles.raster import layout_of_text
from timeline_nb.timeline.model import Effect

__all__ = ["TextPlace", "text_place"]


@dataclass(frozen=True)
class TextPlace:
    """A text's place, in pixels of its frame.

    Args:
        values: The parameters of the title at that time.
        matrix: `(2, 3)`, from pixels of its box, from the box's corner, to the frame.
        box: Width and height of the text with its box.
        letters: Size of the letters.
        line: Distance between lines.
        high: Height of one line, from its ascent to its descent.
        pad: Space between the text and the edge of its box.
        wrap: Width at which lines are broken.
    """

    values: dict[str, Any]
    matrix: NDArray[np.float64]
    box: tuple[float, float]
    letters: float
    line: float
    high: float
    pad: float
    wrap: float


def text_place(title: Effect, own: Fraction, size: tuple[int, int]) -> TextPlace:
    """Return where a title draws its text.

    Args:
        title: The generator.
        own: The second of the clip's own time.
        size: Width and height of the frame, in pixels.

    Raises:
        CompositionError: A parameter is not valid, or a font or letter is missing.
    """
    values = values_of(find("title", "generator"), title).at(own)
    appearance = appearance_of(values, size)
    text = plain_text(values["text"])
    if appearance.substitute:
        text = text[:MOST_LETTERS]
    layout = layout_of_text(text, appearance)
    moves = "position" in title.keyframes
    rows = text_rows(layout.size, (0.0, 0.0), size, values, moves=moves)
    # They map pixels by their centers; a box has edges.
    rows[:, 2] += 0.5 - rows[:, :2].sum(axis=1) / 2
    return TextPlace(
        values=values,
        matrix=rows,
        box=layout.size,
        letters=appearance.size,
        line=layout.step,
        high=layout.step / appearance.line_spacing,
        pad=layout.pad,
        wrap=appearance.width,
    )
