"""Orientation of coded pictures: a flip and quarter turns."""

import math
from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

__all__ = ["UPRIGHT", "Orientation"]


class Orientation(msgspec.Struct, frozen=True):
    """One of the eight orientations of a picture.

    Args:
        rotation_deg: Clockwise turn that makes the picture upright: 0, 90, 180, 270.
        flip: Whether left and right are changed over, before it is turned.
    """

    rotation_deg: int = 0
    flip: bool = False

    @classmethod
    def of_matrix(cls, matrix: Sequence[int]) -> "Orientation":
        """Return the orientation of a display matrix, to the nearest quarter turn.

        Args:
            matrix: Nine numbers, row after row (ISO/IEC 14496-12, 6.2.2): a point
                (x, y) of the coded picture is shown at (ax + cy, bx + dy).
        """
        a, b, c, d = (int(matrix[place]) for place in (0, 1, 3, 4))
        flip = a * d - b * c < 0
        if flip:
            a, b = -a, -b
        degrees = round(math.degrees(math.atan2(b, a)) / 90) * 90 % 360
        return cls(degrees, flip)

    @classmethod
    def of_exif(cls, value: int) -> "Orientation":
        """Return the orientation of EXIF tag 274 (CIPA DC-008, 4.6.4), by default 1."""
        return _EXIF.get(value, UPRIGHT)

    @property
    def is_upright(self) -> bool:
        """Whether the coded picture is shown as it is."""
        return not self.rotation_deg and not self.flip

    @property
    def swaps(self) -> bool:
        """Whether width and height change places."""
        return self.rotation_deg % 180 == 90

    def size(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return upright width and height of coded ones, or the other way round."""
        return (size[1], size[0]) if self.swaps else size

    def upright(self, picture: NDArray[Any]) -> NDArray[Any]:
        """Return a coded picture or plane `(H, W, ...)` upright, contiguous."""
        if self.flip:
            picture = picture[:, ::-1]
        return np.ascontiguousarray(np.rot90(picture, -(self.rotation_deg // 90)))

    @property
    def filters(self) -> tuple[tuple[str, str | None], ...]:
        """The filters of libavfilter that make a coded picture upright."""
        return _FILTERS[self.rotation_deg, self.flip]

    def coded_boxes(self, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return boxes on the upright picture as boxes on the coded one.

        Args:
            boxes: `(n, 4)` left, top, right, bottom, as shares of the picture.
        """
        left, top, right, bottom = boxes.T
        turned = {
            0: (left, top, right, bottom),
            90: (top, 1 - right, bottom, 1 - left),
            180: (1 - right, 1 - bottom, 1 - left, 1 - top),
            270: (1 - bottom, left, 1 - top, right),
        }[self.rotation_deg]
        left, top, right, bottom = turned
        if self.flip:
            left, right = 1 - right, 1 - left
        return np.stack([left, top, right, bottom], axis=1)

    def __str__(self) -> str:
        turned = f"turned {self.rotation_deg} degrees" if self.rotation_deg else ""
        return ", ".join(filter(None, ["mirrored" if self.flip else "", turned]))


UPRIGHT: Final = Orientation()
_EXIF: Final = {
    2: Orientation(0, flip=True),
    3: Orientation(180),
    4: Orientation(180, flip=True),
    5: Orientation(270, flip=True),
    6: Orientation(90),
    7: Orientation(90, flip=True),
    8: Orientation(270),
}
_FILTERS: Final[dict[tuple[int, bool], tuple[tuple[str, str | None], ...]]] = {
    (0, False): (),
    (90, False): (("transpose", "clock"),),
    (180, False): (("hflip", None), ("vflip", None)),
    (270, False): (("transpose", "cclock"),),
    (0, True): (("hflip", None),),
    # FFmpeg's metadata has the turn, and then a vertical flip.
    (90, True): (("transpose", "clock_flip"),),
    (180, True): (("vflip", None),),
    (270, True): (("transpose", "cclock_flip"),),
}
