"""A layout with its numbers filled in."""

from dataclasses import dataclass

from timeline_nb.recognition.models.spec import LayoutName, Pixels

__all__ = ["OutputLayout"]

_FACE_POINTS = 5


@dataclass(frozen=True, kw_only=True)
class OutputLayout:
    """What decoding a model's outputs needs.

    Args:
        name: The layout.
        labels: The classes by number.
        pixels: How a picture becomes its input.
        side: Width and height of the input.
        keypoints: Points an object, and values a point.
        masks: Mask coefficients an object.
        rotated: Whether boxes have an angle.
        outputs: The outputs that are read, in this order.
        strides: Of grids of cells, in model pixels.
    """

    name: LayoutName
    labels: tuple[str, ...]
    pixels: Pixels
    side: tuple[int, int]
    keypoints: tuple[int, int] = (0, 3)
    masks: int = 0
    rotated: bool = False
    outputs: tuple[str, ...] = ()
    strides: tuple[int, ...] = (8, 16, 32)

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.labels)

    @property
    def points(self) -> int:
        """How many key points an object has; face networks always have five."""
        is_face = self.name in {"yolov5-face", "yunet", "centerface"}
        return _FACE_POINTS if is_face else self.keypoints[0]

    @property
    def has_repeats(self) -> bool:
        """Whether boxes of one object are still to be brought together."""
        return self.name not in {"end2end", "detr", "detr-scored"}
