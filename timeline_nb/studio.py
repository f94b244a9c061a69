"""The composition root: the one place where the long-lived parts are built."""

import atexit
import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar
from weakref import WeakSet

from timeline_nb.core.app_dirs import cache_dir as default_cache_dir
from timeline_nb.core.app_dirs import data_dir as default_data_dir
from timeline_nb.core.forks import watch_forks
from timeline_nb.core.free_memory import return_free_memory
from timeline_nb.core.interrupts import StartedJobs, interrupts_held
from timeline_nb.core.jobs import OBEYS_WITHIN_S, Job, Reporter
from timeline_nb.core.locks import new_lock
from timeline_nb.core.output_names import output_path
from timeline_nb.core.queue import JobQueue
from timeline_nb.core.worker_threads import WorkerThreads
from timeline_nb.errors import RenderError, TimelineError
from timeline_nb.media.apart.isolation import Isolate, Isolation, checked_isolate
from timeline_nb.media.apart.pool import end_idle_processes
from timeline_nb.media.decoder_pool import DecoderPool
from timeline_nb.media.index import READING
from timeline_nb.media.library import MediaLibrary
from timeline_nb.preview.proxies import ProxyStore
from timeline_nb.recognition.models.limits import ModelLimits
from timeline_nb.timeline.model import Timeline

if TYPE_CHECKING:
    from timeline_nb.compose.still import FrameComposer
    from timeline_nb.recognition.detection_cache import DetectionStore
    from timeline_nb.recognition.inference.detector import Detector
    from timeline_nb.recognition.inference.trial import ModelTrials
    from timeline_nb.recognition.models.registry import ModelRegistry
    from timeline_nb.recognition.models.spec import ModelSpec
    from timeline_nb.render.profile import Profile
    from timeline_nb.render.render import Renderer
    from timeline_nb.render.result import RenderResult
    from timeline_nb.segments.store import SegmentStore

__all__ = ["Settings", "Studio", "default_studio", "open_studio"]

T = TypeVar("T")
_log = logging.getLogger(__name__)
_MOST_THREADS = 64
_POLL_S = 0.05


@dataclass(frozen=True, kw_only=True, init=False)
class Settings:
    """Folders and limits of a studio.

    Args:
        cache_dir: The folder of files that can be recomputed: indexes, detections,
            segments; the user's cache folder if not given.
        data_dir: The folder of files that the user added, such as models; the user's
            data folder if not given.
        jobs_at_once: How many renders, scans and detections run at the same time.
        segment_bytes: The disk space that encoded segments may use.
        model_limits: What models that do not come with the package may take.
        roots: The folders that the editor's media bin may scan, with all below them;
            the working folder and the person's home if not given.
        project_bytes: The memory that a project may take when it is opened.
        isolate: Which media are decoded in processes apart, where a decoder that
            crashes costs its file: those `"outside"` the roots, `"always"`, `"never"`.
    """

    cache_dir: Path
    data_dir: Path
    jobs_at_once: int
    segment_bytes: int
    model_limits: ModelLimits
    roots: tuple[Path, ...]
    project_bytes: int
    isolate: Isolate

    def __init__(  # noqa: PLR0913 - all settings
        self,
        *,
        cache_dir: Path | str | None = None,
        data_dir: Path | str | None = None,
        jobs_at_once: int = 2,
        segment_bytes: int = 20_000_000_000,
        model_limits: ModelLimits | None = None,
        roots: Iterable[Path | str] | None = None,
        project_bytes: int = 1_000_000_000,
        isolate: Isolate | None = None,
    ) -> None:
        folders = {
            "cache_dir": default_cache_dir() if cache_dir is None else cache_dir,
            "data_dir": default_data_dir() if data_dir is None else data_dir,
        }
        for name, folder in folders.items():
            object.__setattr__(self, name, Path(folder).expanduser())
        counts: dict[str, Any] = {
            "jobs_at_once": jobs_at_once,
            "segment_bytes": segment_bytes,
            "project_bytes": project_bytes,
        }
        for name, count in counts.items():
            if isinstance(count, bool) or not isinstance(count, int) or count < 1:
                raise TimelineError(
                    f"{name}={count!r}: give a whole number of 1 or more"
                )
            object.__setattr__(self, name, count)
        object.__setattr__(self, "model_limits", model_limits or ModelLimits())
        object.__setattr__(self, "isolate", checked_isolate(isolate))
        places = _default_roots() if roots is None else roots
        object.__setattr__(self, "roots", tuple(Path(p).expanduser() for p in places))


