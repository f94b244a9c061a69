"""What decoding in a process apart costs, as a ratio to decoding in this one.

1080p film is played from its first frame to its last, sought in at random, probed, and
many small files are opened one after another. Both ways take turns; the best of each
counts. Seconds are wall time; on a busy machine the ratio of CPU time says more, in
which the work of the process apart counts.
"""

import random
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import psutil

from timeline_nb.media.apart.isolation import Isolate, Isolation
from timeline_nb.media.apart.pool import POOL
from timeline_nb.media.library import MediaLibrary

FRAMES = 250
SMALL_FILES = 40
ROUNDS = 5


def film(folder: Path, *, seconds: int, size: str, name: str) -> Path:
    """A film of moving noise on a test picture: 6 Mbit/s at 1080p."""
    path = folder / name
    subprocess.run(
        [
            *("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i"),
            f"testsrc2=size={size}:rate=25:duration={seconds},noise=alls=6:allf=t",
            *("-f", "lavfi", "-i", f"sine=440:duration={seconds}"),
            *("-c:v", "libx264", "-preset", "fast", "-crf", "26", "-g", "50"),
            *("-pix_fmt", "yuv420p", "-c:a", "aac", str(path)),
        ],
        check=True,
    )
    return path


def play(library: MediaLibrary, path: Path, *, shown: bool) -> None:
    """Decode all frames in order, and make each RGB if it is shown."""
    with library.video(path) as decoder:
        for frame in decoder.frames(range(FRAMES)):
            if shown:
                frame.to_rgb((960, 540))


def seek(library: MediaLibrary, path: Path) -> None:
    """Decode frames at random places."""
    places = random.Random(1).sample(range(FRAMES), 25)
    with library.video(path) as decoder:
        for number in places:
            decoder.frame(number)


def hear(library: MediaLibrary, path: Path) -> None:
    """Decode the sound in pieces, as a player does."""
    with library.audio(path, sample_rate_hz=48_000) as decoder:
        for start in range(0, FRAMES * 1920, 4800):
            decoder.read(start, 4800)


def open_all(folder: Path, isolation: Isolation, paths: list[Path]) -> None:
    """Probe, index and show small files, as a bin does; nothing of it is kept."""
    with tempfile.TemporaryDirectory(dir=folder) as cache:
        library = MediaLibrary(Path(cache), isolation=isolation)
        for path in paths:
            info = library.probe(path)
            library.index(info)
            with library.video(path) as decoder:
                decoder.frame(0)


def cpu_seconds() -> float:
    """CPU time of this process, and of the processes apart."""
    used = psutil.Process().cpu_times()
    total = used.user + used.system + used.children_user + used.children_system
    for pid in POOL.pids:
        other = psutil.Process(pid).cpu_times()
        total += other.user + other.system
    return total


def compare(name: str, work: Callable[[Isolation], None]) -> None:
    """Print the seconds of both ways and their ratio."""
    never = (float("inf"), float("inf"))
    best: dict[Isolate, tuple[float, float]] = {"never": never, "always": never}
    for _ in range(ROUNDS):
        for isolate in ("never", "always"):
            began, spent = perf_counter(), cpu_seconds()
            work(Isolation(isolate))
            wall, cpu = best[isolate]
            best[isolate] = (
                min(wall, perf_counter() - began),
                min(cpu, cpu_seconds() - spent),
            )
    (wall, cpu), (wall_apart, cpu_apart) = best.values()
    print(
        f"| {name} | {wall:.3f} | {wall_apart:.3f} | {wall_apart / wall:.2f} "
        f"| {cpu_apart / cpu:.2f} |",
        flush=True,
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        path = film(folder, seconds=10, size="1920x1080", name="film.mp4")
        small = [
            film(folder, seconds=1, size="320x180", name=f"{n}.mp4")
            for n in range(SMALL_FILES)
        ]
        libraries: dict[Isolation, MediaLibrary] = {}

        def library(isolation: Isolation) -> MediaLibrary:
            if isolation not in libraries:
                libraries[isolation] = MediaLibrary(
                    folder / "cache", isolation=isolation
                )
            return libraries[isolation]

        print("| | here, s | apart, s | ratio | of CPU time |\n|---|---|---|---|---|")
        compare(
            f"{FRAMES} frames of 1080p in order",
            lambda way: play(library(way), path, shown=False),
        )
        compare(
            "the same, each made RGB of 960 x 540",
            lambda way: play(library(way), path, shown=True),
        )
        compare("25 frames of 1080p at random", lambda way: seek(library(way), path))
        compare("10 s of sound in pieces", lambda way: hear(library(way), path))
        compare(
            f"{SMALL_FILES} small files opened",
            lambda way: open_all(folder, way, small),
        )


if __name__ == "__main__":
    main()
