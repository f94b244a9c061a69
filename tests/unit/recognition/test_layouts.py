from pathlib import Path
from typing import Any

import numpy as np
import pytest
from models_factory import embedded_as, network, saved
from numpy.typing import NDArray
from references import footage

from timeline_nb.errors import RecognitionError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.recognition.inference.detector import Detector
from timeline_nb.recognition.inference.masks import decode_mask
from timeline_nb.recognition.inference.objects import Objects
from timeline_nb.recognition.inference.search import Search
from timeline_nb.recognition.models.registry import load_embedded, load_file
from timeline_nb.recognition.models.spec import ModelSpec, Pixels
from timeline_nb.recognition.source import Source

BLACK = np.zeros((64, 64, 3), np.uint8)
COCO = load_embedded().layout.labels
BGR = Pixels(order="bgr", std=(1, 1, 1))


def found_by(
    folder: Path,
    data: bytes,
    spec: ModelSpec | None = None,
    picture: NDArray[np.uint8] = BLACK,
    search: Search | None = None,
) -> Objects:
    detector = Detector(load_file(saved(folder, data), spec))
    return detector.detect_image(picture, search)


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> NDArray[np.uint8]:
    library = MediaLibrary(tmp_path_factory.mktemp("cache"))
    with library.video(footage("bikes.mp4")) as decoder:
        return decoder.frame(112).to_rgb()


@pytest.mark.parametrize(
    ("layout", "spec"),
    [
        ("yolov5", ModelSpec(layout="yolov5", labels=COCO)),
        ("yolox", ModelSpec(labels=COCO, pixels=BGR)),
        ("end2end", ModelSpec(labels=COCO)),
    ],
)
def test_one_network_finds_the_same_behind_every_layout(
    layout: str, spec: ModelSpec, street: NDArray[np.uint8], tmp_path: Path
) -> None:
    # Below, a network that suppresses within names some objects twice.
    sure = Search(score=0.33)
    expected = Detector(load_embedded()).detect_image(street, sure).found
    found = found_by(tmp_path, embedded_as(layout), spec, street, sure).found
    assert len(expected.scores) > 4
    assert found.class_ids.tolist() == expected.class_ids.tolist()
    assert np.abs(found.scores - expected.scores).max() < 1e-3
    assert np.abs(found.boxes - expected.boxes).max() < 0.05


def columns(*rows: tuple[float, ...], count: int = 100) -> NDArray[np.float32]:
    """The YOLOv8 layout, with a few columns that are not empty."""
    table = np.zeros((len(rows[0]), count), np.float32)
    for place, row in enumerate(rows):
        table[:, 3 * place] = row
    return table[None]


def test_yolov8_columns(tmp_path: Path) -> None:
    table = columns((20, 30, 10, 20, 0.1, 0.8), (21, 30, 10, 20, 0.1, 0.7))
    found = found_by(tmp_path, network({"out": table})).found
    assert found.boxes.tolist() == [[15, 20, 25, 40]]
    assert found.class_ids.tolist() == [1]
    assert found.scores.tolist() == pytest.approx([0.8])


def test_sizes_that_a_file_leaves_open_are_found_by_trying(tmp_path: Path) -> None:
    table = columns((20, 30, 10, 20, 0.1, 0.8))
    facts = {"imgsz": "[64, 64]", "names": "['a', 'b']"}
    data = network({"out": table}, metadata=facts, batch="n", vague=True)
    found = found_by(tmp_path, data).found
    assert found.boxes.tolist() == [[15, 20, 25, 40]]


def test_yolov5_rows_weigh_by_objectness(tmp_path: Path) -> None:
    # 64 px has 84 cells at strides 8, 16, 32, and three anchors a cell.
    table = np.zeros((1, 252, 7), np.float32)
    table[0, 5] = (20, 30, 10, 20, 0.5, 0.2, 0.9)
    table[0, 9] = (50, 50, 8, 8, 0.4, 0.9, 0.0)
    found = found_by(tmp_path, network({"out": table}), search=Search(score=0.3)).found
    assert found.scores.tolist() == pytest.approx([0.45, 0.36])
    assert found.class_ids.tolist() == [1, 0]
    assert found.boxes.tolist() == [[15, 20, 25, 40], [46, 46, 54, 54]]


