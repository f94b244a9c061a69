"""What a scope costs: opening, and reading by descriptor, beside doing so by name.

    python tests/bench/scope.py [FOLDER]

CPU per opening of a file; per look at its size, again and again; per `av.open` of
1080p H.264; per seek with the packet there; and per frame of decoding in order. PyAV
opens the same file by name, by the descriptor of a scope, and as a file object.
"""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parents[1]))

import av
from av.container import InputContainer
from bench.films import films
from bench.measure import about, cpu_s, folder_of

from timeline_nb.access import no_links
from timeline_nb.access.scope import Scope
from timeline_nb.access.use import file_status, use_scope
from timeline_nb.media._pyav import open_input
from timeline_nb.media.safety import FORMATS

Opener = Callable[[Path], InputContainer]
ROUNDS, FRAMES = 5, 60


def cost(work: Callable[[], object], count: int) -> float:
    """CPU microseconds of a call: of the fastest of some rounds."""
    work()
    taken = []
    for _ in range(ROUNDS):
        before = cpu_s()
        for _ in range(count):
            work()
        taken.append((cpu_s() - before) / count * 1e6)
    return min(taken)


def line(name: str, cost_us: float, peer_us: float, unit: str = "us") -> None:
    scale = 1000 if unit == "ms" else 1
    print(f"  {name:<34} {cost_us / scale:9.2f} {unit}  {cost_us / peer_us:.2f} x")


def openings(path: Path, scope: Scope) -> None:
    print("opening a file, beside os.open:")
    peer = cost(lambda: os.close(os.open(path, os.O_RDONLY)), 2000)
    line("os.open", peer, peer)
    resolved = cost(lambda: os.close(os.open(path.resolve(), os.O_RDONLY)), 2000)
    line("resolve, then os.open", resolved, peer)
    if no_links.openat2_works():
        line("scope, by openat2", cost(lambda: os.close(scope.open(path)), 2000), peer)
    with patch.object(no_links, "openat2_works", lambda: False):
        line("scope, by folders", cost(lambda: os.close(scope.open(path)), 2000), peer)


def looks(path: Path, scope: Scope) -> None:
    print("a look at a file's size and time, beside Path.stat:")
    peer = cost(path.stat, 2000)
    line("Path.stat", peer, peer)
    with use_scope(scope):
        line("under a scope", cost(lambda: file_status(path), 2000), peer)


def by_name(path: Path) -> InputContainer:
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    return av.open(f"file:{path}", "r", options=options)


def by_file(path: Path) -> InputContainer:
    return av.open(path.open("rb"), "r", options={"format_whitelist": FORMATS})


def by_scope(scope: Scope) -> Opener:
    def opened(path: Path) -> InputContainer:
        with use_scope(scope):
            return open_input(path)

    return opened


def ways(scope: Scope) -> Iterator[tuple[str, Opener]]:
    yield "PyAV, by name", by_name
    yield "open_input, no scope", open_input
    yield "open_input, under a scope", by_scope(scope)
    yield "PyAV, a file object", by_file


def seeks(container: InputContainer) -> Callable[[], object]:
    stream = container.streams.video[0]
    duration = stream.duration or 1
    places = [duration * n // 7 for n in (3, 1, 5, 0, 6, 2, 4)]
    turn = iter(range(1_000_000))

    def work() -> object:
        container.seek(places[next(turn) % len(places)], stream=stream)
        return next(container.demux(stream))

    return work


def decoded(opened: Opener, path: Path, frames: int) -> Callable[[], object]:
    def work() -> object:
        with opened(path) as container:
            container.streams.video[0].thread_type = "NONE"
            for number, _ in enumerate(container.decode(video=0), 1):
                if number == frames:
                    break
        return None

    return work


def opened_and_closed(opened: Opener, path: Path) -> float:
    def work() -> None:
        with opened(path):
            pass

    return cost(work, 30)


def sought(opened: Opener, path: Path) -> float:
    with opened(path) as container:
        return cost(seeks(container), 300)


def decoded_in_order(opened: Opener, path: Path) -> float:
    return cost(decoded(opened, path, FRAMES), 1) / FRAMES


MEASURED: dict[str, tuple[Callable[[Opener, Path], float], str]] = {
    "av.open": (opened_and_closed, "ms"),
    "a seek, and the packet there": (sought, "us"),
    "a frame in order": (decoded_in_order, "us"),
}


def main() -> None:
    print(about())
    with folder_of(sys.argv[1:]) as folder:
        (path,) = films(folder, seconds=5, names="a").values()
        scope = Scope([folder])
        openings(path, scope)
        looks(path, scope)
        for title, (measured, unit) in MEASURED.items():
            print(f"{title}, beside PyAV by name:")
            peer = measured(by_name, path)
            for name, opened in ways(scope):
                line(name, measured(opened, path), peer, unit)


if __name__ == "__main__":
    main()
