"""The tracks that a tracker knows, as arrays: a row a track."""

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

__all__ = ["Sightings", "Tracks"]


@dataclass(frozen=True)
class Sightings:
    """What was found in one frame.

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
    """Tracks that are followed, or were lost a short while ago.

    Attributes:
        ids: `(n,)`, counted from 1 in the order of their beginnings; never used twice.
        class_ids: `(n,)`.
        motion: Where they are believed to be now.
        last: `(n, 4)` xyxy, where they were last seen.
        last_time: `(n,)`, when, in frames.
        before: `(n, 4)` xyxy, where they were seen some sightings earlier.
        hits: `(n,)`, how often they were seen.
        seen: `(n,) Motion` as believed when they were last seen.
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
        """Let so many frames go by."""
        self.motion = predicted(self.motion, steps)

    def see(
        self, rows: NDArray[np.intp], boxes: NDArray[np.float64], time: float
    ) -> None:
        """Tracks were seen at boxes."""
        if not len(rows):
            return
        here = updated(self.motion.take(rows), to_middles(boxes))
        self.motion.put(rows, here)
        self.seen.put(rows, here)
        self.before[rows] = self.last[rows]
        self.last[rows] = boxes
        self.last_time[rows] = time
        self.hits[rows] += 1

    def begin(self, sightings: Sightings, rows: NDArray[np.intp], time: float) -> Any:
        """New tracks at some of the sightings; gives their ids."""
        boxes = sightings.boxes[rows]
        start = Motion.starting(to_middles(boxes))
        ids = self.begun + 1 + np.arange(len(rows))
        self.begun += len(rows)
        self.ids = np.concatenate([self.ids, ids])
        self.class_ids = np.concatenate([self.class_ids, sightings.class_ids[rows]])
        self.motion = self.motion.joined(start)
        self.seen = self.seen.joined(start)
        self.last = np.concatenate([self.last, boxes])
        self.before = np.concatenate([self.before, boxes])
        self.last_time = np.concatenate([self.last_time, np.full(len(rows), time)])
        self.hits = np.concatenate([self.hits, np.ones(len(rows), np.int64)])
        return ids

    def keep(self, rows: NDArray[np.bool_]) -> None:
        """Forget all other tracks."""
        if rows.all():
            return
        self.motion, self.seen = self.motion.take(rows), self.seen.take(rows)
        for name in ("ids", "class_ids", "last", "before", "last_time", "hits"):
            setattr(self, name, getattr(self, name)[rows])
