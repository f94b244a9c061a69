"""The specification of a model: layout, labels and input."""

from typing import Literal, TypeAlias

import msgspec

from timeline_nb.core.call_errors import ExplainingMeta

__all__ = ["Fit", "LayoutName", "ModelSpec", "Pixels"]

LayoutName: TypeAlias = Literal[
    "yolov5",
    "yolov8",
    "end2end",
    "yolox",
    "yolox-decoded",
    "nanodet",
    "nanodet-heads",
    "detr",
    "detr-scored",
    "yolov5-face",
    "yunet",
    "centerface",
]
Fit: TypeAlias = Literal["letterbox", "corner", "stretch"]


class Pixels(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    metaclass=ExplainingMeta,
):
    """How a frame becomes a network's input: `(value - mean) / std`.

    Args:
        order: Of the color channels.
        mean: Subtracted from values of 0 to 255, in that order.
        std: Divides the difference.
        fit: `letterbox` keeps the aspect and pads on all sides, `corner` pads on the
            right and below, `stretch` does not keep the aspect.
        pad: The gray of the padding, 0 to 255.

    Example:
        >>> pixels = tl.Pixels(order="bgr", std=(1, 1, 1), fit="stretch")
        >>> spec = tl.ModelSpec(pixels=pixels)
    """

    order: Literal["rgb", "bgr"] = "rgb"
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (255.0, 255.0, 255.0)
    fit: Fit = "letterbox"
    pad: int = 114


class ModelSpec(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    metaclass=ExplainingMeta,
):
    """What a model's file does not say of itself.

    Args:
        layout: How the outputs are laid out; found from their shapes if None.
        labels: The classes by number; the file's own if empty.
        pixels: The input; the default of the layout if None.
        side: Width and height of the input, where the file leaves them open.
        keypoints: Points per object, and values per point (2 or 3).
        masks: Mask coefficients per object.
        rotated: Whether boxes have an angle.

    Example:
        >>> spec = tl.ModelSpec(layout="yolov8", labels=("bolt", "nut"))
        >>> parts = src.detect(model="parts.onnx", spec=spec)  # doctest: +SKIP
    """

    layout: LayoutName | None = None
    labels: tuple[str, ...] = ()
    pixels: Pixels | None = None
    side: tuple[int, int] | None = None
    keypoints: tuple[int, int] = (0, 3)
    masks: int = 0
    rotated: bool = False
