"""Blur: of everything, along a line, from a middle, or in one place."""

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
    """A Gaussian blur, `sigma` in heights."""
    if sigma <= 0:
        return p
    return p.map_planes(lambda plane, scale: smooth(plane, sigma * p.height * scale))


def smooth(plane: Bytes, sigma: float) -> Bytes:
    """A Gaussian blur of a plane, `sigma` in pixels: wide ones on a smaller plane."""
    if sigma < 0.2:
        return plane
    if sigma < 5:
        return u8(
            cv2.GaussianBlur(plane, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
        )
    high, wide = plane.shape[:2]
    # The means over cells blur by a little themselves, and so does the way back.
    cell = int(sigma / 2.5)
    small = cv2.resize(
        plane,
        (max(2, wide // cell), max(2, high // cell)),
        interpolation=cv2.INTER_AREA,
    )
    own = np.sqrt(max((sigma / cell) ** 2 - 0.32, 0.1))
    small = cv2.GaussianBlur(small, (0, 0), own, borderType=cv2.BORDER_REPLICATE)
    return u8(cv2.resize(small, (wide, high), interpolation=cv2.INTER_LINEAR))


@picture("blur", radius=number(0.01, 0, 0.3, "height", "Half of the box's side."))
def box_blur(p: Picture, *, radius: float) -> Picture:
    """The mean of a box about each pixel."""

    def change(plane: Bytes, scale: float) -> Any:
        half = round(radius * p.height * scale)
        side = 2 * half + 1
        return cv2.blur(plane, (side, side), borderType=cv2.BORDER_REPLICATE)

    return p.map_planes(change)


@picture("blur", sigma=number(0.01, 0, 0.2, "height", "The standard deviation."))
def gaussian_blur(p: Picture, *, sigma: float) -> Picture:
    """A soft blur."""
    return blurred(p, sigma)


@picture(
    "blur",
    length=number(0.03, 0, 0.5, "height"),
    angle=number(0.0, -360, 360, "deg", "Clockwise from the right."),
)
def motion_blur(p: Picture, *, length: float, angle: float) -> Picture:
    """Smeared along a line, as what moves past the lens."""

    def change(plane: Bytes, scale: float) -> Any:
        return along_line(plane, length * p.height * scale, angle)

    return p.map_planes(change) if length else p


def along_line(plane: Bytes, length: float, angle: float) -> Any:
    """The mean along a line of so many pixels."""
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
    amount=number(0.1, 0, 1, doc="How far from the middle each pixel is smeared."),
    center=point((0.5, 0.5)),
)
def zoom_blur(p: Picture, *, amount: float, center: tuple[float, float]) -> Picture:
    """Smeared away from a point, as a zoom during the exposure."""
    return (
        p.map_planes(lambda plane, _: from_point(plane, amount, center))
        if amount
        else p
    )


def from_point(plane: Bytes, amount: float, center: tuple[float, float]) -> Any:
    """The mean of ever larger copies: each pass doubles how many."""
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
    """A soft rectangle or ellipse; center and size in shares of width and height."""
    x, y = coordinates(p.width, p.height)
    aspect = p.width / p.height
    dx = np.abs(x - (center[0] - 0.5) * aspect)
    dy = np.abs(y - (center[1] - 0.5))
    wide, high = max(size[0] * aspect / 2, 1e-4), max(size[1] / 2, 1e-4)
    if shape == "ellipse":
        # How far outside, in radii, taken back to heights by the smaller radius.
        distance = (np.hypot(dx / wide, dy / high) - 1) * min(wide, high)
    else:
        distance = np.maximum(dx - wide, dy - high)
    return soft_edge(distance, softness)


@picture(
    "blur",
    shape=choice("rectangle", "ellipse"),
    center=point((0.5, 0.5)),
    size=point((0.4, 0.4), 0, 4, "Width and height."),
    sigma=number(0.02, 0, 0.2, "height"),
    softness=number(0.02, 0, 1, "height", "Of the edge."),
    outside=boolean(doc="Blur all but the shape."),
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
    """One place blurred, or all but one."""
    mask = shape_mask(p, shape, center, size, softness).astype(np.float32) / 255
    return p.mixed_where(blurred(p, sigma), 1 - mask if outside else mask)


@picture(
    "blur",
    center=number(0.5, 0, 1, "height", "Where it is sharp."),
    band=number(0.2, 0, 1, "height", "How much is sharp."),
    sigma=number(0.012, 0, 0.1, "height"),
)
def tilt_shift(p: Picture, *, center: float, band: float, sigma: float) -> Picture:
    """Sharp in a band alone, as a small model close to the lens."""
    rows = (np.arange(p.height, dtype=np.float32) + 0.5) / p.height
    far = np.clip((np.abs(rows - center) - band / 2) / 0.15, 0, 1)
    mask = np.repeat(far[:, None], p.width, axis=1)
    return p.mixed_where(blurred(p, sigma), np.ascontiguousarray(mask, np.float32))


@picture("blur", temporal=True, frames=integer(4, 2, 16, "How many are mixed."))
def frame_blending(p: Picture, *, frames: int) -> Picture:
    """The mean of this frame and those before it: motion leaves a smear."""
    return _mean([p.later(-n * p.moment.duration) for n in range(frames)], p)


@picture(
    "blur",
    temporal=True,
    angle=number(180.0, 1, 360, "deg", "How long the shutter is open: 360 is a frame."),
    samples=integer(4, 2, 16),
)
def shutter(p: Picture, *, angle: float, samples: int) -> Picture:
    """Motion blur of footage that was shot faster than it is shown."""
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
    frames=integer(3, 1, 12, "How many old frames are seen."),
    spacing=integer(3, 1, 12, "Frames between them."),
    decay=number(0.5, 0, 1, doc="How strong each is, beside the one after it."),
)
def echo(p: Picture, *, frames: int, spacing: int, decay: float) -> Picture:
    """Old frames shine through, ever fainter."""
    shown, share = p, decay / (1 + decay)
    for place in range(1, frames + 1):
        old = p.later(-place * spacing * p.moment.duration)
        shown = shown.mixed(old, share / place)
    return shown
