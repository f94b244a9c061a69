"""The objects that a network proposes in one frame, before NMS."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Candidates", "around", "no_candidates"]


class Candidates(NamedTuple):
    """Proposed objects: in model pixels as decoded, in frame pixels later.

    Args:
        boxes: `(n, 4) float32` xyxy.
        scores: `(n,) float32`.
        class_ids: `(n,) int64`.
        keypoints: `(n, k, 3) float32`: x, y and score of each point.
        corners: `(n, 4, 2) float32`, of rotated boxes, clockwise.
        coefficients: `(n, m) float32`, of the mask prototypes.
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    class_ids: NDArray[np.int64]
    keypoints: NDArray[np.float32] | None = None
    corners: NDArray[np.float32] | None = None
    coefficients: NDArray[np.float32] | None = None

    def take(self, rows: NDArray[Any]) -> "Candidates":
        """Return the chosen candidates, by `(n,) bool` or indices."""
        parts: list[Any] = [None if part is None else part[rows] for part in self]
        return Candidates(*parts)


def no_candidates(like: Candidates | None = None) -> Candidates:
    """Return no candidates, with the arrays that `like` has."""
    if like is not None:
        return like.take(np.zeros(0, np.intp))
    return Candidates(
        np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64)
    )


def around(
    middle_x: NDArray[Any],
    middle_y: NDArray[Any],
    width: NDArray[Any],
    height: NDArray[Any],
) -> NDArray[np.float32]:
    """Return boxes `(n, 4)` xyxy from their centers and sizes."""
    return np.stack(
        [
            middle_x - width / 2,
            middle_y - height / 2,
            middle_x + width / 2,
            middle_y + height / 2,
        ],
        axis=-1,
    ).astype(np.float32)
