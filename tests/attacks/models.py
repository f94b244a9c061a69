"""Hostile model files: weights in other files, loops without end, fillers of memory."""

from collections.abc import Callable, Iterable
from itertools import count as counted
from itertools import pairwise
from typing import Any, Final

import numpy as np
import onnx
from models_factory import OPSET, network
from onnx import TensorProto, helper, numpy_helper

__all__ = [
    "GREEDY",
    "HIDING_PLACES",
    "changed",
    "doubling_when_bright",
    "endless_when_bright",
    "of_two_formats",
    "outside",
    "with_hidden",
    "with_open_sides",
]

TABLE: Final = {"out": np.zeros((1, 6, 100), np.float32)}
_numbers = counted()


def outside(name: str = "stolen", file: str = "secrets.bin") -> Any:
    """A tensor of four numbers that lie in another file."""
    tensor = numpy_helper.from_array(np.zeros(4, np.float32), name)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", file), ("offset", "0"), ("length", "16")):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    return tensor


def _sparse(part: str) -> Any:
    values, indices = outside(), outside()
    if part == "values":
        indices = numpy_helper.from_array(np.arange(4), "places")
    else:
        values = numpy_helper.from_array(np.zeros(4, np.float32), "filled")
    return helper.make_sparse_tensor(values, indices, [8])


def _constant(**held: Any) -> Any:
    return helper.make_node("Constant", [], [f"held{next(_numbers)}"], **held)


def _graph(nodes: Iterable[Any] = (), weights: Iterable[Any] = ()) -> Any:
    told = [helper.make_tensor_value_info("stolen", TensorProto.FLOAT, [4])]
    return helper.make_graph(list(nodes), "inner", [], told, list(weights))


def _if(graph: Any) -> Any:
    return helper.make_node(
        "If", ["yes"], ["z"], then_branch=graph, else_branch=_graph()
    )


def _function(node: Any) -> Any:
    return helper.make_function(
        "own", "Own", [], [node.output[0]], [node], OPSET, attributes=[]
    )


def _with_default(tensor: Any) -> Any:
    made = _function(_constant(value_float=1.0))
    made.attribute_proto.append(helper.make_attribute("weights", tensor))
    return made


def _many_graphs(graph: Any) -> Any:
    node = helper.make_node("Own", [], ["z"], domain="own")
    node.attribute.append(helper.make_attribute("branches", [_graph(), graph]))
    return node


def _in_training(model: Any) -> None:
    info = model.training_info.add()
    info.initialization.CopyFrom(_graph())
    info.algorithm.CopyFrom(_graph(weights=[outside()]))


# Each puts weights that lie in another file somewhere into a model.
HIDING_PLACES: Final[dict[str, Callable[[Any], object]]] = {
    "initializer": lambda m: m.graph.initializer.append(outside()),
    "constant": lambda m: m.graph.node.append(_constant(value=outside())),
    "sparse initializer": lambda m: m.graph.sparse_initializer.append(
        _sparse("values")
    ),
    "sparse indices": lambda m: m.graph.sparse_initializer.append(_sparse("indices")),
    "sparse constant": lambda m: m.graph.node.append(
        _constant(sparse_value=_sparse("values"))
    ),
    # A branch without nodes gives its weights as its result.
    "branch without nodes": lambda m: m.graph.node.append(
        _if(_graph(weights=[outside()]))
    ),
    "branch of a branch": lambda m: m.graph.node.append(
        _if(_graph([_if(_graph(weights=[outside()]))]))
    ),
    "loop": lambda m: m.graph.node.append(
        helper.make_node(
            "Loop", ["", ""], [], body=_graph([_constant(value=outside())])
        )
    ),
    "scan": lambda m: m.graph.node.append(
        helper.make_node("Scan", [], [], body=_graph(weights=[outside()]))
    ),
    "list of graphs": lambda m: (
        m.functions.append(_function(_constant(value_float=1.0))),
        m.graph.node.append(_many_graphs(_graph(weights=[outside()]))),
    ),
    "function": lambda m: m.functions.append(_function(_constant(value=outside()))),
    "function's sparse constant": lambda m: m.functions.append(
        _function(_constant(sparse_value=_sparse("values")))
    ),
    "branch of a function": lambda m: m.functions.append(
        _function(_if(_graph([_constant(sparse_value=_sparse("indices"))])))
    ),
    "function's default": lambda m: m.functions.append(_with_default(outside())),
    "training": _in_training,
}


def changed(data: bytes, change: Callable[[Any], object]) -> bytes:
    """A model file with a change made to its message."""
    model = onnx.load_model_from_string(data)
    change(model)
    return bytes(model.SerializeToString())


def with_open_sides(model: Any) -> None:
    """Leave width and height of the input open."""
    dims = model.graph.input[0].type.tensor_type.shape.dim
    dims[2].dim_param, dims[3].dim_param = "height", "width"


