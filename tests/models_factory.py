"""Small networks with known answers, and the embedded one behind other layouts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from timeline_nb.recognition.models.manifest import read_embedded

__all__ = ["embedded_as", "network", "saved"]

OPSET = [helper.make_opsetid("", 17)]
SIDE = 416
STRIDES = (8, 16, 32)


def network(
    outputs: Mapping[str, NDArray[Any]],
    *,
    side: tuple[int, int] = (64, 64),
    metadata: dict[str, str] | None = None,
    batch: int | str = 1,
    vague: bool = False,
    weights_told: bool = False,
) -> bytes:
    """A network that gives the same outputs `(1, ...)` whatever it is shown.

    A vague one leaves the sizes of its outputs open; old files tell their weights
    among the inputs.
    """
    given = helper.make_tensor_value_info(
        "images", TensorProto.FLOAT, [batch, 3, side[1], side[0]]
    )
    # What it is shown is used, and does not count.
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "zero"], ["nothing"]),
    ]
    weights = [numpy_helper.from_array(np.zeros((), np.float32), "zero")]
    told = []
    for name, values in outputs.items():
        array = np.asarray(values, np.float32)
        weights.append(numpy_helper.from_array(array, f"{name}_values"))
        nodes.append(helper.make_node("Add", [f"{name}_values", "nothing"], [name]))
        shape = [None] * array.ndim if vague else list(array.shape)
        told.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
    inputs = [given]
    if weights_told:
        inputs += [
            helper.make_tensor_value_info(w.name, w.data_type, list(w.dims))
            for w in weights
        ]
    graph = helper.make_graph(nodes, "known", inputs, told, weights)
    return _bytes(helper.make_model(graph, opset_imports=OPSET, ir_version=9), metadata)


def saved(folder: Path, data: bytes, name: str = "model.onnx") -> Path:
    """A file of it."""
    path = folder / name
    path.write_bytes(data)
    return path


def _bytes(model: Any, metadata: dict[str, str] | None = None) -> bytes:
    for key, value in (metadata or {}).items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    return bytes(model.SerializeToString())


def embedded_as(layout: str) -> bytes:
    """The embedded network with nodes added, so that it speaks another layout."""
    _, data = read_embedded()
    model = onnx.load_model_from_string(data)
    graph = model.graph
    old = graph.output[0].name
    build = {"yolov5": _as_yolov5, "yolox": _as_yolox, "end2end": _as_end2end}[layout]
    shape = build(graph, old)
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info("told", TensorProto.FLOAT, shape))
    return _bytes(model)


def _weight(graph: Any, name: str, values: Any, kind: type = np.float32) -> str:
    graph.initializer.append(numpy_helper.from_array(np.array(values, kind), name))
    return name


def _node(graph: Any, kind: str, inputs: list[str], output: str, **more: Any) -> str:
    graph.node.append(helper.make_node(kind, inputs, [output], **more))
    return output


def _rows(graph: Any, old: str) -> tuple[str, str]:
    """Boxes `(b, n, 4)` and scores `(b, n, 80)` of the network's columns."""
    rows = _node(graph, "Transpose", [old], "rows", perm=[0, 2, 1])
    sizes = _weight(graph, "sizes", [4, 80], np.int64)
    graph.node.append(
        helper.make_node("Split", [rows, sizes], ["row_boxes", "row_scores"], axis=2)
    )
    return "row_boxes", "row_scores"


def _sure(graph: Any, scores: str) -> str:
    """Objectness 1 for every row."""
    first = _node(
        graph,
        "Slice",
        [scores, *[_weight(graph, f"cut{n}", [n], np.int64) for n in (0, 1, 2)]],
        "one_score",
    )
    zero = _node(graph, "Mul", [first, _weight(graph, "none", 0)], "zeros")
    return _node(graph, "Add", [zero, _weight(graph, "all", 1)], "objectness")


def _as_yolov5(graph: Any, old: str) -> list[Any]:
    boxes, scores = _rows(graph, old)
    ones = _sure(graph, scores)
    _node(graph, "Concat", [boxes, ones, scores], "told", axis=2)
    return ["batch", 3549, 85]


