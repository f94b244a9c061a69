"""A network made smaller for wide pictures is the one exported for them."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from models_factory import network, saved
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from timeline_nb.recognition.models.registry import load_embedded, load_file
from timeline_nb.recognition.models.tighten import tight_side, tightened

CLASSES = 2


def exported(side: tuple[int, int], *, odd: bool = False) -> bytes:
    """A YOLO-like head over three grids, with all that an export bakes in.

    Each level is an average of the picture, as many channels as a row has, reshaped to
    a table and decoded by constant middles and strides.
    """
    wide, high = side
    rows = 4 + CLASSES
    nodes, weights, parts = [], [], []
    rng = np.random.default_rng(0)
    mixing = rng.normal(0, 0.3, (rows, 3, 1, 1)).astype(np.float32)
    weights.append(numpy_helper.from_array(mixing, "mixing"))
    middles, strides = [], []
    for stride in (8, 16, 32):
        w, h = wide // stride, high // stride
        pool: dict[str, Any] = {"kernel_shape": [stride] * 2, "strides": [stride] * 2}
        nodes += [
            helper.make_node("AveragePool", ["images"], [f"p{stride}"], **pool),
            helper.make_node("Conv", [f"p{stride}", "mixing"], [f"c{stride}"]),
            helper.make_node("Reshape", [f"c{stride}", f"s{stride}"], [f"r{stride}"]),
        ]
        shape = np.array([1, rows, w * h], np.int64)
        weights.append(numpy_helper.from_array(shape, f"s{stride}"))
        parts.append(f"r{stride}")
        y, x = np.mgrid[:h, :w]
        middles.append(np.stack([x.ravel(), y.ravel()]) + 0.5)
        strides.append(np.full(w * h, stride))
    grid = np.concatenate(middles, 1).astype(np.float32)[None]
    if odd:
        grid = grid * 3
    steps = np.concatenate(strides).astype(np.float32)[None, None]
    sizes = np.array([2, 2, CLASSES], np.int64)
    for name, array in (("grid", grid), ("steps", steps), ("sizes", sizes)):
        weights.append(numpy_helper.from_array(array, name))
    nodes += [
        helper.make_node("Concat", parts, ["table"], axis=2),
        helper.make_node("Split", ["table", "sizes"], ["xy", "wh", "odds"], axis=1),
        helper.make_node("Add", ["xy", "grid"], ["place"]),
        helper.make_node("Mul", ["place", "steps"], ["middle"]),
        helper.make_node("Mul", ["wh", "steps"], ["size"]),
        helper.make_node("Sigmoid", ["odds"], ["scores"]),
        helper.make_node("Concat", ["middle", "size", "scores"], ["out"], axis=1),
    ]
    kind = TensorProto.FLOAT
    given = helper.make_tensor_value_info("images", kind, [1, 3, high, wide])
    told = helper.make_tensor_value_info("out", kind, [1, rows, grid.shape[-1]])
    graph = helper.make_graph(nodes, "head", [given], [told], weights)
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=9)
    entry = model.metadata_props.add()
    entry.key, entry.value = "names", "['a', 'b']"
    return bytes(model.SerializeToString())


def ran(data: bytes, picture: NDArray[Any]) -> NDArray[Any]:
    session = ort.InferenceSession(data, providers=["CPUExecutionProvider"])
    (out,) = session.run(None, {"images": picture})
    return np.asarray(out)


@pytest.mark.parametrize(
    ("size", "side"), [((1920, 1080), (640, 384)), ((1080, 1920), (384, 640))]
)
def test_a_smaller_network_is_the_one_exported_at_that_size(
    size: tuple[int, int], side: tuple[int, int], tmp_path: Path
) -> None:
    square = load_file(saved(tmp_path, exported((640, 640))))
    small = tightened(square, size)
    assert small.layout.side == side
    picture = np.random.default_rng(1).random((1, 3, side[1], side[0]), np.float32)
    expected = ran(exported(side), picture)
    assert np.array_equal(ran(small.data, picture), expected)
    # What it is called and known by stays.
    assert (small.name, small.sha256) == (square.name, square.sha256)
    told = onnx.load_model_from_string(small.data).graph.output[0]
    assert told.type.tensor_type.shape.dim[2].dim_value == expected.shape[2]


def test_what_is_not_understood_stays_as_it_is(tmp_path: Path) -> None:
    odd = load_file(saved(tmp_path, exported((640, 640), odd=True)))
    assert tightened(odd, (1920, 1080)) is odd
    fixed = network({"out": np.zeros((1, 6, 100), np.float32)})
    known = load_file(saved(tmp_path, fixed))
    assert tightened(known, (1920, 1080)) is known
    embedded = load_embedded()
    assert tightened(embedded, (1920, 1080)) is embedded


def test_there_is_nothing_to_save_on_a_square(tmp_path: Path) -> None:
    square = load_file(saved(tmp_path, exported((640, 640))))
    assert tightened(square, (1000, 1000)) is square
    assert tight_side((640, 640), (1920, 1080)) == (640, 384)
    assert tight_side((640, 640), (640, 300)) == (640, 320)
    assert tight_side((416, 416), (100, 4000)) == (32, 416)
