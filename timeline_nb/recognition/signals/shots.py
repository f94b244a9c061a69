"""Shots and cuts, found from the measures of frames."""

from typing import Final, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.signals.curves import Curves
from timeline_nb.recognition.signals.stretches import as_stretches
from timeline_nb.recognition.source import Source
from timeline_nb.timebase import TimeLike, parse_duration

__all__ = ["CutMethod", "cuts_of", "shots_of", "threshold_of"]

CutMethod: TypeAlias = Literal["content", "adaptive", "histogram"]
# The defaults of PySceneDetect's detectors of these names.
_THRESHOLDS: Final = {"content": 27.0, "adaptive": 3.0, "histogram": 0.05}
_ADAPTIVE_LEAST: Final = 15.0
_NEIGHBORS: Final = 2


def cuts_of(
    curves: Curves, method: CutMethod = "content", threshold: float | None = None
) -> NDArray[np.intp]:
    """Return the places in the curves at which a shot begins, except the first.

    Args:
        curves: As measured.
        method: `content` compares hue, saturation and brightness with the frame
            before; `adaptive` compares that with the change of its neighbors, so
            that fast motion is not a cut; `histogram` compares brightness alone.
        threshold: Content above which, adaptive ratio above which, or difference of
            histograms from which a frame begins a shot; PySceneDetect's defaults if
            None.

    Raises:
        RecognitionError: There is no such method.
    """
    least = threshold_of(method, threshold)
    if method == "histogram":
        return np.flatnonzero(1 - curves.histogram >= least)
    content = curves.content.astype(np.float64)
    if method == "content":
        return np.flatnonzero(content >= least)
    ratios = _adaptive(content)
    return np.flatnonzero((ratios >= least) & (content >= _ADAPTIVE_LEAST))


def threshold_of(method: CutMethod, threshold: float | None) -> float:
    """Return the threshold given, or the default of a method.

    Raises:
        RecognitionError: There is no such method.
    """
    if method not in _THRESHOLDS:
        raise RecognitionError(
            f"method={method!r} is not one of {', '.join(_THRESHOLDS)}"
        )
    return _THRESHOLDS[method] if threshold is None else threshold


def _adaptive(content: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the ratio of each frame's change to that of its neighbors."""
    wide = 2 * _NEIGHBORS
    if len(content) <= wide:
        return np.zeros(len(content))
    sums = np.convolve(content, np.ones(wide + 1), "valid")
    around = (sums - content[_NEIGHBORS:-_NEIGHBORS]) / wide
    inner = content[_NEIGHBORS:-_NEIGHBORS]
    still = around < 1e-5
    ratios = np.where(still, 0.0, np.minimum(inner / np.maximum(around, 1e-5), 255.0))
    # A change among still frames has the greatest ratio.
    ratios[still & (inner >= _ADAPTIVE_LEAST)] = 255.0
    return np.pad(ratios, _NEIGHBORS)


def shots_of(
    curves: Curves,
    source: Source,
    *,
    method: CutMethod = "content",
    threshold: float | None = None,
    min_length: TimeLike = "0.6s",
) -> pd.DataFrame:
    """Return one row per shot, from the first frame to the last.

    Args:
        curves: As measured.
        source: The media.
        method: See `cuts_of`.
        threshold: See `cuts_of`.
        min_length: Drop cuts that follow another sooner than this, such as flashes.

    Returns:
        `shot` from 0, `start`, `end` and `duration` exact, `start_s`, `end_s`,
        `first_frame`, `last_frame`, and the `score` of the cut it begins with.

    Raises:
        RecognitionError: There is no such method.
    """
    if not len(curves.pts):
        return as_stretches(curves, source, np.zeros((0, 2), np.intp), {"shot": []})
    places = cuts_of(curves, method, threshold)
    ticks = parse_duration(min_length, source.rate) / source.time_base
    begins = [0]
    for place in places:
        if curves.pts[place] - curves.pts[begins[-1]] >= ticks:
            begins.append(int(place))
    edges = np.array([*begins, len(curves.pts)])
    value = 1 - curves.histogram if method == "histogram" else curves.content
    columns = {"shot": np.arange(len(begins)), "score": value[begins].astype(float)}
    return as_stretches(curves, source, np.stack([edges[:-1], edges[1:]], 1), columns)
