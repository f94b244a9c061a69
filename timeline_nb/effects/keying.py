"""Keying and masks: what is seen of a picture, and what lies below it."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from timeline_nb.effects.blur import shape_mask, smooth
from timeline_nb.effects.fields import coordinates, soft_edge
from timeline_nb.effects.parameters import boolean, color, file, number, point, points
from timeline_nb.effects.picture import Bytes, Picture, color_of, luma_of, u8
from timeline_nb.effects.registry import picture
from timeline_nb.errors import CompositionError


@picture(
    "keying",
    transparent=True,
    color=color("#00d000", "What becomes clear."),
    similarity=number(0.2, 0, 1, doc="How near to it a color must be."),
    softness=number(0.08, 0.001, 1, doc="Over what distance it becomes clear."),
    spill=number(0.5, 0, 1, doc="How much of its light is taken off the rest."),
)
def chroma_key(
    p: Picture, *, color: str, similarity: float, softness: float, spill: float
) -> Picture:
    """A color becomes clear, and its light on what stays is taken away."""
    _, key_u, key_v = luma_of(color_of(color)[:3])
    luma, blue, red = p.planes
    u, v = blue.astype(np.float32) - key_u, red.astype(np.float32) - key_v
    # The distance in the plane of colors, in shares of its width.
    distance = np.hypot(u, v) / 255
    seen = np.clip((distance - similarity) / softness, 0, 1)
    alpha = cv2.resize(
        np.asarray(seen, np.float32),
        (p.width, p.height),
        interpolation=cv2.INTER_LINEAR,
    )
    if spill:
        blue, red = _unspilled(blue, red, key_u - 128, key_v - 128, spill)
    return p.with_planes(luma, blue, red).masked(alpha * 255 + 0.5)


def _unspilled(
    blue: Bytes, red: Bytes, key_u: float, key_v: float, amount: float
) -> tuple[Bytes, Bytes]:
    """Colors with what they have of the key's direction taken off."""
    length = float(np.hypot(key_u, key_v))
    if not length:
        return blue, red
    x, y = key_u / length, key_v / length
    u, v = blue.astype(np.float32) - 128, red.astype(np.float32) - 128
    along = np.clip(u * x + v * y, 0, None) * amount
    return (
        u8(np.clip(u - along * x + 128.5, 0, 255)),
        u8(np.clip(v - along * y + 128.5, 0, 255)),
    )


@picture(
    "keying",
    transparent=True,
    low=number(0.1, -1, 2, doc="The luma that is clear, and what is darker."),
    high=number(0.2, -1, 2, doc="The luma that is seen, and what is lighter."),
    invert=boolean(doc="What is light becomes clear."),
)
def luma_key(p: Picture, *, low: float, high: float, invert: bool) -> Picture:
    """What is dark becomes clear, or what is light."""
    values = (np.arange(256) - 16) / 219
    seen = np.clip((values - low) / max(high - low, 1e-3), 0, 1)
    table = u8((1 - seen if invert else seen) * 255 + 0.5)
    return p.masked(cv2.LUT(p.planes[0], table))


@picture(
    "mask",
    transparent=True,
    center=point((0.5, 0.5)),
    size=point((0.6, 0.6), 0, 4, "Width and height."),
    softness=number(0.01, 0, 1, "height"),
    invert=boolean(),
)
def mask_rectangle(
    p: Picture,
    *,
    center: tuple[float, float],
    size: tuple[float, float],
    softness: float,
    invert: bool,
) -> Picture:
    """Seen within a rectangle alone."""
    return _masked(p, shape_mask(p, "rectangle", center, size, softness), invert=invert)


@picture(
    "mask",
    transparent=True,
    center=point((0.5, 0.5)),
    size=point((0.6, 0.6), 0, 4, "Width and height."),
    softness=number(0.01, 0, 1, "height"),
    invert=boolean(),
)
def mask_ellipse(
    p: Picture,
    *,
    center: tuple[float, float],
    size: tuple[float, float],
    softness: float,
    invert: bool,
) -> Picture:
    """Seen within an ellipse alone."""
    return _masked(p, shape_mask(p, "ellipse", center, size, softness), invert=invert)


def _masked(p: Picture, mask: Bytes, *, invert: bool) -> Picture:
    return p.masked(255 - mask if invert else mask)


@picture(
    "mask",
    transparent=True,
    corners=points([[0.5, 0.1], [0.9, 0.9], [0.1, 0.9]], "Shares of width and height."),
    softness=number(0.01, 0, 1, "height"),
    invert=boolean(),
)
def mask_polygon(
    p: Picture, *, corners: list[tuple[float, float]], softness: float, invert: bool
) -> Picture:
    """Seen within a polygon alone."""
    if len(corners) < 3:
        raise CompositionError("the effect 'mask_polygon': 'corners' are fewer than 3")
    # In sixteenths of a pixel, for a smooth edge.
    fixed = np.array(corners) * [p.width, p.height] * 16 - 8
    mask = np.zeros((p.height, p.width), np.uint8)
    cv2.fillPoly(mask, [np.rint(fixed).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return _masked(p, smooth(mask, softness * p.height / 2), invert=invert)


@picture(
    "mask",
    transparent=True,
    path=file("A picture: what is white is seen, what is black is not."),
    softness=number(0.0, 0, 1, "height"),
    invert=boolean(),
)
def mask_image(p: Picture, *, path: str, softness: float, invert: bool) -> Picture:
    """Seen through another picture, as a stencil."""
    mask = _stencil(path, Path(path).stat().st_mtime_ns, p.width, p.height)
    return _masked(p, smooth(mask, softness * p.height), invert=invert)


@lru_cache(maxsize=4)
def _stencil(path: str, _changed: int, width: int, height: int) -> Bytes:
    data = np.frombuffer(Path(path).read_bytes(), np.uint8)
    image = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if len(data) else None
    if image is None:
        raise CompositionError(f"the effect 'mask_image': {path} is no picture")
    if image.ndim == 3 and image.shape[2] == 4:
        image = image[..., 3]
    elif image.ndim == 3:
        image = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    whole: Any = image if image.dtype == np.uint8 else (image / 257).astype(np.uint8)
    return u8(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA))


@picture(
    "mask",
    transparent=True,
    angle=number(0.0, -360, 360, "deg"),
    position=number(0.0, -2, 2, "height", "Of the edge, from the middle."),
    softness=number(0.3, 0, 2, "height"),
)
def mask_gradient(
    p: Picture, *, angle: float, position: float, softness: float
) -> Picture:
    """Seen on one side, gone on the other."""
    x, y = coordinates(p.width, p.height)
    along = x * np.cos(np.radians(angle)) + y * np.sin(np.radians(angle))
    return p.masked(soft_edge(position - along, softness))
