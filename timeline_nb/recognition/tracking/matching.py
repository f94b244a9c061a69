"""Which box goes with which: overlaps, and the best assignment."""

from typing import Any, Final

import numpy as np
import scipy
from numpy.typing import NDArray

__all__ = ["match", "overlaps"]

_NEVER: Final = 1e6


def overlaps(one: NDArray[Any], other: NDArray[Any]) -> NDArray[np.float64]:
    """Compute the IoU of each pair of boxes `(n, 4)` and `(m, 4)`: `(n, m)`."""
    near = np.maximum(one[:, None, :2], other[None, :, :2])
    far = np.minimum(one[:, None, 2:], other[None, :, 2:])
    sides = np.maximum(far - near, 0)
    shared = sides[..., 0] * sides[..., 1]
    areas = (one[:, 2] - one[:, 0]) * (one[:, 3] - one[:, 1])
    others = (other[:, 2] - other[:, 0]) * (other[:, 3] - other[:, 1])
    union = areas[:, None] + others[None] - shared
    return np.asarray(shared / np.maximum(union, 1e-9))


def match(
    cost: NDArray[np.float64], allowed: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return pairs of row and column with the least total cost, among those allowed.

    Args:
        cost: `(n, m)`.
        allowed: `(n, m)`.
    """
    if not allowed.any():
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    rows, columns = scipy.optimize.linear_sum_assignment(
        np.where(allowed, cost, _NEVER)
    )
    kept = allowed[rows, columns]
    return rows[kept], columns[kept]
