"""The state of a tracker's tracks, as arrays with one row per track."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timeline_nb.recognition.tracking.kalman import (
    Motion,
    predicted,
    to_middles,
    updated,
)

__all__ = ["FrameBoxes", "Tracks"]


@dataclass(frozen=True)
class FrameBoxes:
    """The detections of one frame.

    Args:
        boxes: `(n, 4)` xyxy.
        scores: `(n,)`.
        class_ids: `(n,)`.
    """

    boxes: NDArray[np.float64]
    scores: NDArray[np.float64]
    class_ids: NDArray[np.int64]


def _none(*shape: int, kind: Any = np.float64) -> Any:
    return np.zeros((0, *shape), kind)


@dataclass
class Tracks:
    """Active tracks, and those lost a short while ago.

    Attributes:
        ids: `(n,)`, counted from 1 in the order in which they begin; never reused.
        class_ids: `(n,)`.
        motion: The predicted state now.
        last: `(n, 4)` xyxy, the last matched box.
        last_time: `(n,)`, its time, in frames.
        before: `(n, 4)` xyxy, the matched box before it.
        hits: `(n,)`, the number of matched boxes.
        seen: The state at the last matched box.
    """

    ids: NDArray[np.int64] = field(default_factory=lambda: _none(kind=np.int64))
    class_ids: NDArray[np.int64] = field(default_factory=lambda: _none(kind=np.int64))
    motion: Motion = field(default_factory=lambda: Motion.starting(_none(4)))
    seen: Motion = field(default_factory=lambda: Motion.starting(_none(4)))
    last: NDArray[np.float64] = field(default_factory=lambda: _none(4))
    before: NDArray[np.float64] = field(default_factory=lambda: _none(4))
    last_time: NDArray[np.float64] = field(default_factory=_none)
    hits: NDArray[np.int64] = field(default_factory=lambda: _none(kind=np.int64))
    begun: int = 0

    def __len__(self) -> int:
        return len(self.ids)

    def predict(self, steps: float) -> None:
        """Predict the state of all tracks some frames later."""
        self.motion = predicted(self.motion, steps)

    def update(
        self, rows: NDArray[np.intp], boxes: NDArray[np.float64], time: float
    ) -> None:
        """Update tracks with matched boxes."""
        if not len(rows):
            return
        here = updated(self.motion.take(rows), to_middles(boxes))
        self.motion.put(rows, here)
        self.seen.put(rows, here)
        self.before[rows] = self.last[rows]
        self.last[rows] = boxes
        self.last_time[rows] = time
        self.hits[rows] += 1

    def start(self, given: FrameBoxes, rows: NDArray[np.intp], time: float) -> Any:
        """Start new tracks at some of the boxes; return their ids."""
        boxes = given.boxes[rows]
        start = Motion.starting(to_middles(boxes))
        ids = self.begun + 1 + np.arange(len(rows))
        self.begun += len(rows)
        self.ids = np.concatenate([self.ids, ids])
        self.class_ids = np.concatenate([self.class_ids, given.class_ids[rows]])
        self.motion = self.motion.joined(start)
        self.seen = self.seen.joined(start)
        self.last = np.concatenate([self.last, boxes])
        self.before = np.concatenate([self.before, boxes])
        self.last_time = np.concatenate([self.last_time, np.full(len(rows), time)])
        self.hits = np.concatenate([self.hits, np.ones(len(rows), np.int64)])
        return ids

    def keep(self, rows: NDArray[np.bool_]) -> None:
        """Drop all other tracks."""
        if rows.all():
            return
        self.motion, self.seen = self.motion.take(rows), self.seen.take(rows)
        for name in ("ids", "class_ids", "last", "before", "last_time", "hits"):
            setattr(self, name, getattr(self, name)[rows])
