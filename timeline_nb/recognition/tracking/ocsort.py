"""OC-SORT: observations weigh more than predictions.

After Cao et al., "Observation-Centric SORT: Rethinking SORT for Robust Multi-Object
Tracking" (2023): the direction in which a track moved weighs in its match; a track that
is found again is updated along a virtual trajectory; boxes that match no prediction are
matched with the last boxes of tracks.
"""

from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.call_errors import ExplainingMeta
from timeline_nb.recognition.tracking.kalman import (
    predicted,
    to_boxes,
    to_middles,
    updated,
)
from timeline_nb.recognition.tracking.matching import match, overlaps
from timeline_nb.recognition.tracking.tracks import FrameBoxes, Tracks

__all__ = ["OcSort"]

# The weight of a difference of direction against overlap.
_INERTIA: Final = 0.2


class OcSort(msgspec.Struct, frozen=True, kw_only=True, metaclass=ExplainingMeta):
    """The settings of OC-SORT.

    Args:
        high: Boxes with a lower score are ignored.
        overlap: The least overlap of a match.
        keep: Frames for which a lost track is kept.
        hits: The least number of boxes of a track; shorter ones get no id.

    Example:
        >>> method = tl.OcSort(high=0.5, hits=2)
        >>> tracked = src.detect(every=5, end="2s").track(method)
        >>> "track_id" in tracked.to_dataframe()
        True
    """

    high: float = 0.4
    overlap: float = 0.3
    keep: float = 30
    hits: int = 3

    def step(
        self, tracks: Tracks, sightings: FrameBoxes, time: float, steps: float
    ) -> NDArray[np.int64]:
        """Process a frame: return the track id of each box, -1 where it has none.

        :meta private:
        """
        ids = np.full(len(sightings.scores), -1, np.int64)
        tracks.predict(steps)
        rows = np.arange(len(tracks))
        boxes = np.flatnonzero(sightings.scores >= self.high)
        alike = overlaps(to_boxes(tracks.motion.place), sightings.boxes[boxes])
        alike_dir = alike + _INERTIA * _agreement(tracks, sightings.boxes[boxes])
        rows, boxes = self._pair(
            tracks, sightings, rows, boxes, (alike, -alike_dir), ids, time
        )
        again = overlaps(tracks.last[rows], sightings.boxes[boxes])
        rows, boxes = self._pair(
            tracks, sightings, rows, boxes, (again, -again), ids, time
        )
        ids[boxes] = tracks.start(sightings, boxes, time)
        tracks.keep(tracks.last_time >= time - self.keep)
        return ids

    def _pair(  # noqa: PLR0913, PLR0917 - what is matched, and how
        self,
        tracks: Tracks,
        sightings: FrameBoxes,
        rows: NDArray[np.intp],
        boxes: NDArray[np.intp],
        measures: tuple[NDArray[np.float64], NDArray[np.float64]],
        ids: NDArray[np.int64],
        time: float,
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Match tracks with boxes by overlap and cost; return the unmatched of both."""
        if not len(rows) or not len(boxes):
            return rows, boxes
        overlap, cost = measures
        same = tracks.class_ids[rows][:, None] == sightings.class_ids[boxes][None]
        left, right = match(cost, same & (overlap >= self.overlap))
        found, seen = rows[left], boxes[right]
        _fill_in(tracks, found, sightings.boxes[seen], time)
        tracks.update(found, sightings.boxes[seen], time)
        ids[seen] = tracks.ids[found]
        return np.delete(rows, left), np.delete(boxes, right)


def _agreement(tracks: Tracks, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Score how well each box keeps each track's direction: `(n, m)`, -0.5 to 0.5.

    0 for tracks that were seen to move nowhere.
    """
    here, there = to_middles(tracks.last)[:, :2], to_middles(boxes)[:, :2]
    way = here - to_middles(tracks.before)[:, :2]
    new = there[None] - here[:, None]
    lengths = np.hypot(*way.T)[:, None] * np.hypot(new[..., 0], new[..., 1])
    cosine = (way[:, None] * new).sum(axis=2) / np.maximum(lengths, 1e-9)
    turn = np.arccos(np.clip(cosine, -1, 1))
    return np.where(lengths > 1e-9, 0.5 - turn / np.pi, 0.0)


def _fill_in(
    tracks: Tracks, rows: NDArray[np.intp], boxes: NDArray[np.float64], time: float
) -> None:
    """Update lost tracks along a virtual trajectory to where they are seen again."""
    gaps = time - tracks.last_time[rows]
    lost = gaps > 1 + 1e-9
    if not lost.any():
        return
    rows, gaps = rows[lost], gaps[lost]
    start, end = to_middles(tracks.last[rows]), to_middles(boxes[lost])
    motion = tracks.seen.take(rows)
    whole = np.round(gaps).astype(int) - 1
    for step in range(1, int(whole.max()) + 1):
        on = np.flatnonzero(whole >= step)
        between = start[on] + (end[on] - start[on]) * (step / gaps[on, None])
        motion.put(on, updated(predicted(motion.take(on), 1), between))
    tracks.motion.put(rows, predicted(motion, (gaps - whole)[:, None]))
