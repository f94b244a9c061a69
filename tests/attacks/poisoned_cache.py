"""Sources that are replaced while a film is rendered from them.

Of each pair of sources the frames carry other numbers, so that a film tells which it
was made of.
"""

import os
import random
import threading
import time
from collections import Counter
from concurrent.futures import Executor
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
from media_factory import picture, read_number
from references import cut_from

from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import TimelineNbError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import media

FRAMES = 100
# The numbers of the other source begin here.
OTHER = 2000
_SIZE = (192, 112)
# Of the canvas: so large that a render takes about half a second.
_CANVAS = (384, 224)
Manner = Literal["replace", "in place", "touch"]
_FAST = Profile(preset="veryfast", crf=12)


@dataclass
class Figures:
    """What a campaign counted, of renders with a replaced source.

    Args:
        counts: Renders that were refused by name, or whole and of one source.
        faults: What was mixed, stale, or failed in another way.
    """

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def make_pair(folder: Path) -> tuple[bytes, bytes]:
    """Return two sources of as many frames and as many bytes."""
    made = []
    for first in (0, OTHER):
        path = folder / f"from_{first}.mp4"
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=25)
            assert isinstance(stream, av.VideoStream)
            stream.width, stream.height = _SIZE
            stream.pix_fmt = "yuv420p"
            stream.options = {"crf": "12", "g": "12", "bf": "0"}
            stream.codec_context.colorspace = 1
            for number in range(FRAMES):
                frame = av.VideoFrame.from_ndarray(picture(first + number))
                frame.pts, frame.time_base = number, Fraction(1, 25)
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        made.append(path.read_bytes())
    length = max(map(len, made)) + 8
    return _padded(made[0], length), _padded(made[1], length)


def _padded(data: bytes, length: int) -> bytes:
    """Return an MP4 file of a length: its last box is free (ISO/IEC 14496-12)."""
    spare = length - len(data)
    return data + spare.to_bytes(4, "big") + b"free" + bytes(spare - 8)


def put(path: Path, data: bytes, manner: Manner) -> None:
    """Write a file in a manner, with one and the same time of change."""
    if manner == "replace":
        beside = path.with_suffix(".new")
        beside.write_bytes(data)
        os.utime(beside, ns=(10**18, 10**18))
        beside.replace(path)
        return
    if manner == "in place":
        with path.open("r+b") as file:
            file.write(data)
    os.utime(path, ns=(10**18, 10**18))


def poisoned_renders(
    folder: Path,
    count: int,
    seed: int,
    *,
    manner: Manner,
    workers: int = 1,
    executor: Executor | None = None,
    profile: Profile = _FAST,
) -> Figures:
    """Replace the source of a film in the middle of its render, and put it back.

    Args:
        folder: For files; empty.
        count: Renders.
        seed: Of the moments.
        manner: How a file is replaced. Touched, it is another for a moment only.
        workers: Segments that are encoded at once.
        executor: Where; threads if None.
        profile: Of the films.
    """
    draw = random.Random(seed)
    one, other = make_pair(folder)
    source = folder / "source.mp4"
    figures = Figures()
    for number in range(count):
        source.write_bytes(one)
        put(source, one, "replace")
        cache = folder / f"cache_{number}"
        library = MediaLibrary(cache)
        renderer = Renderer(library, cache, executor=executor, workers=workers)
        clip = cut_from(source, library, Fraction(0), Fraction(FRAMES, 25))
        empty = Timeline(name="film", rate=Fraction(25), size=_CANVAS)
        timeline = edits.append(empty, [clip])
        film = folder / "film.mp4"
        swap = threading.Thread(
            target=_swap, args=(source, one, other, manner, draw.uniform(0, 0.5))
        )
        swap.start()
        told = _rendered(renderer, timeline, film, library, profile)
        swap.join()
        figures.counts[told] += 1
        if told.startswith("fault") or (manner == "touch" and told == "other"):
            figures.faults.append(f"{number}: in mid render: {told}")
        # What is in the cache now must be right for both files.
        for data, wanted in ((one, "one"), (other, "other"), (one, "one")):
            put(source, data, draw.choice(("replace", "in place")))
            told = _rendered(renderer, timeline, film, library, profile)
            if told != wanted:
                figures.faults.append(f"{number}: of {wanted} afterwards: {told}")
            seen = _number_of(library, source)
            if seen != {"one": 50, "other": OTHER + 50}[wanted]:
                figures.faults.append(f"{number}: of {wanted}, thumbnail {seen}")
    return figures


def _swap(
    source: Path, one: bytes, other: bytes, manner: Manner, after_s: float
) -> None:
    time.sleep(after_s)
    if manner == "touch":
        put(source, other, "replace")
        time.sleep(0.03)
        put(source, one, "replace")
    else:
        put(source, other, manner)


def _rendered(
    renderer: Renderer,
    timeline: Timeline,
    film: Path,
    library: MediaLibrary,
    profile: Profile,
) -> str:
    (source,) = media(timeline)
    try:
        renderer.render(timeline, film, profile, Reporter())
    except TimelineNbError as error:
        named = source in str(error)
        return "refused" if named else f"fault: no name: {error}"
    except Exception as error:  # noqa: BLE001 - it is what is looked for
        return f"fault: {error!r}"
    with library.video(film) as decoder:
        found = [read_number(f.to_rgb()) for f in decoder.frames(range(FRAMES))]
    if found == list(range(FRAMES)):
        return "one"
    if found == list(range(OTHER, OTHER + FRAMES)):
        return "other"
    return f"fault: mixed: {found}"


def _number_of(library: MediaLibrary, source: Path) -> int:
    (rgb,) = library.thumbnails(source, [Fraction(2)], height_px=_SIZE[1])
    return read_number(rgb)
