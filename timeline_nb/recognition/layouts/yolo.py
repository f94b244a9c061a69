"""The layouts of the YOLO line: a column, a row, or a finished detection an object."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from timeline_nb.recognition.layouts.candidates import Candidates, around
from timeline_nb.recognition.layouts.layout import OutputLayout

__all__ = ["read_end2end", "read_yolov5", "read_yolov8", "rotated_corners"]


def read_yolov8(
    outputs: list[NDArray[np.float32]], layout: OutputLayout, threshold: float
) -> Candidates:
    """Decode columns `(4 + classes + more, n)`: center, size, a score per class."""
    columns, count = outputs[0], layout.classes
    class_scores = columns[4 : 4 + count]
    kept = np.flatnonzero(class_scores.max(axis=0) >= threshold)
    few = columns[:, kept]
    class_ids = few[4 : 4 + count].argmax(axis=0)
    scores = few[4 + class_ids, np.arange(len(kept))]
    return _with_more(few.T, 4 + count, scores, class_ids, layout)


def read_yolov5(
    outputs: list[NDArray[np.float32]], layout: OutputLayout, threshold: float
) -> Candidates:
    """Decode rows `(n, 5 + classes + more)`: center, size, objectness, scores."""
    rows, count = outputs[0], layout.classes
    few = rows[rows[:, 4] >= threshold]
    class_scores = few[:, 5 : 5 + count] * few[:, 4:5]
    class_ids = class_scores.argmax(axis=1)
    scores = class_scores[np.arange(len(few)), class_ids]
    sure = scores >= threshold
    return _with_more(few[sure], 5 + count, scores[sure], class_ids[sure], layout)


def read_end2end(
    outputs: list[NDArray[np.float32]], layout: OutputLayout, threshold: float
) -> Candidates:
    """Decode rows `(n, 6 + more)`: box, score and class, after NMS."""
    rows = outputs[0]
    few = rows[rows[:, 4] >= threshold]
    scores, class_ids = few[:, 4], few[:, 5].round().astype(np.int64)
    if layout.rotated:
        return _with_more(few, 6, scores, class_ids, layout)
    found = _with_more(few, 6, scores, class_ids, layout)
    return found._replace(boxes=few[:, :4].astype(np.float32))


def _with_more(
    rows: NDArray[np.float32],
    place: int,
    scores: NDArray[np.float32],
    class_ids: NDArray[np.int64],
    layout: OutputLayout,
) -> Candidates:
    """Return boxes from centers and sizes, and the values after the scores."""
    boxes = around(*rows[:, :4].T)
    keypoints = corners = coefficients = None
    if layout.masks:
        coefficients = rows[:, place : place + layout.masks]
        place += layout.masks
    if layout.keypoints[0]:
        keypoints = _keypoints(rows[:, place:], layout.keypoints)
    if layout.rotated:
        corners = rotated_corners(rows[:, :4], rows[:, place])
        boxes = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
    return Candidates(
        boxes,
        scores.astype(np.float32),
        class_ids.astype(np.int64),
        keypoints,
        corners,
        coefficients,
    )


def _keypoints(values: NDArray[Any], shape: tuple[int, int]) -> NDArray[np.float32]:
    """Return points with a score each; 1 where the network gives none."""
    count, size = shape
    points = values[:, : count * size].reshape(-1, count, size)
    if size == 2:
        ones = np.ones((*points.shape[:2], 1), np.float32)
        points = np.concatenate([points, ones], axis=2)
    return np.asarray(points, np.float32)


def rotated_corners(boxes: NDArray[Any], angles: NDArray[Any]) -> NDArray[np.float32]:
    """Return the corners `(n, 4, 2)` of boxes by center, size and angle, clockwise."""
    cos, sin = np.cos(angles), np.sin(angles)
    half_x = np.stack([cos, sin], axis=1) * boxes[:, 2:3] / 2
    half_y = np.stack([-sin, cos], axis=1) * boxes[:, 3:4] / 2
    middle = boxes[:, :2]
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    corners = [middle + x * half_x + y * half_y for x, y in signs]
    return np.stack(corners, axis=1).astype(np.float32)
