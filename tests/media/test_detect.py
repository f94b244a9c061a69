"""Real frames through the embedded network, beside a plain reference."""

import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from multiprocessing import get_context
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
from timeline_nb.notebook.opening import open as open_media
from timeline_nb.recognition.annotate import annotate
from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.inference.detector import Detector
from timeline_nb.recognition.inference.prepare import picture_of
from timeline_nb.recognition.inference.search import Search
from timeline_nb.recognition.models.manifest import model_dir
from timeline_nb.recognition.models.registry import load_embedded, load_file
from timeline_nb.recognition.source import Source
from timeline_nb.settings import Settings
from timeline_nb.studio import open_studio

NUMBERS = range(100, 125, 6)


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(load_embedded())


def _source(path: Path, library: MediaLibrary) -> Source:
    info = library.probe(path)
    return Source.of(info, library.index(info))


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
    seen = 0
    with library.video(bikes) as decoder:
        for number in NUMBERS:
            rgb = decoder.frame(number).to_rgb()
            expected = _plain(rgb, 0.25)
            here = detector.detect_image(rgb).found
            assert len(here.scores) == len(expected)
            for row, (score, label, *box) in enumerate(expected):
                assert here.class_ids[row] == label
                assert abs(here.scores[row] - score) < 1e-3
                # The reference scales both sides alike; rounding moves one by 0.3 px.
                assert np.abs(here.boxes[row] - box).max() < 1
            seen += len(expected)
    assert seen > 10


def test_a_frame_made_small_in_planes_has_the_colours_of_the_standard(
    bikes: Path, library: MediaLibrary
) -> None:
    with library.video(bikes) as decoder:
        frame = decoder.frame(112)
    planes = [
        np.asarray(plane).reshape(plane.height, -1)[:, : plane.width]
        for plane in frame.picture.planes
    ]
    y = 255 / 219 * (planes[0].astype(float) - 16)
    # The chroma of a pixel is that of the block it is in, near enough after shrinking.
    u, v = (255 / 224 * (p.repeat(2, 0).repeat(2, 1) - 128.0) for p in planes[1:])
    # BT.601, since the file tells no matrix.
    rgb = np.stack([y + 1.402 * v, y - 0.344136 * u - 0.714136 * v, y + 1.772 * u], -1)
    expected = cv2.resize(np.clip(rgb, 0, 255), (320, 136))
    small = picture_of(frame).small((0, 0, *frame.size), (320, 136))
    assert np.abs(small - expected).mean() < 1
    part = picture_of(frame).small((64, 32, 320, 136), (320, 136))
    whole = picture_of(frame).small((0, 0, *frame.size), frame.size)
    # The chroma at the very edge leans on what lies beyond it.
    inner = np.s_[2:-2, 2:-2]
    assert np.array_equal(part[inner], whole[32:168, 64:384][inner])


def test_frames_of_a_film_are_found_as_their_pictures_are(
    detector: Detector, bikes: Path, library: MediaLibrary
) -> None:
    found = _detect(detector, bikes, library, NUMBERS).above(0.5)
    with library.video(bikes) as decoder:
        for number in NUMBERS:
            frame = decoder.frame(number)
            whole = detector.detect_image(frame.to_rgb()).found
            here = found.of_frame(frame.id.pts)
            assert len(here) == (whole.scores >= 0.5).sum()
            assert np.abs(here.xyxy - whole.boxes[: len(here)]).max(initial=0) < 2


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
        detector.detect(iter(()), _source(bikes, library), Search(score=1.5))


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
    with pytest.raises(RecognitionError, match=r"model\.onnx is (an empty|no ONNX)"):
        load_file(path)


def test_a_model_cut_short_or_missing_is_refused(tmp_path: Path) -> None:
    whole = (model_dir() / "nanodet_g_416_coco_w8_v8.onnx").read_bytes()
    path = tmp_path / "short.onnx"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RecognitionError, match=r"short\.onnx .* was cut short"):
        load_file(path)
    with pytest.raises(RecognitionError, match=r"gone\.onnx cannot be read"):
        load_file(tmp_path / "gone.onnx")


def test_choosing_a_provider_prints_nothing() -> None:
    script = (
        "from timeline_nb.recognition.inference.detector import Detector;"
        "from timeline_nb.recognition.models.registry import load_embedded;"
        "Detector(load_embedded())"
    )
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


def test_processes_find_what_threads_find(bikes: Path, tmp_path: Path) -> None:
    tables = []
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for name, executor in (("here", None), ("there", pool)):
            with open_studio(Settings(cache_dir=tmp_path / name)) as studio:
                media = open_media(bikes, studio=studio)
                found = media.detect(every=25, executor=executor)
                tables.append(found.to_dataframe())
                # What was found there is known here: nothing is looked at again.
                again = media.detect(every=25).to_dataframe()
                assert again.equals(tables[-1])
    assert len(tables[0]) > 0
    assert tables[0].equals(tables[1])
