"""A model file read without running it: is it whole, is it safe, what does it say?"""

import ast
import json
from dataclasses import dataclass, field
from typing import Any, Final

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.models.self_contained import checked_operators

__all__ = ["DEFAULT_SIDE", "ModelCard", "read_card", "with_open_input"]

_LARGEST_SIDE: Final = 8192
# Of networks that take pictures of any size, and do not say which.
DEFAULT_SIDE: Final = (640, 640)


@dataclass(frozen=True)
class ModelCard:
    """The shapes and metadata of an ONNX file.

    Args:
        name: How messages call the file.
        inputs: Names and shapes; a size that is left open is None.
        outputs: The same.
        metadata: As written by the exporter.
        operators: The kinds of its nodes.
    """

    name: str
    inputs: dict[str, tuple[int | None, ...]]
    outputs: dict[str, tuple[int | None, ...]]
    metadata: dict[str, str] = field(default_factory=dict)
    operators: frozenset[str] = frozenset()

    @property
    def is_vague(self) -> bool:
        """Whether an output leaves both sides of a table open: any layout would do."""
        return any(
            len(shape) == 3 and shape[1] is None and shape[2] is None
            for shape in self.outputs.values()
        )

    @property
    def labels(self) -> tuple[str, ...] | None:
        """The classes as ultralytics writes them, `{0: 'person', ...}`, or as JSON.

        Raises:
            RecognitionError: They are numbered with holes.
        """
        names = _literal(self.metadata.get("names"))
        if isinstance(names, dict):
            numbers = sorted(int(key) for key in names)
            if numbers != list(range(len(numbers))):
                raise RecognitionError(
                    f"the model {self.name} numbers its labels {numbers[:5]} ...: "
                    "they must count from 0 without holes; give labels="
                )
            named = {int(key): str(value) for key, value in names.items()}
            return tuple(named[number] for number in numbers)
        return tuple(map(str, names)) if isinstance(names, (list, tuple)) else None

    @property
    def task(self) -> str:
        """`detect`, `segment`, `pose` or `obb`, as the exporter says; empty if not."""
        return self.metadata.get("task", "")

    @property
    def keypoints(self) -> tuple[int, int] | None:
        """Points an object and values a point, where the exporter says so."""
        shape = _literal(self.metadata.get("kpt_shape"))
        if isinstance(shape, (list, tuple)) and len(shape) == 2:
            return int(shape[0]), int(shape[1])
        return None

    @property
    def image_size(self) -> tuple[int, int] | None:
        """Width and height of the input, as the exporter says."""
        size = _literal(self.metadata.get("imgsz"))
        if isinstance(size, int):
            size = [size, size]
        if isinstance(size, (list, tuple)) and len(size) == 2:
            return int(size[1]), int(size[0])
        return None


def _literal(text: str | None) -> Any:
    """Parse a Python literal or JSON, as exporters write them; None if neither."""
    if text is None or len(text) > 1_000_000:
        return None
    for read in (ast.literal_eval, json.loads):
        try:
            return read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
    return None


def read_card(data: bytes, name: str) -> ModelCard:
    """Read the shapes and metadata of an ONNX file; refuse invalid and unsafe files.

    Nothing is run and no other file is opened: weights that lie outside the file, and
    operators that would need a library loaded, are errors.

    Args:
        data: The file.
        name: How messages call it.

    Raises:
        RecognitionError: It is no ONNX file, is cut short, or reaches outside itself.
    """
    model = _parsed(data, name)
    operators = checked_operators(model, name)
    weights = {tensor.name for tensor in model.graph.initializer}
    inputs = {v.name: _shape(v) for v in model.graph.input if v.name not in weights}
    outputs = {v.name: _shape(v) for v in model.graph.output}
    if not inputs or not outputs:
        raise RecognitionError(f"the model {name} has no input or no output")
    for shape in inputs.values():
        if any(size is not None and size > _LARGEST_SIDE for size in shape):
            raise RecognitionError(
                f"the model {name} takes {shape}: that is no picture"
            )
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    return ModelCard(name, inputs, outputs, metadata, operators)


def with_open_input(data: bytes) -> bytes:
    """Return the same network with the sizes of its pictures left open.

    Some files tell the sizes of one example, though the network takes any.
    """
    import onnx

    model = onnx.load_model_from_string(data)
    weights = {tensor.name for tensor in model.graph.initializer}
    for value in model.graph.input:
        # Old files name their weights among the inputs.
        if value.name in weights:
            continue
        for place in (0, 2, 3):
            value.type.tensor_type.shape.dim[place].dim_param = f"open{place}"
    for value in model.graph.output:
        value.type.tensor_type.ClearField("shape")
    del model.graph.value_info[:]
    return bytes(model.SerializeToString())


def _parsed(data: bytes, name: str) -> Any:
    import onnx
    from google.protobuf.message import DecodeError

    if not data:
        raise RecognitionError(f"the model {name} is an empty file")
    try:
        model = onnx.load_model_from_string(data)
    except (DecodeError, ValueError, RuntimeError) as error:
        raise RecognitionError(
            f"the model {name} is no ONNX file, or was cut short: fetch it again"
        ) from error
    if not model.graph.node:
        raise RecognitionError(f"the model {name} is no ONNX network: it has no nodes")
    return model


def _shape(value: Any) -> tuple[int | None, ...]:
    return tuple(
        dim.dim_value if dim.HasField("dim_value") and dim.dim_value > 0 else None
        for dim in value.type.tensor_type.shape.dim
    )
