"""The composition root: the one place where the long-lived parts are built."""

import atexit
import logging
import time
from concurrent.futures import Executor
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar
from weakref import WeakSet

from timeline_nb.access.roots import scope_of
from timeline_nb.access.scope import Scope
from timeline_nb.core.forks import watch_forks
from timeline_nb.core.jobs import OBEYS_WITHIN_S, Job
from timeline_nb.core.queue import JobQueue
from timeline_nb.core.telemetry.active import Telemetry
from timeline_nb.core.worker_threads import WorkerThreads
from timeline_nb.effects.provided import remove_provider
from timeline_nb.media.apart.isolation import Isolation
from timeline_nb.media.apart.pool import end_idle_processes
from timeline_nb.media.decoder_pool import DecoderPool
from timeline_nb.media.events import post_processed
from timeline_nb.media.index import READING
from timeline_nb.media.library import MediaLibrary
from timeline_nb.preview.proxies import ProxyStore
from timeline_nb.recognition.inference.detector_cache import DetectorCache
from timeline_nb.security.passphrase import take_passphrase
from timeline_nb.settings import Settings
from timeline_nb.studio_jobs import StudioJobs

if TYPE_CHECKING:
    from timeline_nb.collaboration.autosaves import Autosaves
    from timeline_nb.publishing.publisher import Publisher
    from timeline_nb.recognition.inference.detector import Detector
    from timeline_nb.recognition.models.spec import ModelSpec
    from timeline_nb.security.checks import KeyChecks
    from timeline_nb.security.oauth.accounts import Accounts
    from timeline_nb.security.store import SecretStore
    from timeline_nb.wasm_plugins.plugins import Plugins

__all__ = ["Studio", "default_studio", "has_studio", "open_studio"]

T = TypeVar("T")
_log = logging.getLogger(__name__)
_MOST_THREADS = 64
_POLL_S = 0.05


