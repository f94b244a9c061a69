"""Layouts of DETR models: a fixed number of queries, no NMS."""

import numpy as np
from numpy.typing import NDArray

from timeline_nb.recognition.layouts.candidates import Candidates, around
from timeline_nb.recognition.layouts.layout import OutputLayout

__all__ = ["read_detr", "read_detr_scored"]


def read_detr(
    outputs: list[NDArray[np.float32]], layout: OutputLayout, threshold: float
) -> Candidates:
    """Decode logits `(queries, classes)` and relative boxes `(queries, 4)`.

    With one class more than there are labels, the last is "no object" and scores are a
    softmax, as in the first DETR; otherwise a sigmoid per class, as in RT-DETR, D-FINE
    and RF-DETR, and a query may have several classes.
    """
    logits, boxes = outputs
    if logits.shape[1] == layout.classes + 1:
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        scores = (odds / odds.sum(axis=1, keepdims=True))[:, :-1]
    else:
        # Clipped, since the exponential would overflow where the score is 0.
        scores = 1 / (1 + np.exp(-np.clip(logits, -80, 80)))
    queries, class_ids = np.nonzero(scores >= threshold)
    kept = scores[queries, class_ids]
    best = np.argsort(-kept, kind="stable")[: len(logits)]
    queries, class_ids, kept = queries[best], class_ids[best], kept[best]
    wide, high = layout.side
    sides = boxes[queries] * np.array([wide, high, wide, high], np.float32)
    return Candidates(
        around(*sides.T), kept.astype(np.float32), class_ids.astype(np.int64)
    )


def read_detr_scored(
    outputs: list[NDArray[np.float32]], layout: OutputLayout, threshold: float
) -> Candidates:
    """Decode labels `(n,)`, boxes `(n, 4)` in model pixels and scores `(n,)`."""
    class_ids, boxes, scores = outputs
    kept = scores >= threshold
    limit = np.array([*layout.side, *layout.side], np.float32)
    return Candidates(
        np.clip(boxes[kept], 0, limit).astype(np.float32),
        scores[kept].astype(np.float32),
        class_ids[kept].round().astype(np.int64),
    )
