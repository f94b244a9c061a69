"""Places on an upright picture, as places in the picture as it is coded."""

import numpy as np
from numpy.typing import NDArray

from timeline_nb.media.frame import Frame

__all__ = ["coded_areas"]


def coded_areas(
    boxes: NDArray[np.float64], size: tuple[int, int], frame: Frame
) -> NDArray[np.int64]:
    """Boxes of the upright picture as whole pixels of the coded one, never smaller.

    Args:
        boxes: `(n, 4)` xyxy, in pixels of an upright picture of `size`.
        size: Width and height that the boxes are told in.
        frame: The frame, which may be smaller, reveal, or of pixels that are not
            square.

    Returns:
        `(n, 4)` left, top, right, bottom: even, so that chroma is whole too, and
        within the picture; boxes outside it have no area.
    """
    shares = frame.orientation.coded_boxes(boxes / np.array([*size, *size], np.float64))
    wide, high = frame.picture.width, frame.picture.height
    left, top, right, bottom = shares.T
    # A share that is meant to be whole may come out a hair beyond it.
    hair = 1e-6
    areas = np.stack(
        [
            np.floor((left * wide + hair) / 2) * 2,
            np.floor((top * high + hair) / 2) * 2,
            np.ceil((right * wide - hair) / 2) * 2,
            np.ceil((bottom * high - hair) / 2) * 2,
        ],
        axis=1,
    )
    limit = np.array([wide, high, wide, high])
    return np.asarray(np.clip(areas, 0, limit), np.int64)
