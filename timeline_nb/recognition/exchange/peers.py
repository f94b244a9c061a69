"""Detections for `supervision`, which is not a dependency."""

from typing import Any

import numpy as np

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.inference.masks import decode_mask

__all__ = ["to_supervision"]


def to_supervision(found: Detections, frame: int | None = None) -> Any:
    """Return the `supervision.Detections` of one frame, or of all frames.

    Args:
        found: The detections.
        frame: The frame's number; all frames, one after another, if None.

    Raises:
        RecognitionError: The package is not installed.
    """
    try:
        import supervision as sv
    except ImportError as error:
        raise RecognitionError(
            "supervision is not installed: pip install supervision"
        ) from error
    part = found if frame is None else found.select(found.frame == frame)
    names = np.array(found.names)[part.class_id]
    data: dict[str, Any] = {"class_name": names, "frame": part.frame, "pts": part.pts}
    if part.corners is not None:
        data["xyxyxyxy"] = part.corners
    mask = None
    if part.masks is not None and frame is not None:
        pictures = [decode_mask(runs, found.source.size) for runs in part.masks]
        mask = np.array(pictures) if pictures else None
    tracked = part.track_id if len(part) and (part.track_id >= 0).all() else None
    return sv.Detections(
        xyxy=part.xyxy,
        confidence=part.score,
        class_id=part.class_id,
        tracker_id=tracked,
        mask=mask,
        data=data,
    )
