"""Keying and masks: effects that make parts of a picture transparent."""

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from timeline_nb.access.use import file_status
from timeline_nb.effects.blur import shape_mask, smooth
from timeline_nb.effects.fields import coordinates, soft_edge
from timeline_nb.effects.parameters import boolean, color, file, number, point, points
from timeline_nb.effects.picture import Bytes, Picture, color_of, luma_of, u8
from timeline_nb.effects.registry import picture
from timeline_nb.errors import CompositionError
from timeline_nb.media.mask import read_mask


@picture(
    "keying",
    transparent=True,
    color=color("#00d000", "Color that becomes transparent."),
    similarity=number(0.2, 0, 1, doc="Chroma distance that is fully transparent."),
    softness=number(
        0.08, 0.001, 1, doc="Chroma distance over which transparency ends."
    ),
    spill=number(0.5, 0, 1, doc="Share of the key color removed from the rest."),
)
def chroma_key(
    p: Picture, *, color: str, similarity: float, softness: float, spill: float
) -> Picture:
    """Make one color, such as a green screen, transparent; remove its reflections."""
    _, key_u, key_v = luma_of(color_of(color)[:3])
    luma, blue, red = p.planes
    u, v = blue.astype(np.float32) - key_u, red.astype(np.float32) - key_v
    # Distance in the chroma plane, whose width is 1.
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
    """Remove from chroma its component in the direction of the key color."""
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
    low=number(0.1, -1, 2, doc="Luma at which pixels are fully transparent."),
    high=number(0.2, -1, 2, doc="Luma at which pixels are fully opaque."),
    invert=boolean(doc="Make light pixels transparent instead of dark ones."),
)
def luma_key(p: Picture, *, low: float, high: float, invert: bool) -> Picture:
    """Make dark or light pixels transparent."""
    values = (np.arange(256) - 16) / 219
    seen = np.clip((values - low) / max(high - low, 1e-3), 0, 1)
    table = u8((1 - seen if invert else seen) * 255 + 0.5)
    return p.masked(cv2.LUT(p.planes[0], table))


@picture(
    "mask",
    transparent=True,
    center=point(
        (0.5, 0.5), doc="Center: shares of width and height from the left top."
    ),
    size=point((0.6, 0.6), 0, 4, "Width and height of the rectangle, in shares."),
    softness=number(
        0.01, 0, 1, "height", "Width of the soft edge, as a share of the height."
    ),
    invert=boolean(doc="Show the outside instead."),
)
def mask_rectangle(
    p: Picture,
    *,
    center: tuple[float, float],
    size: tuple[float, float],
    softness: float,
    invert: bool,
) -> Picture:
    """Show only the inside of a rectangle."""
    return _masked(p, shape_mask(p, "rectangle", center, size, softness), invert=invert)


@picture(
    "mask",
    transparent=True,
    center=point(
        (0.5, 0.5), doc="Center: shares of width and height from the left top."
    ),
    size=point((0.6, 0.6), 0, 4, "Width and height of the ellipse, in shares."),
    softness=number(
        0.01, 0, 1, "height", "Width of the soft edge, as a share of the height."
    ),
    invert=boolean(doc="Show the outside instead."),
)
def mask_ellipse(
    p: Picture,
    *,
    center: tuple[float, float],
    size: tuple[float, float],
    softness: float,
    invert: bool,
) -> Picture:
    """Show only the inside of an ellipse."""
    return _masked(p, shape_mask(p, "ellipse", center, size, softness), invert=invert)


def _masked(p: Picture, mask: Bytes, *, invert: bool) -> Picture:
    return p.masked(255 - mask if invert else mask)


@picture(
    "mask",
    transparent=True,
    corners=points(
        [[0.5, 0.1], [0.9, 0.9], [0.1, 0.9]],
        "Corners in order, in shares of width and height.",
    ),
    softness=number(
        0.01, 0, 1, "height", "Width of the soft edge, as a share of the height."
    ),
    invert=boolean(doc="Show the outside instead."),
)
def mask_polygon(
    p: Picture, *, corners: list[tuple[float, float]], softness: float, invert: bool
) -> Picture:
    """Show only the inside of a polygon."""
    if len(corners) < 3:
        raise CompositionError(
            "the effect 'mask_polygon': 'corners' has fewer than 3 points"
        )
    # In sixteenths of a pixel, for an antialiased edge.
    fixed = np.array(corners) * [p.width, p.height] * 16 - 8
    mask = np.zeros((p.height, p.width), np.uint8)
    cv2.fillPoly(mask, [np.rint(fixed).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return _masked(p, smooth(mask, softness * p.height / 2), invert=invert)


@picture(
    "mask",
    transparent=True,
    path=file("Image file: white is opaque, black is transparent."),
    softness=number(
        0.0, 0, 1, "height", "Width of the soft edge, as a share of the height."
    ),
    invert=boolean(doc="Show what is black instead of white."),
)
def mask_image(p: Picture, *, path: str, softness: float, invert: bool) -> Picture:
    """Use the luma or alpha of an image file as opacity."""
    try:
        changed = file_status(path).st_mtime_ns
        mask = _mask_of(path, changed, p.width, p.height)
    except OSError as error:
        raise CompositionError(f"the effect 'mask_image': {error}") from error
    return _masked(p, smooth(mask, softness * p.height), invert=invert)


@lru_cache(maxsize=4)
def _mask_of(path: str, _changed: int, width: int, height: int) -> Bytes:
    gray = read_mask(Path(path))
    return u8(cv2.resize(gray, (width, height), interpolation=cv2.INTER_AREA))


@picture(
    "mask",
    transparent=True,
    angle=number(
        0.0, -360, 360, "deg", "Direction of the fade: 0 is right, 90 is down."
    ),
    position=number(
        0.0, -2, 2, "height", "Distance of the edge from the picture's center."
    ),
    softness=number(0.3, 0, 2, "height", "Width of the fade."),
)
def mask_gradient(
    p: Picture, *, angle: float, position: float, softness: float
) -> Picture:
    """Fade to transparent across a straight edge."""
    x, y = coordinates(p.width, p.height)
    along = x * np.cos(np.radians(angle)) + y * np.sin(np.radians(angle))
    return p.masked(soft_edge(position - along, softness))
