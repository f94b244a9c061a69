"""Detection in a media file: what is cached already, and the rest."""

import numpy as np

from timeline_nb.core.jobs import Reporter
from timeline_nb.core.telemetry.metrics import count_look
from timeline_nb.errors import RecognitionError
from timeline_nb.media.events import post_processed
from timeline_nb.notebook.detect_frames import (
    DetectionRequest,
    detect_frames,
    detector_and_cache,
)
from timeline_nb.notebook.detect_remote import detect_remotely
from timeline_nb.notebook.detection_result import DetectionResult
from timeline_nb.notebook.media_file import MediaFile
from timeline_nb.notebook.origins import origin_of
from timeline_nb.recognition.detections import Detections

__all__ = ["detect"]


def detect(
    media: MediaFile, request: DetectionRequest, reporter: Reporter
) -> DetectionResult:
    """Detect in the frames of a request; those searched before come from the cache.

    Args:
        media: The file.
        request: What is detected, in which frames, and how.
        reporter: Gets the progress; says whether to pause or to stop.

    Raises:
        RecognitionError: The model cannot be used, or a value is out of its range.
        MediaError: The file has no pictures.
        TimeError: There are no such frames.
        JobCancelledError: The job was cancelled; what was found so far is kept.
    """
    numbers, source = np.asarray(request.numbers(media)), media.source
    detector, cache = detector_and_cache(media, request)
    if request.executor is not None and detector.unsure:
        raise RecognitionError(
            f"{detector.name} may be another in other processes, as {detector.unsure}: "
            "leave out executor"
        )
    known = cache.load(source)
    if known is not None and known.names != detector.names:
        known = None
    parts = [] if known is None else [known]
    wanted = np.asarray(media.index.pts)[numbers]
    seen = np.zeros(0, np.int64) if known is None else known.examined_pts
    missing: list[int] = numbers[~np.isin(wanted, seen)].tolist()
    found_before = len(numbers) - len(missing)
    count_look("detections", hit=True, times=found_before)
    count_look("detections", hit=False, times=len(missing))
    if request.executor is None:
        parts += detect_frames(media, request, missing, reporter)
    else:
        detect_remotely(media, request, missing, reporter)
        found = cache.load(source)
        parts = parts if found is None else [found]
    reporter.report("detect", len(missing), len(missing))
    cache.tidy(source)
    parts = parts or [detector.detect([], source)]
    detections = Detections.joined(parts).of_frames(wanted)
    post_processed(media.studio.events, "detections", media.info, len(detections))
    found_by = origin_of(request, detector)
    return DetectionResult(detections, media, found_by)
