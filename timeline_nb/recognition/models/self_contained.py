"""Refuse a model file that reaches outside itself: other files, foreign libraries."""

from collections.abc import Iterator
from typing import Any, Final

from timeline_nb.errors import RecognitionError

__all__ = ["checked_operators"]

# Operators that onnxruntime itself brings along.
_DOMAINS: Final = {"", "ai.onnx", "ai.onnx.ml", "com.microsoft", "com.microsoft.nchwc"}
# Its attribute names a compiled network in another file, which a provider opens.
_OPENS_FILES: Final = {"EPContext"}
_EXTERNAL: Final = 1


def checked_operators(model: Any, name: str) -> frozenset[str]:
    """Return the kinds of all nodes; refuse what reaches outside the file.

    Every message of the file is visited, so that no branch, function, sparse tensor or
    training graph is left out.

    Args:
        model: An `onnx.ModelProto`.
        name: How messages call it.

    Raises:
        RecognitionError: A tensor lies in another file, an operator belongs to a
            foreign library or opens files, or a field is unknown to this version of
            onnx. Tensor and file, or operator, are named.
    """
    import onnx
    from google.protobuf.unknown_fields import UnknownFieldSet

    operators = set()
    own = {(function.domain, function.name) for function in model.functions}
    for message in _messages(model):
        if isinstance(message, onnx.TensorProto):
            _check_tensor(message, name)
        elif isinstance(message, onnx.NodeProto):
            _check_node(message, name, own)
            operators.add(message.op_type)
        # onnxruntime may understand what this reader does not.
        if len(UnknownFieldSet(message)):
            kind = message.DESCRIPTOR.name.removesuffix("Proto")
            raise RecognitionError(
                f"the model {name} has a field of {kind} that onnx "
                f"{onnx.__version__} does not know: install a newer onnx"
            )
    return frozenset(operators)


def _messages(root: Any) -> Iterator[Any]:
    """Yield a message and all messages within it; nothing in a tensor is one."""
    import onnx
    from google.protobuf.message import Message

    waiting = [root]
    while waiting:
        message = waiting.pop()
        yield message
        # Listing a tensor's fields would copy its weights.
        if isinstance(message, onnx.TensorProto):
            continue
        for field, value in message.ListFields():
            if field.message_type is not None:
                waiting += [value] if isinstance(value, Message) else value


def _check_tensor(tensor: Any, name: str) -> None:
    if tensor.data_location != _EXTERNAL and not tensor.external_data:
        return
    places = [entry.value for entry in tensor.external_data if entry.key == "location"]
    file = repr(places[-1]) if places else "another file"
    raise RecognitionError(
        f"the model {name} keeps the weights {tensor.name!r} in {file}: save it as one "
        "file (onnx.save_model with save_as_external_data=False)"
    )


def _check_node(node: Any, name: str, own: set[tuple[str, str]]) -> None:
    operator = f"{node.domain}.{node.op_type}"
    if node.domain not in _DOMAINS and (node.domain, node.op_type) not in own:
        raise RecognitionError(
            f"the model {name} needs the operator {operator} of a foreign library, "
            "which is not loaded"
        )
    if node.op_type in _OPENS_FILES:
        raise RecognitionError(
            f"the model {name} has the operator {operator}, which opens other files: "
            "export it again without compiling it for a device"
        )
