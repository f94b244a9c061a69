"""What detection costs beside the bare network, on real footage.

python tests/bench/detector.py FILM [FRAMES]
"""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from references import footage

from timeline_nb.media.library import MediaLibrary
from timeline_nb.recognition.detections import Source
from timeline_nb.recognition.detector import Detector
from timeline_nb.recognition.letterbox import letterbox


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else footage("bigbuckbunny.mp4")
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    detector = Detector()
    with TemporaryDirectory() as folder:
        library = MediaLibrary(Path(folder))
        info = library.probe(path)
        index = library.index(info)
        source = Source(
            path=str(path),
            fingerprint=info.fingerprint,
            stream=index.stream,
            time_base=index.time_base,
            start_time=index.start_time,
            rate=info.video[0].rate,
            size=info.video[0].display_size,
            end_pts=index.end_pts,
        )
        count = min(count, len(index))
        with library.video(path) as decoder:
            picture = decoder.frame(0).to_rgb()
            letter = letterbox(picture, detector.side)
            began = time.perf_counter()
            for _ in range(count // 4):
                detector._run([letter] * 4)
            bare = (time.perf_counter() - began) / (count // 4 * 4)
            began = time.perf_counter()
            detector.detect(decoder.frames(range(count)), source)
            whole = (time.perf_counter() - began) / count
        began = time.process_time()
        for _ in range(20):
            letterbox(picture, detector.side)
        prepared = (time.process_time() - began) / 20
    height, width = np.shape(picture)[:2]
    print(f"{path.name} {width}x{height}, {count} frames, {detector.providers[-1]}")
    print(f"  bare network    {bare * 1000:7.2f} ms a frame")
    print(f"  film to boxes   {whole * 1000:7.2f} ms a frame, {whole / bare:.2f} x")
    print(f"  letterbox       {prepared * 1000:7.2f} ms of a core")


if __name__ == "__main__":
    main()
