"""Boxes, labels and scores drawn on a frame."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.label_colors import label_color

__all__ = ["annotate"]

_LINES: Final = 180


def annotate(rgb: NDArray[np.uint8], found: Detections) -> NDArray[np.uint8]:
    """Draw the box, label and score of each detection on a copy of a frame.

    Args:
        rgb: `(H, W, 3) uint8`.
        found: The detections of that frame.
    """
    image = Image.fromarray(rgb)
    draw = ImageDraw.Draw(image)
    line = max(2, round(image.height / _LINES))
    font = ImageFont.load_default(max(11, round(image.height / 24)))
    for box, score, class_id in zip(
        found.xyxy.tolist(), found.score.tolist(), found.class_id.tolist(), strict=True
    ):
        color = label_color(class_id)
        draw.rectangle(box, outline=color, width=line)
        text = f"{found.names[class_id]} {score:.2f}"
        _label(draw, (box[0], box[1]), text, font, color)
    return np.asarray(image)


def _label(
    draw: ImageDraw.ImageDraw,
    corner: tuple[float, float],
    text: str,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    color: tuple[int, int, int],
) -> None:
    """Draw text on its color: above the box, or inside where there is no room."""
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
    width, height = right - left + 6, bottom - top + 6
    x, y = corner[0], corner[1] - height
    if y < 0:
        y = corner[1]
    draw.rectangle((x, y, x + width, y + height), fill=color)
    draw.text((x + 3 - left, y + 3 - top), text, fill="black", font=font)
