import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import psutil
import pytest
from attacks.model_mutations import mutations_of_models
from attacks.models import (
    GREEDY,
    HIDING_PLACES,
    changed,
    doubling_when_bright,
    endless_when_bright,
    of_two_formats,
    with_hidden,
    with_open_sides,
)
from models_factory import network, saved
from onnx import helper
from states import until

import timeline_nb as tl
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.inference import trial
from timeline_nb.recognition.inference.detector import Detector
from timeline_nb.recognition.inference.providers import shapes_given
from timeline_nb.recognition.inference.trial import ModelTrials
from timeline_nb.recognition.layouts.choose import choose_layout
from timeline_nb.recognition.models.card import read_card
from timeline_nb.recognition.models.limits import ModelLimits
from timeline_nb.recognition.models.registry import ModelRegistry, load_file
from timeline_nb.recognition.models.spec import ModelSpec

TABLE = {"out": np.zeros((1, 6, 100), np.float32)}


# Files that reach outside themselves


@pytest.mark.parametrize("place", HIDING_PLACES)
def test_weights_in_another_file_are_found_wherever_they_hide(place: str) -> None:
    with pytest.raises(RecognitionError, match=r"m\.onnx .*'stolen' in 'secrets\.bin'"):
        read_card(with_hidden(place), "m.onnx")


def test_onnxruntime_would_have_read_that_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data = with_hidden("sparse constant")
    options = ort.SessionOptions()
    options.log_severity_level = 4
    messages = []
    for there in (False, True):
        if there:
            Path("secrets.bin").write_bytes(os.urandom(16))
        try:
            ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
            messages.append("")
        except Exception as error:  # noqa: BLE001 - onnxruntime raises its own
            messages.append(str(error))
    assert messages[0] != messages[1]


def test_what_is_checked_is_what_onnxruntime_runs() -> None:
    data = of_two_formats()
    assert read_card(data, "m.onnx").outputs == {"out": (1, 6, 100)}
    assert shapes_given(data, (64, 64)) == {"out": (1, 6, 100)}


def test_fields_that_only_onnxruntime_may_know_are_refused() -> None:
    # Field 1000 of the model, a varint.
    with pytest.raises(RecognitionError, match=r"field of Model .* newer onnx"):
        read_card(network(TABLE) + b"\xc0\x3e\x01", "m.onnx")


def test_operators_that_open_files_are_refused() -> None:
    model = onnx.load_model_from_string(network(TABLE))
    node = helper.make_node("EPContext", [], ["e"], domain="com.microsoft")
    model.graph.node.append(node)
    with pytest.raises(RecognitionError, match="opens other files"):
        read_card(model.SerializeToString(), "m.onnx")


# What a file says of itself


BAD_METADATA = [
    ("names", "person, car", "cannot be read as labels"),
    ("names", "{'a': 'cat', 'b': 'dog'}", "cannot be read as labels"),
    ("names", "{1+2j: 'cat', 2: 'dog'}", "cannot be read as labels"),
    ("names", "{(0, 1): 'cat'}", "cannot be read as labels"),
    ("names", "{[0]: 'cat'}", "cannot be read as labels"),
    ("names", "{1e999: 'cat'}", "cannot be read as labels"),
    ("names", "17", "cannot be read as labels"),
    ("names", "(" * 5000, "cannot be read as labels"),
    ("names", "[" + "0," * 140_000 + "]", "cannot be read as labels"),
    ("names", "{0: 'cat', '0': 'dog'}", "count from 0 without holes"),
    ("kpt_shape", "[17]", "cannot be read as keypoints"),
    ("kpt_shape", "[17, 3, 1]", "cannot be read as keypoints"),
    ("kpt_shape", "['many', 3]", "cannot be read as keypoints"),
    ("kpt_shape", "[-17, 3]", "cannot be read as keypoints"),
    ("kpt_shape", "[17, 9]", "cannot be read as keypoints"),
    ("kpt_shape", "[1.5, 3]", "cannot be read as keypoints"),
    ("kpt_shape", "[9999999999, 3]", "cannot be read as keypoints"),
    ("kpt_shape", "{17: 3}", "cannot be read as keypoints"),
    ("imgsz", "[640, '640']", "cannot be read as side"),
    ("imgsz", "[640, 0]", "cannot be read as side"),
    ("imgsz", "big", "cannot be read as side"),
    ("imgsz", "True", "cannot be read as side"),
]


@pytest.mark.parametrize(("key", "text", "message"), BAD_METADATA)
def test_metadata_that_cannot_be_read_is_named(
    key: str, text: str, message: str
) -> None:
    open_sides = changed(network(TABLE, metadata={key: text}), with_open_sides)
    with pytest.raises(RecognitionError, match=rf"m\.onnx .*{message}"):
        choose_layout(read_card(open_sides, "m.onnx"), ModelSpec())


@pytest.mark.parametrize("size", ["8193", "1" * 4000])
def test_a_side_that_no_picture_has_is_not_tried(size: str, tmp_path: Path) -> None:
    data = changed(network(TABLE, metadata={"imgsz": size}), with_open_sides)
    path = saved(tmp_path, data)
    with pytest.raises(RecognitionError, match=r"model\.onnx .*4,096 px.*side_px="):
        load_file(path)
    with pytest.raises(RecognitionError, match=r"model\.onnx .*4,096 px.*side_px="):
        load_file(path, ModelSpec(side=(64, 8193)))


