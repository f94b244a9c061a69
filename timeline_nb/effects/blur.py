"""Blur effects, and effects that average frames."""

from fractions import Fraction
from typing import Any

import cv2
import numpy as np

from timeline_nb.effects.fields import coordinates, soft_edge
from timeline_nb.effects.parameters import boolean, choice, integer, number, point
from timeline_nb.effects.picture import Bytes, Picture, u8
from timeline_nb.effects.registry import picture

__all__ = ["blurred"]


def blurred(p: Picture, sigma: float) -> Picture:
    """Blur a picture with a Gaussian kernel; `sigma` is a share of its height."""
    if sigma <= 0:
        return p
    return p.map_planes(lambda plane, scale: smooth(plane, sigma * p.height * scale))


def smooth(plane: Bytes, sigma: float) -> Bytes:
    """Blur a plane with a Gaussian kernel; `sigma` is in pixels.

    From 5 pixels on, a smaller plane is blurred and enlarged.
    """
    if sigma < 0.2:
        return plane
    if sigma < 5:
        return u8(
            cv2.GaussianBlur(plane, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
        )
    high, wide = plane.shape[:2]
    # Shrinking and enlarging blur as well, together by 0.32 cells squared.
    cell = int(sigma / 2.5)
    small = cv2.resize(
        plane,
        (max(2, wide // cell), max(2, high // cell)),
        interpolation=cv2.INTER_AREA,
    )
    own = np.sqrt(max((sigma / cell) ** 2 - 0.32, 0.1))
    small = cv2.GaussianBlur(small, (0, 0), own, borderType=cv2.BORDER_REPLICATE)
    return u8(cv2.resize(small, (wide, high), interpolation=cv2.INTER_LINEAR))


@picture("blur", radius=number(0.01, 0, 0.3, "height", "Half the side of the box."))
def box_blur(p: Picture, *, radius: float) -> Picture:
    """Blur the picture with a square box kernel."""

    def change(plane: Bytes, scale: float) -> Any:
        half = round(radius * p.height * scale)
        side = 2 * half + 1
        return cv2.blur(plane, (side, side), borderType=cv2.BORDER_REPLICATE)

    return p.map_planes(change)


@picture(
    "blur", sigma=number(0.01, 0, 0.2, "height", "Standard deviation of the kernel.")
)
def gaussian_blur(p: Picture, *, sigma: float) -> Picture:
    """Blur the picture with a Gaussian kernel."""
    return blurred(p, sigma)


@picture(
    "blur",
    length=number(0.03, 0, 0.5, "height", "Length of the line."),
    angle=number(
        0.0, -360, 360, "deg", "Direction of the line, clockwise from the right."
    ),
)
def motion_blur(p: Picture, *, length: float, angle: float) -> Picture:
    """Blur the picture along a straight line."""

    def change(plane: Bytes, scale: float) -> Any:
        return along_line(plane, length * p.height * scale, angle)

    return p.map_planes(change) if length else p


def along_line(plane: Bytes, length: float, angle: float) -> Any:
    """Average a plane along a line; `length` is in pixels."""
    if length < 1:
        return plane
    side = int(np.ceil(length)) | 1
    kernel = np.zeros((side, side), np.float32)
    middle = (side - 1) / 2
    steps = np.linspace(-length / 2, length / 2, side * 4)
    x = middle + steps * np.cos(np.radians(angle))
    y = middle + steps * np.sin(np.radians(angle))
    np.add.at(kernel, (np.rint(y).astype(int), np.rint(x).astype(int)), 1.0)
    kernel /= kernel.sum()
    return cv2.filter2D(plane, -1, kernel, borderType=cv2.BORDER_REPLICATE)


@picture(
    "blur",
    amount=number(
        0.1, 0, 1, doc="Blur length, as a share of the distance from the center."
    ),
    center=point(
        (0.5, 0.5), doc="Center: shares of width and height from the left top."
    ),
)
def zoom_blur(p: Picture, *, amount: float, center: tuple[float, float]) -> Picture:
    """Blur the picture outwards from a point, as a zooming lens."""
    return (
        p.map_planes(lambda plane, _: from_point(plane, amount, center))
        if amount
        else p
    )


def from_point(plane: Bytes, amount: float, center: tuple[float, float]) -> Any:
    """Average enlarged copies of a plane; each of four passes doubles their number."""
    high, wide = plane.shape
    x, y = center[0] * wide - 0.5, center[1] * high - 0.5
    total: Any = plane
    step = amount / 16
    for _ in range(4):
        factor = 1 + step
        rows = np.array([[factor, 0, x - factor * x], [0, factor, y - factor * y]])
        moved = cv2.warpAffine(
            total, rows, (wide, high), borderMode=cv2.BORDER_REPLICATE
        )
        total = cv2.addWeighted(total, 0.5, moved, 0.5, 0)
        step *= 2
    return total


def shape_mask(
    p: Picture,
    shape: str,
    center: tuple[float, float],
    size: tuple[float, float],
    softness: float,
) -> Bytes:
    """Return a soft mask of a shape; center and size are shares of width and height."""
    x, y = coordinates(p.width, p.height)
    aspect = p.width / p.height
    dx = np.abs(x - (center[0] - 0.5) * aspect)
    dy = np.abs(y - (center[1] - 0.5))
    wide, high = max(size[0] * aspect / 2, 1e-4), max(size[1] / 2, 1e-4)
    if shape == "ellipse":
        # The distance in radii becomes one in heights by the smaller radius.
        distance = (np.hypot(dx / wide, dy / high) - 1) * min(wide, high)
    else:
        distance = np.maximum(dx - wide, dy - high)
    return soft_edge(distance, softness)


@picture(
    "blur",
    shape=choice("rectangle", "ellipse", doc="Shape of the region."),
    center=point(
        (0.5, 0.5), doc="Center: shares of width and height from the left top."
    ),
    size=point(
        (0.4, 0.4), 0, 4, "Width and height of the region, as shares of the picture's."
    ),
    sigma=number(0.02, 0, 0.2, "height", "Standard deviation of the blur."),
    softness=number(
        0.02, 0, 1, "height", "Width of the soft edge, as a share of the height."
    ),
    outside=boolean(doc="Blur the outside of the region instead of the inside."),
)
def region_blur(
    p: Picture,
    *,
    shape: str,
    center: tuple[float, float],
    size: tuple[float, float],
    sigma: float,
    softness: float,
    outside: bool,
) -> Picture:
    """Blur the inside or the outside of a rectangle or ellipse."""
    mask = shape_mask(p, shape, center, size, softness).astype(np.float32) / 255
    return p.mixed_where(blurred(p, sigma), 1 - mask if outside else mask)


@picture(
    "blur",
    center=number(0.5, 0, 1, "height", "Middle of the sharp band, from the top."),
    band=number(0.2, 0, 1, "height", "Height of the sharp band."),
    sigma=number(
        0.012, 0, 0.1, "height", "Standard deviation of the blur far from the band."
    ),
)
def tilt_shift(p: Picture, *, center: float, band: float, sigma: float) -> Picture:
    """Keep a horizontal band sharp and blur the rest."""
    rows = (np.arange(p.height, dtype=np.float32) + 0.5) / p.height
    far = np.clip((np.abs(rows - center) - band / 2) / 0.15, 0, 1)
    mask = np.repeat(far[:, None], p.width, axis=1)
    return p.mixed_where(blurred(p, sigma), np.ascontiguousarray(mask, np.float32))


@picture(
    "blur",
    temporal=True,
    frames=integer(4, 2, 16, "Number of frames that are averaged."),
)
def frame_blending(p: Picture, *, frames: int) -> Picture:
    """Average each frame with the frames before it."""
    return _mean([p.later(-n * p.moment.duration) for n in range(frames)], p)


@picture(
    "blur",
    temporal=True,
    angle=number(180.0, 1, 360, "deg", "Shutter angle: 360 is a whole frame's time."),
    samples=integer(4, 2, 16, "Number of source frames that are averaged."),
)
def shutter(p: Picture, *, angle: float, samples: int) -> Picture:
    """Add motion blur by averaging the frames within a shutter angle."""
    opening = p.moment.duration * Fraction(angle / 360).limit_denominator(1000)
    parts = [p.later(opening * n / samples) for n in range(samples)]
    return _mean(parts, p)


def _mean(parts: list[Picture], p: Picture) -> Picture:
    sums: list[Any] = [None, None, None]
    for part in parts:
        for place, plane in enumerate(part.planes):
            if sums[place] is None:
                sums[place] = plane.astype(np.uint16)
            else:
                cv2.add(sums[place], plane, sums[place], dtype=cv2.CV_16U)
    count = len(parts)
    return p.with_planes(
        *(cv2.convertScaleAbs(total, alpha=1 / count) for total in sums)
    )


@picture(
    "artistic",
    temporal=True,
    frames=integer(3, 1, 12, "Number of earlier frames that are shown."),
    spacing=integer(3, 1, 12, "Frames between one echo and the next."),
    decay=number(
        0.5, 0, 1, doc="Strength of each echo relative to the next newer one."
    ),
)
def echo(p: Picture, *, frames: int, spacing: int, decay: float) -> Picture:
    """Show earlier frames fading out over the current one."""
    shown, share = p, decay / (1 + decay)
    for place in range(1, frames + 1):
        old = p.later(-place * spacing * p.moment.duration)
        shown = shown.mixed(old, share / place)
    return shown
