"""Looking at a film: which frames, with what, and what is known of them already."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import MediaError, TimeError
from timeline_nb.notebook.detection_result import DetectionResult
from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.inference.search import Search
from timeline_nb.recognition.models.spec import ModelSpec
from timeline_nb.studio import Studio
from timeline_nb.timebase import TimeLike, TimeRange, parse_time

if TYPE_CHECKING:
    from timeline_nb.notebook.media import Media
    from timeline_nb.recognition.detection_cache import DetectionCache
    from timeline_nb.recognition.inference.detector import Detector

__all__ = ["DetectOptions", "DetectionRequest", "look", "look_at"]


class DetectOptions(TypedDict, total=False):
    """What `Media.detect` can be told; see `DetectionRequest`."""

    every: int
    within: TimeRange | tuple[TimeLike, TimeLike] | None
    model: str | Path | None
    spec: ModelSpec | None
    score: float
    iou: float
    region: tuple[int, int, int, int] | None
    tiles: tuple[int, int]
    overlap: float
    tight: bool
    batch: int | None
    executor: Executor | None


@dataclass(frozen=True, kw_only=True)
class DetectionRequest:
    """A look at a film.

    Args:
        every: Each `every`-th frame is looked at.
        within: This stretch of media time only.
        model: A name, an ONNX file, or None for the embedded detector.
        spec: What the file does not say of itself.
        score: The least score that counts, 0 to 1.
        iou: Boxes of a class that overlap more than this are one object.
        region: Left, top, right and bottom of what is looked at, in pixels.
        tiles: Columns and rows of tiles that are looked at beside the whole.
        overlap: The share of a tile that its neighbor sees too.
        tight: Leave out the gray that pads wide pictures, where that can be.
        batch: Pictures a run; what suits the machine if None.
        executor: Where frames are looked at: processes, or a cluster's that sees the
            same files; this process if None.
    """

    every: int = 1
    within: TimeRange | tuple[TimeLike, TimeLike] | None = None
    model: str | Path | None = None
    spec: ModelSpec | None = None
    score: float = 0.25
    iou: float = 0.6
    region: tuple[int, int, int, int] | None = None
    tiles: tuple[int, int] = (1, 1)
    overlap: float = 0.2
    tight: bool = True
    batch: int | None = None
    executor: Executor | None = None

    @property
    def search(self) -> Search:
        """What is looked for, apart from the model and the frames.

        Raises:
            RecognitionError: A value is out of its range.
        """
        return Search(
            score=self.score,
            iou=self.iou,
            region=self.region,
            tiles=self.tiles,
            overlap=self.overlap,
            tight=self.tight,
        )

    def numbers(self, media: "Media") -> range:
        """The frames that are looked at.

        Raises:
            MediaError: The file has no pictures.
            TimeError: There are no such frames.
        """
        return numbers_of(media, self.every, self.within)


def numbers_of(
    media: "Media", every: int, within: TimeRange | tuple[TimeLike, TimeLike] | None
) -> range:
    """The numbers of each `every`-th frame within a stretch of media time.

    Raises:
        MediaError: The file has no pictures.
        TimeError: There are no such frames.
    """
    if every < 1:
        raise TimeError(f"every={every!r}: look at each frame (1), or each 2nd ...")
    if media.info.kind == "audio":
        raise MediaError(f"{media.name} has no pictures to look at")
    if within is None:
        return range(0, len(media.index), every)
    if not isinstance(within, TimeRange):
        within = TimeRange.between(_time(media, within[0]), _time(media, within[1]))
    shared = within.intersection(media.range)
    if shared is None:
        raise TimeError(f"{media.name}: nothing of it lies within {within}")
    index = media.index
    first, end = index.frame_at(shared.start), index.frame_at(shared.end)
    last = end - 1 if index.time_of(end) >= shared.end else end
    return range(first, last + 1, every)


def _time(media: "Media", value: TimeLike) -> Fraction:
    return parse_time(value, media.rate if media.info.kind == "video" else None)


def look(
    media: "Media", studio: Studio, wish: DetectionRequest, reporter: Reporter
) -> DetectionResult:
    """Detect in frames of a film; those known before come from the cache.

    What is found is kept as it comes: a look that was stopped goes on from there.
    """
    numbers, source = wish.numbers(media), media.source
    detector, cache = detector_and_cache(media, studio, wish)
    known = cache.load(source)
    if known is not None and known.names != detector.names:
        known = None
    parts = [] if known is None else [known]
    wanted = np.asarray(media.index.pts)[numbers.start : numbers.stop : numbers.step]
    seen = np.zeros(0, np.int64) if known is None else known.examined_pts
    missing = [numbers[place] for place in np.flatnonzero(~np.isin(wanted, seen))]
    if wish.executor is not None:
        from timeline_nb.notebook.detect_remote import look_elsewhere

        look_elsewhere(media.info, studio.settings, wish, missing, reporter)
        there = cache.load(source)
        parts = parts if there is None else [there]
    else:
        parts += look_at(media, studio, wish, missing, reporter)
    reporter.report("detect", len(missing), len(missing))
    cache.tidy(source)
    parts = parts or [detector.detect([], source)]
    found = Detections.joined(parts).of_frames(wanted)
    studio.found[source.fingerprint] = found
    return DetectionResult(found, media, studio)


def detector_and_cache(
    media: "Media", studio: Studio, wish: DetectionRequest
) -> "tuple[Detector, DetectionCache]":
    """What looks, and where it keeps what it finds."""
    search, source = wish.search, media.source
    detector = studio.detector(
        wish.model,
        spec=wish.spec,
        batch=wish.batch,
        shape=search.shape_of(source.size),
    )
    cache = studio.detections.cache(
        fingerprint=source.fingerprint, model_sha256=detector.sha256, search=search
    )
    return detector, cache


def look_at(
    media: "Media",
    studio: Studio,
    wish: DetectionRequest,
    numbers: Sequence[int],
    reporter: Reporter,
) -> list[Detections]:
    """DetectionRequest at these frames, and keep what is found as it comes."""
    detector, cache = detector_and_cache(media, studio, wish)
    parts = []
    threads = detector.decoding_threads
    with studio.library.video(
        media.path, threads=threads, assumed=media.info.assumed
    ) as decoder:
        for part in detector.chunks(
            decoder.frames(numbers),
            media.source,
            wish.search,
            reporter=reporter,
            total=len(numbers),
        ):
            cache.add(part)
            parts.append(part)
    return parts
