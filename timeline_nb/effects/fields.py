"""Coordinates, warps and soft masks over a picture, with caches."""

from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
from cachetools import LRUCache, cached

from timeline_nb.core.locks import new_lock
from timeline_nb.effects.picture import Bytes, Floats, Picture, u8

__all__ = ["affine", "coordinates", "placed_on", "projected", "soft_edge", "warped"]

# Maps x and y of a target pixel to its source, in heights from the center.
Warp: TypeAlias = Callable[[Floats, Floats], tuple[Any, Any]]


# Of coordinates, and of maps: one of 8K takes 265 MB, of 1080p 17.
_KEPT_BYTES: Final = 384_000_000


@cached(
    LRUCache(_KEPT_BYTES, getsizeof=lambda both: both[0].nbytes + both[1].nbytes),
    lock=new_lock("coordinates of pictures"),
)
def coordinates(width: int, height: int) -> tuple[Floats, Floats]:
    """Return x and y of all pixels, `(H, W)`, in heights from the picture's center."""
    x = (np.arange(width, dtype=np.float32) + 0.5 - width / 2) / height
    y = (np.arange(height, dtype=np.float32) + 0.5) / height - 0.5
    across, down = (np.asarray(part, np.float32) for part in np.meshgrid(x, y))
    across.flags.writeable = down.flags.writeable = False
    return across, down


_maps_lock = new_lock("maps of pictures")
_MAPS: LRUCache[Hashable, tuple[Any, None]] = LRUCache(
    _KEPT_BYTES, getsizeof=lambda maps: maps[0].nbytes
)


def warped(p: Picture, key: Hashable, warp: Warp, *, outside: str = "edge") -> Picture:
    """Warp a picture.

    Args:
        p: The picture.
        key: Names the warp and its values in the cache of maps.
        warp: Says where each pixel comes from.
        outside: What is beyond the picture: its `edge`, its `mirror`, or `clear` for
            transparent.
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
    with _maps_lock:
        kept = _MAPS.get(own)
    if kept is None:
        x, y = warp(*coordinates(width, height))
        maps = (
            np.asarray(x * height + (width / 2 - 0.5), np.float32),
            np.asarray((y + 0.5) * height - 0.5, np.float32),
        )
        # `cv2.remap` is fastest with both maps in one array.
        kept = np.dstack(maps), None
        # One that is larger than the cache is not kept.
        with _maps_lock, suppress(ValueError):
            _MAPS[own] = kept
    return kept


def affine(p: Picture, rows: Any, *, clear: bool = True) -> Picture:
    """Move, rotate and scale a picture.

    Args:
        p: The picture.
        rows: `(2, 3)` matrix of points in heights from the center.
        clear: Whether it is transparent beyond the picture; else the edge repeats.
    """
    forward = np.vstack([rows, [0, 0, 1]])
    return projected(p, forward, clear=clear)


def projected(p: Picture, forward: Any, *, clear: bool = True) -> Picture:
    """Apply a homography to a picture.

    Args:
        p: The picture.
        forward: `(3, 3)` matrix of points in heights from the center.
        clear: Whether it is transparent beyond the picture; else the edge repeats.
    """
    flat = bool(np.allclose(forward[2], [0, 0, 1]))
    whole = np.full((p.height, p.width), 255, np.uint8)

    def change(plane: Bytes, border: int = cv2.BORDER_REPLICATE) -> Any:
        high, wide = plane.shape
        to_pixels = np.array(
            [[high, 0, wide / 2 - 0.5], [0, high, high / 2 - 0.5], [0, 0, 1]]
        )
        matrix = to_pixels @ forward @ np.linalg.inv(to_pixels)
        if flat:
            # Strong shrinking would skip pixels between the samples.
            factor = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
            plane, matrix = _shrunk(plane, matrix, factor)
            return cv2.warpAffine(
                plane,
                matrix[:2],
                (wide, high),
                flags=cv2.INTER_LINEAR,
                borderMode=border,
            )
        return cv2.warpPerspective(
            plane, matrix, (wide, high), flags=cv2.INTER_LINEAR, borderMode=border
        )

    moved = p.map_planes(lambda plane, _: change(plane))
    if not clear:
        return moved
    return moved.masked(change(whole, cv2.BORDER_CONSTANT))


def _shrunk(plane: Bytes, matrix: Any, factor: float) -> tuple[Bytes, Any]:
    if factor > 0.6:
        return plane, matrix
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
    return small, matrix @ back


def placed_on(
    p: Picture,
    rows: Any,
    size: tuple[int, int],
    area: tuple[float, float, float, float],
) -> Picture:
    """Place a picture on a transparent canvas of another size.

    Args:
        p: The picture.
        rows: `(2, 3)` matrix from pixels of the picture to pixels of the canvas.
        size: Width and height of the canvas, both even.
        area: Left, top, right and bottom of the visible part, in shares.
    """
    wide, high = size
    cut = [round(area[n] * (p.width, p.height)[n % 2]) for n in range(4)]
    whole = np.zeros((p.height, p.width), np.uint8)
    seen = slice(cut[1], cut[3]), slice(cut[0], cut[2])
    whole[seen] = 255 if p.alpha is None else p.alpha[seen]

    def change(plane: Bytes, scale: float, border: int = cv2.BORDER_REPLICATE) -> Any:
        matrix = np.vstack([rows, [0, 0, 1]])
        # Pixels are sampled at their centers; a chroma pixel covers four of luma.
        own = np.diag([scale, scale, 1.0])
        own[:2, 2] = -0.5
        matrix = own @ matrix @ np.linalg.inv(own)
        factor = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
        plane, matrix = _shrunk(plane, matrix, factor)
        return cv2.warpAffine(
            plane,
            matrix[:2],
            (round(wide * scale), round(high * scale)),
            flags=cv2.INTER_LINEAR,
            borderMode=border,
        )

    luma, blue, red = p.planes
    moved = p.with_planes(change(luma, 1.0), change(blue, 0.5), change(red, 0.5))
    return moved.with_alpha(change(whole, 1.0, cv2.BORDER_CONSTANT))


def soft_edge(distance: Any, softness: float) -> Bytes:
    """Return a mask of a signed distance in heights: 255 where it is below 0."""
    soft = max(softness, 1e-3)
    return u8(np.clip(0.5 - distance / soft, 0, 1) * 255 + 0.5)
