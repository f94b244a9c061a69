"""Detection in worker processes, or on a cluster."""

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from timeline_nb.core.app_dirs import cache_refusal
from timeline_nb.core.assumption import Assumption
from timeline_nb.core.executors import failure_of, interrupts_ignored
from timeline_nb.core.jobs import Reporter
from timeline_nb.core.run_all import run_all, workers_of
from timeline_nb.core.worker_channel import WorkerChannel, WorkerStatus
from timeline_nb.errors import RecognitionError, TimelineNbError
from timeline_nb.notebook.detect_frames import (
    DetectionRequest,
    detect_frames,
    detector_and_cache,
)
from timeline_nb.notebook.media_file import MediaFile
from timeline_nb.settings import Settings
from timeline_nb.studio import Studio, open_studio

__all__ = ["detect_remotely"]


def detect_remotely(
    media: MediaFile, request: DetectionRequest, numbers: list[int], reporter: Reporter
) -> None:
    """Detect in frames with an executor's workers; each takes neighboring frames.

    What they find goes into the cache of the media's studio.

    Args:
        media: The file.
        request: What is detected, how, and by which executor.
        numbers: Of the frames, rising.
        reporter: Gets the progress; says whether to pause or to stop.

    Raises:
        RecognitionError: A worker died, the executor takes no work, or the cache
            folder cannot be written, here or by a worker.
        JobCancelledError: The job was cancelled; what was found so far is kept.
    """
    executor = request.executor
    if executor is None or not numbers:
        return
    settings = media.studio.settings
    settings = replace(settings, telemetry=settings.telemetry.without_export())
    count = max(1, min(len(numbers), 2 * workers_of(executor)))
    edges = [len(numbers) * part // count for part in range(count + 1)]
    # An executor cannot be sent to its own workers.
    portable = replace(request, executor=None)
    folder = settings.cache_dir / "detecting"
    try:
        opened = WorkerChannel(folder, stage="detect", total=len(numbers))
    except OSError as error:
        message = cache_refusal(settings.cache_dir, error)
        raise RecognitionError(message) from error
    with opened as channel:
        tasks = [
            _DetectTask(
                Path(media.info.path).absolute(),
                media.info.assumed,
                settings,
                portable,
                tuple(numbers[first:last]),
                WorkerStatus(channel.folder, number),
            )
            for number, (first, last) in enumerate(pairwise(edges))
        ]
        try:
            run_all(executor, tasks, channel, reporter)
        except TimelineNbError:
            raise
        except Exception as error:
            raise RecognitionError(
                f"{media.name}: {failure_of(error)}; what was found is kept: detect "
                "again, which goes on from there"
            ) from error


@dataclass(frozen=True)
class _DetectTask:
    """Frames for one worker."""

    path: Path
    assumed: Assumption
    settings: Settings
    request: DetectionRequest
    numbers: tuple[int, ...]
    status: WorkerStatus

    def __call__(self) -> None:
        with interrupts_ignored():
            self._detect()

    def _detect(self) -> None:
        studio = _studio_of(self.settings)
        info = studio.library.probe(self.path, assumed=self.assumed)
        media = MediaFile(info, studio)
        reporter = _StatusReporter(self.status)
        parts = detect_frames(media, self.request, self.numbers, reporter)
        _, cache = detector_and_cache(media, self.request)
        if not all(map(cache.has, parts)):
            raise RecognitionError(
                f"a worker cannot write to the cache folder {self.settings.cache_dir}, "
                "through which it returns what it found: free space there, or leave "
                "executor out"
            )
        self.status.report(-1)


class _StatusReporter(Reporter):
    """Reports to the process that waits for the worker."""

    def __init__(self, status: WorkerStatus) -> None:
        super().__init__()
        self._status = status

    def report(self, *_: object, **__: object) -> None:
        """Count one more frame."""
        self._status.step(0)


@lru_cache(maxsize=4)
def _studio_of(settings: Settings) -> Studio:
    """Open the studio of a worker's process, once."""
    return open_studio(settings)
