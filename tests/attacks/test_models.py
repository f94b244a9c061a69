import os
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from attacks.models import (
    HIDING_PLACES,
    changed,
    of_two_formats,
    with_hidden,
    with_open_sides,
)
from models_factory import network, saved
from onnx import helper

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.inference.providers import shapes_given
from timeline_nb.recognition.models.card import read_card
from timeline_nb.recognition.models.registry import load_file
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
    ("names", "[" + "0," * 400_000 + "]", "cannot be read as labels"),
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
    ("imgsz", "8193", r"4,096 px.*side_px"),
    ("imgsz", "1" * 4000, r"4,096 px.*side_px"),
]


@pytest.mark.parametrize(("key", "text", "message"), BAD_METADATA)
def test_metadata_that_cannot_be_read_is_named(
    key: str, text: str, message: str, tmp_path: Path
) -> None:
    open_sides = changed(network(TABLE, metadata={key: text}), with_open_sides)
    with pytest.raises(RecognitionError, match=rf"model\.onnx .*{message}"):
        load_file(saved(tmp_path, open_sides))


def test_what_the_caller_says_makes_bad_metadata_harmless(tmp_path: Path) -> None:
    facts = {"names": "a, b", "kpt_shape": "none", "imgsz": "big"}
    path = saved(tmp_path, network(TABLE, metadata=facts))
    spec = ModelSpec(labels=("a",), side=(64, 64), keypoints=(1, 1))
    assert load_file(path, spec).layout.labels == ("a",)


def test_batches_and_classes_that_nobody_has_are_not_believed(tmp_path: Path) -> None:
    with pytest.raises(RecognitionError, match=r"8192 frames a run.*limit is 64.*batch"):
        load_file(saved(tmp_path, network(TABLE, batch=8192)))

    def many(model: Any) -> None:
        dims = model.graph.output[0].type.tensor_type.shape.dim
        dims[1].dim_value, dims[2].dim_value = 2**40, 2**41

    with pytest.raises(RecognitionError, match=r"1,099,511,627,772 classes"):
        load_file(saved(tmp_path, changed(network(TABLE), many)))
