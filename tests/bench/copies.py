"""Allocations and bytes copied a frame, for play, render and detection, on Linux.

    python tests/bench/copies.py

Each line is a process of its own, in which a library (`copies.c`, built with `cc`)
stands before `malloc` and `memcpy`: it counts allocations of 64 KiB or more, and what
is moved in calls of 256 bytes or more. What a scaler or a codec computes is no copy.
A run of 60 frames is taken from one of 180, so that only what frames cost is left.
A copy of 1.00 is one whole frame as it is decoded, 1280x720 in yuv420p. Below each
line stands its floor: PyAV alone, and what the same step cannot do without.
"""

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Literal

sys.path.insert(0, str(Path(__file__).parents[1]))

import av
import cv2
import numpy as np
from bench.measure import about
from bench.stage import footage

import timeline_nb as tl
from timeline_nb.preview.encoded_packet import playback_encoding
from timeline_nb.preview.media_source import MediaPlayerSource
from timeline_nb.preview.proxies import proxy_size
from timeline_nb.preview.timeline_source import TimelinePlayerSource
from timeline_nb.recognition.models.registry import load_embedded
from timeline_nb.segments.encoding import open_encoder

SIZE = (1280, 720)
FRAME_BYTES = SIZE[0] * SIZE[1] * 3 // 2
FEW, MANY, RATE = 60, 180, 30
FAST = {"preset": "ultrafast", "crf": "28"}
LINES = (
    ("render, a clip as it is", "render", "encode"),
    ("render, decoded in a process apart", "render_apart", "encode"),
    ("render, with a title drawn on it", "render_title", "encode"),
    ("play a film", "play_film", "play"),
    ("play an edit", "play_edit", "play"),
    ("detect", "detect", "network"),
)


def _studio(folder: Path, *, apart: bool = False) -> tl.Studio:
    own = Path(mkdtemp(dir=folder))
    isolate: Literal["always", "never"] = "always" if apart else "never"
    return tl.open_studio(tl.Settings(cache_dir=own, roots=(folder,), isolate=isolate))


def _edit(folder: Path, count: int, studio: tl.Studio) -> tl.Edit:
    cut = tl.Edit("bench", rate=RATE, size=SIZE, studio=studio)
    film = tl.open(folder / "film.mp4", studio=studio)
    cut.append(film.clip(0, f"{count // RATE}s"))
    return cut


def _rendered(
    folder: Path, count: int, *, apart: bool = False, title: bool = False
) -> None:
    with _studio(folder, apart=apart) as studio:
        cut = _edit(folder, count, studio)
        if title:
            cut.titles.add("A title", start=0, end=f"{count // RATE}s")
        profile = tl.Profile(preset="ultrafast", crf=28)
        job = cut.render(folder / f"{count}.mp4", profile=profile, overwrite=True)
        assert job.wait().frames == count


def render(folder: Path, count: int) -> None:
    _rendered(folder, count)


def render_apart(folder: Path, count: int) -> None:
    _rendered(folder, count, apart=True)


def render_title(folder: Path, count: int) -> None:
    _rendered(folder, count, title=True)


def play_film(folder: Path, count: int) -> None:
    with _studio(folder) as studio:
        info = studio.library.probe(folder / "film.mp4")
        source = MediaPlayerSource(info, studio.library, studio.proxies)
        _take(source.encoded_packets(0), count)


def play_edit(folder: Path, count: int) -> None:
    with _studio(folder) as studio:
        cut = _edit(folder, MANY, studio)
        library, proxies = studio.library, studio.proxies
        source = TimelinePlayerSource(cut.timeline, library, proxies)
        _take(source.encoded_packets(0), count)


def _take(packets: Iterator[object], count: int) -> None:
    for _ in range(count):
        next(packets)


def detect(folder: Path, count: int) -> None:
    with _studio(folder) as studio:
        film = tl.open(folder / "film.mp4", studio=studio)
        film.detect(end=f"{count // RATE}s")


def _pictures(folder: Path, count: int) -> Iterator[av.VideoFrame]:
    with av.open(str(folder / "film.mp4")) as film:
        film.streams.video[0].thread_type = "NONE"
        for number, picture in enumerate(film.decode(video=0)):
            if number == count:
                return
            picture.pict_type = av.video.frame.PictureType.NONE
            yield picture


def encode(folder: Path, count: int) -> None:
    with av.open(str(folder / "floor.mp4"), "w") as film:
        stream = film.add_stream("libx264", rate=RATE, options=FAST)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for picture in _pictures(folder, count):
            film.mux(stream.encode(picture))
        film.mux(stream.encode())


def play(folder: Path, count: int) -> None:
    width, height = proxy_size(SIZE)
    context = open_encoder(playback_encoding((width, height), Fraction(RATE)))
    scaler = av.video.reformatter.VideoReformatter()
    for picture in _pictures(folder, count):
        small = scaler.reformat(picture, width, height, "yuv420p")
        for packet in context.encode(small):
            bytes(packet)


def network(folder: Path, count: int) -> None:
    """Planes as they are decoded, made small, into a network's one input."""
    import onnxruntime as ort

    session = ort.InferenceSession(load_embedded().data)
    (given,) = session.get_inputs()
    shape = [side if isinstance(side, int) else 1 for side in given.shape]
    batch = np.zeros(shape, np.float32)
    side = batch.shape[3], batch.shape[2]
    for picture in _pictures(folder, count):
        luma = np.frombuffer(memoryview(picture.planes[0]), np.uint8)
        small = cv2.resize(luma.reshape(SIZE[1], -1)[:, : SIZE[0]], side)
        np.multiply(small, np.float32(1 / 255), out=batch[0, 0])
        session.run(None, {given.name: batch})


def _counted(work: Callable[[Path, int], None], folder: Path) -> list[float]:
    counts = (ctypes.c_ulong * 4).in_dll(ctypes.CDLL(None), "counted")

    def cost(frames: int) -> list[int]:
        before = list(counts)
        work(folder, frames)
        return [now - then for now, then in zip(counts, before, strict=True)]

    work(folder, FEW)
    few, many = cost(FEW), cost(MANY)
    return [(m - f) / (MANY - FEW) for m, f in zip(many, few, strict=True)]


def _in_process(name: str, folder: Path, library: Path) -> list[float]:
    done = subprocess.run(
        [sys.executable, __file__, name, str(folder)],
        env=os.environ | {"LD_PRELOAD": str(library)},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return [float(word) for word in done.stdout.split()[-4:]]


def main() -> None:
    if len(sys.argv) > 2:
        print(*_counted(globals()[sys.argv[1]], Path(sys.argv[2])))
        return
    with TemporaryDirectory() as name:
        folder = Path(name)
        library = folder / "counted.so"
        source = Path(__file__).with_suffix(".c")
        flags = ["-O2", "-fno-builtin", "-shared", "-fPIC"]
        subprocess.run(["cc", *flags, "-o", library, source, "-ldl"], check=True)
        footage(folder / "film.mp4", seconds=MANY // RATE + 1, size=SIZE)
        print(about())
        print(f"{'':36}{'allocations':>12}{'MB':>8}{'copies MB':>12}{'frames':>8}")
        for title, case, floor in LINES:
            for shown, work in ((title, case), ("  floor", floor)):
                made, made_bytes, _, copied = _in_process(work, folder, library)
                print(
                    f"{shown:36}{made:12.2f}{made_bytes / 1e6:8.2f}"
                    f"{copied / 1e6:12.2f}{copied / FRAME_BYTES:8.2f}"
                )


if __name__ == "__main__":
    main()
