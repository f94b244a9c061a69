"""Layouts of face detectors: a box and five points per face.

YOLOv8-face is a pose network and decoded as one. Points are in the order of each
network: eyes, nose, corners of the mouth.
"""

import numpy as np
from numpy.typing import NDArray

from timeline_nb.recognition.layouts.candidates import Candidates, around
from timeline_nb.recognition.layouts.grid import decoded_cells
from timeline_nb.recognition.layouts.layout import OutputLayout

__all__ = ["read_centerface", "read_yolov5_face", "read_yunet"]

_CENTERFACE_STRIDE = 4


def read_yolov5_face(
    outputs: list[NDArray[np.float32]], layout: OutputLayout, threshold: float
) -> Candidates:
    """Decode rows `(n, 16)`: center, size, objectness, five points, face score."""
    rows = outputs[0]
    scores = rows[:, 4] * rows[:, 15]
    few, kept = rows[scores >= threshold], scores[scores >= threshold]
    points = few[:, 5:15].reshape(-1, 5, 2)
    return _faces(around(*few[:, :4].T), kept, points, layout)


def read_yunet(
    outputs: list[NDArray[np.float32]], layout: OutputLayout, threshold: float
) -> Candidates:
    """Decode class, objectness, box and points of each cell, stride by stride."""
    heads = [np.concatenate(outputs[place::4]) for place in range(4)]
    is_face, is_object, boxes, points = heads
    scores = np.sqrt(np.clip(is_face[:, 0], 0, 1) * np.clip(is_object[:, 0], 0, 1))
    few = np.flatnonzero(scores >= threshold)
    decoded, cells, stride = decoded_cells(boxes, layout, few)
    offsets = points[few].reshape(-1, 5, 2) + cells[:, None]
    return _faces(decoded, scores[few], offsets * stride[:, None], layout)


def read_centerface(
    outputs: list[NDArray[np.float32]], layout: OutputLayout, threshold: float
) -> Candidates:
    """Decode maps at a quarter of the size: heat, log height and width, offsets."""
    heat, scale, offset, marks = outputs
    rows, columns = np.nonzero(heat[0] >= threshold)
    high, wide = np.exp(scale[:, rows, columns]) * _CENTERFACE_STRIDE
    y = (rows + offset[0, rows, columns] + 0.5) * _CENTERFACE_STRIDE
    x = (columns + offset[1, rows, columns] + 0.5) * _CENTERFACE_STRIDE
    boxes = around(x, y, wide, high)
    shares = marks[:, rows, columns].reshape(5, 2, -1)
    points = np.stack(
        [shares[:, 1] * wide + boxes[:, 0], shares[:, 0] * high + boxes[:, 1]], axis=-1
    ).transpose(1, 0, 2)
    return _faces(boxes, heat[0, rows, columns], points, layout)


def _faces(
    boxes: NDArray[np.float32],
    scores: NDArray[np.float32],
    points: NDArray[np.float32],
    layout: OutputLayout,
) -> Candidates:
    limit = np.array([*layout.side, *layout.side], np.float32)
    ones = np.ones((*points.shape[:2], 1), np.float32)
    return Candidates(
        np.clip(boxes, 0, limit).astype(np.float32),
        scores.astype(np.float32),
        np.zeros(len(scores), np.int64),
        np.concatenate([points, ones], axis=2).astype(np.float32),
    )
