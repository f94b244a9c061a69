"""Run a plugin's code so that it can be interrupted, and one call after the other."""

import contextvars
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from functools import lru_cache
from typing import Final, TypeVar

from timeline_nb.core.forks import forks_seen
from timeline_nb.core.locks import new_condition
from timeline_nb.core.worker_threads import WorkerThreads
from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message
from timeline_nb.wasm_plugins.sandbox import Sandbox

__all__ = ["CallTurns", "run_interruptibly"]

T = TypeVar("T")
_MOST_THREADS: Final = 64
_POLL_S: Final = 0.1
# The code ends within a tick of its clock; a host call at its next check.
_ENDS_WITHIN_S: Final = 2.0
_CHECK_EVERY_S: Final = 0.2
# After its limit, the code has so long to end by its own clock.
_LATE_S: Final = 0.06


@lru_cache(maxsize=1)
def _threads(_: int) -> WorkerThreads:
    """Return the threads of this process: a forked one has none of its parent's."""
    return WorkerThreads(_MOST_THREADS, "timeline_nb_plugin")


def run_interruptibly(
    sandbox: Sandbox,
    work: Callable[[], T],
    check: Callable[[], object] | None = None,
) -> T:
    """Run work in a sandbox; an interrupt of the kernel ends it.

    Python sees an interrupt only when the code has returned. So in the main thread, the
    work is done by another one, and this one waits. So it is where one instruction may
    fill much memory: no clock is seen before it ends, and the thread is left behind.

    Args:
        sandbox: What the work runs in.
        work: The work.
        check: Called several times a second meanwhile; what it raises ends the work.

    Raises:
        PluginError: Its time is over, and it does not end.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if check is None and not is_main and not sandbox.is_watched:
        return work()
    context = contextvars.copy_context()
    future = _threads(forks_seen()).submit(context.run, work)
    try:
        while _is_unfinished(sandbox, future):
            if check is not None:
                check()
        return future.result()
    except BaseException:
        if not future.done():
            sandbox.interrupt()
            patience_s = _ENDS_WITHIN_S if sandbox.left_s > 0 else 0
            if wait([future], patience_s).not_done:
                # Never used again: what runs there cannot be ended.
                sandbox.is_lost = True
                _threads(forks_seen()).abandon(future)
        raise


def _is_unfinished(sandbox: Sandbox, future: Future[T]) -> bool:
    """Wait a moment, and return whether it still runs.

    Raises:
        PluginError: Its time is over.
    """
    patience_s = min(_CHECK_EVERY_S, max(0.0, sandbox.left_s + _LATE_S))
    if wait([future], patience_s).done:
        return False
    if sandbox.left_s < -_LATE_S and not future.done():
        raise sandbox.too_long()
    return True


class CallTurns:
    """Lets one call after another through; few may wait.

    Args:
        most: How many may run or wait.
    """

    def __init__(self, most: int) -> None:
        self._state = new_condition("calls of a plugin")
        self._most, self._count, self._is_busy = most, 0, False

    @contextmanager
    def turn(
        self, name: str, check: Callable[[], object] | None = None
    ) -> Iterator[None]:
        """Wait for the calls before, and have those after wait for the block.

        Args:
            name: How messages call the plugin.
            check: Called several times a second meanwhile; what it raises ends the
                waiting.

        Raises:
            PluginError: Too many wait.
        """
        with self._state:
            if self._count >= self._most:
                raise PluginError(
                    Message(
                        "{count} calls wait for the plugin {name}: call it later",
                        count=self._count,
                        name=name,
                    )
                )
            self._count += 1
        is_taken = False
        try:
            while not (is_taken := self._take()):
                if check is not None:
                    check()
            yield
        finally:
            with self._state:
                self._count -= 1
                if is_taken:
                    self._is_busy = False
                    self._state.notify()

    def _take(self) -> bool:
        """Take the turn if it is free, or becomes so in a moment."""
        with self._state:
            if self._is_busy:
                # In short waits, so that an interrupt is seen.
                self._state.wait(_POLL_S)
            if self._is_busy:
                return False
            self._is_busy = True
            return True
