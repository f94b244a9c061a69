"""Raster: a block of text painted, with outline, shadow and box."""

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
from timeline_nb.effects.titles.fonts import find_face, loaded
from timeline_nb.effects.titles.lines import Line, Run, broken

__all__ = ["Block", "Look", "painted"]


@dataclass(frozen=True)
class Look:
    """How text looks; lengths in pixels.

    Args:
        font: A family, or the path of a font's file.
        size: Of the letters.
        bold: Heavy.
        italic: Leaning.
        color: Of the letters.
        outline: Width of a line around them.
        outline_color: Of that line.
        shadow: How far to the right and down.
        shadow_blur: Its softness.
        shadow_color: With its opacity.
        box_color: Behind the text, with its opacity; clear for none.
        box_padding: Around the text.
        align: `left`, `center` or `right`; `start` is where it is read from.
        line_spacing: In lines.
        width: To which it is broken.
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


@dataclass(frozen=True)
class Block:
    """Painted text.

    Args:
        rgba: `(H, W, 4) uint8`, straight.
        size: Width and height of the text with its box, without shadow and outline.
        corner: Where its left top lies in `rgba`.
    """

    rgba: NDArray[np.uint8]
    size: tuple[float, float]
    corner: tuple[float, float]


@lru_cache(maxsize=64)
def painted(text: str, look: Look, shown: int) -> Block:
    """The text in its look.

    Args:
        text: With line breaks.
        look: How it looks.
        shown: How many of its letters are seen, from the first.

    Raises:
        CompositionError: The font is missing, or a letter of it.
    """
    face = find_face(look.font, bold=look.bold, italic=look.italic)
    lines = broken(text, face, look.size, look.width)
    ascent, descent = loaded(face.path, face.number, look.size).getmetrics()
    step = (ascent + descent) * look.line_spacing
    wide = max((line.width for line in lines), default=0.0)
    high = ascent + descent + step * (len(lines) - 1)
    pad = look.box_padding if color_of(look.box_color)[3] else 0.0
    reach = look.outline + look.shadow_blur * 3 + max(map(abs, look.shadow))
    lean = look.size * 0.25 if look.italic and not face.is_slanted else 0.0
    margin = math.ceil(reach + lean + look.size * 0.3) + 1
    size = (wide + 2 * pad, high + 2 * pad)
    canvas = (
        math.ceil(size[0]) + 2 * margin,
        math.ceil(size[1]) + 2 * margin,
    )
    inked = [np.zeros((canvas[1], canvas[0]), np.uint8) for _ in range(2)]
    colored = Image.new("RGBA", canvas)
    left = shown
    for number, line in enumerate(lines):
        x = margin + pad + _indent(line, wide, look.align)
        y = margin + pad + number * step + ascent
        left = _write(line, (x, y), look, inked, colored, left)
    fill, stroke = inked
    if lean:
        fill, stroke = (_slanted(mask) for mask in inked)
    whole = np.zeros((canvas[1], canvas[0], 4), np.float32)
    if pad or color_of(look.box_color)[3]:
        box = np.zeros((canvas[1], canvas[0]), np.uint8)
        right, bottom = margin + size[0], margin + size[1]
        box[margin : round(bottom), margin : round(right)] = 255
        _lay(whole, box, look.box_color)
    covered = np.maximum(np.maximum(fill, stroke), np.asarray(colored)[..., 3])
    if color_of(look.shadow_color)[3]:
        way = np.array([[1, 0, look.shadow[0]], [0, 1, look.shadow[1]]])
        cast = cv2.warpAffine(covered, way, canvas)
        _lay(whole, smooth(u8(cast), look.shadow_blur), look.shadow_color)
    if look.outline:
        _lay(whole, stroke, look.outline_color)
    _lay(whole, fill, look.color)
    _lay_image(whole, np.asarray(colored, np.float32) / 255)
    return Block(_straight(whole), size, (float(margin), float(margin)))


def _indent(line: Line, wide: float, align: str) -> float:
    free = wide - line.width
    if align == "center":
        return free / 2
    at_right = align == "right" or (align == "start" and line.is_rtl)
    return free if at_right else 0.0


def _write(
    line: Line,
    place: tuple[float, float],
    look: Look,
    inked: list[NDArray[np.uint8]],
    colored: Image.Image,
    left: int,
) -> int:
    """Paint a line's letters, and tell how many are left to be shown."""
    x, y = place
    for run in reversed(line.runs) if line.is_rtl else line.runs:
        text = run.text[: max(0, left)]
        left -= len(run.text)
        start = x + _before(line, run)
        if line.is_rtl and text != run.text:
            start += run.width - _length(run, text)
        if not text.strip():
            continue
        if run.scale != 1:
            _stamp(colored, run, text, (start, y))
            continue
        font = loaded(run.face.path, run.face.number, run.size)
        for number, stroke in enumerate((0.0, look.outline)):
            if number and not stroke:
                continue
            layer = Image.new("L", colored.size)
            ImageDraw.Draw(layer).text(
                (start, y), text, 255, font, anchor="ls", stroke_width=stroke
            )
            np.maximum(inked[number], np.asarray(layer), out=inked[number])
    return left - 1


def _before(line: Line, run: Run) -> float:
    place = line.runs.index(run)
    return sum(other.width for other in line.runs[:place])


def _length(run: Run, text: str) -> float:
    font = loaded(run.face.path, run.face.number, run.size)
    return font.getlength(text) * run.scale


def _stamp(
    target: Image.Image, run: Run, text: str, place: tuple[float, float]
) -> None:
    """Coloured bitmaps, painted at their own size and scaled."""
    font = loaded(run.face.path, run.face.number, run.size)
    side = round(run.size * 1.5)
    tile = Image.new("RGBA", (math.ceil(font.getlength(text)) + 8, side))
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


def _slanted(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    high, wide = mask.shape
    lean = np.array([[1, -0.21, 0.21 * high / 2], [0, 1, 0]])
    return u8(cv2.warpAffine(mask, lean, (wide, high)))


def _lay(whole: Any, mask: NDArray[np.uint8], color: str) -> None:
    red, green, blue, alpha = color_of(color)
    layer = np.empty((*mask.shape, 4), np.float32)
    layer[..., :3] = (red, green, blue)
    layer[..., 3] = mask.astype(np.float32) * (alpha / 255)
    _lay_image(whole, layer)


def _lay_image(whole: Any, layer: Any) -> None:
    """Lay straight colours over what is premultiplied."""
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
