"""How a network lays out what it found, and how to read it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Candidates", "read_yolov8"]


class Candidates(NamedTuple):
    """Boxes before suppression.

    Args:
        boxes: `(n, 4) float32` xyxy, model pixels.
        scores: `(n,) float32`.
        class_ids: `(n,) int64`.
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    class_ids: NDArray[np.int64]


def read_yolov8(output: NDArray[np.float32], *, score_threshold: float) -> Candidates:
    """Read the YOLOv8 layout: centre, size, and a score a class, without objectness.

    Args:
        output: `(4 + classes, anchors)`.
        score_threshold: The least score of a box's best class.
    """
    class_ids = output[4:].argmax(axis=0)
    scores = np.take_along_axis(output[4:], class_ids[None], axis=0)[0]
    kept = np.flatnonzero(scores >= score_threshold)
    x, y, width, height = output[:4, kept]
    boxes = np.stack(
        [x - width / 2, y - height / 2, x + width / 2, y + height / 2], axis=1
    )
    return Candidates(
        boxes.astype(np.float32), scores[kept], class_ids[kept].astype(np.int64)
    )
