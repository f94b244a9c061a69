"""What opening and saving a 2,000-clip project costs.

python tests/bench/project_load.py
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from timelines import clip, empty, media

from timeline_nb.project.document import load, save
from timeline_nb.timeline import edits

CLIPS = 2_000
RUNS = 11


def median_s(work: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def main() -> None:
    of = media(seconds=10_000, has_audio=True)
    timeline = edits.append(
        empty(), [clip(10 + n, 1, of=of) for n in range(CLIPS // 2)]
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bench.tlp"
        save(timeline, path)
        print(f"{CLIPS} clips, {path.stat().st_size / 1e6:.2f} MB, median of {RUNS}")
        print(f"  load and validate {median_s(lambda: load(path)):.3f} s")
        print(f"  save              {median_s(lambda: save(timeline, path)):.3f} s")


if __name__ == "__main__":
    main()
