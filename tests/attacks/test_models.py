import os
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from attacks.models import HIDING_PLACES, of_two_formats, with_hidden
from models_factory import network
from onnx import helper

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.inference.providers import shapes_given
from timeline_nb.recognition.models.card import read_card

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
