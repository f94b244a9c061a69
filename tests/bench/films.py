"""Films for the benches of rendering: real footage, 1080p30, with sound."""

from fractions import Fraction
from itertools import cycle, islice
from pathlib import Path

import av
import cv2
import numpy as np
from media_factory import click_track
from references import footage

__all__ = ["films"]

SIZE = (1920, 1080)
SOURCES = {"a": ("bikes.mp4", 0), "b": ("bigbuckbunny.mp4", 0), "c": ("bikes.mp4", 60)}


def films(
    folder: Path, *, seconds: int = 15, gop: int = 250, names: str = "abc"
) -> dict[str, Path]:
    """Up to three films, made unless they are there."""
    made = {}
    for name in names:
        source, first = SOURCES[name]
        path = folder / f"{name}_{seconds}s_gop{gop}.mp4"
        if not path.exists():
            _make(path, source, first, seconds * 30, gop)
        made[name] = path
    return made


def _make(path: Path, source: str, first: int, count: int, gop: int) -> None:
    with av.open(str(footage(source))) as container:
        given = [f.to_ndarray(format="yuv420p") for f in container.decode(video=0)]
        shape = given[0].shape
    pictures = [_enlarged(planes, shape) for planes in given[first:] + given[:first]]
    partial = path.with_suffix(".partial.mp4")
    options = {"preset": "fast", "crf": "20", "g": str(gop), "sc_threshold": "0"}
    with av.open(str(partial), "w") as out:
        stream = out.add_stream("libx264", rate=30, options=options)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        context = stream.codec_context
        context.color_primaries = context.color_trc = context.colorspace = 1
        context.color_range = 1
        sound = out.add_stream("aac", rate=48_000, layout="stereo")
        # To and fro, so that nothing jumps where the footage ends.
        way = cycle([*pictures, *pictures[-2:0:-1]])
        for number, picture in enumerate(islice(way, count)):
            frame = av.VideoFrame.from_ndarray(picture, "yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 30)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
        mono = click_track(Fraction(count, 30), 48_000)
        for start in range(0, len(mono), 1024):
            chunk = np.stack([mono[start : start + 1024]] * 2)
            samples = av.AudioFrame.from_ndarray(chunk, "fltp", "stereo")
            samples.sample_rate, samples.pts = 48_000, start
            samples.time_base = Fraction(1, 48_000)
            out.mux(sound.encode(samples))
        out.mux(sound.encode())
    partial.replace(path)


def _enlarged(planes: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """A 4:2:0 picture at the larger size, as the stacked planes PyAV takes."""
    high, wide = shape[0] * 2 // 3, shape[1]
    luma = planes[:high]
    chroma = planes[high:].reshape(2, high // 2, wide // 2)
    width, height = SIZE
    half = (width // 2, height // 2)
    parts = [cv2.resize(luma, SIZE, interpolation=cv2.INTER_CUBIC)]
    parts += [
        cv2.resize(plane, half, interpolation=cv2.INTER_CUBIC) for plane in chroma
    ]
    flat = np.concatenate([np.asarray(part, np.uint8).reshape(-1) for part in parts])
    return flat.reshape(height * 3 // 2, width)
