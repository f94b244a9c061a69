"""What questions to a detection table of a million rows cost.

python tests/bench/tables.py [ROWS]

A first plain way with pandas alone stands beside the ranges, in the same run.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import pandas as pd
from detections_factory import SOURCE
from msgspec.structs import replace as with_fields

from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.tables.zones import Line, Zone

NAMES = tuple(f"class {number}" for number in range(80))


def made(rows: int) -> pd.DataFrame:
    """Ten boxes a frame, of tracks that live for some seconds each."""
    rng = np.random.default_rng(0)
    frames = rows // 10
    number = np.repeat(np.arange(frames), 10)
    track = np.tile(np.arange(10), frames) + number // 300 * 10
    middle = rng.random((track.max() + 1, 2)) * [1200, 600]
    near = middle[track] + (number % 300)[:, None] * 0.8
    boxes = np.concatenate([near, near + 60], axis=1).astype(np.float32)
    seen = rng.random(len(number)) < 0.9
    pts = 126_000 + np.arange(frames) * 3003
    found = Detections(
        source=with_fields(SOURCE, end_pts=int(pts[-1]) + 3003),
        names=NAMES,
        examined_frame=np.arange(frames),
        examined_pts=pts,
        frame=number[seen],
        pts=pts[number[seen]],
        xyxy=boxes[seen],
        score=rng.random(seen.sum()).astype(np.float32),
        class_id=(track[seen] * 7) % 80,
        track_id=track[seen],
    )
    return found.to_dataframe()


def plain_ranges(table: pd.DataFrame) -> int:
    """Appearances of each label by a loop over groups, as one would first write it."""
    count = 0
    for _, rows in table.groupby("label"):
        gap = rows["pts"].diff() > rows["end_pts"].shift() - rows["pts"].shift()
        count += len(rows.groupby(gap.cumsum()).agg({"pts": "min", "end_pts": "max"}))
    return count


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    table = made(round(rows / 0.9))
    print(f"{len(table)} rows, {table['frame'].nunique()} frames")
    zone = Zone(name="z", points=((300, 100), (900, 150), (1000, 600), (200, 500)))
    line = Line(name="l", start=(600, 0), end=(640, 720))
    work: dict[str, Callable[[], object]] = {
        "ranges": lambda: table.tl.ranges("0.5s"),
        "appearances by label": table.tl.appearances,
        "appearances by track": lambda: table.tl.appearances("track"),
        "visits of a zone": lambda: table.tl.visits(zone),
        "crossings of a line": lambda: table.tl.crossings(line),
        "counts a second": table.tl.counts,
        "statistics": table.tl.statistics,
        "co-occurrence": table.tl.co_occurrence,
        "heat map": table.tl.heat_map,
        "history of tracks": table.tl.tracks,
    }
    for name, ask in work.items():
        began = time.perf_counter()
        ask()
        print(f"  {name:<22}{time.perf_counter() - began:6.2f} s")
    began = time.perf_counter()
    plain_ranges(table)
    print(f"  {'by label, plain pandas':<22}{time.perf_counter() - began:6.2f} s")


if __name__ == "__main__":
    main()