def test_what_the_caller_says_makes_bad_metadata_harmless(tmp_path: Path) -> None:
    facts = {"names": "a, b", "kpt_shape": "none", "imgsz": "big"}
    path = saved(tmp_path, network(TABLE, metadata=facts))
    spec = ModelSpec(labels=("a",), side=(64, 64), keypoints=(1, 1))
    assert load_file(path, spec).layout.labels == ("a",)


def test_batches_and_classes_that_nobody_has_are_not_believed(tmp_path: Path) -> None:
    with pytest.raises(RecognitionError, match=r"8192 frames .*limit is 64.*batch"):
        load_file(saved(tmp_path, network(TABLE, batch=8192)))

    def many(model: Any) -> None:
        dims = model.graph.output[0].type.tensor_type.shape.dim
        dims[1].dim_value, dims[2].dim_value = 2**40, 2**41

    with pytest.raises(RecognitionError, match=r"1,099,511,627,772 classes"):
        load_file(saved(tmp_path, changed(network(TABLE), many)))


# Files that take all that they get


@pytest.mark.parametrize(
    ("kind", "limit"),
    [
        ("endless run", "time_s"),
        ("endless load", "time_s"),
        ("doubling run", "memory_bytes"),
        ("doubling load", "memory_bytes"),
        ("doubling loop", "memory_bytes"),
        ("many nodes", "memory_bytes"),
    ],
)
def test_greedy_files_end_in_the_child_with_their_limit(
    kind: str, limit: str, tmp_path: Path
) -> None:
    name = f"{kind}.onnx"
    path = saved(tmp_path, GREEDY[kind](), name)
    seconds = 4.0 if limit == "time_s" else 200.0
    limits = ModelLimits(time_s=seconds, memory_bytes=2**29)
    process = psutil.Process()
    before, children = process.memory_info().rss, set(process.children())
    shown = {"time_s": "4 s", "memory_bytes": "512 MiB"}[limit]
    with pytest.raises(
        RecognitionError, match=rf"{name} .*limit is {shown}.*ModelLimits\({limit}="
    ):
        load_file(path, None, ModelTrials(tmp_path / "known", limits))
    assert process.memory_info().rss - before < 2**28
    assert set(process.children()) <= children


def test_a_known_model_is_not_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path, network(TABLE))
    trials = ModelTrials(tmp_path / "known")
    first = load_file(path, None, trials)
    monkeypatch.setattr(trial, "run_module", None)
    again = load_file(path, None, ModelTrials(tmp_path / "known"))
    assert again == first
    # A lower limit holds for it too.
    low = ModelTrials(tmp_path / "known", ModelLimits(side_px=32))
    with pytest.raises(RecognitionError, match="side_px"):
        load_file(path, None, low)


def test_the_model_of_the_package_needs_no_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "run_module", None)
    loaded = ModelRegistry(tmp_path).load(None)
    assert loaded.trials is None
    assert Detector(loaded).sha256 == loaded.sha256


def test_a_file_that_ends_its_process_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "_CHILD", "timeline_nb.no_such_module")
    with pytest.raises(RecognitionError, match=r"model\.onnx ends the process"):
        load_file(saved(tmp_path, network(TABLE)), None, ModelTrials(tmp_path))


# Networks that are stuck on some pictures only


@pytest.mark.parametrize(
    ("network", "time_s", "message"),
    [
        (endless_when_bright, 6, r"moody\.onnx .*when it is run.*6 s"),
        (doubling_when_bright, 200, r"moody\.onnx fills the memory.*200 MiB"),
    ],
)
def test_a_run_that_takes_too_much_fails_with_its_limit(
    network: Callable[[], bytes], time_s: float, message: str, tmp_path: Path
) -> None:
    path = saved(tmp_path, network(), "moody.onnx")

    def of(seconds: float) -> Detector:
        limits = ModelLimits(time_s=seconds, memory_bytes=200 * 2**20)
        return Detector(load_file(path, None, ModelTrials(tmp_path / "known", limits)))

    black = np.zeros((64, 64, 3), np.uint8)
    assert not len(of(200).detect_image(black).found.boxes)
    detector = of(time_s)
    before = psutil.Process().memory_info().rss
    with pytest.raises(RecognitionError, match=message):
        detector.detect_image(black + np.uint8(200))
    assert psutil.Process().memory_info().rss - before < 2**31


def test_two_stuck_detections_stop_neither_renders_nor_detections(
    tmp_path: Path, bikes: Path
) -> None:
    path = saved(tmp_path, endless_when_bright(), "moody.onnx")
    with tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache")) as studio:
        source = tl.open(bikes, studio=studio)
        stuck = [source.start_detection(model=path, every=n) for n in (1, 2)]
        after = source.start_detection(end="1s")
        until(lambda: run_threads() >= 2)
        for job in stuck:
            job.cancel()
        for job in stuck:
            with pytest.raises(tl.JobCancelledError):
                job.wait(120)
        assert len(after.wait(200).to_dataframe())
        until(lambda: not run_threads())


def run_threads() -> int:
    return sum(thread.name.startswith("network") for thread in threading.enumerate())


# Mutated files


def test_mutated_files_are_refused_or_run() -> None:
    figures = mutations_of_models(5)
    assert not figures.faults
    figures = mutations_of_models(150, tried=False)
    assert not figures.faults
    assert figures.accepted > 5


@pytest.mark.whole
def test_many_mutated_files_are_refused_or_run() -> None:
    figures = mutations_of_models(200, seed=1)
    assert not figures.faults
    figures = mutations_of_models(5000, seed=1, tried=False)
    assert not figures.faults
    assert figures.accepted > 200
