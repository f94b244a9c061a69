"""Rasterization: a block of text with outline, shadow and box."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from timeline_nb.effects.blur import smooth
from timeline_nb.effects.picture import color_of, u8
from timeline_nb.effects.titles.fonts import (
    Face,
    find_face,
    font_context,
    length_px,
    loaded,
)
from timeline_nb.effects.titles.line_breaking import (
    LetterStyle,
    Run,
    TextLine,
    Typesetting,
    break_lines,
    letter_styles,
)

__all__ = ["Block", "TextAppearance", "rasterize", "typesetting_of"]

# Slant of letters without an italic face: 12 degrees, as oblique faces have.
_SLANT = 0.21


@dataclass(frozen=True)
class TextAppearance:
    """The appearance of a text; lengths are in pixels.

    Args:
        font: Font family, or the path of a font file.
        size: Size of the letters.
        bold: Whether letters are bold.
        italic: Whether letters are italic.
        color: Color of the letters.
        outline: Width of the outline.
        outline_color: Color of the outline.
        shadow: Offset of the shadow right and down.
        shadow_blur: Standard deviation of the shadow's blur.
        shadow_color: Color of the shadow, with its opacity.
        box_color: Color of a box behind the text; transparent for none.
        box_padding: Space between text and box edge.
        align: `left`, `center`, `right`, or `start` of reading.
        line_spacing: Distance between lines, in lines.
        width: Width at which lines are broken.
        underline: Whether a line is drawn below the letters.
        strikeout: Whether a line is drawn through the letters.
        spans: Parts with a style of their own: first letter, the letter after the last,
            and pairs of a field of `LetterStyle` and a value.
        substitute: Whether a missing font is replaced and missing letters are boxes.
        most_rows: The largest number of lines; 0 for no limit.
    """

    font: str
    size: float
    bold: bool
    italic: bool
    color: str
    outline: float
    outline_color: str
    shadow: tuple[float, float]
    shadow_blur: float
    shadow_color: str
    box_color: str
    box_padding: float
    align: str
    line_spacing: float
    width: float
    underline: bool = False
    strikeout: bool = False
    spans: tuple[tuple[Any, ...], ...] = ()
    substitute: bool = False
    most_rows: int = 0

    @property
    def letter_style(self) -> LetterStyle:
        """The style of letters in no span."""
        return LetterStyle(
            self.italic, self.bold, self.underline, self.strikeout, self.color
        )


@dataclass(frozen=True)
class Block:
    """A drawn text.

    Args:
        rgba: `(H, W, 4) uint8`, with straight alpha.
        size: Width and height of the text with its box, without shadow and outline.
        corner: Left and top of that area in `rgba`.
    """

    rgba: NDArray[np.uint8]
    size: tuple[float, float]
    corner: tuple[float, float]


@lru_cache(maxsize=64)
def rasterize(text: str, appearance: TextAppearance, shown: int) -> Block:
    """Draw a text.

    Args:
        text: The text, with line breaks.
        appearance: Its appearance.
        shown: How many of its letters are drawn, from the first.

    Raises:
        CompositionError: There is no such font, or no font has some letter.
    """
    kind = typesetting_of(text, appearance)
    face = kind.face
    lines = break_lines(text, kind, appearance.width)
    ascent, descent = loaded(face.path, face.number, appearance.size).getmetrics()
    step = (ascent + descent) * appearance.line_spacing
    wide = max((line.width for line in lines), default=0.0)
    high = ascent + descent + step * (len(lines) - 1)
    pad = appearance.box_padding if color_of(appearance.box_color)[3] else 0.0
    reach = (
        appearance.outline
        + appearance.shadow_blur * 3
        + max(map(abs, appearance.shadow))
    )
    needs_slant = any(run.needs_slant for line in lines for run in line.runs)
    slant = appearance.size * 0.25 if needs_slant else 0.0
    margin = math.ceil(reach + slant + appearance.size * 0.3) + 1
    size = (wide + 2 * pad, high + 2 * pad)
    canvas = (
        math.ceil(size[0]) + 2 * margin,
        math.ceil(size[1]) + 2 * margin,
    )
    masks = _LetterMasks(canvas)
    left = shown
    for number, line in enumerate(lines):
        x = margin + pad + _indent(line, wide, appearance.align)
        y = margin + pad + number * step + ascent
        left = _draw_line(line, (x, y), appearance, masks, left)
    whole = np.zeros((canvas[1], canvas[0], 4), np.float32)
    if pad or color_of(appearance.box_color)[3]:
        box = np.zeros((canvas[1], canvas[0]), np.uint8)
        right, bottom = margin + size[0], margin + size[1]
        box[margin : round(bottom), margin : round(right)] = 255
        _composite(whole, box, appearance.box_color)
    colored = np.asarray(masks.colored)
    covered = np.maximum(masks.stroke, colored[..., 3])
    for fill in masks.fills.values():
        covered = np.maximum(covered, fill)
    if color_of(appearance.shadow_color)[3]:
        way = np.array([[1, 0, appearance.shadow[0]], [0, 1, appearance.shadow[1]]])
        cast = cv2.warpAffine(covered, way, canvas)
        _composite(
            whole, smooth(u8(cast), appearance.shadow_blur), appearance.shadow_color
        )
    if appearance.outline:
        _composite(whole, masks.stroke, appearance.outline_color)
    for color, fill in masks.fills.items():
        _composite(whole, fill, color)
    _composite_image(whole, np.asarray(colored, np.float32) / 255)
    return Block(_straight(whole), size, (float(margin), float(margin)))


class _LetterMasks:
    """Masks of drawn letters: one for each color, one of outlines, and color bitmaps.

    Args:
        size: Width and height, in pixels.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self.fills: dict[str, NDArray[np.uint8]] = {}
        self.stroke = np.zeros((size[1], size[0]), np.uint8)
        self.colored = Image.new("RGBA", size)

    def put(self, mask: NDArray[np.uint8], color: str) -> None:
        """Add a mask of letters of a color."""
        known = self.fills.get(color)
        self.fills[color] = mask if known is None else np.maximum(known, mask)


