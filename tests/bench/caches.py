"""Hit ratios of LRU, LFU and FIFO for the caches of frames and thumbnails.

    python tests/bench/caches.py

The patterns are what a person does, as frames are then asked for. Each cache has the
size that the package gives it; `best` is what a cache of that size that knew the
future would hit (Belady's rule), so the row says what any policy could still gain.
"""

import random
from collections.abc import Callable, Iterable
from typing import Any

from cachetools import Cache, FIFOCache, LFUCache, LRUCache

Pattern = list[int]
POLICIES: dict[str, Callable[[int], Cache[int, bool]]] = {
    "LRU": LRUCache,
    "LFU": LFUCache,
    "FIFO": FIFOCache,
}
# Entries: 8 frames of a decoder; 256 MB of composed frames of 1080p; 32 MB of JPEGs of
# 25 KB; 16 MB of thumbnails of 2 KB.
SIZES = {"decoder": 8, "composed": 41, "scrubbed": 1280, "thumbnails": 8000}
FILM = 9000


def forward() -> Pattern:
    """Play five minutes at 30 frames a second."""
    return list(range(FILM))


def steps() -> Pattern:
    """Look for a cut by single frames: some ahead, some back, and on."""
    chance, at, asked = random.Random(1), 1000, []
    for _ in range(2000):
        at += chance.choice((1, 1, 1, -1, -1))
        asked.append(at)
    return asked


def scrub() -> Pattern:
    """Drag back and forth over ever shorter stretches around a place."""
    chance, asked = random.Random(2), []
    for _ in range(20):
        middle = chance.randrange(1000, FILM - 1000)
        for reach in (600, 300, 150, 60, 30):
            speed = max(1, reach // 30)
            there = list(range(middle - reach, middle + reach, speed))
            asked += [*there, *reversed(there)]
    return asked


def loop() -> Pattern:
    """Watch a range of two seconds eight times, then the next."""
    starts = range(0, 3000, 300)
    return [n for start in starts for _ in range(8) for n in range(start, start + 60)]


def cuts() -> Pattern:
    """Jump between 60 cuts, mostly near ones, and look at 5 frames around each."""
    chance, asked, at = random.Random(3), [], 30
    for _ in range(600):
        near = min(59, max(0, at + chance.choice((-1, -1, 1, 1, 1))))
        at = chance.randrange(60) if chance.random() < 0.1 else near
        asked += [at * 150 + step for step in range(-2, 3)]
    return asked


def strips() -> Pattern:
    """Zoom a strip of a 5-minute film in and out around places, 40 pictures each."""
    chance = random.Random(4)
    asked: Pattern = []
    for _ in range(40):
        middle = chance.randrange(FILM)
        for zoom in (1, 2, 4, 8, 16, 8, 4, 2, 1):
            step = FILM // (40 * zoom)
            first = min(max(0, middle - 20 * step), FILM - 40 * step)
            first -= first % step
            asked += range(first, first + 40 * step, step)
    return asked


def mixed() -> Pattern:
    """Edit: cuts, steps, a loop, a scrub and a look at the whole, in turn."""
    parts = [cuts(), steps(), loop(), scrub(), strips()]
    pieces = [part[n : n + 200] for n in range(0, 3000, 200) for part in parts]
    return [number for piece in pieces for number in piece]


PATTERNS = (forward, steps, scrub, loop, cuts, strips, mixed)


def hits(cache: Cache[int, bool], asked: Iterable[int]) -> float:
    """The share of look-ups that the cache answers."""
    found = count = 0
    for number in asked:
        count += 1
        if cache.get(number):
            found += 1
        else:
            cache[number] = True
    return found / count


def best(size: int, asked: Pattern) -> float:
    """The share that a cache could answer that drops what is needed last."""
    after: list[float] = [0.0] * len(asked)
    seen: dict[int, int] = {}
    for place in range(len(asked) - 1, -1, -1):
        after[place] = seen.get(asked[place], float("inf"))
        seen[asked[place]] = place
    kept: dict[int, float] = {}
    found = 0
    for place, number in enumerate(asked):
        found += number in kept
        if number not in kept and len(kept) >= size:
            last: Any = max(kept, key=kept.__getitem__)
            if kept[last] <= after[place]:
                continue
            del kept[last]
        kept[number] = after[place]
    return found / len(asked)


def main() -> None:
    for name, size in SIZES.items():
        print(f"{name}, {size} entries")
        print(f"  {'':10}" + "".join(f"{kind:>7}" for kind in (*POLICIES, "best")))
        for pattern in PATTERNS:
            asked = pattern()
            shares = [hits(make(size), asked) for make in POLICIES.values()]
            shares.append(best(size, asked))
            row = "".join(f"{share:7.1%}" for share in shares)
            print(f"  {pattern.__name__:10}{row}")


if __name__ == "__main__":
    main()
