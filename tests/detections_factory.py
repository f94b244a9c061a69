"""Detections made by hand, for tests of tables and what is made of them."""

from fractions import Fraction

import numpy as np

from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.source import Source

NAMES = ("person", "car", "dog")
RATE = Fraction(30000, 1001)
# A film of 300 NTSC frames whose container starts at 1.4 s.
SOURCE = Source(
    path="street.ts",
    fingerprint="f" * 32,
    stream=0,
    time_base=Fraction(1, 90000),
    start_time=Fraction(7, 5),
    rate=RATE,
    size=(1280, 720),
    end_pts=126_000 + 300 * 3003,
)


def pts_of(frame: int) -> int:
    return 126_000 + frame * 3003


def found(rows: list[tuple[int, int, float]], every: int = 5) -> Detections:
    """Detections of (frame, class, score), with each fifth frame looked at."""
    examined = np.arange(0, 300, every)
    frames = np.array([row[0] for row in rows], np.int64)
    return Detections(
        source=SOURCE,
        names=NAMES,
        examined_frame=examined,
        examined_pts=np.array([pts_of(int(n)) for n in examined], np.int64),
        frame=frames,
        pts=np.array([pts_of(n) for n in frames], np.int64),
        xyxy=np.tile(np.array([10, 20, 110, 220], np.float32), (len(rows), 1)),
        score=np.array([row[2] for row in rows], np.float32),
        class_id=np.array([row[1] for row in rows], np.int64),
        track_id=np.full(len(rows), -1, np.int64),
    )
