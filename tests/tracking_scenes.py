"""Scenes with known identities, and how well tracks keep them (by motmetrics)."""

from fractions import Fraction
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
from detections_factory import SOURCE
from msgspec.structs import replace as with_fields
from numpy.typing import NDArray

from timeline_nb.recognition.detections import Detections

__all__ = ["as_detections", "crossing_scene", "score_tracks", "tud_scene"]

# Frame, identity and box of what is really there: `(n, 6)`.
Truth = NDArray[np.float64]
SCENE = with_fields(
    SOURCE,
    time_base=Fraction(1, 12_800),
    start_time=Fraction(0),
    rate=Fraction(25),
    size=(1920, 1080),
    end_pts=10**9,
)


def as_detections(
    rows: NDArray[np.float64], frames: int, class_ids: NDArray[np.int64] | None = None
) -> Detections:
    """Detections of `(n, 6)` rows: frame, box, score; all frames were looked at."""
    rows = rows.reshape(-1, 6)
    numbers = rows[:, 0].astype(np.int64)
    return Detections(
        source=SCENE,
        names=("person", "car"),
        examined_frame=np.arange(frames),
        examined_pts=np.arange(frames) * 512,
        frame=numbers,
        pts=numbers * 512,
        xyxy=rows[:, 1:5].astype(np.float32),
        score=rows[:, 5].astype(np.float32),
        class_id=np.zeros(len(rows), np.int64) if class_ids is None else class_ids,
        track_id=np.full(len(rows), -1, np.int64),
    )


def crossing_scene(seed: int = 0, frames: int = 300) -> tuple[Truth, Detections]:
    """People who walk through each other, behind a pillar, in and out of the picture.

    What stands in front hides what is behind for as long as more than half of it is
    covered; boxes shake by a pixel or two, and one in fifty is missed.
    """
    rng = np.random.default_rng(seed)
    truth, given = [], []
    walkers = []
    for identity in range(16):
        lane = 120 + 55 * (identity % 16)
        right = identity % 2 == 0
        begins = int(rng.integers(0, 120))
        speed = rng.uniform(6, 11) * (1 if right else -1)
        walkers.append((identity, begins, -80 if right else 2000, lane, speed))
    pillar = np.array([900, 0, 960, 1080])
    for frame in range(frames):
        boxes = []
        for identity, begins, x, y, speed in walkers:
            middle = x + speed * (frame - begins)
            bob = 6 * np.sin(frame / 9 + identity)
            box = np.array([middle - 28, y + bob - 75, middle + 28, y + bob + 75])
            if frame >= begins and 0 <= middle <= 1920:
                boxes.append((identity, box))
        # The lower on the picture, the nearer.
        boxes.sort(key=lambda pair: -pair[1][3])
        for place, (identity, box) in enumerate(boxes):
            front = [other for _, other in boxes[:place]]
            if max([_covered(box, o) for o in [*front, pillar]], default=0) > 0.6:
                continue
            truth.append((frame, identity, *box))
            if rng.random() > 0.02:
                seen = box + rng.normal(0, 1.5, 4)
                given.append((frame, *seen, rng.uniform(0.5, 0.95)))
    return np.array(truth), as_detections(np.array(given), frames)


def _covered(box: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    wide = min(box[2], other[2]) - max(box[0], other[0])
    high = min(box[3], other[3]) - max(box[1], other[1])
    area = (box[2] - box[0]) * (box[3] - box[1])
    return float(max(0, wide) * max(0, high) / area)


def tud_scene(name: str) -> tuple[Truth, Detections]:
    """A street scene of TU Darmstadt, as it comes with motmetrics."""
    files = distribution("motmetrics").files or []
    folder = next(
        Path(str(file.locate())).parent
        for file in files
        if file.parts[-2:] == (name, "gt.txt")
    )
    truth = np.loadtxt(folder / "gt.txt", delimiter=",")
    given = np.loadtxt(folder / "test.txt", delimiter=",")
    frames = int(max(truth[:, 0].max(), given[:, 0].max()))

    def boxes(rows: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([rows[:, 2:4], rows[:, 2:4] + rows[:, 4:6]], axis=1)

    known = np.column_stack([truth[:, 0] - 1, truth[:, 1], boxes(truth)])
    rows = np.column_stack([given[:, 0] - 1, boxes(given), np.full(len(given), 0.9)])
    order = np.argsort(rows[:, 0], kind="stable")
    return known, as_detections(rows[order], frames)


def score_tracks(truth: Truth, found: Detections) -> dict[str, float]:
    """MOTA, IDF1 and switches of tracks, as motmetrics reckons them at IoU 0.5."""
    import motmetrics

    account = motmetrics.MOTAccumulator(auto_id=True)
    tracked = found.select(found.track_id >= 0)
    for frame in found.examined_frame:
        there = truth[truth[:, 0] == frame]
        here = np.flatnonzero(tracked.frame == frame)
        apart = np.full((len(there), len(here)), np.nan)
        for row, box in enumerate(there[:, 2:6]):
            for column, other in enumerate(tracked.xyxy[here].astype(float)):
                off = 1 - _iou(box, other)
                # What overlaps less is no match at all.
                apart[row, column] = off if off <= 0.5 else np.nan
        account.update(there[:, 1].astype(int), tracked.track_id[here], apart)
    metrics = motmetrics.metrics.create()
    names = ["mota", "idf1", "num_switches"]
    told = metrics.compute(account, metrics=names, name="scene")
    return {name: float(told[name].iloc[0]) for name in names}


def _iou(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    shared = _covered(one, other) * (one[2] - one[0]) * (one[3] - one[1])
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return float(shared / (sum(areas) - shared))
