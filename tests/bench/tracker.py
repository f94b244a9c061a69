"""How fast trackers go, and how well: frames a second, TUD scenes, peers.

python tests/bench/tracker.py

The scenes' ground truth and detections come with the package `motmetrics`. With the
package `supervision` installed by hand, its ByteTrack runs on the same boxes.
"""

import sys
import time
from importlib.metadata import distribution
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from tracking_scenes import as_detections, crossing_scene, score_tracks, tud_scene

from timeline_nb.recognition.tracking.track import TrackerName, track

FRAMES, OBJECTS = 600, 100
METHODS: tuple[TrackerName, ...] = ("bytetrack", "ocsort")


def main() -> None:
    rng = np.random.default_rng(0)
    start = rng.random((OBJECTS, 2)) * [1900, 1000]
    speed, size = rng.normal(0, 3, (OBJECTS, 2)), rng.uniform(30, 80, (OBJECTS, 2))
    rows = []
    for frame in range(FRAMES):
        middle = start + speed * frame + rng.normal(0, 0.7, (OBJECTS, 2))
        boxes = np.concatenate([middle - size / 2, middle + size / 2], axis=1)
        rows += [(frame, *box, 0.9) for box in boxes]
    found = as_detections(np.array(rows), FRAMES)
    print(f"{OBJECTS} objects a frame, {FRAMES} frames")
    for method in METHODS:
        began = time.perf_counter()
        track(found, method)
        print(f"  {method:<22}{FRAMES / (time.perf_counter() - began):8.0f} frames/s")
    peer = _supervision(np.array(rows))
    if peer:
        print(f"  {'supervision ByteTrack':<22}{peer:8.0f} frames/s")
    scenes = {"crossings": crossing_scene(), "TUD-Campus": tud_scene("TUD-Campus")}
    scenes["TUD-Stadtmitte"] = tud_scene("TUD-Stadtmitte")
    for name, (truth, given) in scenes.items():
        for method in METHODS:
            told = score_tracks(truth, track(given, method))
            scores = f"MOTA {told['mota']:.3f}  IDF1 {told['idf1']:.3f}"
            print(f"  {name:<16}{method:<12}{scores}")


def _supervision(rows: np.ndarray) -> float | None:
    try:
        distribution("supervision")
    except ModuleNotFoundError:
        return None
    import supervision as sv

    tracker = sv.ByteTrack()
    began = time.perf_counter()
    for frame in range(FRAMES):
        here = rows[rows[:, 0] == frame]
        found = sv.Detections(
            xyxy=here[:, 1:5],
            confidence=here[:, 5],
            class_id=np.zeros(len(here), int),
        )
        tracker.update_with_detections(found)
    return FRAMES / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