class Studio(StudioJobs):
    """Owns the long-lived parts and closes them; a context manager.

    Args:
        settings: Folders and limits.
        library: Opens media files; built from the settings if not given. One that is
            given reads under a scope of its own, or none.
        executor: Runs the jobs; a thread pool if not given.
        scope: What may be read, in place of the folders of the settings.
        vault: Keeps the secrets, in place of an encrypted file in the data folder.
        key_checks: Checks API keys, with the providers that it knows.
        accounts: Signs in to platforms, in place of one with the vault.
        publisher: Uploads films, in place of one for the platforms' own addresses.
        plugins: Runs plugins, in place of those of the data folder.

    Example:
        >>> settings = tl.Settings(cache_dir="cache", data_dir="data", jobs_at_once=1)
        >>> with tl.open_studio(settings) as studio:
        ...     src = tl.open("bikes.mp4", studio=studio)
        ...     cut = tl.Edit("traffic", size="360p", studio=studio)
        ...     cut.append(src.clip(0, "1s"))
        ...     film = cut.render("traffic.mp4", overwrite=True).wait()
        >>> film.frames
        25
    """

    def __init__(  # noqa: PLR0913 - every part can be replaced
        self,
        settings: Settings,
        *,
        library: MediaLibrary | None = None,
        executor: Executor | None = None,
        scope: Scope | None = None,
        vault: "SecretStore | None" = None,
        key_checks: "KeyChecks | None" = None,
        accounts: "Accounts | None" = None,
        publisher: "Publisher | None" = None,
        plugins: "Plugins | None" = None,
    ) -> None:
        self.settings = settings
        # Processes that are started from here on do not inherit it.
        take_passphrase()
        # Not the whole data folder: the vault lies there, too.
        own = (settings.cache_dir, settings.data_dir / "models")
        self.scope = scope or scope_of(settings.roots, own)
        apart = Isolation(settings.isolate, (*settings.roots, *own))
        self.library = library or MediaLibrary(
            settings.cache_dir, scope=self.scope, isolation=apart
        )
        given = {
            "vault": vault,
            "key_checks": key_checks,
            "accounts": accounts,
            "publisher": publisher,
            "plugins": plugins,
        }
        # In place of those that would be built.
        vars(self).update({k: part for k, part in given.items() if part is not None})
        _ = self.events, self.plugin_signals  # the same ones for all threads
        self.telemetry = Telemetry(settings.telemetry, self.measurements)
        self._begin(executor)
        self._provide_effects()
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
        self.proxies = ProxyStore(
            settings.cache_dir / f"proxies-{READING}",
            self.library,
            made=partial(post_processed, self.events, "proxies"),
        )
        self._detectors = DetectorCache()

    def begin_anew(self) -> None:
        """Replace what a forked process cannot use: threads, decoders, networks.

        Jobs that run in the parent process end here with an error. Files are opened
        again, and an executor that was given is replaced by threads.

        :meta private:
        """
        self.telemetry.begin_anew()
        for job in list(self._jobs):
            job.leave_to_parent()
        for part in ("segments", "frame_composer"):
            self.__dict__.pop(part, None)
        self._begin(None)

    @cached_property
    def autosaves(self) -> "Autosaves":
        """Keeps the steps of edits that are not saved.

        :meta private:
        """
        from timeline_nb.collaboration.autosaves import Autosaves

        return Autosaves(
            self.settings.data_dir / "unsaved",
            self.known_projects,
            self.scope,
            max_bytes=self.settings.project_bytes,
            is_on=self.settings.autosave,
        )

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

        Example:
            >>> detector = studio.detector()  # the embedded model's
            >>> detector.names[:3]
            ('person', 'bicycle', 'car')
        """
        return self._detectors.load(self.models, model, spec, batch=batch, shape=shape)

    def close(self) -> None:
        """Cancel all jobs, wait until they have stopped, and close every part.

        Jobs that do not stop within two seconds are left behind.

        Example:
            >>> studio = tl.open_studio(tl.Settings(cache_dir="cache", data_dir="data"))
            >>> studio.close()  # a `with` block does so, too
        """
        jobs = list(self._jobs)
        for job in jobs:
            job.cancel()
        deadline = time.monotonic() + OBEYS_WITHIN_S
        while not all(job.done for job in jobs) and time.monotonic() < deadline:
            time.sleep(_POLL_S)
        for job in jobs:
            job.give_up()
        if "autosaves" in self.__dict__:
            self.autosaves.close()
        self.proxies.close()
        self.events.close()
        remove_provider(self._effects_key)
        if "plugins" in self.__dict__:
            self.plugins.close()
        if "python_plugins" in self.__dict__:
            self.python_plugins.close()
        if "frame_composer" in self.__dict__:
            self.frame_composer.close()
        if self._owns_executor:
            self._executor.shutdown()
        self.decoders.close()
        end_idle_processes()
        self._detectors.clear()
        self.telemetry.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_studio(  # noqa: PLR0913 - every part can be replaced
    settings: Settings | None = None,
    *,
    library: MediaLibrary | None = None,
    executor: Executor | None = None,
    scope: Scope | None = None,
    vault: "SecretStore | None" = None,
    key_checks: "KeyChecks | None" = None,
    accounts: "Accounts | None" = None,
    publisher: "Publisher | None" = None,
) -> Studio:
    """Build a studio; close it, or use it in a `with` block.

    Args:
        settings: Folders and limits.
        library: Opens media files, in place of a library built from the settings.
        executor: Runs the jobs, in place of a thread pool; `close` leaves it open.
        scope: What may be read, in place of the folders of the settings.
        vault: Keeps the secrets, in place of an encrypted file in the data folder.
        key_checks: Checks API keys, with the providers that it knows.
        accounts: Signs in to platforms, in place of one with the vault.
        publisher: Uploads films, in place of one for the platforms' own addresses.

    Example:
        >>> settings = tl.Settings(cache_dir="cache", data_dir="data")
        >>> with tl.open_studio(settings) as studio:
        ...     tl.open("bikes.mp4", studio=studio).duration
        Fraction(10, 1)
    """
    studio = Studio(
        settings or Settings(),
        library=library,
        executor=executor,
        scope=scope,
        vault=vault,
        key_checks=key_checks,
        accounts=accounts,
        publisher=publisher,
    )
    _OPENED.add(studio)
    return studio


@cache
def default_studio() -> Studio:
    """Return the notebook's own studio, built on first use."""
    return open_studio()


_OPENED: Final[WeakSet[Studio]] = WeakSet()


def has_studio() -> bool:
    """Return whether a studio was opened, which knows the plugins."""
    return bool(_OPENED)


@atexit.register
def _close_all() -> None:
    """Close the studios that were not closed: their threads do not keep Python."""
    for studio in list(_OPENED):
        # A job that is done may still be listed, for a moment.
        for job in (job for job in studio.queue.jobs if not job.done):
            _log.warning(
                "%s was cancelled, as the program ended: end it with job.wait()",
                job.name,
            )
        studio.close()
