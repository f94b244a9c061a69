"""What an edit of a 2,000-clip timeline costs.

python tests/bench/timeline_edits.py
"""

import statistics
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from timelines import clip, empty, media

from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import clips
from timeline_nb.timeline.validate import validate

CLIPS = 2_000
RUNS = 51


def median_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def build() -> Timeline:
    of = media(seconds=10_000, has_audio=True)
    return edits.append(empty(), [clip(10 + n, 1, of=of) for n in range(CLIPS // 2)])


def main() -> None:
    timeline = build()
    middle = Fraction(CLIPS // 4)
    item = next(islice(clips(timeline), CLIPS // 4, None)).id
    more = [clip(5, 2)]
    verbs: dict[str, Callable[[], object]] = {
        "append": lambda: edits.append(timeline, more),
        "insert": lambda: edits.insert(timeline, more, at=middle),
        "overwrite": lambda: edits.overwrite(timeline, more, at=middle),
        "split": lambda: edits.split(timeline, at=middle + Fraction(1, 3)),
        "ripple_delete": lambda: edits.ripple_delete(timeline, item),
        "lift": lambda: edits.lift(timeline, item),
        "move": lambda: edits.move(timeline, item, to=Fraction(3)),
        "ripple": lambda: edits.ripple(timeline, item, tail=Fraction(1, 25)),
        "slip": lambda: edits.slip(timeline, item, by=Fraction(1, 25)),
        "set_clip": lambda: edits.set_clip(timeline, item, gain_db=3.0),
    }
    print(f"{CLIPS} clips on two tracks, median of {RUNS}")
    print(f"  {'validate':<14} {median_ms(lambda: validate(timeline)):7.3f} ms")
    for name, work in verbs.items():
        print(f"  {name:<14} {median_ms(work):7.3f} ms")


if __name__ == "__main__":
    main()
