"""Measures of every frame, from which cuts, black and freezes are found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.files import replacing
from timeline_nb.media.frame import Frame
from timeline_nb.recognition.inference.prepare import picture_of

__all__ = ["Curves", "measure"]

# Frames are compared at this width, as in PySceneDetect: noise averages out.
_WIDTH: Final = 256
# FFmpeg's blackdetect calls a pixel black up to a tenth of the way to white.
_DARK: Final = 0.1 * 255
_HISTOGRAM: Final = 256


@dataclass(frozen=True, eq=False)
class Curves:
    """One value per frame in each array; the changes of the first frame are 0.

    Args:
        frame: `(n,) int64`, its number.
        pts: `(n,) int64`.
        luma: `(n,) float32`, its mean brightness, 0 to 1.
        dark: `(n,) float32`, the share of its pixels that are black.
        motion: `(n,) float32`, the mean change of brightness, 0 to 1.
        content: `(n,) float32`, the mean change of hue (0 to 179), saturation and
            value (0 to 255), averaged: what PySceneDetect calls content.
        histogram: `(n,) float32`, the correlation of the histograms of brightness.
    """

    frame: NDArray[np.int64]
    pts: NDArray[np.int64]
    luma: NDArray[np.float32]
    dark: NDArray[np.float32]
    motion: NDArray[np.float32]
    content: NDArray[np.float32]
    histogram: NDArray[np.float32]

    def select(self, rows: NDArray[Any]) -> "Curves":
        """Return the chosen frames, by `(n,) bool` or indices."""
        return Curves(*(getattr(self, part.name)[rows] for part in fields(self)))

    def save(self, path: Path) -> None:
        """Write the arrays to an `.npz` file, all of it or nothing."""
        with replacing(path) as partial, partial.open("wb") as file:
            names = [part.name for part in fields(self)]
            np.savez(file, **{name: getattr(self, name) for name in names})

    @staticmethod
    def load(path: Path) -> "Curves | None":
        """Read arrays written by `save`; None if there are none, or they are broken."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                return Curves(*(kept[part.name] for part in fields(Curves)))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None


def measure(
    frames: Iterable[Frame], *, report: Callable[[int], None] = lambda _: None
) -> Curves:
    """Measure frames, each against the one before.

    Args:
        frames: In rising order.
        report: Called with the number of frames so far.

    Raises:
        MediaError: A frame does not decode.
    """
    rows: list[tuple[float, ...]] = []
    stamps: list[int] = []
    before: _SmallFrame | None = None
    for frame in frames:
        small = _SmallFrame(frame)
        rows.append((frame.number, *small.brightness(), *small.change(before)))
        stamps.append(frame.id.pts)
        before = small
        report(len(rows))
    table = np.array(rows, np.float64).reshape(-1, 6)
    return Curves(
        table[:, 0].astype(np.int64),
        np.array(stamps, np.int64),
        *(column.astype(np.float32) for column in table[:, 1:].T),
    )


class _SmallFrame:
    """A downscaled frame, its measures, and its difference to another."""

    def __init__(self, frame: Frame) -> None:
        picture = picture_of(frame)
        width, height = picture.size
        side = min(_WIDTH, width)
        size = (side, max(1, round(height * side / width)))
        rgb = picture.small((0, 0, width, height), size)
        self.hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)
        self.gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
        self.bins = cv2.calcHist([self.gray], [0], None, [_HISTOGRAM], [0, 256])
        cv2.normalize(self.bins, self.bins)

    def brightness(self) -> tuple[float, float]:
        """Return mean brightness and the share of black pixels."""
        dark = cv2.countNonZero(cv2.inRange(self.gray, 0, _DARK))
        return cv2.mean(self.gray)[0] / 255, dark / self.gray.size

    def change(self, before: "_SmallFrame | None") -> tuple[float, float, float]:
        """Return motion, content and the correlation of histograms."""
        if before is None or before.gray.shape != self.gray.shape:
            return 0.0, 0.0, 1.0
        motion = cv2.mean(cv2.absdiff(self.gray, before.gray))[0] / 255
        content = sum(cv2.mean(cv2.absdiff(self.hsv, before.hsv))[:3]) / 3
        correlation = cv2.compareHist(before.bins, self.bins, cv2.HISTCMP_CORREL)
        return motion, content, correlation
