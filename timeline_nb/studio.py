"""The composition root: the one place where the long-lived parts are built."""

import atexit
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Self, TypeVar
from weakref import WeakSet

from timeline_nb.core.app_dirs import cache_dir as default_cache_dir
from timeline_nb.core.app_dirs import data_dir as default_data_dir
from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.core.queue import JobQueue
from timeline_nb.media.decoder_pool import DecoderPool
from timeline_nb.media.index import READING
from timeline_nb.media.library import MediaLibrary
from timeline_nb.preview.proxies import ProxyStore
from timeline_nb.timeline.model import Timeline

if TYPE_CHECKING:
    from timeline_nb.compose.still import FrameComposer
    from timeline_nb.recognition.detection_cache import DetectionStore
    from timeline_nb.recognition.inference.detector import Detector
    from timeline_nb.recognition.models.registry import ModelRegistry
    from timeline_nb.recognition.models.spec import ModelSpec
    from timeline_nb.render.profile import Profile
    from timeline_nb.render.render import Renderer, RenderResult
    from timeline_nb.segments.store import SegmentStore

__all__ = ["Settings", "Studio", "default_studio", "open_studio"]

T = TypeVar("T")
_MOST_THREADS = 64


@dataclass(frozen=True, kw_only=True, init=False)
class Settings:
    """Folders and limits of a studio.

    Args:
        cache_dir: The folder for what can be made again: indexes, detections, segments;
            the user's cache folder if not given.
        data_dir: The folder for what a person added: models; the user's data folder if
            not given.
        jobs_at_once: How many renders, scans and detections run side by side.
        segment_bytes: How much disk space encoded segments may take.
    """

    cache_dir: Path
    data_dir: Path
    jobs_at_once: int
    segment_bytes: int

    def __init__(
        self,
        *,
        cache_dir: Path | str | None = None,
        data_dir: Path | str | None = None,
        jobs_at_once: int = 2,
        segment_bytes: int = 20_000_000_000,
    ) -> None:
        folders = {
            "cache_dir": default_cache_dir() if cache_dir is None else cache_dir,
            "data_dir": default_data_dir() if data_dir is None else data_dir,
        }
        for name, folder in folders.items():
            object.__setattr__(self, name, Path(folder).expanduser())
        object.__setattr__(self, "jobs_at_once", jobs_at_once)
        object.__setattr__(self, "segment_bytes", segment_bytes)


