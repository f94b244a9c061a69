"""Fields over a picture: coordinates, warps and soft shapes, kept while they serve."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, TypeAlias

import cv2
import numpy as np

from timeline_nb.effects.picture import Bytes, Floats, Picture, u8

__all__ = ["affine", "coordinates", "placed_on", "projected", "soft_edge", "warped"]

# Given x and y of where a pixel goes, in heights from the middle: where it comes from.
Warp: TypeAlias = Callable[[Floats, Floats], tuple[Any, Any]]


@lru_cache(maxsize=8)
def coordinates(width: int, height: int) -> tuple[Floats, Floats]:
    """X and y of all pixels, in heights from the picture's middle: `(H, W)`."""
    x = (np.arange(width, dtype=np.float32) + 0.5 - width / 2) / height
    y = (np.arange(height, dtype=np.float32) + 0.5) / height - 0.5
    across, down = (np.asarray(part, np.float32) for part in np.meshgrid(x, y))
    across.flags.writeable = down.flags.writeable = False
    return across, down


_MAPS: dict[Hashable, tuple[Any, None]] = {}


def warped(p: Picture, key: Hashable, warp: Warp, *, outside: str = "edge") -> Picture:
    """The picture bent by a warp.

    Args:
        p: The picture.
        key: Of the warp with its values: its maps are kept while it stays the same.
        warp: Where each pixel comes from.
        outside: What is seen beyond the picture: its `edge`, its `mirror`, or `clear`.
    """
    border = {
        "edge": cv2.BORDER_REPLICATE,
        "mirror": cv2.BORDER_REFLECT_101,
        "clear": cv2.BORDER_REPLICATE,
    }[outside]

    def change(plane: Bytes, _: float) -> Any:
        x, y = _maps(plane.shape[1], plane.shape[0], key, warp)
        return cv2.remap(plane, x, y, cv2.INTER_LINEAR, borderMode=border)

    bent = p.map_planes(change)
    if outside != "clear":
        return bent
    x, y = _maps(p.width, p.height, key, warp)
    whole = np.full((p.height, p.width), 255, np.uint8)
    seen = cv2.remap(
        whole, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0
    )
    return bent.masked(seen)


def _maps(width: int, height: int, key: Hashable, warp: Warp) -> tuple[Any, Any]:
    own = (width, height, key)
    if own not in _MAPS:
        x, y = warp(*coordinates(width, height))
        maps = (
            np.asarray(x * height + (width / 2 - 0.5), np.float32),
            np.asarray((y + 0.5) * height - 0.5, np.float32),
        )
        while len(_MAPS) > 12:
            _MAPS.pop(next(iter(_MAPS)), None)
        # In one array of floats: what remap is fastest with.
        _MAPS[own] = (np.dstack(maps), None)
    return _MAPS[own]


def affine(p: Picture, rows: Any, *, clear: bool = True) -> Picture:
    """The picture moved, reveal and scaled.

    Args:
        p: The picture.
        rows: `(2, 3)`: where a point goes, in heights from the middle.
        clear: Whether nothing is seen beyond the picture; its edge if not.
    """
    forward = np.vstack([rows, [0, 0, 1]])
    return projected(p, forward, clear=clear)


def projected(p: Picture, forward: Any, *, clear: bool = True) -> Picture:
    """The picture as a plane seen from elsewhere.

    Args:
        p: The picture.
        forward: `(3, 3)`: where a point goes, in heights from the middle.
        clear: Whether nothing is seen beyond the picture; its edge if not.
    """
    flat = bool(np.allclose(forward[2], [0, 0, 1]))
    whole = np.full((p.height, p.width), 255, np.uint8)

    def change(plane: Bytes, border: int = cv2.BORDER_REPLICATE) -> Any:
        high, wide = plane.shape
        to_pixels = np.array(
            [[high, 0, wide / 2 - 0.5], [0, high, high / 2 - 0.5], [0, 0, 1]]
        )
        whole_way = to_pixels @ forward @ np.linalg.inv(to_pixels)
        if flat:
            # Shrinking by much would leave holes between the samples.
            factor = float(np.sqrt(abs(np.linalg.det(whole_way[:2, :2]))))
            plane, whole_way = _shrunk(plane, whole_way, factor)
            return cv2.warpAffine(
                plane,
                whole_way[:2],
                (wide, high),
                flags=cv2.INTER_LINEAR,
                borderMode=border,
            )
        return cv2.warpPerspective(
            plane, whole_way, (wide, high), flags=cv2.INTER_LINEAR, borderMode=border
        )

    moved = p.map_planes(lambda plane, _: change(plane))
    if not clear:
        return moved
    return moved.masked(change(whole, cv2.BORDER_CONSTANT))


def _shrunk(plane: Bytes, way: Any, factor: float) -> tuple[Bytes, Any]:
    if factor > 0.6:
        return plane, way
    high, wide = plane.shape
    size = max(1, round(wide * factor)), max(1, round(high * factor))
    small = u8(cv2.resize(plane, size, interpolation=cv2.INTER_AREA))
    across, down = wide / size[0], high / size[1]
    back = np.array(
        [
            [across, 0, across / 2 - 0.5],
            [0, down, down / 2 - 0.5],
            [0, 0, 1],
        ]
    )
    return small, way @ back


def placed_on(
    p: Picture,
    rows: Any,
    size: tuple[int, int],
    area: tuple[float, float, float, float],
) -> Picture:
    """The picture on a clear canvas of another size.

    Args:
        p: The picture.
        rows: `(2, 3)`: where a point goes, in pixels from the left top of either.
        size: Width and height of the canvas, even.
        area: Left, top, right and bottom of what is seen of it, in shares.
    """
    wide, high = size
    cut = [round(area[n] * (p.width, p.height)[n % 2]) for n in range(4)]
    whole = np.zeros((p.height, p.width), np.uint8)
    seen = slice(cut[1], cut[3]), slice(cut[0], cut[2])
    whole[seen] = 255 if p.alpha is None else p.alpha[seen]

    def change(plane: Bytes, scale: float, border: int = cv2.BORDER_REPLICATE) -> Any:
        way = np.vstack([rows, [0, 0, 1]])
        # Pixels lie at their middles, and chroma's at those of four.
        own = np.diag([scale, scale, 1.0])
        own[:2, 2] = -0.5
        way = own @ way @ np.linalg.inv(own)
        factor = float(np.sqrt(abs(np.linalg.det(way[:2, :2]))))
        plane, way = _shrunk(plane, way, factor)
        return cv2.warpAffine(
            plane,
            way[:2],
            (round(wide * scale), round(high * scale)),
            flags=cv2.INTER_LINEAR,
            borderMode=border,
        )

    luma, blue, red = p.planes
    moved = p.with_planes(change(luma, 1.0), change(blue, 0.5), change(red, 0.5))
    return moved.with_alpha(change(whole, 1.0, cv2.BORDER_CONSTANT))


def soft_edge(distance: Any, softness: float) -> Bytes:
    """A mask of a signed distance in heights: 255 inside, where it is below 0."""
    soft = max(softness, 1e-3)
    return u8(np.clip(0.5 - distance / soft, 0, 1) * 255 + 0.5)