def with_hidden(place: str) -> bytes:
    """A network that works, with weights in another file in a hiding place."""
    return changed(network(TABLE), HIDING_PLACES[place])


def _steps(kind: str, nodes: list[Any], weights: dict[str, Any]) -> bytes:
    """A network whose output `l` of these nodes is added to its table.

    The nodes begin with `start`, which depends on the picture if `run`, and is a
    constant if `load`: then onnxruntime computes them while it loads.
    """
    start = [
        helper.make_node("ReduceMean", ["images"], ["mean"], keepdims=0),
        helper.make_node("Reshape", ["mean", "one"], ["start"]),
    ]
    if kind == "load":
        start = [helper.make_node("Identity", ["zeros"], ["start"])]
    weights = {"zeros": np.zeros(1, np.float32), **weights}
    weights = {"one": np.array([1]), "table": TABLE["out"], **weights}
    end = [
        helper.make_node("ReduceMean", ["l"], ["sum"], keepdims=0),
        helper.make_node("ReduceMean", ["images"], ["seen"], keepdims=0),
        helper.make_node("Add", ["sum", "seen"], ["both"]),
        helper.make_node("Add", ["table", "both"], ["out"]),
    ]
    graph = helper.make_graph(
        [*start, *nodes, *end],
        "hostile",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, 64, 64])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, 6, 100])],
        [numpy_helper.from_array(np.asarray(v), n) for n, v in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=OPSET, ir_version=9)
    return bytes(model.SerializeToString())


def _loop(step: Any) -> Any:
    """A loop without end, from `start` to `l`, whose step makes `y` of `x`."""
    info = helper.make_tensor_value_info
    body = helper.make_graph(
        [helper.make_node("Identity", ["more"], ["again"]), step],
        "body",
        [
            info("i", TensorProto.INT64, []),
            info("more", TensorProto.BOOL, []),
            info("x", TensorProto.FLOAT, ["n"]),
        ],
        [info("again", TensorProto.BOOL, []), info("y", TensorProto.FLOAT, ["n"])],
    )
    return helper.make_node("Loop", ["", "yes", "start"], ["l"], body=body)


def endless(kind: str) -> bytes:
    """A network with a loop that does not end, when it is run or when it loads."""
    step = helper.make_node("Add", ["x", "x"], ["y"])
    return _steps(kind, [_loop(step)], {"yes": np.array(True)})


def endless_when_bright() -> bytes:
    """A network with a loop that does not end, unless the picture is black."""
    bright = helper.make_node("Greater", ["mean", "none"], ["yes"])
    step = helper.make_node("Add", ["x", "x"], ["y"])
    return _steps("run", [bright, _loop(step)], {"none": np.zeros((), np.float32)})


def doubling_when_bright() -> bytes:
    """A network that doubles its tensor without end, unless the picture is black."""
    bright = helper.make_node("Greater", ["mean", "none"], ["yes"])
    step = helper.make_node("Concat", ["x", "x"], ["y"], axis=0)
    return _steps("run", [bright, _loop(step)], {"none": np.zeros((), np.float32)})


def doubling(kind: str, times: int = 40) -> bytes:
    """A network that concatenates its tensor with itself, again and again."""
    names = ["start", *(f"d{number}" for number in range(1, times)), "l"]
    nodes = [
        helper.make_node("Concat", [before, before], [after], axis=0)
        for before, after in pairwise(names)
    ]
    return _steps(kind, nodes, {})


def doubling_loop(kind: str) -> bytes:
    """The same in a loop."""
    step = helper.make_node("Concat", ["x", "x"], ["y"], axis=0)
    return _steps(kind, [_loop(step)], {"yes": np.array(True)})


def many_nodes(count: int = 40_000_000) -> bytes:
    """A small file of empty nodes, each of which is an object once it is read."""
    # Field 7 of the model is the graph, field 1 of the graph a node, here of no bytes.
    body = b"\x0a\x00" * count
    length = len(body)
    size = bytearray()
    while length > 0x7F:
        size.append(length & 0x7F | 0x80)
        length >>= 7
    return b"\x3a" + bytes([*size, length]) + body


# Each takes all the time or all the memory that it gets.
GREEDY: Final[dict[str, Callable[[], bytes]]] = {
    "endless run": lambda: endless("run"),
    "endless load": lambda: endless("load"),
    "doubling run": lambda: doubling("run"),
    "doubling load": lambda: doubling("load"),
    "doubling loop": lambda: doubling_loop("run"),
    "many nodes": many_nodes,
}


def of_two_formats() -> bytes:
    """A network whose fifth byte begins the mark of onnxruntime's own format."""
    about = b".ORTM" + b"." * 195
    # Field 6 is the model's description; its length has two bytes.
    return b"\x32\xc8\x01" + about + network(TABLE)
