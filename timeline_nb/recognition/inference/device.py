"""Preprocessing on the GPU: bytes are copied there, not floats."""

from functools import lru_cache
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from timeline_nb.recognition.layouts.layout import OutputLayout

__all__ = ["DevicePreparer", "preparing_graph"]


@lru_cache(maxsize=8)
def preparing_graph(layout: OutputLayout) -> bytes:
    """Build an ONNX network that does what `fill_input` does, for one shape.

    Its input `pictures` is `(n, h, w, 3) uint8 RGB`, its second, `pads`, the eight
    amounts of padding; its output `images` is `(n, 3, H, W) float32`.
    """
    from onnx import TensorProto, helper

    pixels = layout.pixels
    order = [0, 1, 2] if pixels.order == "rgb" else [2, 1, 0]
    shape = (1, 3, 1, 1)
    constants = {
        "order": (TensorProto.INT64, [3], order),
        "mean": (TensorProto.FLOAT, shape, pixels.mean),
        "factor": (TensorProto.FLOAT, shape, [1 / std for std in pixels.std]),
        "gray": (TensorProto.FLOAT, [], [float(pixels.pad)]),
    }
    nodes = [
        helper.make_node("Cast", ["pictures"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["float"], ["planar"], perm=[0, 3, 1, 2]),
        helper.make_node("Pad", ["planar", "pads", "gray"], ["padded"]),
        helper.make_node("Gather", ["padded", "order"], ["ordered"], axis=1),
        helper.make_node("Sub", ["ordered", "mean"], ["centered"]),
        helper.make_node("Mul", ["centered", "factor"], ["images"]),
    ]
    width, height = layout.side
    graph = helper.make_graph(
        nodes,
        "prepare",
        [
            helper.make_tensor_value_info(
                "pictures", TensorProto.UINT8, ["n", "h", "w", 3]
            ),
            helper.make_tensor_value_info("pads", TensorProto.INT64, [8]),
        ],
        [
            helper.make_tensor_value_info(
                "images", TensorProto.FLOAT, ["n", 3, height, width]
            )
        ],
        [
            helper.make_tensor(name, kind, dims, values)
            for name, (kind, dims, values) in constants.items()
        ],
    )
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=9)
    return bytes(model.SerializeToString())


class DevicePreparer:
    """Prepares a network's input on its device, from frames already downscaled.

    Args:
        layout: Whose input.
        device: As onnxruntime names it, `cuda` or `cpu`.
        provider: What runs there.
    """

    def __init__(self, layout: OutputLayout, *, device: str, provider: str) -> None:
        self._layout = layout
        self._device = device
        self._session = ort.InferenceSession(
            preparing_graph(layout), providers=[provider]
        )

    def prepare(
        self, small: list[NDArray[np.uint8]], inner: list[tuple[int, int, int, int]]
    ) -> Any:
        """Return the input on the device, as an `OrtValue`.

        Args:
            small: Pictures `(h, w, 3) uint8 RGB` of one shape.
            inner: Where each lies in the input; all alike.
        """
        width, height = self._layout.side
        left, top, wide, high = inner[0]
        pads = [0, 0, top, left, 0, 0, height - top - high, width - left - wide]
        binding = self._session.io_binding()
        binding.bind_cpu_input("pictures", np.stack(small))
        binding.bind_cpu_input("pads", np.array(pads, np.int64))
        binding.bind_output("images", self._device)
        self._session.run_with_iobinding(binding)
        return binding.get_outputs()[0]
