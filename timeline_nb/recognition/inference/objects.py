"""What was found in one frame, and in many as arrays."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.jobs import Reporter
from timeline_nb.media.frame import Frame
from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.inference.nms import suppress
from timeline_nb.recognition.inference.search import Search
from timeline_nb.recognition.inference.windows import without_halves
from timeline_nb.recognition.layouts.candidates import Candidates, no_candidates
from timeline_nb.recognition.source import Source

__all__ = ["Area", "FrameDetector", "Objects", "detections_of", "merged"]

# Left, top, width and height of a part of a frame, in its pixels.
Area: TypeAlias = tuple[int, int, int, int]


class Objects(NamedTuple):
    """The objects of one frame, best first.

    Args:
        found: In pixels of the frame.
        masks: Run lengths of each object's mask, if the model makes masks.
    """

    found: Candidates
    masks: list[NDArray[np.uint32]]


class FrameDetector(Protocol):
    """Finds objects in frames: a network, or a plugin's function."""

    @property
    def name(self) -> str:
        """What messages call it."""

    @property
    def names(self) -> tuple[str, ...]:
        """Labels by class id."""

    @property
    def sha256(self) -> str:
        """What identifies it in the cache of detections."""

    @property
    def unsure(self) -> str:
        """Why it cannot be known to do the same in other processes; mostly empty."""

    @property
    def decoding_threads(self) -> int:
        """How many threads decode for it; 0 for as many as there are cores."""

    def detect(
        self, frames: Iterable[Frame], source: Source, search: Search | None = None
    ) -> Detections:
        """Find objects in frames."""

    def chunks(
        self,
        frames: Iterable[Frame],
        source: Source,
        search: Search | None = None,
        *,
        reporter: Reporter | None = None,
        total: int | None = None,
    ) -> Iterator[Detections]:
        """Find objects in frames, and yield them some frames at a time."""


def merged(parts: list[tuple[Area, Objects]], search: Search) -> Objects:
    """Merge the objects of all parts of a frame, each once."""
    if len(parts) == 1:
        return parts[0][1]
    found = _stacked([objects.found for _, objects in parts])
    masks = [mask for _, objects in parts for mask in objects.masks]
    areas = np.repeat(
        np.array([area for area, _ in parts], np.int64),
        [len(objects.found.scores) for _, objects in parts],
        axis=0,
    )
    whole = np.flatnonzero(without_halves(found, areas, parts[0][0]))
    rows = whole[suppress(found.take(whole), iou_threshold=search.iou)]
    return Objects(found.take(rows), [masks[row] for row in rows] if masks else [])


def detections_of(
    source: Source,
    names: tuple[str, ...],
    rows: list[tuple[Frame, Objects]],
    *,
    like: Candidates | None = None,
    has_masks: bool = False,
) -> Detections:
    """Return the objects of frames as arrays.

    Args:
        source: The media.
        names: Labels by class id.
        rows: Each frame that was searched, with what was found in it.
        like: Has the arrays that all objects have; boxes alone if not given.
        has_masks: Whether all objects have masks.
    """
    all_found = [objects.found for _, objects in rows]
    counts = [len(found.scores) for found in all_found]
    numbers = np.array([frame.number for frame, _ in rows], np.int64)
    stamps = np.array([frame.id.pts for frame, _ in rows], np.int64)
    whole = _stacked([like or no_candidates(), *all_found])
    masks = [mask for _, objects in rows for mask in objects.masks]
    return Detections(
        source=source,
        names=names,
        examined_frame=numbers,
        examined_pts=stamps,
        frame=np.repeat(numbers, counts),
        pts=np.repeat(stamps, counts),
        xyxy=whole.boxes,
        score=whole.scores,
        class_id=whole.class_ids,
        track_id=np.full(sum(counts), -1, np.int64),
        keypoints=whole.keypoints,
        corners=whole.corners,
        masks=tuple(masks) if has_masks else None,
    )


def _stacked(parts: list[Candidates]) -> Candidates:
    """Concatenate candidates, with the arrays that the first has."""
    stacked: list[Any] = [
        None if first is None else np.concatenate([first, *rest])
        for first, *rest in zip(*parts, strict=True)
    ]
    return Candidates(*stacked)
