"""A model file read without running it: is it whole, is it safe, what does it say?"""

import ast
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.models.limits import MOST_LABELS, MOST_POINTS, ModelLimits
from timeline_nb.recognition.models.self_contained import checked_operators

__all__ = ["DEFAULT_SIDE", "ModelCard", "read_card", "with_open_input"]

# The 1,203 labels of LVIS are 25,000 letters; Python takes a second for this many.
_LONGEST_ENTRY: Final = 300_000
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

    @cached_property
    def labels(self) -> tuple[str, ...] | None:
        """The classes as ultralytics writes them, `{0: 'person', ...}`, or as JSON.

        Raises:
            RecognitionError: They are no list, or are numbered with holes.
        """
        names = self._stated("names", "labels")
        if names is None:
            return None
        if isinstance(names, dict):
            names = self._in_order(names)
        if not isinstance(names, (list, tuple)) or len(names) > MOST_LABELS:
            raise self._unreadable("names", "labels")
        return tuple(map(str, names))

    def _in_order(self, names: dict[Any, Any]) -> list[Any]:
        """Return the labels of `{number: label}` in order; JSON has texts as keys."""
        try:
            named = {int(key): value for key, value in names.items()}
        except (TypeError, ValueError, OverflowError) as error:
            raise self._unreadable("names", "labels") from error
        numbers = sorted(named)
        if numbers != list(range(len(names))):
            raise RecognitionError(
                f"the model {self.name} numbers its labels {numbers[:5]} ...: "
                "they must count from 0 without holes; give labels="
            )
        return [named[number] for number in numbers]

    @property
    def task(self) -> str:
        """`detect`, `segment`, `pose` or `obb`, as the exporter says; empty if not."""
        return self.metadata.get("task", "")

    @property
    def keypoints(self) -> tuple[int, int] | None:
        """Points an object and values a point, where the exporter says so.

        Raises:
            RecognitionError: They are no such pair of numbers.
        """
        shape = self._stated("kpt_shape", "keypoints")
        if shape is None:
            return None
        pair = _pair(shape)
        if pair is None or not 1 <= pair[0] <= MOST_POINTS or pair[1] not in {2, 3}:
            raise self._unreadable("kpt_shape", "keypoints")
        return pair

    @property
    def image_size(self) -> tuple[int, int] | None:
        """Width and height of the input, as the exporter says.

        Raises:
            RecognitionError: They are no positive numbers.
        """
        size = self._stated("imgsz", "side")
        if size is None:
            return None
        pair = _pair([size, size] if isinstance(size, int) else size)
        if pair is None or min(pair) < 1:
            raise self._unreadable("imgsz", "side")
        return pair[1], pair[0]

    def _stated(self, key: str, argument: str) -> Any:
        """Return the value of an entry of the metadata; None if there is none."""
        if not self.metadata.get(key):
            return None
        value = _literal(self.metadata[key])
        if value is None:
            raise self._unreadable(key, argument)
        return value

    def _unreadable(self, key: str, argument: str) -> RecognitionError:
        return RecognitionError(
            f"the model {self.name} has {key!r} in its metadata, which cannot be read "
            f"as {argument}: give {argument}="
        )


def _pair(value: Any) -> tuple[int, int] | None:
    """Return two whole numbers; None if it is anything else."""
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        return None
    if any(type(number) is not int for number in value):
        return None
    return value[0], value[1]


def _literal(text: str) -> Any:
    """Parse a Python literal or JSON, as exporters write them; None if neither."""
    if len(text) > _LONGEST_ENTRY:
        return None
    for read in (ast.literal_eval, json.loads):
        try:
            return read(text)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            continue
    return None


def read_card(data: bytes, name: str, limits: ModelLimits | None = None) -> ModelCard:
    """Read the shapes and metadata of an ONNX file; refuse invalid and unsafe files.

    Nothing is run and no other file is opened: weights that lie outside the file, and
    operators that would need a library loaded, are errors.

    Args:
        data: The file.
        name: How messages call it.
        limits: What it may ask for; the default ones if not given.

    Raises:
        RecognitionError: It is no ONNX file, is cut short, reaches outside itself, or
            asks for more than the limits.
    """
    model = _parsed(data, name)
    operators = checked_operators(model, name)
    weights = {tensor.name for tensor in model.graph.initializer}
    inputs = {v.name: _shape(v) for v in model.graph.input if v.name not in weights}
    outputs = {v.name: _shape(v) for v in model.graph.output}
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    texts = (*operators, *inputs, *outputs, *metadata, *metadata.values())
    if not all(isinstance(text, str) for text in texts):
        raise RecognitionError(
            f"the model {name} has names that are no UTF-8: it is damaged"
        )
    if not inputs or not outputs:
        raise RecognitionError(f"the model {name} has no input or no output")
    for shape in inputs.values():
        (limits or ModelLimits()).check_input(name, shape)
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
