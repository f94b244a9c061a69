"""The same film, rendered twice from nothing, in processes with other memory.

Memory that is allocated is filled with another byte in each (glibc's MALLOC_PERTURB_),
so that an encoder or a muxer that reads what it never set gives other bytes each time.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from media_factory import Recipe, make
from references import cut_from

from timeline_nb.core.jobs import Reporter
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.containers import CONTAINERS
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline

# Suffix, codec, width and height.
Film = tuple[str, str, int, int]
_FRAMES = 4
_FILLS = ("85", "170")
# The least that each encoder takes, where it is more than 2.
_LEAST_PX = {"dnxhr": (256, 120), "av1": (64, 64)}
# Of these two films had been seen to differ, where a processor has AVX-512.
VARYING_PX = (160, 320, 360, 720, 854, 960, 1080)


@dataclass
class Figures:
    """What a campaign counted, of films that were rendered twice.

    Args:
        films: How many.
        differing: Those of other bytes.
        failed: Those that did not come to be, with why.
    """

    films: int = 0
    differing: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def kinds(suffixes: Sequence[str] = tuple(CONTAINERS)) -> list[tuple[str, str]]:
    """Return every container with every codec of it."""
    return [(s, codec) for s in suffixes for codec in CONTAINERS[s].video or ("auto",)]


def sizes(count: int) -> list[tuple[int, int]]:
    """Return sizes, wide and high ones, those seen to differ first."""
    widths = [*VARYING_PX, *range(162, 162 + 34 * count, 34)]
    return [
        (width, max(146, width * (9 if n % 2 else 5) // 16 // 2 * 2))
        for n, width in enumerate(widths[:count])
    ]


def differing_films(films: Iterable[Film], folder: Path) -> Figures:
    """Render each film twice, in two processes, and compare their bytes.

    Args:
        films: What is rendered.
        folder: For the source.
    """
    source = make(folder, Recipe("source.mp4", frames=8, clicks=True))
    wanted = [film for film in films if _is_taken(film)]
    told = [_rendered_elsewhere(wanted, source, fill) for fill in _FILLS]
    figures = Figures(films=len(wanted))
    for film, one, other in zip(wanted, *told, strict=True):
        if one.startswith("failed"):
            figures.failed.append(f"{film}: {one}")
        elif one != other:
            figures.differing.append(f"{film}: {one} {other}")
    return figures


def _is_taken(film: Film) -> bool:
    least = _LEAST_PX.get(film[1], (2, 2))
    return film[2] >= least[0] and film[3] >= least[1]


def _rendered_elsewhere(films: list[Film], source: Path, fill: str) -> list[str]:
    environment = {**os.environ, "MALLOC_PERTURB_": fill}
    tests = Path(__file__).parents[1]
    paths = [str(tests), str(tests.parent)]
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    run = subprocess.run(
        [sys.executable, "-m", "attacks.differing_films", str(source)],
        input=json.dumps(films),
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return [str(line) for line in json.loads(run.stdout.splitlines()[-1])]


def _render(film: Film, source: Path) -> str:
    """Return the digest of a film, rendered without anything cached."""
    suffix, codec, width, height = film
    pattern = "film%03d" if CONTAINERS[suffix].format == "sequence" else "film"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        library = MediaLibrary(folder / "cache")
        clip = cut_from(source, library, Fraction(0), Fraction(_FRAMES, 25))
        empty = Timeline(name="film", rate=Fraction(25), size=(width, height))
        timeline = edits.append(empty, [clip])
        profile = Profile(video=codec, preset="ultrafast")  # type: ignore[arg-type] # of the containers
        renderer = Renderer(library, folder / "cache", workers=1)
        path = folder / f"{pattern}{suffix}"
        try:
            renderer.render(timeline, path, profile, Reporter())
        except Exception as error:  # noqa: BLE001 - all of them are told
            return f"failed: {error}"
        digest = hashlib.sha256()
        for one in sorted(folder.glob("film*")):
            digest.update(one.read_bytes())
        return digest.hexdigest()


if __name__ == "__main__":
    given = json.loads(sys.stdin.read())
    print(json.dumps([_render(tuple(f), Path(sys.argv[1])) for f in given]))
