"""Shrink a network's input to the aspect of its frames, without padding.

A detector exported for square inputs spends almost half of its work on the padding of a
wide frame. Its weights fit any input; only some constants of the file do not: the
number of grid cells and their places. They are computed anew for the smaller input.
"""

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from timeline_nb.recognition.models.registry import LoadedModel

__all__ = ["tight_side", "tightened"]

_STRIDES: Final = (8, 16, 32)
# A saving of less than 15 % is not worth a network of its own.
_WORTH: Final = 0.85


def tight_side(side: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    """Return the least input, in whole cells, that keeps the scale of `side`."""
    scale = min(side[0] / size[0], side[1] / size[1])
    cell = _STRIDES[-1]
    wide, high = (-(-round(length * scale) // cell) * cell for length in size)
    return min(side[0], wide), min(side[1], high)


def tightened(model: LoadedModel, size: tuple[int, int]) -> LoadedModel:
    """Return the model for frames of `size`; the model itself if it cannot shrink.

    Args:
        model: A letterboxed network in the YOLOv8 layout, of a fixed input.
        size: Width and height of the pictures.
    """
    layout = model.layout
    side = tight_side(layout.side, size)
    area = side[0] * side[1] / (layout.side[0] * layout.side[1])
    known = layout.name == "yolov8" and layout.pixels.fit == "letterbox"
    if not known or area > _WORTH:
        return model
    data = _rewritten(model, layout.side, side)
    if data is None:
        return model
    return replace(model, data=data, layout=replace(layout, side=side))


def _rewritten(
    loaded: LoadedModel, old: tuple[int, int], new: tuple[int, int]
) -> bytes | None:
    """Return the file for another input; None if a constant is not known."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load_model_from_string(loaded.data)
    graph = model.graph
    before, after = _Grid(old), _Grid(new)
    shapes = {node.input[1] for node in graph.node if node.op_type == "Reshape"}
    for name, tensor in _constants(graph):
        values = numpy_helper.to_array(tensor)
        changed: NDArray[Any] | None = values
        if name in shapes:
            changed = before.reshaped(values, after)
        elif values.dtype.kind == "f" and before.total in values.shape:
            changed = before.moved(values, after)
        if changed is None:
            return None
        if changed is not values:
            made = numpy_helper.from_array(np.ascontiguousarray(changed), tensor.name)
            tensor.CopyFrom(made)
    if not _resized(graph, old, new, {before.total: after.total}):
        return None
    del graph.value_info[:]
    shrunk = bytes(model.SerializeToString())
    return shrunk if _runs(loaded, shrunk, new, after.total) else None


def _resized(
    graph: Any, old: tuple[int, int], new: tuple[int, int], totals: dict[int, int]
) -> bool:
    """Set the new input and output sizes; return False if the old one differs."""
    for value in graph.input:
        dims = value.type.tensor_type.shape.dim
        if len(dims) == 4:
            if (dims[3].dim_value, dims[2].dim_value) != old:
                return False
            dims[3].dim_value, dims[2].dim_value = new
    for value in graph.output:
        for dim in value.type.tensor_type.shape.dim:
            dim.dim_value = totals.get(dim.dim_value, dim.dim_value)
    return True


def _constants(graph: Any) -> list[tuple[str, Any]]:
    """Return each constant of a graph by the name that nodes use."""
    found = [(tensor.name, tensor) for tensor in graph.initializer]
    for node in graph.node:
        if node.op_type == "Constant":
            held = [a.t for a in node.attribute if a.name == "value"]
            found += [(node.output[0], tensor) for tensor in held]
    return found


def _runs(loaded: LoadedModel, data: bytes, side: tuple[int, int], total: int) -> bool:
    """Return whether the file that was made gives `total` cells."""
    from timeline_nb.recognition.inference.providers import shapes_given

    try:
        if loaded.trials is None:
            shapes = shapes_given(data, side)
        else:
            shapes = loaded.trials.tried(data, loaded.name, side).outputs
    except RuntimeError:
        return False
    return any(total in shape for shape in shapes.values())


class _Grid:
    """The cells of an input at each stride, one stride after the other."""

    def __init__(self, side: tuple[int, int]) -> None:
        self.sides = [(side[0] // s, side[1] // s) for s in _STRIDES]
        self.counts = [wide * high for wide, high in self.sides]
        self.total = sum(self.counts)

    def middles(self) -> NDArray[np.float32]:
        """Return the center of each cell, in cells: `(2, n)`."""
        parts = []
        for wide, high in self.sides:
            y, x = np.mgrid[:high, :wide]
            parts.append(np.stack([x.ravel(), y.ravel()]) + 0.5)
        return np.concatenate(parts, axis=1).astype(np.float32)

    def strides(self) -> NDArray[np.float32]:
        """Return the stride of each cell: `(n,)`."""
        return np.repeat(np.array(_STRIDES, np.float32), self.counts)

    def tables(self) -> list[NDArray[np.float32]]:
        """Return the tables that exporters write: strides, cell centers and corners."""
        found = [self.strides()[None]]
        for corner in (self.middles(), self.middles() - np.float32(0.5)):
            for scaled in (corner, corner * self.strides()):
                found += [scaled, scaled[:1], scaled[1:]]
        return found

    def reshaped(self, shape: NDArray[Any], other: "_Grid") -> NDArray[Any]:
        """Return a shape with the cells of another grid in the place of these."""
        sizes = shape.ravel().tolist()
        sides = zip(self.sides, other.sides, strict=True)
        pairs = {mine[::-1]: its[::-1] for mine, its in sides}
        numbers = zip(self.counts, other.counts, strict=True)
        counts = {self.total: other.total, **dict(numbers)}
        made = [counts.get(size, size) for size in sizes]
        for place in range(len(sizes) - 1):
            pair = pairs.get((sizes[place], sizes[place + 1]))
            if pair is not None and len(sizes) == 4 and place == 2:
                made[place : place + 2] = pair
        if made == sizes:
            return shape
        return np.array(made, shape.dtype).reshape(shape.shape)

    def moved(self, values: NDArray[Any], other: "_Grid") -> NDArray[Any] | None:
        """Return a table of these cells for another grid; None if it is none."""
        if values.shape[-1] != self.total:
            return None
        flat = values.reshape(-1, self.total)
        tables = zip(self.tables(), other.tables(), strict=True)
        for mine, its in tables:
            if flat.shape == mine.shape and np.array_equal(flat, mine):
                made = its.reshape(*values.shape[:-1], other.total)
                return np.asarray(made, values.dtype)
        return None
