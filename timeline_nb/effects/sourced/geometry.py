"""Conversion of boxes of an upright picture to areas of the coded picture."""

import numpy as np
from numpy.typing import NDArray

from timeline_nb.media.frame import Frame

__all__ = ["coded_areas"]


def coded_areas(
    boxes: NDArray[np.float64], size: tuple[int, int], frame: Frame
) -> NDArray[np.int64]:
    """Return boxes of the upright picture as whole pixels of the coded one.

    Areas are rounded outwards, so that they cover at least the boxes.

    Args:
        boxes: `(n, 4)` xyxy, in pixels of an upright picture of `size`.
        size: Width and height of the picture that the boxes refer to.
        frame: The frame, which may be smaller, rotated, or have pixels that are not
            square.

    Returns:
        `(n, 4)` left, top, right, bottom: even, so that chroma is whole too, and
        within the picture; boxes outside it have no area.
    """
    shares = frame.orientation.coded_boxes(boxes / np.array([*size, *size], np.float64))
    wide, high = frame.picture.width, frame.picture.height
    left, top, right, bottom = shares.T
    # Rounding may put a whole share slightly beyond it.
    slack = 1e-6
    areas = np.stack(
        [
            np.floor((left * wide + slack) / 2) * 2,
            np.floor((top * high + slack) / 2) * 2,
            np.ceil((right * wide - slack) / 2) * 2,
            np.ceil((bottom * high - slack) / 2) * 2,
        ],
        axis=1,
    )
    limit = np.array([wide, high, wide, high])
    return np.asarray(np.clip(areas, 0, limit), np.int64)
