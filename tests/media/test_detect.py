"""Real frames through the embedded network, beside a plain reference."""

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort
import pytest
from numpy.typing import NDArray

from timeline_nb.core.jobs import Reporter
from timeline_nb.core.progress import Progress
from timeline_nb.errors import JobCancelledError, RecognitionError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.recognition.annotate import annotate
from timeline_nb.recognition.detections import Detections, Source
from timeline_nb.recognition.detector import Detector
from timeline_nb.recognition.manifest import model_dir

NUMBERS = range(100, 125, 6)


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector()


def _source(path: Path, library: MediaLibrary) -> Source:
    info = library.probe(path)
    index = library.index(info)
    return Source(
        path=str(path),
        fingerprint=info.fingerprint,
        stream=0,
        time_base=index.time_base,
        start_time=index.start_time,
        rate=info.video[0].rate,
        size=info.video[0].display_size,
        end_pts=index.end_pts,
    )


def _plain(rgb: NDArray[np.uint8], threshold: float) -> list[tuple[float, ...]]:
    """Letterbox, network, decode and suppress, each in the plainest way."""
    height, width = rgb.shape[:2]
    scale = 416 / max(height, width)
    wide, high = round(width * scale), round(height * scale)
    canvas = np.full((416, 416, 3), 114, np.uint8)
    top, left = (416 - high) // 2, (416 - wide) // 2
    canvas[top : top + high, left : left + wide] = cv2.resize(rgb, (wide, high))
    session = ort.InferenceSession(
        model_dir() / "nanodet_g_416_coco_w8_v8.onnx",
        providers=["CPUExecutionProvider"],
    )
    given = (canvas.transpose(2, 0, 1)[None] / 255).astype(np.float32)
    (output,) = session.run(None, {"images": given})
    boxes: list[tuple[float, ...]] = []
    for column in output[0].T:
        label = int(np.argmax(column[4:]))
        if column[4 + label] >= threshold:
            x, y, w, h = column[:4]
            sides = [x - w / 2 - left, y - h / 2 - top]
            sides += [x + w / 2 - left, y + h / 2 - top]
            x1, y1, x2, y2 = (value / scale for value in sides)
            x1, x2 = max(0, x1), min(width, x2)
            y1, y2 = max(0, y1), min(height, y2)
            boxes.append((float(column[4 + label]), label, x1, y1, x2, y2))
    boxes.sort(reverse=True)
    kept: list[tuple[float, ...]] = []
    for box in boxes:
        if all(other[1] != box[1] or _iou(other, box) <= 0.6 for other in kept):
            kept.append(box)
    return kept


