"""Reframing: a window of the picture that follows a path."""

from typing import Any

import cv2
import numpy as np

from timeline_nb.effects.sourced.parameters import pair, rows, text
from timeline_nb.effects.sourced.planes import planes_of, upright, with_planes
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message
from timeline_nb.media.frame import Frame

__all__ = ["Reframe"]


class Reframe:
    """Shows a window of constant size whose center follows a path.

    Parameters of the effect: `fingerprint` of the media; `size`, width and height of
    the picture that positions refer to; `window`, its width and height; `path`, rows of
    PTS, center x and center y, between which the window moves linearly.

    Raises:
        CompositionError: A parameter is missing or wrong.
    """

    kind = "reframe"

    def __init__(self, parameters: dict[str, Any]) -> None:
        self._fingerprint = text(self.kind, parameters, "fingerprint")
        self.size = pair(self.kind, parameters, "size")
        self.window = pair(self.kind, parameters, "window")
        if self.window[0] > self.size[0] or self.window[1] > self.size[1]:
            raise CompositionError(
                f"the effect 'reframe' has a window of {self.window}, larger than the "
                f"picture of {self.size}"
            )
        self._path = rows(self.kind, parameters, "path", 3)
        if not len(self._path):
            raise CompositionError("the effect 'reframe' has an empty path")

    def window_at(self, pts: int) -> tuple[float, float, float, float]:
        """Return left, top, width and height of the window at a PTS."""
        times, x, y = self._path.T
        left = np.interp(pts, times, x) - self.window[0] / 2
        top = np.interp(pts, times, y) - self.window[1] / 2
        left = float(np.clip(left, 0, self.size[0] - self.window[0]))
        top = float(np.clip(top, 0, self.size[1] - self.window[1]))
        return left, top, float(self.window[0]), float(self.window[1])

    def shown_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the output size for a picture of `size`."""
        wide = round(self.window[0] * size[0] / self.size[0] / 2) * 2
        high = round(self.window[1] * size[1] / self.size[1] / 2) * 2
        return max(2, wide), max(2, high)

    def apply(self, frame: Frame) -> Frame:
        """Return the window of a frame, upright.

        Raises:
            CompositionError: The frame is of other media than the path.
        """
        if frame.id.fingerprint != self._fingerprint:
            raise CompositionError(
                Message(
                    "the media has changed since the path was made: follow it again"
                )
            )
        frame = upright(frame)
        left, top, wide, high = self.window_at(frame.id.pts)
        size = frame.size
        scale = np.array(size) / np.array(self.size)
        width, height = self.shown_size(size)
        middle = (np.array([left, top]) + np.array([wide, high]) / 2) * scale
        frame, planes = planes_of(frame)
        shown = []
        for place, plane in enumerate(planes):
            half = 2 if place else 1
            # Subpixel positions: moving by whole pixels would jerk.
            x, y = (middle - half / 2) / half
            patch = cv2.getRectSubPix(
                plane, (width // half, height // half), (float(x), float(y))
            )
            shown.append(np.asarray(patch, np.uint8))
        return with_planes(frame, shown)
