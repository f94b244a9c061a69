"""Layouts of networks that speak of cells: YOLOX and NanoDet."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timeline_nb.recognition.layouts.candidates import Candidates, around
from timeline_nb.recognition.layouts.layout import OutputLayout

__all__ = [
    "cells_of",
    "decoded_cells",
    "read_nanodet",
    "read_nanodet_heads",
    "read_yolox",
]


def cells_of(side: tuple[int, int], strides: tuple[int, ...]) -> list[int]:
    """Return how many cells the grid of each stride has."""
    return [-(-side[0] // stride) * -(-side[1] // stride) for stride in strides]


@lru_cache(maxsize=16)
def _grid(
    side: tuple[int, int], strides: tuple[int, ...]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return column and row `(n, 2)` of each cell, and its stride `(n,)`."""
    places, sizes = [], []
    for stride in strides:
        wide, high = -(-side[0] // stride), -(-side[1] // stride)
        y, x = np.mgrid[:high, :wide]
        places.append(np.stack([x.ravel(), y.ravel()], axis=1))
        sizes.append(np.full(wide * high, stride))
    return (
        np.concatenate(places).astype(np.float32),
        np.concatenate(sizes).astype(np.float32),
    )


def read_yolox(
    outputs: list[NDArray[np.float32]], layout: OutputLayout, threshold: float
) -> Candidates:
    """Return rows `(cells, 5 + classes)`: offsets in cells, and logarithms of sizes."""
    rows, count = outputs[0], layout.classes
    few = np.flatnonzero(rows[:, 4] >= threshold)
    boxes, _, _ = decoded_cells(rows, layout, few)
    class_scores = rows[few, 5 : 5 + count] * rows[few, 4:5]
    class_ids = class_scores.argmax(axis=1)
    scores = class_scores[np.arange(len(few)), class_ids]
    sure = scores >= threshold
    found = Candidates(boxes, scores.astype(np.float32), class_ids.astype(np.int64))
    return found.take(sure)


def read_nanodet(
    outputs: list[NDArray[np.float32]], layout: OutputLayout, threshold: float
) -> Candidates:
    """Decode rows `(cells, classes + 4 * bins)`: scores, distances as softmax bins."""
    rows, count = outputs[0], layout.classes
    cells, strides = _grid(layout.side, layout.strides)
    middles = cells * strides[:, None]
    return _distances(
        rows[:, :count], rows[:, count:], (middles, strides), layout, threshold
    )


def read_nanodet_heads(
    outputs: list[NDArray[np.float32]], layout: OutputLayout, threshold: float
) -> Candidates:
    """Decode like `read_nanodet`, with scores and distances of each stride apart."""
    cells, strides = _grid(layout.side, layout.strides)
    middles = cells * strides[:, None] + (strides[:, None] - 1) / np.float32(2)
    both = np.concatenate(outputs[::2]), np.concatenate(outputs[1::2])
    return _distances(*both, (middles, strides), layout, threshold)


def _distances(
    class_scores: NDArray[np.float32],
    odds: NDArray[np.float32],
    grid: tuple[NDArray[Any], NDArray[np.float32]],
    layout: OutputLayout,
    threshold: float,
) -> Candidates:
    middles, strides = grid
    few = np.flatnonzero(class_scores.max(axis=1) >= threshold)
    class_ids = class_scores[few].argmax(axis=1)
    bins = odds.shape[1] // 4
    logits = odds[few].reshape(len(few), 4, bins)
    shares = np.exp(logits - logits.max(axis=2, keepdims=True))
    shares /= shares.sum(axis=2, keepdims=True)
    far = shares @ np.arange(bins, dtype=np.float32) * strides[few, None]
    x, y = middles[few].T
    left, top, right, bottom = far.T
    boxes = np.stack([x - left, y - top, x + right, y + bottom], axis=1)
    limit = np.array([*layout.side, *layout.side], np.float32)
    return Candidates(
        np.clip(boxes, 0, limit).astype(np.float32),
        class_scores[few, class_ids].astype(np.float32),
        class_ids.astype(np.int64),
    )


def decoded_cells(
    raw: NDArray[np.float32], layout: OutputLayout, few: NDArray[np.intp]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Decode boxes of cells from column, row and stride.

    Args:
        raw: `(n, 4)`: offsets in cells, and logarithms of sizes in cells.
        layout: Whose grid it is.
        few: The cells that are read.
    """
    cells, strides = _grid(layout.side, layout.strides)
    stride = strides[few, None]
    middle = (raw[few, :2] + cells[few]) * stride
    size = np.exp(raw[few, 2:4]) * stride
    return around(*middle.T, *size.T), cells[few], stride