def _iou(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    wide = min(one[4], other[4]) - max(one[2], other[2])
    high = min(one[5], other[5]) - max(one[3], other[3])
    shared = max(0, wide) * max(0, high)
    areas = [(b[4] - b[2]) * (b[5] - b[3]) for b in (one, other)]
    return shared / (sum(areas) - shared)


def _detect(
    detector: Detector, path: Path, library: MediaLibrary, numbers: range
) -> Detections:
    with library.video(path) as decoder:
        return detector.detect(decoder.frames(numbers), _source(path, library))


def test_boxes_are_those_of_a_plain_reference(
    detector: Detector, bikes: Path, library: MediaLibrary
) -> None:
    found = _detect(detector, bikes, library, NUMBERS)
    assert len(found) > 10
    with library.video(bikes) as decoder:
        for number in NUMBERS:
            frame = decoder.frame(number)
            expected = _plain(frame.to_rgb(), 0.25)
            here = found.of_frame(frame.id.pts)
            assert here.frame.tolist() == [number] * len(expected)
            for row, (score, label, *box) in enumerate(expected):
                assert here.class_id[row] == label
                assert abs(here.score[row] - score) < 1e-3
                # The reference scales both sides alike; rounding moves one by 0.3 px.
                assert np.abs(here.xyxy[row] - box).max() < 1


def test_a_turned_film_is_looked_at_upright(
    detector: Detector, bikes: Path, library: MediaLibrary, tmp_path: Path
) -> None:
    import av

    turned = tmp_path / "turned.mp4"
    with library.video(bikes) as decoder, av.open(str(turned), "w") as out:
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 272, 640, "yuv420p"
        stream.options = {"crf": "4"}
        stream.set_display_rotation(-90)
        for place, frame in enumerate(decoder.frames(range(120, 124))):
            sideways = np.ascontiguousarray(np.rot90(frame.to_rgb()))
            picture = av.VideoFrame.from_ndarray(sideways)
            picture.pts = place
            out.mux(stream.encode(picture))
        out.mux(stream.encode())
    straight = _detect(detector, bikes, library, range(120, 121)).above(0.6)
    upright = _detect(detector, turned, library, range(1)).above(0.6)
    assert upright.class_id.tolist() == straight.class_id.tolist() != []
    assert np.abs(upright.xyxy - straight.xyxy).max() < 12


def test_frames_are_batched_and_each_is_told(
    detector: Detector, bikes: Path, library: MediaLibrary
) -> None:
    heard: list[Progress] = []
    with library.video(bikes) as decoder:
        found = detector.detect(
            decoder.frames(range(9)),
            _source(bikes, library),
            reporter=Reporter(heard.append),
            total=9,
        )
    assert found.examined_frame.tolist() == list(range(9))
    assert found.examined_pts.tolist() == [n * 512 for n in range(9)]
    assert (heard[-1].stage, heard[-1].done, heard[-1].total) == ("detect", 9, 9)


def test_no_frames_give_an_empty_table_with_every_column(
    detector: Detector, bikes: Path, library: MediaLibrary
) -> None:
    found = _detect(detector, bikes, library, range(0))
    whole = _detect(detector, bikes, library, range(120, 121))
    assert len(found) == 0
    assert (
        found.to_dataframe().dtypes.to_dict() == whole.to_dataframe().dtypes.to_dict()
    )
    assert found.to_dataframe().tl.ranges().empty


def test_cancelling_stops_the_search(
    detector: Detector, bikes: Path, library: MediaLibrary
) -> None:
    reporter = Reporter()
    reporter.cancel()
    with library.video(bikes) as decoder, pytest.raises(JobCancelledError):
        detector.detect(
            decoder.frames(range(250)), _source(bikes, library), reporter=reporter
        )


def test_a_threshold_out_of_range_is_refused(
    detector: Detector, bikes: Path, library: MediaLibrary
) -> None:
    with pytest.raises(RecognitionError, match=r"score threshold 1\.5"):
        detector.detect(iter(()), _source(bikes, library), score_threshold=1.5)


def test_boxes_are_drawn_where_they_are(
    detector: Detector, bikes: Path, library: MediaLibrary
) -> None:
    found = _detect(detector, bikes, library, range(120, 121)).above(0.6)
    with library.video(bikes) as decoder:
        rgb = decoder.frame(120).to_rgb()
    drawn = annotate(rgb, found)
    assert drawn.shape == rgb.shape
    changed = np.any(drawn != rgb, axis=2)
    x1, y1, x2, y2 = found.xyxy[0].round().astype(int)
    assert changed[(y1 + y2) // 2, x1 - 1 : x1 + 3].any()
    assert not changed[(y1 + y2) // 2, (x1 + x2) // 2]


@pytest.mark.parametrize("content", [b"", b"not a network", b"\x08\x08" * 50])
def test_a_file_that_is_no_model_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    with pytest.raises(RecognitionError, match=r"model\.onnx cannot be loaded"):
        Detector(path)


def test_a_model_cut_short_or_missing_is_refused(tmp_path: Path) -> None:
    whole = (model_dir() / "nanodet_g_416_coco_w8_v8.onnx").read_bytes()
    path = tmp_path / "short.onnx"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RecognitionError, match=r"short\.onnx cannot be loaded"):
        Detector(path)
    with pytest.raises(RecognitionError, match=r"gone\.onnx cannot be read"):
        Detector(tmp_path / "gone.onnx")


def test_choosing_a_provider_prints_nothing() -> None:
    script = "from timeline_nb.recognition.detector import Detector; Detector()"
    run = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert (run.stdout, run.stderr) == ("", "")


def test_real_ranges_lie_within_the_film(
    detector: Detector, bikes: Path, library: MediaLibrary
) -> None:
    found = _detect(detector, bikes, library, range(0, 250, 25))
    ranges = found.to_dataframe().tl.ranges(pad="3s")
    assert ranges["start"].min() == Fraction(0)
    assert ranges["end"].max() == Fraction(10)
