"""A notebook in a real JupyterLab for the benches of the browser."""

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).parents[1]))

from browser.lab import (
    browser_page,
    open_notebook,
    run_code,
    running_lab,
    write_notebook,
)
from media_factory import BITS, click_track

__all__ = ["ECHO", "footage", "notebook", "p50", "p95", "run_code"]

# Round trips of an empty message over a widget's channel: what all else is told in.
ECHO = '''
import anywidget
class Echo(anywidget.AnyWidget):
    _esm = """
    export default { render({ model }) {
        window.echo = async (count) => {
            const times = [];
            for (let n = 0; n < count; n++) {
                const began = performance.now();
                await new Promise((heard) => {
                    const listen = () => { model.off("msg:custom", listen); heard(); };
                    model.on("msg:custom", listen);
                    model.send({ n });
                });
                times.push(performance.now() - began);
            }
            return times;
        };
    } };
    """
    def __init__(self):
        super().__init__()
        self.on_msg(lambda _, content, buffers: self.send(content))
Echo()
'''


def footage(
    path: Path, *, seconds: int, rate: int = 30, size: tuple[int, int] = (1280, 720)
) -> None:
    """A moving, noisy film that carries numbers: H.264, one keyframe in 250, AAC."""
    width, height = size
    chance = np.random.default_rng(5)
    noise = chance.integers(0, 40, (height, width * 2, 3), np.uint8)
    texture = cv2.GaussianBlur(
        chance.integers(0, 255, (height, width * 2, 3), np.uint8), (0, 0), 9
    )
    options = {"preset": "veryfast", "crf": "23", "g": "250", "sc_threshold": "0"}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        sound = container.add_stream("aac", rate=48_000, layout="stereo")
        for number in range(seconds * rate):
            shift = number * 3 % width
            moved = texture[:, shift : shift + width]
            rgb = np.asarray(cv2.add(moved, noise[:, :width]), np.uint8)
            edges = [width * bit // BITS for bit in range(BITS + 1)]
            for bit in range(BITS):
                lit = number >> (BITS - 1 - bit) & 1
                rgb[: height // 2, edges[bit] : edges[bit + 1]] = 235 if lit else 16
            frame = av.VideoFrame.from_ndarray(rgb, "rgb24")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        mono = click_track(Fraction(seconds), 48_000)
        for start in range(0, len(mono), 1024):
            chunk = np.stack([mono[start : start + 1024]] * 2)
            samples = av.AudioFrame.from_ndarray(chunk, "fltp", "stereo")
            samples.sample_rate, samples.pts = 48_000, start
            samples.time_base = Fraction(1, 48_000)
            container.mux(sound.encode(samples))
        container.mux(sound.encode())


@contextmanager
def notebook(
    cells: Sequence[str], films: dict[str, int]
) -> Iterator[tuple[Page, Path]]:
    """A page with a notebook of these cells, run, beside films of so many seconds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["TIMELINE_NB_CACHE_DIR"] = str(folder / "cache")
        for film, seconds in films.items():
            footage(folder / film, seconds=seconds)
        write_notebook(folder / "bench.ipynb", cells)
        with running_lab(folder) as lab, browser_page() as page:
            open_notebook(page, lab, "bench.ipynb")
            yield page, folder


def p50(times: Sequence[float]) -> float:
    """The median."""
    return statistics.median(times)


def p95(times: Sequence[float]) -> float:
    """What all but one in twenty stay under."""
    return statistics.quantiles(times, n=20)[-1]