def test_segmentation_makes_masks_of_prototypes(tmp_path: Path) -> None:
    # Two prototypes at a quarter of the size: the left half, and the right half.
    prototypes = np.full((1, 2, 16, 16), -1, np.float32)
    prototypes[0, 0, :, :8] = prototypes[0, 1, :, 8:] = 1
    table = columns((32, 32, 40, 20, 0.9, 1.0, 0.0))
    data = network(
        {"out": table, "proto": prototypes},
        metadata={"task": "segment", "names": "{0: 'cat'}"},
    )
    # Twice the size of the input: the mask is made in the picture's pixels.
    picture = np.zeros((128, 128, 3), np.uint8)
    objects = found_by(tmp_path, data, picture=picture)
    assert objects.found.boxes.tolist() == [[24, 44, 104, 84]]
    mask = decode_mask(objects.masks[0], (128, 128))
    expected = np.zeros((128, 128), bool)
    expected[44:84, 24:64] = True
    assert mask.sum() == pytest.approx(expected.sum(), rel=0.03)
    assert (mask ^ expected).sum() <= 2 * 40


def test_pose_gives_points_with_scores(tmp_path: Path) -> None:
    points = (20, 25, 0.9, 30, 35, 0.4)
    table = columns((25, 30, 20, 20, 0.8, *points))
    data = network(
        {"out": table},
        metadata={"task": "pose", "kpt_shape": "[2, 3]", "names": "{0: 'person'}"},
    )
    picture = np.zeros((128, 64, 3), np.uint8)
    found = found_by(tmp_path, data, picture=picture).found
    # The tall picture fills the middle half: x was shifted by 16, all was halved.
    assert found.keypoints is not None
    expected = [[[8, 50, 0.9], [28, 70, 0.4]]]
    assert found.keypoints.tolist() == [pytest.approx(np.array(e)) for e in expected]
    assert found.boxes.tolist() == [[0, 40, 38, 80]]


def test_rotated_boxes_have_corners_and_repeats_are_told_by_angle(
    tmp_path: Path,
) -> None:
    quarter = np.pi / 2
    table = columns(
        (30, 30, 40, 8, 0.9, 0.0),
        (30, 30, 40, 8, 0.8, quarter),
        (31, 30, 40, 8, 0.7, 0.02),
    )
    data = network({"out": table}, metadata={"task": "obb", "names": "{0: 'ship'}"})
    found = found_by(tmp_path, data).found
    # The third repeats the first; the second lies across it.
    assert found.scores.tolist() == pytest.approx([0.9, 0.8])
    assert found.corners is not None
    assert found.corners[0].tolist() == [[10, 26], [50, 26], [50, 34], [10, 34]]
    assert found.boxes[1] == pytest.approx(np.array([26, 10, 34, 50]), abs=1e-4)


@pytest.mark.parametrize("nothing", [False, True])
def test_detr_queries(nothing: bool, tmp_path: Path) -> None:  # noqa: FBT001
    boxes = np.zeros((1, 9, 4), np.float32)
    boxes[0, 4] = (0.5, 0.5, 0.25, 0.5)
    wide = 4 if nothing else 3
    logits = np.full((1, 9, wide), -9, np.float32)
    if nothing:
        logits[..., -1] = 5
    logits[0, 4, 1] = 8
    data = network(
        {"logits": logits, "pred_boxes": boxes},
        metadata={"names": "['a', 'b', 'c']"},
    )
    # Stretched, not letterboxed: shares of the input are shares of the picture.
    found = found_by(tmp_path, data, picture=np.zeros((100, 200, 3), np.uint8)).found
    assert found.class_ids.tolist() == [1]
    expected = np.exp(8) / (np.exp(8) + np.exp(5) + 2 * np.exp(-9))
    sigmoid = 1 / (1 + np.exp(-8))
    score = expected if nothing else sigmoid
    assert found.scores.tolist() == pytest.approx([score], abs=1e-5)
    assert found.boxes.tolist() == [[75, 25, 125, 75]]