class Studio:
    """Owns every long-lived part, and closes them all; a context manager.

    Args:
        settings: Folders and limits.
        library: The media files; built from the settings if not given.
        executor: Where jobs run; a thread pool if not given.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        library: MediaLibrary | None = None,
        executor: Executor | None = None,
    ) -> None:
        self.settings = settings
        self.library = library or MediaLibrary(settings.cache_dir)
        self.decoders = DecoderPool(self.library)
        # The queue limits how many run; the pool has room for those that are paused.
        self._executor = executor or ThreadPoolExecutor(
            _MOST_THREADS, thread_name_prefix="timeline_nb"
        )
        self.queue = JobQueue(self._executor, settings.jobs_at_once)
        self._owns_executor = executor is None
        self._jobs: WeakSet[Job[Any]] = WeakSet()
        self.proxies = ProxyStore(
            settings.cache_dir / f"proxies-{READING}", self.library
        )
        self._detectors: dict[Any, Detector] = {}
        self._lock = Lock()

    def start(
        self, name: str, work: Callable[[Reporter], T], *, priority: int = 0
    ) -> Job[T]:
        """Run `work` as a job when its turn comes, that of a higher priority first."""
        job = Job(name, work)
        # Before it runs, since an interrupt may come at any moment from here on.
        self._jobs.add(job)
        self.queue.put(job, priority=priority)
        return job

    def render(  # noqa: PLR0913 - what is rendered, where, as what, and when
        self,
        timeline: Timeline,
        path: Path | str,
        profile: "Profile | None" = None,
        *,
        start: Fraction | None = None,
        end: Fraction | None = None,
        renderer: "Renderer | None" = None,
        priority: int = 0,
    ) -> "Job[RenderResult]":
        """Start to render a timeline to a file.

        Args:
            timeline: What is rendered.
            path: The file; its suffix chooses the container.
            profile: How it is encoded.
            start: Timeline seconds of the film's first frame; the timeline's start if
                not given.
            end: Timeline seconds at which the film ends; the timeline's end if not
                given.
            renderer: As `renderer` gives it; one of threads if not given.
            priority: Jobs of a higher one run first.

        Raises:
            RenderError: The film cannot be written there, or a name in the profile or
                one of the times makes no sense. All else that fails, fails in the job.
        """
        from timeline_nb.render.profile import Profile
        from timeline_nb.render.target import check_target

        wanted, target = profile or Profile(), Path(path)
        check_target(timeline, target, wanted, start=start, end=end)
        chosen = renderer or self.renderer()

        def work(reporter: Reporter) -> "RenderResult":
            return chosen.render(
                timeline, target, wanted, reporter, start=start, end=end
            )

        return self.start(f"render {target.name}", work, priority=priority)

    def renderer(
        self, *, executor: Executor | None = None, workers: int | None = None
    ) -> "Renderer":
        """Make what plans and renders, with this studio's library and segments.

        Args:
            executor: Where segments are encoded: processes, or a cluster's that sees
                the same files; threads of this process if not given.
            workers: How many are encoded at once.
        """
        from timeline_nb.render.render import Renderer

        return Renderer(
            self.library,
            self.settings.cache_dir,
            store=self.segments,
            executor=executor,
            workers=workers,
        )

    @cached_property
    def segments(self) -> "SegmentStore":
        """The cache of encoded segments, on disk."""
        from timeline_nb.segments.store import SegmentStore

        folder = self.settings.cache_dir / "segments"
        return SegmentStore(folder, max_bytes=self.settings.segment_bytes)

    @cached_property
    def frame_composer(self) -> "FrameComposer":
        """Composes single frames of edits, with decoders and frames kept."""
        from timeline_nb.compose.still import FrameComposer

        return FrameComposer(self.library)

    def detector(
        self,
        model: str | Path | None = None,
        *,
        spec: "ModelSpec | None" = None,
        batch: int | None = None,
        shape: tuple[int, int] | None = None,
    ) -> "Detector":
        """Load the detector of a model, once.

        Args:
            model: A name, an ONNX file, or None for the embedded one.
            spec: What the file does not say of itself.
            batch: Frames per run; what suits the machine if not given.
            shape: Width and height of all frames: the network is then made smaller
                by the padding that they do not need, where its file allows that.

        Raises:
            RecognitionError: The model cannot be used.
        """
        from timeline_nb.recognition.inference.detector import Detector
        from timeline_nb.recognition.models.tighten import tightened

        known = model, spec, batch, shape
        with self._lock:
            if known not in self._detectors:
                loaded = self.models.load(model, spec)
                loaded = tightened(loaded, shape) if shape else loaded
                self._detectors[known] = Detector(loaded, batch=batch)
            return self._detectors[known]

    @property
    def models(self) -> "ModelRegistry":
        """The models that are known by name."""
        from timeline_nb.recognition.models.registry import ModelRegistry

        return ModelRegistry(self.settings.data_dir / "models")

    @property
    def detections(self) -> "DetectionStore":
        """Detections made before, on disk."""
        from timeline_nb.recognition.detection_cache import DetectionStore

        return DetectionStore(self.settings.cache_dir / "detections")

    def close(self) -> None:
        """Cancel all jobs, wait until they stopped, and close every part."""
        for job in list(self._jobs):
            job.cancel()
        self.proxies.close()
        if "frame_composer" in self.__dict__:
            self.frame_composer.close()
        if self._owns_executor:
            self._executor.shutdown()
        self.decoders.close()
        self._detectors.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_studio(
    settings: Settings | None = None,
    *,
    library: MediaLibrary | None = None,
    executor: Executor | None = None,
) -> Studio:
    """Build a studio; close it, or use it in a `with` block.

    Args:
        settings: Folders and limits.
        library: A replacement for the media library.
        executor: A replacement for the pool that jobs run on; it stays open.
    """
    return Studio(settings or Settings(), library=library, executor=executor)


@cache
def default_studio() -> Studio:
    """Return the studio of a notebook that opens none: built on first use."""
    studio = open_studio()
    atexit.register(studio.close)
    return studio
