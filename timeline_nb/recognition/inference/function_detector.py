"""A detector that is a function: of a plugin, or of a person."""

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.jobs import Reporter
from timeline_nb.core.near_names import kind_of, quoted, suggestion
from timeline_nb.core.prefetch import prefetch
from timeline_nb.errors import RecognitionError, TimelineNbError
from timeline_nb.media.frame import Frame
from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.inference.objects import (
    Area,
    Objects,
    detections_of,
    merged,
)
from timeline_nb.recognition.inference.search import Search
from timeline_nb.recognition.inference.windows import areas_of
from timeline_nb.recognition.layouts.candidates import Candidates
from timeline_nb.recognition.source import Source

__all__ = ["FunctionDetector"]

# Frames per part of the result.
_CHUNK_FRAMES: Final = 128
# Frames decoded while the function works.
_AHEAD: Final = 2
_ROW: Final = "(label, score, x1, y1, x2, y2)"


class FunctionDetector:
    """Calls a function with each picture.

    Args:
        name: What messages call it.
        names: The labels that it may return.
        function: Takes `(H, W, 3) uint8 RGB`, and returns the objects as rows
            `(label, score, x1, y1, x2, y2)`, in pixels of the array. What it raises
            passes.
        sha256: What identifies it in the cache of detections.
        unsure: Why it cannot be known to do the same in other processes; empty if it
            can.
    """

    decoding_threads: Final = 0

    def __init__(
        self,
        name: str,
        names: tuple[str, ...],
        function: Callable[[NDArray[np.uint8]], Any],
        *,
        sha256: str,
        unsure: str = "",
    ) -> None:
        self.name, self.names = name, names
        self.sha256, self.unsure = sha256, unsure
        self._function = function
        self._class_ids = {label: number for number, label in enumerate(names)}

    def detect(
        self, frames: Iterable[Frame], source: Source, search: Search | None = None
    ) -> Detections:
        """Find objects in frames; see `chunks`."""
        none = detections_of(source, self.names, [])
        return Detections.joined([none, *self.chunks(frames, source, search)])

    def chunks(
        self,
        frames: Iterable[Frame],
        source: Source,
        search: Search | None = None,
        *,
        reporter: Reporter | None = None,
        total: int | None = None,
    ) -> Iterator[Detections]:
        """Find objects in frames, and yield them some frames at a time.

        The next frames are decoded meanwhile. Objects found before an error are
        yielded before it is raised.

        Args:
            frames: In rising order.
            source: The media they are of.
            search: The least score, region and tiles.
            reporter: Receives the progress, and may stop the work.
            total: How many frames there are, for the progress.

        Raises:
            RecognitionError: The function returned what is no object.
            MediaError: A frame does not decode.
            JobCancelledError: The job was cancelled.
        """
        search, reporter = search or Search(), reporter or Reporter()
        pictures = ((frame, frame.to_rgb()) for frame in frames)
        check = partial(reporter.check, wait=False)
        rows: list[tuple[Frame, Objects]] = []
        try:
            with closing(prefetch(pictures, _AHEAD, check)) as ahead:
                for done, (frame, rgb) in enumerate(ahead, 1):
                    rows.append((frame, self.objects(rgb, search)))
                    reporter.report("detect", done, total)
                    if len(rows) == _CHUNK_FRAMES:
                        yield detections_of(source, self.names, rows)
                        rows = []
        except TimelineNbError:
            if rows:
                yield detections_of(source, self.names, rows)
            raise
        if rows:
            yield detections_of(source, self.names, rows)

    def objects(self, rgb: NDArray[np.uint8], search: Search) -> Objects:
        """Find objects in one image `(H, W, 3) uint8 RGB`, best first.

        Raises:
            RecognitionError: The function returned what is no object.
        """
        high, wide = rgb.shape[:2]
        areas = areas_of((wide, high), search.region, search.tiles, search.overlap)
        parts = [(area, self._within(rgb, area, search.score)) for area in areas]
        return merged(parts, search)

    def _within(self, rgb: NDArray[np.uint8], area: Area, least: float) -> Objects:
        left, top, wide, high = area
        part = rgb[top : top + high, left : left + wide].copy()
        returned = self._function(part)
        try:
            rows = [self._read(row) for row in returned]
        except TypeError as error:
            kind = kind_of(returned)
            raise RecognitionError(
                f"{self.name} returned {kind}, not a list of {_ROW}"
            ) from error
        values = np.array(rows, np.float64).reshape(-1, 6)
        values = values[values[:, 1] >= least]
        values = values[np.argsort(-values[:, 1], kind="stable")]
        most = (wide, high, wide, high)
        corner = np.array([left, top, left, top])
        boxes = np.clip(values[:, 2:], 0, most) + corner
        found = Candidates(
            boxes.astype(np.float32),
            values[:, 1].astype(np.float32),
            values[:, 0].astype(np.int64),
        )
        return Objects(found, [])

    def _read(self, row: Any) -> tuple[float, ...]:
        """Return a row with the number of its label, checked."""
        try:
            label, *numbers = row
            score, *box = map(float, numbers)
        except (TypeError, ValueError) as error:
            raise RecognitionError(
                f"{self.name} returned {quoted(str(row))}, not {_ROW}"
            ) from error
        if label not in self._class_ids:
            hint = suggestion(label, self._class_ids)
            raise RecognitionError(
                f"{self.name} returned the label {quoted(label)}, which it does not "
                f"state{hint}"
            )
        finite = len(box) == 4 and all(map(math.isfinite, box))
        if not finite or not 0 <= score <= 1 or box[0] > box[2] or box[1] > box[3]:
            raise RecognitionError(
                f"{self.name} returned {quoted(str(row))}: a score is 0 to 1, and x1 "
                "and y1 are not beyond x2 and y2"
            )
        return float(self._class_ids[label]), score, *box
