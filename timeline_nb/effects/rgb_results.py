"""Check the pictures that functions from elsewhere return."""

from typing import Any

import numpy as np

from timeline_nb.effects.picture import Bytes
from timeline_nb.errors import CompositionError

__all__ = ["checked_rgb"]


def checked_rgb(rgb: Any, what: str, *, width_px: int, height_px: int) -> Bytes:
    """Return a picture that a function returned, contiguous in memory.

    Args:
        rgb: What it returned.
        what: Whose it is, for the error: `the effect 'grain'`.
        width_px: The width that it must have.
        height_px: The height.

    Raises:
        CompositionError: It is no `(height, width, 3) uint8` array.
    """
    if not isinstance(rgb, np.ndarray) or rgb.dtype != np.uint8:
        returned = getattr(rgb, "dtype", type(rgb).__name__)
        raise CompositionError(f"{what} returned {returned}, not an array of uint8")
    shape = (height_px, width_px, 3)
    if rgb.shape != shape:
        raise CompositionError(f"{what} returned {rgb.shape}, not {shape}")
    return np.ascontiguousarray(rgb)
