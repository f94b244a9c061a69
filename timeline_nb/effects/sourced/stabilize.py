"""Stabilization: frames are moved against the measured shake."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from timeline_nb.effects.sourced.parameters import pair, rows, text
from timeline_nb.effects.sourced.planes import planes_of, upright, with_planes
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message
from timeline_nb.media.frame import Frame

__all__ = ["Stabilize"]


class Stabilize:
    """Moves and rotates each frame to where a steady camera would have seen it.

    Parameters of the effect: `fingerprint` of the media; `size`, width and height of
    the picture that shifts refer to; `path`, rows of PTS, shift right, shift down and
    clockwise degrees; `zoom`, the enlargement that keeps the edges out of the picture.

    Raises:
        CompositionError: A parameter is missing or wrong.
    """

    kind = "stabilize"

    def __init__(self, parameters: dict[str, Any]) -> None:
        self._fingerprint = text(self.kind, parameters, "fingerprint")
        self.size = pair(self.kind, parameters, "size")
        self._path = rows(self.kind, parameters, "path", 4)
        if not len(self._path):
            raise CompositionError("the effect 'stabilize' has an empty path")
        zoom = parameters.get("zoom", 1.0)
        if not isinstance(zoom, (int, float)) or not 1 <= zoom <= 4:
            raise CompositionError(f"the effect 'stabilize' has zoom={zoom!r}: 1 to 4")
        self._zoom = float(zoom)

    def shown_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the output size, which is the same."""
        return size

    def apply(self, frame: Frame) -> Frame:
        """Return a frame stabilized and upright.

        Raises:
            CompositionError: The frame is of other media than the path.
        """
        if frame.id.fingerprint != self._fingerprint:
            raise CompositionError(
                Message(
                    "the media has changed since it was measured: stabilize it again"
                )
            )
        times = self._path[:, 0]
        x, y, degrees = (np.interp(frame.id.pts, times, v) for v in self._path.T[1:])
        frame = upright(frame)
        scale = np.array(frame.size) / np.array(self.size)
        angle = np.radians(degrees)
        cos, sin = self._zoom * np.cos(angle), self._zoom * np.sin(angle)
        shift = (float(x * scale[0]), float(y * scale[1]))
        frame, planes = planes_of(frame)
        moved = [
            _moved(plane, cos, sin, shift, 2 if place else 1)
            for place, plane in enumerate(planes)
        ]
        return with_planes(frame, moved)


def _moved(
    plane: NDArray[np.uint8],
    cos: float,
    sin: float,
    shift: tuple[float, float],
    by: int,
) -> NDArray[np.uint8]:
    high, wide = plane.shape[:2]
    x, y = wide / 2 - 0.5, high / 2 - 0.5
    right, down = shift[0] / by, shift[1] / by
    turn = np.array(
        [
            [cos, -sin, x + right - cos * x + sin * y],
            [sin, cos, y + down - sin * x - cos * y],
        ]
    )
    moved = cv2.warpAffine(
        plane,
        turn,
        (wide, high),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(moved, np.uint8)