def _as_yolox(graph: Any, old: str) -> list[Any]:
    """Grid cells and logarithms instead of pixels; BGR of 0 to 255."""
    given = graph.input[0].name
    for node in graph.node:
        for place, name in enumerate(node.input):
            if name == given:
                node.input[place] = "rgb"
    order = _weight(graph, "bgr", [2, 1, 0], np.int64)
    turned = helper.make_node("Gather", [given, order], ["turned"], axis=1)
    scale = _weight(graph, "level", 1 / 255)
    graph.node.insert(0, turned)
    graph.node.insert(1, helper.make_node("Mul", ["turned", scale], ["rgb"]))
    cells, strides = [], []
    for stride in STRIDES:
        y, x = np.mgrid[: SIDE // stride, : SIDE // stride]
        cells.append(np.stack([x.ravel(), y.ravel()], 1))
        strides.append(np.full((x.size, 1), stride))
    boxes, scores = _rows(graph, old)
    halves = _weight(graph, "halves", [2, 2], np.int64)
    graph.node.append(
        helper.make_node("Split", [boxes, halves], ["middle", "size"], axis=2)
    )
    steps = _weight(graph, "steps", np.concatenate(strides))
    grid = _weight(graph, "grid", np.concatenate(cells))
    _node(graph, "Div", ["middle", steps], "in_cells")
    _node(graph, "Sub", ["in_cells", grid], "offsets")
    _node(graph, "Div", ["size", steps], "size_in_cells")
    _node(graph, "Log", ["size_in_cells"], "logarithms")
    parts = ["offsets", "logarithms", _sure(graph, scores), scores]
    _node(graph, "Concat", parts, "told", axis=2)
    return ["batch", 3549, 85]


def _as_end2end(graph: Any, old: str) -> list[Any]:
    """Suppressed within: box, score and class a row."""
    boxes, scores = _rows(graph, old)
    columns = _node(graph, "Transpose", [scores], "by_class", perm=[0, 2, 1])
    limits = [
        _weight(graph, "most", [300], np.int64),
        _weight(graph, "iou", [0.6]),
        _weight(graph, "least", [0.05]),
    ]
    _node(
        graph,
        "NonMaxSuppression",
        [boxes, columns, *limits],
        "chosen",
        center_point_box=1,
    )
    parts = _weight(graph, "one_each", [1, 1, 1], np.int64)
    graph.node.append(
        helper.make_node("Split", ["chosen", parts], ["in", "class", "anchor"], axis=1)
    )
    flat = _weight(graph, "flat", [-1], np.int64)
    _node(graph, "Reshape", ["anchor", flat], "anchors")
    _node(graph, "Reshape", ["class", flat], "classes")
    none = _weight(graph, "axis0", [0], np.int64)
    _node(graph, "Squeeze", [boxes, none], "all_boxes")
    _node(graph, "Gather", ["all_boxes", "anchors"], "kept", axis=0)
    halves = _weight(graph, "halves", [2, 2], np.int64)
    graph.node.append(
        helper.make_node("Split", ["kept", halves], ["middle", "size"], axis=1)
    )
    _node(graph, "Mul", ["size", _weight(graph, "half", 0.5)], "half_size")
    _node(graph, "Sub", ["middle", "half_size"], "near")
    _node(graph, "Add", ["middle", "half_size"], "far")
    _node(graph, "Squeeze", [scores, none], "all_scores")
    pair = _node(graph, "Concat", ["anchor", "class"], "pair", axis=1)
    _node(graph, "GatherND", ["all_scores", pair], "score")
    column = _weight(graph, "column", [-1, 1], np.int64)
    _node(graph, "Reshape", ["score", column], "score_column")
    _node(graph, "Cast", ["class"], "class_float", to=TensorProto.FLOAT)
    _node(
        graph, "Concat", ["near", "far", "score_column", "class_float"], "rows6", axis=1
    )
    _node(graph, "Unsqueeze", ["rows6", none], "told")
    return [1, "found", 6]
