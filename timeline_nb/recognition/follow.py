"""The path of a crop window that keeps a track in sight."""

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import scipy

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.tables.columns import check_columns, source_of
from timeline_nb.timebase import TimeLike, parse_duration

__all__ = ["follow_parameters"]

# Between these points the window moves linearly.
_POINTS_PER_SECOND = 10


def follow_parameters(
    table: pd.DataFrame,
    *,
    aspect: Fraction,
    smooth: TimeLike = "1s",
    height: float = 1.0,
) -> dict[str, Any]:
    """Compute the parameters of a `reframe` effect that keeps boxes in sight.

    With several boxes in a frame, the window is centered on their mean, weighted by
    area and score; between frames without boxes it moves from the last to the next.

    Args:
        table: The rows to follow: those of a track, say.
        aspect: Width over height of the window.
        smooth: How slowly the window moves: twice the sigma of a Gaussian filter.
        height: Of the window, relative to the frame's.

    Raises:
        RecognitionError: The table has no rows, or `height` is not 0 to 1.
    """
    check_columns(table, ("pts", "x1", "y1", "x2", "y2", "score"))
    source = source_of(table)
    if not len(table):
        raise RecognitionError("the table has no rows: there is nothing to follow")
    if not 0 < height <= 1:
        raise RecognitionError(f"height={height}: give a share of the frame, 0 to 1")
    wide, high = source.size
    window_high = min(high * height, wide / float(aspect))
    window = [_even(window_high * float(aspect), wide), _even(window_high, high)]
    weights = (table["x2"] - table["x1"]) * (table["y2"] - table["y1"]) * table["score"]
    middles = pd.DataFrame(
        {
            "pts": table["pts"],
            "weight": weights,
            "x": weights * (table["x1"] + table["x2"]) / 2,
            "y": weights * (table["y1"] + table["y2"]) / 2,
        }
    )
    sums = middles.groupby("pts").sum().astype(np.float64)
    times = sums.index.to_numpy(np.float64)
    step = max(1, round(1 / source.time_base / _POINTS_PER_SECOND))
    grid = np.append(np.arange(times[0], times[-1], step), times[-1])
    sigma = float(parse_duration(smooth, source.rate)) * _POINTS_PER_SECOND / 2
    places = []
    for name in ("x", "y"):
        even = np.interp(grid, times, (sums[name] / sums["weight"]).to_numpy())
        if sigma:
            even = scipy.ndimage.gaussian_filter1d(even, sigma, mode="nearest")
        places.append(even)
    path = [
        [int(pts), round(float(x), 2), round(float(y), 2)]
        for pts, x, y in zip(grid, *places, strict=True)
    ]
    return {
        "fingerprint": source.fingerprint,
        "size": [int(wide), int(high)],
        "window": window,
        "path": path,
    }


def _even(length: float, most: int) -> int:
    return min(max(2, round(length / 2) * 2), most // 2 * 2)