def test_detr_with_scores_made(tmp_path: Path) -> None:
    data = network(
        {
            "labels": np.array([[1, 0]]),
            "boxes": np.array([[[8, 8, 16, 24], [0, 0, 9, 9]]]),
            "scores": np.array([[0.7, 0.1]]),
        }
    )
    found = found_by(tmp_path, data, ModelSpec(labels=("a", "b"))).found
    assert found.class_ids.tolist() == [1]
    assert found.boxes.tolist() == [[8, 8, 16, 24]]


def test_yolox_rows_are_offsets_and_logarithms(tmp_path: Path) -> None:
    table = np.zeros((1, 84, 7), np.float32)
    # Cell 10 of the 8 x 8 grid is column 2 of row 1.
    table[0, 10] = (0.5, 0.25, np.log(2), np.log(3), 0.9, 0.1, 1.0)
    found = found_by(tmp_path, network({"out": table})).found
    assert found.boxes[0].tolist() == pytest.approx([12, -2 + 0, 28, 22], abs=2.001)
    middle = (found.boxes[0, :2] + found.boxes[0, 2:]) / 2
    assert middle[0] == pytest.approx(20)
    assert found.boxes[0, 2] - found.boxes[0, 0] == pytest.approx(16)
    assert found.scores.tolist() == pytest.approx([0.9])


def nanodet_odds(left: int, top: int, right: int, bottom: int) -> NDArray[Any]:
    """Odds that leave no doubt of so many strides to each side."""
    odds = np.full((4, 8), -50.0)
    odds[np.arange(4), [left, top, right, bottom]] = 50
    return odds.ravel()


def test_nanodet_reads_distances_from_odds(tmp_path: Path) -> None:
    # 85 cells at strides 8, 16, 32, 64.
    table = np.zeros((1, 85, 2 + 32), np.float32)
    table[0, 27, :2] = (0.1, 0.8)
    # Cell 27: column 3 of row 3; its middle is at 24, 24.
    table[0, 27, 2:] = nanodet_odds(1, 2, 3, 1)
    found = found_by(tmp_path, network({"out": table})).found
    assert found.boxes[0].tolist() == pytest.approx([16, 8, 48, 32], abs=1e-3)
    assert found.class_ids.tolist() == [1]


def test_nanodet_with_its_heads_apart(tmp_path: Path) -> None:
    outputs = {}
    for stride, count in ((8, 64), (16, 16), (32, 4)):
        outputs[f"cls{stride}"] = np.zeros((1, count, 2), np.float32)
        outputs[f"dis{stride}"] = np.zeros((1, count, 32), np.float32)
    outputs["cls16"][0, 5, 0] = 0.6
    outputs["dis16"][0, 5] = nanodet_odds(1, 1, 1, 1)
    found = found_by(tmp_path, network(outputs)).found
    # Cell 5 of 4 x 4: column 1 of row 1, whose middle is at 16 + 7.5.
    assert found.boxes[0].tolist() == pytest.approx([7.5, 7.5, 39.5, 39.5], abs=1e-3)