def _default_roots() -> list[Path]:
    """Return the working folder and the person's home, as far as there are any."""
    found = []
    for folder in (Path.cwd, Path.home):
        with suppress(OSError, RuntimeError):
            found.append(folder())
    return found


class Studio:
    """Owns the long-lived parts and closes them; a context manager.

    Args:
        settings: Folders and limits.
        library: Opens media files; built from the settings if not given.
        executor: Runs the jobs; a thread pool if not given.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        library: MediaLibrary | None = None,
        executor: Executor | None = None,
    ) -> None:
        self.settings = settings
        trusted = (*settings.roots, settings.cache_dir, settings.data_dir)
        isolation = Isolation(settings.isolate, trusted)
        self.library = library or MediaLibrary(settings.cache_dir, isolation=isolation)
        self._begin(executor)
        watch_forks(self)

    def _begin(self, executor: Executor | None) -> None:
        """Build all that has threads, locks or open files."""
        settings = self.settings
        self.decoders = DecoderPool(self.library)
        # The queue limits how many jobs run; paused jobs keep their threads.
        self._executor = executor or WorkerThreads(_MOST_THREADS, "timeline_nb")
        self.queue = JobQueue(self._executor, settings.jobs_at_once)
        self._owns_executor = executor is None
        self._jobs: WeakSet[Job[Any]] = WeakSet()
        folder = settings.cache_dir / f"proxies-{READING}"
        self.proxies = ProxyStore(folder, self.library)
        self._detectors: dict[Any, Detector] = {}
        self._lock = new_lock("detectors of a studio")

    def begin_anew(self) -> None:
        """Replace what a forked process cannot use: threads, decoders, networks.

        Jobs that run in the parent process end here with an error. Files are opened
        again, and an executor that was given is replaced by threads.
        """
        for job in list(self._jobs):
            job.leave_to_parent()
        for part in ("segments", "frame_composer"):
            self.__dict__.pop(part, None)
        self._begin(None)

    def start(
        self, name: str, work: Callable[[Reporter], T], *, priority: int = 0
    ) -> Job[T]:
        """Queue `work` as a job; jobs of a higher priority run first."""
        return self.run(Job(name, work), priority=priority)

    def run(self, job: Job[T], *, priority: int = 0) -> Job[T]:
        """Queue a job that was not started; jobs of a higher priority run first."""
        # Noted before it runs: an interrupt may come at any moment from here on.
        with StartedJobs():
            StartedJobs.note(job)
            with interrupts_held():
                self._jobs.add(job)
                job.finished.connect(lambda _: return_free_memory())
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
        """Start rendering a timeline to a film.

        Args:
            timeline: The timeline.
            path: The film; its suffix selects the container.
            profile: Encoder settings; the default ones if not given.
            start: Timeline seconds of the film's first frame; the timeline's start if
                not given.
            end: Timeline seconds at which the film ends; the timeline's end if not
                given.
            renderer: The renderer; one that encodes in threads if not given.
            priority: Jobs of a higher priority run first.

        Raises:
            RenderError: The film cannot be written there, a name in the profile is
                unknown, or the times are no range of the timeline. Later errors are
                raised by the job.
        """
        from timeline_nb.render.profile import Profile
        from timeline_nb.render.target import check_target

        wanted = profile or Profile()
        target = output_path(path, RenderError, what="the film, such as 'film.mp4'")
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
        """Return a renderer with this studio's library and segment cache.

        Args:
            executor: Encodes the segments: a process pool that spawns its workers, or a
                cluster's executor whose workers see the same files; threads if not
                given.
            workers: How many segments are encoded at once.

        Raises:
            RenderError: The executor's workers cannot encode: it forks, or its workers
                would run the script again.
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
        """Composes single frames of edits, and keeps decoders and frames."""
        from timeline_nb.compose.still import FrameComposer

        return FrameComposer(self.library, decoders=self.decoders)

    def detector(
        self,
        model: str | Path | None = None,
        *,
        spec: "ModelSpec | None" = None,
        batch: int | None = None,
        shape: tuple[int, int] | None = None,
    ) -> "Detector":
        """Return the detector of a model, which is kept.

        Args:
            model: A model's name, an ONNX file, or None for the embedded model.
            spec: Facts about the model that its file does not state.
            batch: Frames per run; chosen for the machine if not given.
            shape: Width and height of all frames. The network's input is then reduced
                by the padding that such frames do not need, if its file allows it.

        Raises:
            RecognitionError: The model cannot be used.
        """
        from timeline_nb.recognition.inference.detector import Detector
        from timeline_nb.recognition.models.tighten import tightened

        key = model, spec, batch, shape
        with self._lock:
            known = self._detectors.get(key)
        if known is not None:
            return known
        # Without the lock: a file that takes a minute must not keep others waiting.
        loaded = self.models.load(model, spec)
        loaded = tightened(loaded, shape) if shape else loaded
        made = Detector(loaded, batch=batch)
        with self._lock:
            return self._detectors.setdefault(key, made)

    @property
    def models(self) -> "ModelRegistry":
        """The models known by name."""
        from timeline_nb.recognition.models.registry import ModelRegistry

        return ModelRegistry(self.settings.data_dir / "models", self.model_trials)

    @property
    def model_trials(self) -> "ModelTrials":
        """Tries models from outside before they run here."""
        from timeline_nb.recognition.inference.trial import ModelTrials

        folder = self.settings.cache_dir / "models"
        return ModelTrials(folder, self.settings.model_limits)

    @property
    def detections(self) -> "DetectionStore":
        """The cache of detections, on disk."""
        from timeline_nb.recognition.detection_cache import DetectionStore

        return DetectionStore(self.settings.cache_dir / "detections")

    def close(self) -> None:
        """Cancel all jobs, wait until they have stopped, and close every part.

        Jobs that do not stop within two seconds are left behind.
        """
        jobs = list(self._jobs)
        for job in jobs:
            job.cancel()
        deadline = time.monotonic() + OBEYS_WITHIN_S
        while not all(job.done for job in jobs) and time.monotonic() < deadline:
            time.sleep(_POLL_S)
        for job in jobs:
            job.give_up()
        self.proxies.close()
        if "frame_composer" in self.__dict__:
            self.frame_composer.close()
        if self._owns_executor:
            self._executor.shutdown()
        self.decoders.close()
        end_idle_processes()
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
        library: Opens media files, in place of a library built from the settings.
        executor: Runs the jobs, in place of a thread pool; `close` leaves it open.
    """
    studio = Studio(settings or Settings(), library=library, executor=executor)
    _OPENED.add(studio)
    return studio


@cache
def default_studio() -> Studio:
    """Return the notebook's own studio, built on first use."""
    return open_studio()


_OPENED: Final[WeakSet[Studio]] = WeakSet()


@atexit.register
def _close_all() -> None:
    """Close the studios that were not closed: their threads do not keep Python."""
    for studio in list(_OPENED):
        for job in studio.queue.jobs:
            _log.warning(
                "%s was cancelled, as the program ended: end it with job.wait()",
                job.name,
            )
        studio.close()
