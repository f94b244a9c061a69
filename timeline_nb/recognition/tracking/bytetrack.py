"""ByteTrack: match boxes of high scores first, then those of low scores.

After Zhang et al., "ByteTrack: Multi-Object Tracking by Associating Every Detection
Box" (2022).
"""

from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.call_errors import ExplainingMeta
from timeline_nb.recognition.tracking.kalman import to_boxes
from timeline_nb.recognition.tracking.matching import match, overlaps
from timeline_nb.recognition.tracking.tracks import FrameBoxes, Tracks

__all__ = ["ByteTrack"]

# The least overlap of each round, the first times the score.
_FIRST: Final = 0.2
_SECOND: Final = 0.5
_NEW: Final = 0.3
# Examined frames in which a track must be matched a second time.
_PATIENCE: Final = 2


class ByteTrack(msgspec.Struct, frozen=True, kw_only=True, metaclass=ExplainingMeta):
    """The settings of ByteTrack.

    Args:
        high: The least score of the boxes that are matched first.
        low: Boxes with a lower score are ignored.
        new: The least score of a box that starts a track.
        keep: Frames for which a lost track is kept.
        hits: The least number of boxes of a track; shorter ones get no id.

    Example:
        >>> method = tl.ByteTrack(high=0.5, keep=15)
        >>> tracked = src.detect(every=5, end="2s").track(method)
        >>> "track_id" in tracked.to_dataframe()
        True
    """

    high: float = 0.4
    low: float = 0.1
    new: float = 0.4
    keep: float = 30
    hits: int = 2

    def step(
        self, tracks: Tracks, sightings: FrameBoxes, time: float, steps: float
    ) -> NDArray[np.int64]:
        """Process a frame: return the track id of each box, -1 where it has none.

        :meta private:
        """
        ids = np.full(len(sightings.scores), -1, np.int64)
        tracks.predict(steps)
        sure = np.flatnonzero(sightings.scores >= self.high)
        unsure = np.flatnonzero(
            (sightings.scores >= self.low) & (sightings.scores < self.high)
        )
        # A track with one box is matched last. The paper drops it if the next frame has
        # no box for it, and so finds no track where every other frame has none.
        young = tracks.hits == 1
        followed = tracks.last_time >= time - _PATIENCE * steps - 1e-9
        tracks.keep(~young | followed)
        young = tracks.hits == 1
        old = np.flatnonzero(~young)
        old, sure = self._round(
            tracks, sightings, old, sure, ids, time, least=_FIRST, by_score=True
        )
        open_still = old[tracks.last_time[old] >= time - steps - 1e-9]
        self._round(tracks, sightings, open_still, unsure, ids, time, least=_SECOND)
        _, sure = self._round(
            tracks, sightings, np.flatnonzero(young), sure, ids, time, least=_NEW
        )
        fresh = sure[sightings.scores[sure] >= self.new]
        ids[fresh] = tracks.start(sightings, fresh, time)
        tracks.keep(tracks.last_time >= time - self.keep)
        return ids

    @staticmethod
    def _round(  # noqa: PLR0913, PLR0917 - what is matched, and how
        tracks: Tracks,
        sightings: FrameBoxes,
        rows: NDArray[np.intp],
        boxes: NDArray[np.intp],
        ids: NDArray[np.int64],
        time: float,
        *,
        least: float,
        by_score: bool = False,
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Match tracks with boxes; return the unmatched ones of both."""
        if not len(rows) or not len(boxes):
            return rows, boxes
        alike = overlaps(to_boxes(tracks.motion.place[rows]), sightings.boxes[boxes])
        if by_score:
            alike = alike * sightings.scores[boxes]
        same = tracks.class_ids[rows][:, None] == sightings.class_ids[boxes][None]
        left, right = match(1 - alike, same & (alike > least))
        found, seen = rows[left], boxes[right]
        tracks.update(found, sightings.boxes[seen], time)
        ids[seen] = tracks.ids[found]
        return np.delete(rows, left), np.delete(boxes, right)