def test_yunet_faces(tmp_path: Path) -> None:
    outputs = {}
    for stride, count in ((8, 64), (16, 16), (32, 4)):
        for head, wide in (("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)):
            outputs[f"{head}_{stride}"] = np.zeros((1, count, wide), np.float32)
    outputs["cls_16"][0, 6], outputs["obj_16"][0, 6] = 0.9, 0.4
    outputs["bbox_16"][0, 6] = (0.5, 0.5, np.log(1.5), np.log(1))
    outputs["kps_16"][0, 6] = [0, 0, 1, 0, 0.5, 0.5, 0, 1, 1, 1]
    found = found_by(tmp_path, network(outputs)).found
    # Cell 6 of 4 x 4: column 2 of row 1; its middle is at 40, 24.
    assert found.scores.tolist() == pytest.approx([0.6])
    assert found.boxes[0].tolist() == pytest.approx([28, 16, 52, 32])
    assert found.keypoints is not None
    assert found.keypoints[0, 2, :2].tolist() == [40, 24]


def test_centerface_takes_any_size(tmp_path: Path) -> None:
    heat = np.zeros((1, 1, 16, 16), np.float32)
    heat[0, 0, 5, 7] = 0.8
    scale, offset = np.zeros((2, 1, 2, 16, 16), np.float32)
    scale[0, :, 5, 7] = np.log(4), np.log(3)
    offset[0, :, 5, 7] = 0.25, -0.25
    marks = np.zeros((1, 10, 16, 16), np.float32)
    marks[0, :2, 5, 7] = 0.5, 0.25
    maps = {"a": heat, "b": scale, "c": offset, "d": marks}
    # The size that its file tells is one example's; weights stand among its inputs.
    data = network(maps, side=(32, 32), weights_told=True)
    found = found_by(tmp_path, data, ModelSpec(side=(64, 64))).found
    # y: (5 + .25 + .5) * 4 = 23, 16 px high; x: (7 - .25 + .5) * 4 = 29, 12 px wide.
    assert found.boxes[0].tolist() == pytest.approx([23, 15, 35, 31])
    assert found.keypoints is not None
    assert found.keypoints[0, 0].tolist() == pytest.approx([26, 23, 1])


def test_a_plain_detector_of_faces_has_no_points(
    tmp_path: Path, library: MediaLibrary
) -> None:
    table = columns((20, 30, 10, 20, 0.8))
    data = network({"out": table}, metadata={"names": "['face']"})
    path = footage("bikes.mp4")
    info = library.probe(path)
    source = Source.of(info, library.index(info))
    with library.video(path) as decoder:
        detector = Detector(load_file(saved(tmp_path, data)))
        found = detector.detect(decoder.frames(range(3)), source)
    assert len(found) == 3
    assert found.keypoints is None


def test_yolov5_face_rows(tmp_path: Path) -> None:
    table = np.zeros((1, 252, 16), np.float32)
    table[0, 3] = (30, 30, 20, 20, 0.9, *range(21, 31), 0.8)
    found = found_by(tmp_path, network({"out": table})).found
    assert found.scores.tolist() == pytest.approx([0.72])
    assert found.keypoints is not None
    assert found.keypoints[0, 1, :2].tolist() == [23, 24]


def test_finished_detections_are_not_suppressed_again(tmp_path: Path) -> None:
    rows = [[1, 2, 11, 12, 0.9, 1], [1, 2, 11, 12, 0.8, 1], [0, 0, 5, 5, 0.1, 0]]
    data = network({"out": np.array([rows])})
    found = found_by(tmp_path, data, ModelSpec(labels=("a", "b"))).found
    assert found.scores.tolist() == pytest.approx([0.9, 0.8])
    assert found.boxes[0].tolist() == [1, 2, 11, 12]


@pytest.mark.parametrize(
    ("outputs", "spec", "message"),
    [
        ({"out": np.zeros((1, 4, 100))}, ModelSpec(), "does not name its classes"),
        ({"out": np.zeros((1, 10))}, ModelSpec(), "not any layout known"),
        (
            {"out": np.zeros((1, 6, 100))},
            ModelSpec(labels=("a",)),
            "1 labels for 2 classes",
        ),
        (
            {"out": np.zeros((1, 6, 100))},
            ModelSpec(layout="yunet"),
            "not the layout yunet",
        ),
        ({"out": np.zeros((1, 300, 6))}, ModelSpec(), "give labels="),
    ],
)
def test_outputs_that_fit_nothing_are_refused_before_they_run(
    outputs: dict[str, NDArray[Any]], spec: ModelSpec, message: str, tmp_path: Path
) -> None:
    with pytest.raises(RecognitionError, match=message):
        load_file(saved(tmp_path, network(outputs)), spec)


def test_values_that_are_not_finite_are_an_error(tmp_path: Path) -> None:
    table = columns((20, 30, np.nan, 20, 0.1, 0.8))
    with pytest.raises(RecognitionError, match=r"not finite in out"):
        found_by(tmp_path, network({"out": table}))


def test_a_class_beyond_the_labels_is_an_error(tmp_path: Path) -> None:
    data = network({"out": np.array([[[1, 2, 11, 12, 0.9, 7]]])})
    with pytest.raises(RecognitionError, match="gave the class 7, but has 2 labels"):
        found_by(tmp_path, data, ModelSpec(labels=("a", "b")))