def typesetting_of(text: str, appearance: TextAppearance) -> Typesetting:
    """Return the faces and styles that a text is set in.

    Raises:
        CompositionError: There is no such font.
    """
    styles = letter_styles(text, appearance.letter_style, appearance.spans)

    def face(style: LetterStyle) -> Face:
        return find_face(
            appearance.font,
            bold=style.bold,
            italic=style.italic,
            substitute=appearance.substitute,
        )

    return Typesetting(
        face(appearance.letter_style),
        appearance.size,
        styles or [appearance.letter_style],
        {own: face(own) for own in set(styles)},
        appearance.substitute,
        appearance.most_rows,
    )


def _indent(line: TextLine, wide: float, align: str) -> float:
    free = wide - line.width
    if align == "center":
        return free / 2
    at_right = align == "right" or (align == "start" and line.is_rtl)
    return free if at_right else 0.0


def _draw_line(
    line: TextLine,
    place: tuple[float, float],
    appearance: TextAppearance,
    masks: _LetterMasks,
    left: int,
) -> int:
    """Draw a line's letters and return how many letters are left to be shown."""
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
            _draw_bitmap(masks.colored, run, text, (start, y))
            continue
        masks.put(
            _letter_mask(run, text, (start, y), masks.size, 0.0), run.letter_style.color
        )
        if appearance.outline:
            edge = _letter_mask(run, text, (start, y), masks.size, appearance.outline)
            np.maximum(masks.stroke, edge, out=masks.stroke)
    return left - 1


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
    font = loaded(run.face.path, run.face.number, run.size)
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
    font = loaded(run.face.path, run.face.number, run.size)
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


def _composite(whole: Any, mask: NDArray[np.uint8], color: str) -> None:
    red, green, blue, alpha = color_of(color)
    layer = np.empty((*mask.shape, 4), np.float32)
    layer[..., :3] = (red, green, blue)
    layer[..., 3] = mask.astype(np.float32) * (alpha / 255)
    _composite_image(whole, layer)


def _composite_image(whole: Any, layer: Any) -> None:
    """Composite straight colors over premultiplied ones."""
    alpha = layer[..., 3:]
    whole *= 1 - alpha
    whole[..., :3] += layer[..., :3] * alpha
    whole[..., 3:] += alpha


def _straight(whole: Any) -> NDArray[np.uint8]:
    alpha = whole[..., 3:]
    colors = np.divide(
        whole[..., :3], alpha, out=np.zeros_like(whole[..., :3]), where=alpha > 0
    )
    both = np.concatenate([colors, alpha], axis=-1)
    return u8(np.clip(both * 255 + 0.5, 0, 255))
