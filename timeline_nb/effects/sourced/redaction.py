"""Redaction: boxes of each source frame are hidden."""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.near_names import suggestion
from timeline_nb.effects.sourced.geometry import coded_areas
from timeline_nb.effects.sourced.parameters import number, pair, rows, text
from timeline_nb.effects.sourced.planes import planes_of, with_planes
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message
from timeline_nb.media.frame import Frame

__all__ = ["HOW", "Redaction"]

HOW: Final = ("pixelate", "blur", "fill")
_CELLS: Final = 6
_BLACK: Final = (16, 128, 128)


class Redaction:
    """Pixelates, blurs or fills boxes of the frames of a media file.

    Parameters of the effect: `how`, one of `HOW`; `fingerprint` of the media; `size`,
    width and height of the picture that boxes refer to; `boxes`, rows of first PTS, the
    PTS at which the row ends, left, top, right and bottom; `from_pts` and `to_pts`, the
    range in which boxes were searched; `cells`, the number of cells across a box.

    Frames outside that range are hidden whole, as their contents are not known.

    Raises:
        CompositionError: A parameter is missing or wrong.
    """

    kind = "redaction"

    def __init__(self, parameters: dict[str, Any]) -> None:
        self.how = text(self.kind, parameters, "how")
        if self.how not in HOW:
            raise CompositionError(
                f"the effect 'redaction': 'how' is {self.how!r}"
                f"{suggestion(self.how, HOW)}"
            )
        self._fingerprint = text(self.kind, parameters, "fingerprint")
        self.size = pair(self.kind, parameters, "size")
        self._rows = rows(self.kind, parameters, "boxes", 6)
        self._cells = number(self.kind, parameters, "cells", _CELLS, 1)
        self._from = number(self.kind, parameters, "from_pts", -np.inf, -np.inf)
        self._to = number(self.kind, parameters, "to_pts", np.inf, -np.inf)

    def boxes_at(self, pts: int) -> NDArray[np.float64]:
        """Return the boxes `(n, 4)` that are hidden in the frame with a PTS."""
        if not self._from <= pts < self._to:
            return np.array([[0, 0, *self.size]], np.float64)
        here = (self._rows[:, 0] <= pts) & (pts < self._rows[:, 1])
        return np.asarray(self._rows[here, 2:])

    def shown_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the output size, which is the same."""
        return size

    def apply(self, frame: Frame) -> Frame:
        """Return a frame with its boxes hidden.

        Raises:
            CompositionError: The frame is of other media than the boxes.
        """
        if frame.id.fingerprint != self._fingerprint:
            raise CompositionError(
                Message(
                    "the media has changed since its boxes were found: detect again"
                )
            )
        boxes = self.boxes_at(frame.id.pts)
        if not len(boxes):
            return frame
        areas = coded_areas(boxes, self.size, frame)
        frame, planes = planes_of(frame)
        for left, top, right, bottom in areas.tolist():
            if right > left and bottom > top:
                self._hide(planes, left, top, right, bottom)
        return with_planes(frame, planes)

    def _hide(
        self,
        planes: list[NDArray[np.uint8]],
        left: int,
        top: int,
        right: int,
        bottom: int,
    ) -> None:
        for place, plane in enumerate(planes):
            half = 2 if place else 1
            part = plane[
                top // half : -(-bottom // half), left // half : -(-right // half)
            ]
            if self.how == "fill":
                part[...] = _BLACK[place] if len(planes) == 3 else 0
                continue
            high, wide = part.shape[:2]
            shrink = self._cells / max(wide, high)
            cells = max(1, round(wide * shrink)), max(1, round(high * shrink))
            # Only the mean of each cell is left, so nothing can be restored.
            few = cv2.resize(part, cells, interpolation=cv2.INTER_AREA)
            smooth = cv2.INTER_NEAREST if self.how == "pixelate" else cv2.INTER_CUBIC
            hidden = cv2.resize(few, (wide, high), interpolation=smooth)
            part[...] = hidden.reshape(part.shape)
