"""What detection costs beside the bare network, on 1080p film.

python tests/bench/detector.py [FILM] [FRAMES]

Without a film, real footage is enlarged to 1920 x 1080 and encoded again.
"""

import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import onnxruntime as ort
from references import enlarged

from timeline_nb.media.library import MediaLibrary
from timeline_nb.recognition.inference.detector import Detector
from timeline_nb.recognition.inference.prepare import (
    fill_input,
    picture_of,
    window_on,
)
from timeline_nb.recognition.models.registry import load_embedded
from timeline_nb.recognition.source import Source

ROUNDS = 5
CPU = "CPUExecutionProvider"


def main() -> None:
    detector = Detector(load_embedded())
    network, layout = detector._network, detector.layout
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else enlarged(folder)
        count = int(sys.argv[2]) if len(sys.argv) > 2 else 100
        library = MediaLibrary(folder / "cache")
        info = library.probe(path)
        index = library.index(info)
        source = Source.of(info, index)
        count = min(count, len(index))
        threads = detector.decoding_threads
        with library.video(path, threads=threads) as decoder:
            frame = decoder.frame(0)
            window = window_on((0, 0, *frame.size), layout.side, layout.pixels.fit)
            batch = network.new_batch()
            began = time.process_time()
            for _ in range(50):
                fill_input(batch[0], picture_of(frame), window, layout.pixels)
            prepared = (time.process_time() - began) / 50
            (given,) = network._session.get_inputs()
            plain = ort.InferenceSession(load_embedded().data, providers=[CPU])

            def run() -> object:
                return plain.run(None, {given.name: batch})

            bare, whole = [], []
            for _ in range(ROUNDS):
                bare.append(_timed(run, count // len(batch)))
                bare[-1] /= len(batch)
                began = time.perf_counter()
                detector.detect(decoder.frames(range(count)), source)
                whole.append((time.perf_counter() - began) / count)
            began = time.perf_counter()
            for _ in decoder.frames(range(count)):
                pass
            decoded = (time.perf_counter() - began) / count
    width, height = np.shape(frame.to_rgb())[1::-1]
    ratio = median(w / b for w, b in zip(whole, bare, strict=True))
    print(f"{path.name} {width}x{height}, {count} frames, {detector.providers[-1]}")
    print(f"  bare network    {median(bare) * 1000:7.2f} ms a frame")
    print(f"  film to boxes   {median(whole) * 1000:7.2f} ms a frame, {ratio:.2f} x")
    print(f"  decoding alone  {decoded * 1000:7.2f} ms a frame")
    print(f"  preparing       {prepared * 1000:7.2f} ms of a core")


def _timed(work: object, times: int) -> float:
    """Seconds of each call."""
    assert callable(work)
    began = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - began) / times


if __name__ == "__main__":
    main()
