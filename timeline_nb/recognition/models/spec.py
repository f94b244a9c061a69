"""What must be known of a model to run it: its layout, its labels, its input."""

from typing import Literal, TypeAlias

import msgspec

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


class Pixels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a picture becomes a network's input: `(value - mean) / std`.

    Args:
        order: Of the colors.
        mean: Taken from 0 to 255, in that order.
        std: What the difference is divided by.
        fit: `letterbox` keeps the aspect and pads around the picture, `corner` pads
            on the right and below, `stretch` does not keep it.
        pad: The gray of the padding, 0 to 255.
    """

    order: Literal["rgb", "bgr"] = "rgb"
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (255.0, 255.0, 255.0)
    fit: Fit = "letterbox"
    pad: int = 114


class ModelSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model, as far as its file does not speak for itself.

    Args:
        layout: How the outputs are laid out; found from their shapes if None.
        labels: The classes by number; the file's own if empty.
        pixels: The input; what is usual for the layout if None.
        side: Width and height of the input, where the file leaves them open.
        keypoints: How many points an object has, and values a point (2 or 3).
        masks: How many mask coefficients an object has.
        rotated: Whether boxes have an angle.
    """

    layout: LayoutName | None = None
    labels: tuple[str, ...] = ()
    pixels: Pixels | None = None
    side: tuple[int, int] | None = None
    keypoints: tuple[int, int] = (0, 3)
    masks: int = 0
    rotated: bool = False
