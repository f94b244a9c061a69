"""Rasterization: a block of text with outline, shadow and box."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from timeline_nb.core.locks import new_lock
from timeline_nb.core.telemetry.metrics import count_look
from timeline_nb.effects.blur import smooth
from timeline_nb.effects.picture import color_of, u8
from timeline_nb.effects.titles.fonts import Face, find_face, loaded
from timeline_nb.effects.titles.letter_masks import LetterMasks, bitmap_bytes
from timeline_nb.effects.titles.line_breaking import (
    LetterStyle,
    Run,
    TextLine,
    Typesetting,
    break_lines,
    letter_styles,
)
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message

__all__ = [
    "Block",
    "TextAppearance",
    "TextLayout",
    "check_raster",
    "kept_texts",
    "layout_of_text",
    "rasterize",
    "typesetting_of",
]

# OpenCV warps no larger pictures.
_MOST_SIDE_PX: Final = 32_000
# 100 lines of credits in 4K take half of this.
_MOST_BYTES: Final = 800_000_000
# Of a pixel while a text is drawn and placed; each color has a byte more.
_PIXEL_BYTES: Final = 24
_BAND_PX: Final = 1_000_000
# Drawn texts that are kept: sixteen as large as a frame of 1080p.
_KEPT_BYTES: Final = 128_000_000


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


_blocks: LRUCache[tuple[str, TextAppearance, int, Face], Block] = LRUCache(
    _KEPT_BYTES, getsizeof=lambda block: max(1, block.rgba.nbytes)
)
_lock = new_lock("drawn texts")


def kept_texts() -> tuple[int, int]:
    """Return how many drawn texts are kept, and their bytes."""
    with _lock:
        return len(_blocks), int(_blocks.currsize)


def rasterize(text: str, appearance: TextAppearance, shown: int) -> Block:
    """Draw a text.

    Args:
        text: The text, with line breaks.
        appearance: Its appearance.
        shown: How many of its letters are drawn, from the first.

    Raises:
        CompositionError: There is no such font, no font has some letter, or the text is
            too large.
    """
    # A font file may have changed since.
    face = find_face(appearance.font, substitute=appearance.substitute)
    key = (text, appearance, shown, face)
    with _lock:
        known = _blocks.get(key)
    count_look("titles", hit=known is not None)
    if known is not None:
        return known
    block = _drawn(layout_of_text(text, appearance), appearance, shown)
    if block.rgba.nbytes <= _KEPT_BYTES:
        with _lock:
            _blocks[key] = block
    return block


def check_raster(text: str, appearance: TextAppearance) -> None:
    """Check that a text can be drawn: its font, its letters, and its size.

    Raises:
        CompositionError: As `rasterize`.
    """
    layout_of_text(text, appearance)


@dataclass(frozen=True)
class TextLayout:
    """Where a text is drawn, in pixels.

    Args:
        lines: Its lines.
        wide: Width of the widest.
        ascent: Height of a line above its baseline.
        step: Distance between baselines.
        pad: Space between text and box edge.
        margin: Space around the box, for outline, shadow and slant.
        size: Width and height of the box.
        canvas: Width and height with the margin.
    """

    lines: list[TextLine]
    wide: float
    ascent: float
    step: float
    pad: float
    margin: int
    size: tuple[float, float]
    canvas: tuple[int, int]


def layout_of_text(text: str, appearance: TextAppearance) -> TextLayout:
    """Break a text into lines, and refuse it where it is too large to draw."""
    kind = typesetting_of(text, appearance)
    face = kind.face
    lines = break_lines(text, kind, appearance.width)
    ascent, descent = loaded(face, appearance.size).getmetrics()
    step = (ascent + descent) * appearance.line_spacing
    wide = max((line.width for line in lines), default=0.0)
    high = ascent + descent + step * (len(lines) - 1)
    pad = appearance.box_padding if color_of(appearance.box_color)[3] else 0.0
    reach = (
        appearance.outline
        + appearance.shadow_blur * 3
        + max(map(abs, appearance.shadow))
    )
    runs = [run for line in lines for run in line.runs]
    needs_slant = any(run.needs_slant for run in runs)
    slant = appearance.size * 0.25 if needs_slant else 0.0
    margin = math.ceil(reach + slant + appearance.size * 0.3) + 1
    size = (wide + 2 * pad, high + 2 * pad)
    canvas = (math.ceil(size[0]) + 2 * margin, math.ceil(size[1]) + 2 * margin)
    _refuse_large(canvas, runs)
    return TextLayout(lines, wide, ascent, step, pad, margin, size, canvas)


def _refuse_large(canvas: tuple[int, int], runs: Sequence[Run]) -> None:
    colors = len({run.letter_style.color for run in runs})
    bitmaps = [bitmap_bytes(run) for run in runs]
    each = _PIXEL_BYTES + colors + (4 if any(bitmaps) else 0)
    needed = canvas[0] * canvas[1] * each + max(bitmaps, default=0)
    if max(canvas) <= _MOST_SIDE_PX and needed <= _MOST_BYTES:
        return
    raise CompositionError(
        Message(
            "the text would be a picture of {width}x{height} "
            "pixels in {colors} colors, and {needed} MB: at most "
            "{side} pixels a side and {most} MB are "
            "drawn; give a smaller size, outline, shadow or box, or "
            "less text",
            width=f"{canvas[0]:,}",
            height=f"{canvas[1]:,}",
            colors=f"{colors:,}",
            needed=f"{needed / 1000000.0:,.0f}",
            side=f"{_MOST_SIDE_PX:,}",
            most=f"{_MOST_BYTES / 1000000.0:,.0f}",
        )
    )


def _drawn(layout: TextLayout, appearance: TextAppearance, shown: int) -> Block:
    canvas, margin, pad = layout.canvas, layout.margin, layout.pad
    runs = sum(len(line.runs) for line in layout.lines)
    masks = LetterMasks(canvas, appearance.outline, runs=runs)
    left = shown
    for number, line in enumerate(layout.lines):
        x = margin + pad + _indent(line, layout.wide, appearance.align)
        y = margin + pad + number * layout.step + layout.ascent
        left = masks.draw(line, (x, y), left)
    planes: list[tuple[NDArray[np.uint8], str]] = []
    if pad or color_of(appearance.box_color)[3]:
        box = np.zeros((canvas[1], canvas[0]), np.uint8)
        right, bottom = margin + layout.size[0], margin + layout.size[1]
        box[margin : round(bottom), margin : round(right)] = 255
        planes.append((box, appearance.box_color))
    colored = None if masks.colored is None else np.asarray(masks.colored)
    if color_of(appearance.shadow_color)[3]:
        covered = masks.stroke.copy()
        for fill in (
            *masks.fills.values(),
            *([] if colored is None else [colored[..., 3]]),
        ):
            np.maximum(covered, fill, out=covered)
        right, down = map(float, appearance.shadow)
        way = np.array([[1, 0, right], [0, 1, down]])
        cast = smooth(u8(cv2.warpAffine(covered, way, canvas)), appearance.shadow_blur)
        planes.append((cast, appearance.shadow_color))
    if appearance.outline:
        planes.append((masks.stroke, appearance.outline_color))
    planes += [(fill, color) for color, fill in masks.fills.items()]
    place = (float(margin), float(margin))
    return Block(_merged(planes, colored, canvas), layout.size, place)


def _merged(
    planes: Sequence[tuple[NDArray[np.uint8], str]],
    colored: NDArray[np.uint8] | None,
    canvas: tuple[int, int],
) -> NDArray[np.uint8]:
    """Composite masks in their colors, the last on top, and color bitmaps above all.

    Some rows at a time, for a pixel takes 60 bytes on the way.
    """
    wide, high = canvas
    out = np.empty((high, wide, 4), np.uint8)
    rows = max(1, _BAND_PX // max(1, wide))
    for top in range(0, high, rows):
        band = slice(top, min(high, top + rows))
        whole = np.zeros((band.stop - band.start, wide, 4), np.float32)
        for mask, color in planes:
            _composite(whole, mask[band], color)
        if colored is not None:
            _composite_image(whole, np.asarray(colored[band], np.float32) / 255)
        out[band] = _straight(whole)
    return out


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
