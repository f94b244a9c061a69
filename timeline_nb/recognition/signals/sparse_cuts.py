"""Cuts found from keyframes, and the frames between those that differ."""

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from timeline_nb.media.frame import Frame
from timeline_nb.recognition.signals.curves import Curves, measure
from timeline_nb.recognition.signals.shots import (
    CutMethod,
    cuts_of,
    threshold_of,
)

__all__ = ["candidates_of", "joined", "sparse"]

# Two frames around a cut differ too, though perhaps less than its own two.
_SHARE: Final = 0.8


def joined(parts: list[Curves]) -> Curves:
    """Join curves of parts; each ends with the first frame of the next."""
    rest = [part.select(np.arange(1, len(part.pts))) for part in parts[1:]]
    whole = [parts[0], *rest]
    return Curves(
        *(
            np.concatenate([getattr(part, name) for part in whole])
            for name in Curves.__dataclass_fields__
        )
    )


def candidates_of(
    anchors: Curves, method: CutMethod, threshold: float | None
) -> list[tuple[int, int]]:
    """Return pairs of neighboring measured frames between which a cut may lie."""
    places = cuts_of(anchors, method, _SHARE * threshold_of(method, threshold))
    return [(int(anchors.frame[p - 1]), int(anchors.frame[p])) for p in places if p]


def sparse(
    anchors: Curves,
    pts: NDArray[np.int64],
    frames: Callable[[int, int], Iterable[Frame]],
    method: CutMethod,
    threshold: float | None,
) -> Curves:
    """Return curves of all frames, of which only those at cuts are measured.

    Args:
        anchors: The curves of some of the frames, such as keyframes.
        pts: Of all frames.
        frames: Decodes all frames from `first` up to `last`.
        method: The method by which cuts are found.
        threshold: Its threshold.
    """
    count = len(pts)
    content, histogram = np.zeros(count, np.float32), np.ones(count, np.float32)
    places = dict(zip(anchors.frame.tolist(), range(len(anchors.frame)), strict=True))
    for before, here in candidates_of(anchors, method, threshold):
        if here - before == 1:
            content[here] = anchors.content[places[here]]
            histogram[here] = anchors.histogram[places[here]]
            continue
        between = measure(frames(before, here + 1))
        content[between.frame[1:]] = between.content[1:]
        histogram[between.frame[1:]] = between.histogram[1:]
    zeros = np.zeros(count, np.float32)
    return Curves(np.arange(count), pts, zeros, zeros, zeros, content, histogram)
