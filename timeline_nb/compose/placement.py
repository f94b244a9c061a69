"""Where a picture is placed on the canvas, in pixels. Pure arithmetic."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from timeline_nb.media.color import Colors
from timeline_nb.media.convert import SDR
from timeline_nb.timeline.model import Transform

__all__ = ["Canvas", "Placement", "place"]


@dataclass(frozen=True)
class Canvas:
    """What is composed on.

    Args:
        width: Pixels, even.
        height: Pixels, even.
        scale: Canvas pixels a timeline pixel; 1 at full size.
        colors: What its numbers mean: BT.709, or HDR, of ten bits.
    """

    width: int
    height: int
    scale: float = 1.0
    colors: Colors = SDR

    def pix_fmt(self, *, clear: bool = False) -> str:
        """Return FFmpeg's name of its pixel format, with opacity if it is clear."""
        kind = "yuva420p" if clear else "yuv420p"
        return f"{kind}10le" if self.colors.is_hdr else kind


@dataclass(frozen=True)
class Placement:
    """A picture's place.

    Args:
        crop: Left, top, width and height of the part of the upright source shown, as
            fractions of it.
        width: Pixels to scale to, before rotation; even.
        height: Pixels to scale to, before rotation; even.
        middle: The position of its center on the canvas, in pixels.
        rotation_deg: Clockwise degrees.
        covers: Whether it covers the whole canvas.
        exact: The width and height before they were made even.
        moves: Whether it is placed at subpixel positions, as what moves is.
    """

    crop: tuple[float, float, float, float]
    width: int
    height: int
    middle: tuple[float, float]
    rotation_deg: float
    covers: bool
    exact: tuple[float, float] = (0.0, 0.0)
    moves: bool = False

    @property
    def matrix(self) -> NDArray[np.float64]:
        """The `(2, 3)` matrix from shares of the whole upright source to the canvas."""
        left, top, across, down = self.crop
        size = np.array(self.exact if self.moves else (self.width, self.height))
        center = np.array(self.middle)
        if not self.moves:
            center = np.array(self.corner) + np.array(self.turned) / 2
        angle = math.radians(self.rotation_deg)
        cos, sin = math.cos(angle), math.sin(angle)
        turn = np.array([[cos, -sin], [sin, cos]]) * (size / [across, down])
        shift = center - turn @ [left + across / 2, top + down / 2]
        return np.column_stack([turn, shift])

    @property
    def turned(self) -> tuple[int, int]:
        """Width and height of what holds the rotated picture, even pixels."""
        if self.rotation_deg % 360 == 0:
            return self.width, self.height
        angle = math.radians(self.rotation_deg)
        cos, sin = abs(math.cos(angle)), abs(math.sin(angle))
        wide = self.width * cos + self.height * sin
        high = self.width * sin + self.height * cos
        return math.ceil(wide / 2) * 2, math.ceil(high / 2) * 2

    @property
    def corner(self) -> tuple[int, int]:
        """Left and top of what holds the picture, in whole even pixels."""
        wide, high = self.turned
        left, top = self.middle[0] - wide / 2, self.middle[1] - high / 2
        return round(left / 2) * 2, round(top / 2) * 2


def place(
    transform: Transform, size: tuple[int, int], canvas: Canvas, *, moves: bool = False
) -> Placement:
    """Find a picture's place.

    Args:
        transform: What the clip asks for.
        size: Width and height of the upright source in square pixels.
        canvas: What it is put on.
        moves: Whether it is placed at subpixel positions.
    """
    left, top, right, bottom = transform.crop
    crop = (left, top, 1 - left - right, 1 - top - bottom)
    width, height = size[0] * crop[2], size[1] * crop[3]
    across, down = canvas.width / width, canvas.height / height
    if transform.fit == "fit":
        across = down = min(across, down)
    elif transform.fit == "fill":
        across = down = max(across, down)
    elif transform.fit == "none":
        across = down = canvas.scale
    wide = _even(width * across * transform.scale)
    high = _even(height * down * transform.scale)
    middle = (
        transform.position[0] * canvas.width,
        transform.position[1] * canvas.height,
    )
    straight = transform.rotation_deg % 360 == 0
    found = Placement(crop, wide, high, middle, transform.rotation_deg, covers=False)
    x, y = found.corner
    covers = (
        straight
        and x <= 0
        and y <= 0
        and x + wide >= canvas.width
        and y + high >= canvas.height
    )
    exact = (width * across * transform.scale, height * down * transform.scale)
    return Placement(
        crop, wide, high, middle, transform.rotation_deg, covers, exact, moves
    )


def _even(length: float) -> int:
    """Return the nearest even number of pixels: chroma has half as many."""
    return max(2, round(length / 2) * 2)
