"""The parts of a frame that are searched: a region of interest, and its tiles."""

import numpy as np
from numpy.typing import NDArray

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.layouts.candidates import Candidates

__all__ = ["areas_of", "without_halves"]

# A box cut by a tile's edge is part of a larger one that covers so much of it.
_WITHIN = 0.8
_EDGE_PX = 2.0


def areas_of(
    size: tuple[int, int],
    region: tuple[int, int, int, int] | None,
    tiles: tuple[int, int],
    overlap: float,
) -> list[tuple[int, int, int, int]]:
    """Return left, top, width and height of each part: the whole, then its tiles.

    Args:
        size: Width and height of the frame.
        region: Left, top, right and bottom of the part searched; all if None.
        tiles: How many across and down; (1, 1) is the whole alone.
        overlap: The share of a tile that its neighbor covers too, 0 up to 1.

    Raises:
        RecognitionError: The region is not in the frame, or has no pixels.
    """
    left, top, right, bottom = region or (0, 0, *size)
    if not (0 <= left < right <= size[0] and 0 <= top < bottom <= size[1]):
        raise RecognitionError(
            f"the region {region} is not within the frame of {size[0]}x{size[1]}"
        )
    whole = (left, top, right - left, bottom - top)
    if tiles == (1, 1):
        return [whole]
    wide, starts_x = _split(whole[2], tiles[0], overlap)
    high, starts_y = _split(whole[3], tiles[1], overlap)
    parts = [(left + x, top + y, wide, high) for y in starts_y for x in starts_x]
    return [whole, *parts]


def _split(length: int, count: int, overlap: float) -> tuple[int, list[int]]:
    """Return the length of each of `count` overlapping parts, and their starts."""
    part = min(length, round(length / (count - (count - 1) * overlap)))
    starts = np.linspace(0, length - part, count)
    return part, [round(start) for start in starts]


def without_halves(
    found: Candidates,
    areas: NDArray[np.int64],
    whole: tuple[int, int, int, int],
) -> NDArray[np.bool_]:
    """Return False for boxes cut by a tile's edge that a larger box covers.

    Args:
        found: Candidates of all parts, in frame pixels.
        areas: `(n, 4)`: the part of each, as from `areas_of`.
        whole: Left, top, width and height of the whole part searched.
    """
    boxes = found.boxes.astype(np.float64)
    edges = areas.astype(np.float64).copy()
    edges[:, 2:] += edges[:, :2]
    outer = np.array([whole[0], whole[1], whole[0] + whole[2], whole[1] + whole[3]])
    cut = (np.abs(boxes - edges) <= _EDGE_PX) & (np.abs(edges - outer) > _EDGE_PX)
    kept = np.ones(len(boxes), bool)
    sizes = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 1e-9), axis=1)
    for row in np.flatnonzero(cut.any(axis=1)):
        near = np.maximum(boxes[row, :2], boxes[:, :2])
        far = np.minimum(boxes[row, 2:], boxes[:, 2:])
        shared = np.prod(np.maximum(far - near, 0), axis=1) / sizes[row]
        others = (found.class_ids == found.class_ids[row]) & (sizes > sizes[row])
        kept[row] = not bool((shared[others] >= _WITHIN).any())
    return kept
