"""Uses everything for a while, and prints what the process holds on to.

python tests/soak/run.py [SECONDS]      # 1,200 by default

A round is some twenty edits from cells and by gestures, scrubbing, playing, a view that
comes and goes, a cancelled and a whole render, a detection, a save and a load: what a
person does in some ten minutes. After each, the process's memory, threads, descriptors
and the files that it left are counted. The first half is a warm-up; in the second half
all must stay flat.
"""

import gc
import sys
import tempfile
import time
from dataclasses import astuple, dataclass
from pathlib import Path
from random import Random

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from media_factory import Recipe, make
from references import footage
from soak.person import Person

import timeline_nb as tl

# The share by which the last quarter may be above the third.
ALLOWED_GROWTH = 0.05
FEWEST_ROUNDS = 40


@dataclass(frozen=True)
class Held:
    """What the process holds on to after a round."""

    rss_mib: float
    threads: int
    descriptors: int
    temporary_files: int


def soak(seconds: float, folder: Path, seed: int = 1) -> list[Held]:
    """Return what was held after each round."""
    numbered = make(folder, Recipe("numbered.mp4", clicks=True))
    rounds: list[Held] = []
    end = time.monotonic() + seconds
    roots = [folder, footage("bikes.mp4").parent]
    settings = tl.Settings(cache_dir=folder / "cache", roots=roots)
    with tl.open_studio(settings) as studio:
        person = Person(studio, [numbered, footage("bikes.mp4")], folder, Random(seed))
        while time.monotonic() < end or len(rounds) < FEWEST_ROUNDS:
            person.work()
            rounds.append(held(folder))
        person.leave()
    return rounds


def held(folder: Path) -> Held:
    """Count what the process holds, and what lies in its folders."""
    gc.collect()
    process = psutil.Process()
    litter = [*folder.rglob(".*"), *folder.rglob("*.partial*")]
    return Held(
        process.memory_info().rss / 2**20,
        process.num_threads(),
        process.num_fds(),
        len(litter),
    )


def growth(rounds: list[Held]) -> dict[str, float]:
    """Return by which share each figure grew from the third quarter to the last.

    What a round happens to have open (a decoder and its threads) comes and goes, so a
    quarter counts by its lowest round: a leak is what is never given back. A count may
    waver by one or two (a thread that is about to end), so its growth is taken from
    what is over two.
    """
    quarter = len(rounds) // 4
    third, last = rounds[-2 * quarter : -quarter], rounds[-quarter:]
    shares = {}
    for name in Held.__dataclass_fields__:
        before = min(getattr(row, name) for row in third)
        after = min(getattr(row, name) for row in last)
        slack = 0 if name == "rss_mib" else 2
        shares[name] = max(0.0, after - before - slack) / max(before, 1)
    return shares


def curve(rounds: list[Held]) -> str:
    """Draw at most twenty rows of what was held."""
    step = max(1, len(rounds) // 20)
    lines = ["round   RSS MiB  threads  descriptors  temporary files"]
    most = max(row.rss_mib for row in rounds)
    for number in range(0, len(rounds), step):
        rss, threads, descriptors, files = astuple(rounds[number])
        bar = "#" * round(30 * rss / most)
        lines.append(
            f"{number:5}  {rss:8.0f}  {threads:7}  {descriptors:11}  {files:15}  {bar}"
        )
    return "\n".join(lines)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 1200
    with tempfile.TemporaryDirectory() as folder:
        rounds = soak(seconds, Path(folder))
    shares = growth(rounds)
    print(curve(rounds))
    print(", ".join(f"{name} +{share:.1%}" for name, share in shares.items()))
    sys.exit(any(share > ALLOWED_GROWTH for share in shares.values()))


if __name__ == "__main__":
    main()
