"""Tracking: link detections from frame to frame by track ids."""

from dataclasses import replace
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.tracking.bytetrack import ByteTrack
from timeline_nb.recognition.tracking.ocsort import OcSort
from timeline_nb.recognition.tracking.tracks import FrameBoxes, Tracks

__all__ = ["Method", "TrackerName", "track"]

TrackerName: TypeAlias = Literal["bytetrack", "ocsort"]
Method: TypeAlias = TrackerName | ByteTrack | OcSort
_METHODS: Final[dict[str, type[ByteTrack] | type[OcSort]]] = {
    "bytetrack": ByteTrack,
    "ocsort": OcSort,
}


def track(found: Detections, method: Method = "bytetrack") -> Detections:
    """Assign a track id to each detection, -1 to those of no track.

    Ids count from 1 in the order in which tracks begin, and do not depend on later
    frames: after more frames were searched, the ids before stay as they were.

    Args:
        found: Detections; frames may be missing between them, as with `every=`.
        method: A tracker by name, or with settings of your own.

    Raises:
        RecognitionError: There is no such tracker.
    """
    if isinstance(method, str):
        if method not in _METHODS:
            raise RecognitionError(
                f"there is no tracker {method!r}: give {' or '.join(_METHODS)}"
            )
        method = _METHODS[method]()
    times = _frame_times(found)
    tracks = Tracks()
    ids = np.full(len(found), -1, np.int64)
    ends = np.searchsorted(found.pts, found.examined_pts, side="right")
    begins = np.searchsorted(found.pts, found.examined_pts, side="left")
    boxes, scores = found.xyxy.astype(np.float64), found.score.astype(np.float64)
    before = times[0] - 1 if len(times) else 0.0
    for time, begin, end in zip(times, begins, ends, strict=True):
        here = slice(begin, end)
        given = FrameBoxes(boxes[here], scores[here], found.class_id[here])
        ids[here] = method.step(tracks, given, time, time - before)
        before = time
    return replace(found, track_id=_only_long(ids, method.hits))


def _frame_times(found: Detections) -> NDArray[np.float64]:
    """Return the time of each examined frame, in frames of the average rate."""
    source = found.source
    ticks = 1 / source.rate / source.time_base
    pts = found.examined_pts - (found.examined_pts[:1].sum() if len(found) else 0)
    return np.asarray(pts / float(ticks), np.float64)


def _only_long(ids: NDArray[np.int64], hits: int) -> NDArray[np.int64]:
    """Replace the ids of tracks with fewer than `hits` detections by -1."""
    counts = np.bincount(np.maximum(ids, 0), minlength=1)
    return np.where((ids >= 0) & (counts[np.maximum(ids, 0)] >= hits), ids, -1)
