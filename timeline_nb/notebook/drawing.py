"""Images and HTML for cells: fonts, colors, contact sheets, PNG and JPEG bytes."""

import base64
import html
import io
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

__all__ = [
    "INK",
    "MUTED",
    "PAPER",
    "contact_sheet",
    "fitted_text",
    "font",
    "html_image",
    "html_rows",
    "jpeg_bytes",
    "png_bytes",
]

PAPER = "#16181d"
INK = "#e8eaed"
MUTED = "#9aa0a6"

_GAP_PX = 8
_CAPTION_PX = 22
# Covers Cyrillic, Greek, Hebrew and Arabic, which Pillow's own font does not.
_FONT_FILES = ("DejaVuSans.ttf", "Arial Unicode.ttf", "arial.ttf")


@cache
def font(size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return a sans-serif font: a wide one of the system, or else Pillow's own."""
    for name in _FONT_FILES:
        try:
            return ImageFont.truetype(name, size_px)
        except OSError:
            continue
    return ImageFont.load_default(size_px)


def fitted_text(
    draw: ImageDraw.ImageDraw, text: str, size_px: int, room_px: int
) -> str:
    """Cut `text` to what fits in `room_px`, and end it with an ellipsis."""
    chosen = font(size_px)
    text = text.replace("\n", " ")
    if draw.textlength(text, font=chosen) <= room_px:
        return text
    while text and draw.textlength(text + "…", font=chosen) > room_px:
        text = text[:-1]
    return text + "…" if text else ""


def contact_sheet(
    frames: Sequence[NDArray[np.uint8]],
    captions: Iterable[str] = (),
    *,
    columns: int = 4,
) -> Image.Image:
    """Draw frames in rows, each over its caption.

    Args:
        frames: `(H, W, 3) uint8 RGB` each, of one size.
        captions: One per frame, or none.
        columns: Frames per row at most.
    """
    labels = list(captions)
    height, width = frames[0].shape[:2]
    columns = min(columns, len(frames))
    rows = -(-len(frames) // columns)
    cell_h = height + _GAP_PX + (_CAPTION_PX if labels else 0)
    sheet = Image.new(
        "RGB", (columns * (width + _GAP_PX) + _GAP_PX, rows * cell_h + _GAP_PX), PAPER
    )
    draw = ImageDraw.Draw(sheet)
    for number, (frame, label) in enumerate(zip_longest(frames, labels, fillvalue="")):
        x = _GAP_PX + number % columns * (width + _GAP_PX)
        y = _GAP_PX + number // columns * cell_h
        sheet.paste(Image.fromarray(np.asarray(frame)), (x, y))
        text = fitted_text(draw, str(label), 13, width)
        draw.text((x, y + height + 3), text, fill=MUTED, font=font(13))
    return sheet


def png_bytes(image: Image.Image) -> bytes:
    """Encode an image as PNG."""
    return _encoded(image, "PNG")


def jpeg_bytes(image: Image.Image) -> bytes:
    """Encode an image as JPEG, a quarter of the PNG's size for frames."""
    return _encoded(image, "JPEG", quality=88)


def _encoded(image: Image.Image, kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, optimize=True, **options)
    return buffer.getvalue()


def html_image(image: Image.Image, alt: str) -> str:
    """Return an `<img>` element with the image as a data URL."""
    data = base64.b64encode(jpeg_bytes(image)).decode()
    return (
        f'<img alt="{html.escape(alt)}" src="data:image/jpeg;base64,{data}" '
        'style="max-width:100%;border-radius:4px">'
    )


def html_rows(rows: Iterable[tuple[str, object]]) -> str:
    """Return an HTML table of names and values, both escaped."""
    cells = "".join(
        f'<tr><th style="text-align:left">{html.escape(name)}</th>'
        f'<td style="text-align:left">{html.escape(str(value))}</td></tr>'
        for name, value in rows
    )
    return f"<table>{cells}</table>"
