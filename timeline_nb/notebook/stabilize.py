"""Stabilization: measure how a camera shook, frame by frame, and undo it."""

from fractions import Fraction
from typing import Any, Final

import cv2
import numpy as np
import scipy
from numpy.typing import NDArray

from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.errors import CompositionError
from timeline_nb.notebook.progress import finish
from timeline_nb.studio import Studio
from timeline_nb.timeline.model import Clip, Effect
from timeline_nb.timeline.speed import speed_of

__all__ = ["stabilized_effects"]

# Points are followed on a raster of so many lines.
_LINES: Final = 270
_MOST_POINTS: Final = 200
_MOST_ZOOM: Final = 1.3


def stabilized_effects(
    clip: Clip, studio: Studio, *, smooth: Fraction, crop: bool
) -> tuple[Effect, ...]:
    """Measure how a clip's camera moved, and return its effects with one against it.

    Shows a progress bar. The arguments are those of `_start`.

    Raises:
        CompositionError: The clip is not of a media file with pictures.
        MediaError: A frame does not decode.
    """
    effect = finish(lambda: _start(clip, studio, smooth=smooth, crop=crop))
    others = [own for own in clip.effects if own.kind != effect.kind]
    return (effect, *others)


def _start(
    clip: Clip, studio: Studio, *, smooth: Fraction, crop: bool
) -> "Job[Effect]":
    """Measure how a clip's camera moved, and return the effect that removes the shake.

    Args:
        clip: Of a media file with pictures.
        studio: Whose library and threads to use.
        smooth: Seconds over which the camera's path is averaged.
        crop: Whether the picture is enlarged until no edge is seen.
    """
    if not clip.media.is_file or clip.media.rate is None:
        raise CompositionError(
            f"{clip.label} has no moving pictures: there is nothing to stabilize"
        )

    def work(reporter: Reporter) -> Effect:
        info = studio.library.probe(clip.media.path)
        index = studio.library.index(info)
        span, speed = clip.source_range, speed_of(clip)
        edges = [speed.media_time(t) if speed else t for t in (span.start, span.end)]
        first, last = (index.frame_at(edge) for edge in sorted(edges))
        pts = np.array([int(index.pts[n]) for n in range(first, last + 1)])
        with studio.library.video(
            clip.media.path, assumed=clip.media.assumed
        ) as decoder:
            steps = _steps(
                (
                    decoder.frame(n).to_rgb(_small(decoder.frame(n).size))
                    for n in range(first, last + 1)
                ),
                len(pts),
                reporter,
            )
        rate = float(clip.media.rate or 25)
        path = np.cumsum(steps, axis=0)
        even = scipy.ndimage.gaussian_filter1d(
            path, float(smooth) * rate / 2, axis=0, mode="nearest"
        )
        size = info.video[0].display_size
        scale = size[1] / _LINES
        offsets = (even - path) * [scale, scale, 1]
        parameters: dict[str, Any] = {
            "fingerprint": info.fingerprint,
            "size": list(size),
            "path": _rows(pts, offsets),
            "zoom": _zoom(offsets, size) if crop else 1.0,
        }
        return Effect(kind="stabilize", parameters=parameters)

    return studio.start(f"stabilize {clip.name}", work)


def _rows(pts: NDArray[np.int64], offsets: NDArray[np.float64]) -> list[list[Any]]:
    """Return what moves each frame back: PTS, right, down, clockwise degrees."""
    return [
        [int(stamp), round(x, 3), round(y, 3), round(float(np.degrees(angle)), 4)]
        for stamp, (x, y, angle) in zip(pts.tolist(), offsets.tolist(), strict=True)
    ]


def _small(size: tuple[int, int]) -> tuple[int, int]:
    return max(2, round(size[0] * _LINES / size[1])), _LINES


def _steps(frames: Any, count: int, reporter: Reporter) -> NDArray[np.float64]:
    """From each frame to the next: right, down, and clockwise radians: `(n, 3)`."""
    steps = np.zeros((count, 3))
    before: Any = None
    for number, rgb in enumerate(frames):
        reporter.report("measure", number, count)
        gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
        if before is not None:
            steps[number] = _step(before, gray)
        before = gray
    return steps


def _step(before: Any, gray: Any) -> tuple[float, float, float]:
    """How the picture moved about its middle, by what most points do."""
    points = cv2.goodFeaturesToTrack(before, _MOST_POINTS, 0.01, 8)
    if points is None or len(points) < 8:
        return 0.0, 0.0, 0.0
    moved, seen, _ = cv2.calcOpticalFlowPyrLK(
        before, gray, points, np.empty_like(points)
    )
    kept = seen.ravel() == 1
    if kept.sum() < 8:
        return 0.0, 0.0, 0.0
    middle = np.array([gray.shape[1], gray.shape[0]]) / 2
    way, _ = cv2.estimateAffinePartial2D(
        points[kept].reshape(-1, 2) - middle, moved[kept].reshape(-1, 2) - middle
    )
    if way is None:
        return 0.0, 0.0, 0.0
    return float(way[0, 2]), float(way[1, 2]), float(np.arctan2(way[1, 0], way[0, 0]))


def _zoom(away: NDArray[np.float64], size: tuple[int, int]) -> float:
    """By how much the picture must be enlarged so that no edge comes into sight."""
    across = np.abs(away[:, 0]) + np.abs(away[:, 2]) * size[1] / 2
    down = np.abs(away[:, 1]) + np.abs(away[:, 2]) * size[0] / 2
    reach = max(float(across.max()) / size[0], float(down.max()) / size[1])
    return round(min(_MOST_ZOOM, 1 / max(1 - 2 * reach, 0.5)), 4)
