"""Letters as masks: what is drawn of each color, of outlines, and of color bitmaps."""

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from timeline_nb.effects.picture import u8
from timeline_nb.effects.titles.fonts import font_context, length_px, loaded
from timeline_nb.effects.titles.line_breaking import Run, TextLine

__all__ = ["LetterMasks", "bitmap_bytes"]

# Slant of letters without an italic face: 12 degrees, as oblique faces have.
_SLANT: Final = 0.21
# Slanting some rows rounds otherwise than slanting all of them: by one level in a few
# pixels. Only a text that would take seconds is slanted by rows.
_MOST_SLANTED_PX: Final = 2_000_000_000


def bitmap_bytes(run: Run) -> int:
    """Return the memory that drawing the letters of a color bitmap font takes."""
    if run.scale == 1:
        return 0
    return round((run.width / run.scale + 8) * run.size * 1.5 * 8)


class LetterMasks:
    """Masks of drawn letters: one for each color, one of outlines, and color bitmaps.

    Args:
        size: Width and height, in pixels.
        outline: Width of the outline, in pixels.
        runs: How many runs are drawn.
    """

    def __init__(self, size: tuple[int, int], outline: float, *, runs: int) -> None:
        self.size = size
        self.fills: dict[str, NDArray[np.uint8]] = {}
        self.stroke = np.zeros((size[1], size[0]), np.uint8)
        self.colored: Image.Image | None = None
        self._outline = outline
        self._slants_whole = runs * size[0] * size[1] < _MOST_SLANTED_PX

    def draw(self, line: TextLine, place: tuple[float, float], left: int) -> int:
        """Draw a line's letters and return how many letters are left to be shown.

        Args:
            line: The line.
            place: The left end of its baseline.
            left: How many letters are shown, from the first.
        """
        x, y = place
        for number, run in _in_order(line):
            text = run.text[: max(0, left)]
            left -= len(run.text)
            start = x + sum(other.width for other in line.runs[:number])
            if line.is_rtl and text != run.text:
                start += run.width - _length(run, text)
            lined = run.letter_style.underline or run.letter_style.strikeout
            if not text.strip() and not (text and lined):
                continue
            if run.scale != 1:
                if self.colored is None:
                    self.colored = Image.new("RGBA", self.size)
                _draw_bitmap(self.colored, run, text, (start, y))
                continue
            self._put(run, text, (start, y))
        return left - 1

    def _put(self, run: Run, text: str, place: tuple[float, float]) -> None:
        color = run.letter_style.color
        if color not in self.fills:
            self.fills[color] = np.zeros_like(self.stroke)
        layers = [(self.fills[color], 0.0)]
        if self._outline:
            layers.append((self.stroke, self._outline))
        for layer, stroke in layers:
            # Only the rows that the letters reach: a text of many lines has many runs.
            rows = slice(0, self.size[1])
            if not (run.needs_slant and self._slants_whole):
                rows = _rows_of(run, text, place[1], stroke, self.size[1])
            size = (self.size[0], rows.stop - rows.start)
            if size[1] <= 0:
                continue
            mask = _letter_mask(
                run, text, (place[0], place[1] - rows.start), size, stroke
            )
            part = layer[rows]
            np.maximum(part, mask, out=part)


def _rows_of(run: Run, text: str, y: float, stroke: float, high: int) -> slice:
    """Return the rows of a mask that letters on a baseline reach."""
    font = loaded(run.face, run.size)
    with font_context(run.face.path):
        _, top, _, bottom = font.getbbox(text, anchor="ls", stroke_width=stroke)
    # Lines below and through the letters, and what rounding adds.
    above, below = min(top, -run.size), max(bottom, run.size)
    reach = math.ceil(stroke) + 3
    return slice(
        max(0, math.floor(y + above) - reach), min(high, math.ceil(y + below) + reach)
    )


def _in_order(line: TextLine) -> list[tuple[int, Run]]:
    """Return the runs in reading order, each with its number from the left."""
    runs = list(enumerate(line.runs))
    return runs[::-1] if line.is_rtl else runs


def _letter_mask(
    run: Run,
    text: str,
    place: tuple[float, float],
    size: tuple[int, int],
    stroke: float,
) -> NDArray[np.uint8]:
    """Return a mask of letters on their baseline, slanted and underlined if asked."""
    x, y = place
    font = loaded(run.face, run.size)
    layer = Image.new("L", size)
    pen = ImageDraw.Draw(layer)
    with font_context(run.face.path):
        pen.text((x, y), text, 255, font, anchor="ls", stroke_width=stroke)
    thick = max(1.0, run.size / 16)
    for is_drawn, above in (
        (run.letter_style.underline, -run.size * 0.13),
        (run.letter_style.strikeout, run.size * 0.27),
    ):
        if is_drawn:
            top = y - above - thick / 2
            end = x + _length(run, text)
            box = (x - stroke, top - stroke, end + stroke, top + thick - 1 + stroke)
            pen.rectangle(box, fill=255)
    mask = np.asarray(layer)
    if not run.needs_slant:
        return mask
    slant = np.array([[1, -_SLANT, _SLANT * y], [0, 1, 0]])
    return u8(cv2.warpAffine(mask, slant, size))


def _length(run: Run, text: str) -> float:
    return length_px(run.face, run.size, text) * run.scale


def _draw_bitmap(
    target: Image.Image, run: Run, text: str, place: tuple[float, float]
) -> None:
    """Draw letters of a color bitmap font at their own size, scaled."""
    font = loaded(run.face, run.size)
    side = round(run.size * 1.5)
    wide = math.ceil(length_px(run.face, run.size, text)) + 8
    tile = Image.new("RGBA", (wide, side))
    with font_context(run.face.path):
        ImageDraw.Draw(tile).text(
            (0, run.size),
            text,
            (255, 255, 255, 255),
            font,
            anchor="ls",
            embedded_color=True,
        )
    size = (max(1, round(tile.width * run.scale)), max(1, round(side * run.scale)))
    small = tile.resize(size, Image.Resampling.LANCZOS)
    corner = (round(place[0]), round(place[1] - run.size * run.scale))
    target.alpha_composite(small, (max(0, corner[0]), max(0, corner[1])))
