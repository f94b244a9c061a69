"""Non-maximum suppression: one box an object."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["suppress"]


def suppress(
    boxes: NDArray[np.float32],
    scores: NDArray[np.float32],
    class_ids: NDArray[np.int64],
    *,
    iou_threshold: float,
) -> NDArray[np.intp]:
    """Keep the best box of each cluster within its class (greedy).

    Args:
        boxes: `(n, 4)` xyxy.
        scores: `(n,)`.
        class_ids: `(n,)`; boxes of different classes never suppress each other.
        iou_threshold: Intersection over union above which a box is a repeat.

    Returns:
        `(k,)` indices of the boxes kept, best first.
    """
    order = np.argsort(-scores, kind="stable")
    areas = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), axis=1)
    kept: list[int] = []
    while len(order):
        best, rest = order[0], order[1:]
        kept.append(int(best))
        corner = np.maximum(boxes[best, :2], boxes[rest, :2])
        far = np.minimum(boxes[best, 2:], boxes[rest, 2:])
        shared = np.prod(np.maximum(far - corner, 0), axis=1)
        union = np.maximum(areas[best] + areas[rest] - shared, 1e-9)
        repeats = (shared / union > iou_threshold) & (
            class_ids[rest] == class_ids[best]
        )
        order = rest[~repeats]
    return np.array(kept, np.intp)
