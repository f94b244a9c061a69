"""Non-maximum suppression: one box an object."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from timeline_nb.recognition.layouts.candidates import Candidates

__all__ = ["suppress"]

# The cost is quadratic, and candidates beyond so many are noise.
_MOST: Final = 3000


def suppress(found: Candidates, *, iou_threshold: float) -> NDArray[np.intp]:
    """Suppress overlapping boxes per class (greedy NMS): `(k,)` rows, best first.

    Args:
        found: Candidates; with corners, their angle counts too.
        iou_threshold: Overlap above which a box repeats another: intersection over
            union, or what is like it for rotated boxes.
    """
    order = np.argsort(-found.scores, kind="stable")[:_MOST]
    best_first = found.take(order)
    if not len(order):
        return order
    overlap = _overlap_of(best_first)
    alive = np.ones(len(order), bool)
    kept: list[int] = []
    for place in range(len(order)):
        if not alive[place]:
            continue
        kept.append(place)
        rest = place + 1 + np.flatnonzero(alive[place + 1 :])
        same = rest[best_first.class_ids[rest] == best_first.class_ids[place]]
        alive[same[overlap.of(place, same) > iou_threshold]] = False
    return order[kept]


def _overlap_of(found: Candidates) -> "_Boxes | _Rotated":
    corners = found.corners
    return _Boxes(found.boxes) if corners is None else _Rotated(corners)


class _Boxes:
    """Intersection over union of upright boxes."""

    def __init__(self, boxes: NDArray[np.float32]) -> None:
        self._boxes = boxes
        self._areas = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), axis=1)

    def of(self, one: int, others: NDArray[np.intp]) -> NDArray[np.float64]:
        corner = np.maximum(self._boxes[one, :2], self._boxes[others, :2])
        far = np.minimum(self._boxes[one, 2:], self._boxes[others, 2:])
        shared = np.prod(np.maximum(far - corner, 0), axis=1)
        union = self._areas[one] + self._areas[others] - shared
        return np.asarray(shared / np.maximum(union, 1e-9), np.float64)


class _Rotated:
    """Compute the probabilistic IoU of rotated boxes.

    From Murrugarra-Llerena, Kirsten and Jung, "Gaussian Bounding Boxes and
    Probabilistic Intersection-over-Union for Object Detection" (2021): one less the
    Hellinger distance, which detectors of rotated boxes are trained with.
    """

    def __init__(self, corners: NDArray[np.float32]) -> None:
        points = corners.astype(np.float64)
        self._middle = points.mean(axis=1)
        across, down = points[:, 1] - points[:, 0], points[:, 3] - points[:, 0]
        spread = (
            across[:, :, None] * across[:, None] + down[:, :, None] * down[:, None]
        ) / 12
        self._a, self._b, self._c = spread[:, 0, 0], spread[:, 1, 1], spread[:, 0, 1]

    def of(self, one: int, others: NDArray[np.intp]) -> NDArray[np.float64]:
        a, b = self._a[one] + self._a[others], self._b[one] + self._b[others]
        c = self._c[one] + self._c[others]
        x, y = (self._middle[others] - self._middle[one]).T
        both = np.maximum(a * b - c * c, 1e-12)
        apart = (a * y * y + b * x * x) / both / 4 - x * y * c / both / 2
        own = self._a * self._b - self._c * self._c
        pair = np.maximum(np.sqrt(np.maximum(own[one] * own[others], 0)), 1e-12)
        shape = np.log(both / (4 * pair)) / 2
        distance = np.clip(apart + shape, 1e-9, 100)
        return np.asarray(1 - np.sqrt(1 - np.exp(-distance)), np.float64)
