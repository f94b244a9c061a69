"""Do a thing once for all who ask at the same time: threads, loops and processes."""

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Final, Generic, TypeVar

from filelock import FileLock, Timeout

from timeline_nb.core.locks import new_lock
from timeline_nb.core.worker_threads import WorkerThreads, wait_for
from timeline_nb.errors import AccountError
from timeline_nb.i18n import Message

__all__ = ["SingleFlight", "one_process"]

T = TypeVar("T")
_MOST_THREADS: Final = 16
_POLL_S: Final = 0.05


class SingleFlight(Generic[T]):
    """Runs a call for each key once at a time; who comes meanwhile gets its result.

    The call runs on a thread of its own, to its end: an interrupt of one who waits
    loses nothing that a provider gave.
    """

    def __init__(self) -> None:
        self._lock = new_lock("calls that run once")
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget the calls of a parent process, whose threads are not here."""
        self._running: dict[str, Future[T]] = {}
        self._threads = WorkerThreads(_MOST_THREADS, "timeline_nb_accounts")

    def run(
        self,
        key: str,
        call: Callable[[], T],
        check: Callable[[], object] = lambda: None,
    ) -> T:
        """Return what the call returns, or what one that runs already does.

        Args:
            key: Calls of one key are the same.
            call: Does the thing.
            check: Called several times a second meanwhile; what it raises ends the
                waiting, not the call.
        """
        with self._lock:
            future = self._running.get(key)
            if future is None:
                future = self._running[key] = self._threads.submit(call)
        future.add_done_callback(lambda done: self._forget(key, done))
        return wait_for(future, check)

    def _forget(self, key: str, future: "Future[T]") -> None:
        with self._lock:
            if self._running.get(key) is future:
                del self._running[key]


@contextlib.contextmanager
def one_process(folder: Path | None, name: str, timeout_s: float) -> Iterator[None]:
    """Hold a file lock in the block, so that no other process does the same.

    Args:
        folder: Where the lock's file lies; no lock is taken if None, or if the folder
            cannot be written.
        name: What is done.
        timeout_s: How long another process may take.

    Raises:
        AccountError: Another process takes longer.
    """
    lock = _lock_in(folder, name)
    has_it = True
    try:
        if lock is not None:
            lock.acquire(timeout=timeout_s, poll_interval=_POLL_S)
    except Timeout:
        has_it = False
    except OSError:
        lock = None
    if not has_it:
        raise AccountError(
            Message(
                "another process has been using {name} for {timeout_s} s: end it, or "
                "try again",
                name=repr(name),
                timeout_s=f"{timeout_s:g}",
            )
        )
    try:
        yield
    finally:
        if lock is not None:
            lock.release()


def _lock_in(folder: Path | None, name: str) -> FileLock | None:
    if folder is None:
        return None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return FileLock(folder / f"{name}.lock", thread_local=False)
