"""Detection and tracking beside ultralytics and supervision, on the same ONNX file.

    pip install ultralytics "supervision<0.27"
    python tests/bench/peers.py [MODEL.onnx] [FRAMES]

Both are installed by hand: ultralytics is AGPL and never a dependency. Without a model,
a YOLO11n with random weights is exported first. Both sides run on the CPU with as many
threads as there are cores, on the same 1080p film, one after the other in each round.
"""

import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

import supervision as sv
from references import enlarged
from ultralytics import YOLO

from timeline_nb.media.library import MediaLibrary
from timeline_nb.recognition.inference.detector import Detector
from timeline_nb.recognition.models.registry import load_file
from timeline_nb.recognition.models.tighten import tightened
from timeline_nb.recognition.source import Source
from timeline_nb.recognition.tracking.track import track

ROUNDS = 3


def exported(folder: Path) -> Path:
    """A YOLO11n with random weights."""
    path = YOLO("yolo11n.yaml").export(format="onnx", imgsz=640, simplify=False)
    return Path(path).replace(folder / "yolo11n.onnx")


def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        given = len(sys.argv) > 1
        model = Path(sys.argv[1]) if given else exported(folder)
        count = int(sys.argv[2]) if len(sys.argv) > 2 else 60
        film = enlarged(folder)
        library = MediaLibrary(folder / "cache")
        info = library.probe(film)
        index = library.index(info)
        source = Source.of(info, index)
        detector = Detector(tightened(load_file(model), source.size))
        peer = YOLO(str(model), task="detect")
        with library.video(film, threads=detector.decoding_threads) as decoder:
            detector.detect(decoder.frames(range(4)), source)
            ours, theirs, tracked, loops = [], [], [], []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                found = detector.detect(decoder.frames(range(count)), source)
                ours.append(count / (time.perf_counter() - began))
                track(found)
                tracked.append(count / (time.perf_counter() - began))
                theirs.append(_ultralytics(peer, film, count))
                loops.append(_supervision(peer, film, count))
    print(f"{model.name}, {count} frames of 1080p, {detector.providers[-1]}")
    ratio = median(ours) / median(theirs)
    print(f"  detect            {median(ours):6.1f} frames/s")
    print(f"  ultralytics       {median(theirs):6.1f} frames/s: {ratio:.2f} x")
    ratio = median(tracked) / median(loops)
    print(f"  detect and track  {median(tracked):6.1f} frames/s")
    print(f"  supervision loop  {median(loops):6.1f} frames/s: {ratio:.2f} x")


def _ultralytics(peer: YOLO, film: Path, count: int) -> float:
    results = peer.predict(str(film), stream=True, verbose=False, conf=0.25, iou=0.6)
    next(results)
    began = time.perf_counter()
    for _, _ in zip(range(count), results, strict=False):
        pass
    return count / (time.perf_counter() - began)


def _supervision(peer: YOLO, film: Path, count: int) -> float:
    tracker = sv.ByteTrack()
    frames = sv.get_video_frames_generator(str(film))
    next(frames)
    began = time.perf_counter()
    for _, frame in zip(range(count), frames, strict=False):
        (result,) = peer(frame, verbose=False, conf=0.25, iou=0.6)
        tracker.update_with_detections(sv.Detections.from_ultralytics(result))
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
