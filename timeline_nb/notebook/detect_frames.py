"""Detection in frames of a media file, in this process."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from timeline_nb.core.jobs import Reporter
from timeline_nb.core.telemetry.spans import span
from timeline_nb.core.telemetry.stages import iterate_staged, stage
from timeline_nb.errors import MediaError, RecognitionError
from timeline_nb.media.file_state import state_of
from timeline_nb.notebook.media_file import MediaFile
from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.inference.search import Search
from timeline_nb.recognition.models.spec import ModelSpec
from timeline_nb.recognition.source import Source
from timeline_nb.studio import Studio
from timeline_nb.timebase import TimeLike

if TYPE_CHECKING:
    from timeline_nb.recognition.detection_cache import DetectionCache
    from timeline_nb.recognition.inference.objects import FrameDetector

__all__ = ["DetectionRequest", "detect_frames", "detector_and_cache"]


@dataclass(frozen=True, kw_only=True)
class DetectionRequest:
    """What is detected, in which frames, and how; see `Media.detect`.

    Args:
        every: Only each `every`-th frame.
        start: The first media time; the file's start if None.
        end: The media time up to which; the file's end if None.
        model: A name, an ONNX file, or None for the embedded detector.
        spec: What the file does not say of itself.
        score: The least score that counts, 0 to 1.
        iou: Boxes of a class that overlap more than this are one object.
        region: Left, top, right and bottom of the part that is searched, in pixels.
        tiles: Columns and rows of tiles that are searched beside the whole.
        overlap: The share of a tile that its neighbor covers too.
        tight: Leave out the gray that pads wide pictures, where that can be.
        batch: Pictures per run; what suits the machine if None.
        executor: Where frames are searched: processes, or a cluster's that sees the
            same files; this process if None.
    """

    every: int = 1
    start: TimeLike | None = None
    end: TimeLike | None = None
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
        """What is searched for, apart from the model and the frames.

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

    def numbers(self, media: MediaFile) -> Sequence[int]:
        """Return the numbers of the frames, rising.

        Raises:
            MediaError: The file has no pictures.
            TimeError: There are no such frames.
        """
        return media.numbers(self.start, self.end, every=self.every)


def detector_and_cache(
    media: MediaFile, request: DetectionRequest
) -> "tuple[FrameDetector, DetectionCache]":
    """Return the detector of a request, and the cache of what it finds.

    Raises:
        RecognitionError: The model cannot be used, or a value is out of its range.
        PluginError: The plugin whose detector it is cannot be used.
    """
    search, source, studio = request.search, media.source, media.studio
    with span("detect.load", str(request.model or "")):
        detector = _detector_of(request, source, studio)
    cache = studio.detections.cache(
        fingerprint=source.fingerprint, model_sha256=detector.sha256, search=search
    )
    return detector, cache


def _detector_of(
    request: DetectionRequest, source: Source, studio: Studio
) -> "FrameDetector":
    """Return a plugin's detector, or that of a model.

    Raises:
        RecognitionError: It cannot be used.
        PluginError: The plugin cannot be used.
    """
    found = studio.plugin_detector(request.model)
    if found is None:
        return studio.detector(
            request.model,
            spec=request.spec,
            batch=request.batch,
            shape=request.search.shape_of(source.size),
        )
    if request.spec is not None or request.batch is not None:
        raise RecognitionError(f"{found.name} is a function: leave out spec and batch")
    return found


def detect_frames(
    media: MediaFile,
    request: DetectionRequest,
    numbers: Sequence[int],
    reporter: Reporter,
) -> list[Detections]:
    """Detect in frames, and add each part to the cache as soon as it is there.

    Args:
        media: The file.
        request: What is detected, and how.
        numbers: Of the frames, rising.
        reporter: Gets the progress; says whether to pause or to stop.

    Raises:
        MediaError: The file is not what was opened, or changes meanwhile.
        JobCancelledError: The job was cancelled; what was found so far is kept.
    """
    detector, cache = detector_and_cache(media, request)
    parts = []
    before = state_of(media.path)
    if media.studio.library.probe(media.path).fingerprint != media.info.fingerprint:
        raise MediaError(f"{media.path} has changed since it was opened: open it again")
    with media.studio.library.video(
        media.path, threads=detector.decoding_threads, assumed=media.info.assumed
    ) as decoder:
        video = media.info.video[0]
        what = f"{video.codec} {video.width}x{video.height}"
        with span("detect.search", media.name, frames=len(numbers)):
            for part in detector.chunks(
                iterate_staged(decoder.frames(numbers), "decode", what),
                media.source,
                request.search,
                reporter=reporter,
                total=len(numbers),
            ):
                if state_of(media.path) != before:
                    raise MediaError(
                        f"{media.path} changed while it was searched: open it again"
                    )
                with stage("write"):
                    cache.add(part)
                parts.append(part)
    return parts
