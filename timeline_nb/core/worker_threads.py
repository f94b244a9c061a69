"""Threads that run calls, of which one that is stuck is left behind and replaced."""

import contextlib
import ctypes
import logging
import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, InvalidStateError, wait
from types import FrameType
from typing import Any, Final, ParamSpec, TypeVar
from weakref import WeakSet

from timeline_nb.access.use import scope_in_use, use_scope
from timeline_nb.core.locks import new_condition
from timeline_nb.core.telemetry.place import place_in_use, use_place
from timeline_nb.errors import JobCancelledError, OverloadError

__all__ = ["WorkerThreads", "threads_left_behind", "wait_for"]

P = ParamSpec("P")
T = TypeVar("T")
_log = logging.getLogger(__name__)
# How long a thread left behind may still end by itself, and how often it is asked.
_PATIENCE_S: Final = 1.0
_REQUESTS: Final = 5
_CHECK_EVERY_S: Final = 0.2
# A thread without work ends: those of pools that nobody shut down do not pile up.
_IDLE_S: Final = 10.0
# Calls of a pool that wait for a thread, some 2 KB each.
_MOST_WAITING: Final = 10_000


def wait_for(future: Future[T], check: Callable[[], object]) -> T:
    """Return the result of a future.

    Args:
        future: What is waited for.
        check: Called several times a second meanwhile; what it raises stops the
            waiting.
    """
    # In short waits, so that an exception can end this thread.
    while not wait([future], _CHECK_EVERY_S).done:
        check()
    return future.result()


class _ThreadEnd(BaseException):
    """Raised in a thread that was left behind, wherever it stands.

    No `Exception`, so that the code in which it is stuck does not catch it.
    """


class _Worker(threading.Thread):
    """A thread of the pool; `call` is what it runs now."""

    def __init__(self, name: str, work: Callable[["_Worker"], None]) -> None:
        # Python waits at its exit for threads that are no daemons.
        super().__init__(name=name, daemon=True)
        self.call: Future[Any] | None = None
        self.is_left = False
        self._work = work

    def run(self) -> None:
        with contextlib.suppress(_ThreadEnd):
            self._work(self)


_LEFT: Final[WeakSet[_Worker]] = WeakSet()


def threads_left_behind() -> list[str]:
    """Return the names of the threads that were left behind and still run."""
    return sorted(worker.name for worker in _LEFT if worker.is_alive())


class WorkerThreads(Executor):
    """Runs calls on daemon threads, which are started when they are needed.

    Args:
        most: How many threads there are at most.
        name: What their names begin with.
        most_waiting: How many calls may wait for a thread.
    """

    def __init__(
        self, most: int, name: str, *, most_waiting: int = _MOST_WAITING
    ) -> None:
        self._max_workers = most
        self._most_waiting = most_waiting
        self._name = name
        self._state = new_condition("calls of worker threads")
        self._due: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._workers: list[_Worker] = []
        self._started = 0
        self._is_shut = False

    def submit(
        self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Run a call on a thread, as soon as one is free.

        It reads under the scope in use now, and is timed as a part of the same span.

        Raises:
            RuntimeError: The threads were shut down, or no thread can be started.
            OverloadError: Too many calls wait for a thread.
        """
        future: Future[T] = Future()
        scope, place = scope_in_use(), place_in_use()

        def call() -> T:
            with use_scope(scope), use_place(place):
                return fn(*args, **kwargs)

        with self._state:
            if self._is_shut:
                raise RuntimeError(f"the threads {self._name} were shut down")
            if len(self._due) >= self._most_waiting:
                raise OverloadError(
                    f"{len(self._due)} calls wait for the {self._max_workers} threads "
                    f"of {self._name}, which are all that may: ask again when some "
                    "have ended"
                )
            self._due.append((future, call))
            try:
                self._start_more()
            except RuntimeError:
                # Python ends, or the system has no more threads.
                self._due.pop()
                raise
            self._state.notify()
        return future

    def _start_more(self) -> None:
        """Start a thread if calls are due that no thread is free for."""
        free = sum(worker.call is None for worker in self._workers)
        if len(self._due) > free and len(self._workers) < self._max_workers:
            self._started += 1
            worker = _Worker(f"{self._name}_{self._started}", self._serve)
            worker.start()
            self._workers.append(worker)

    def _serve(self, worker: _Worker) -> None:
        while (item := self._next(worker)) is not None:
            future, call = item
            if future.set_running_or_notify_cancel():
                _settle(future, call)
            # What a call returned is not kept until the next one.
            del item, future, call

    def _next(self, worker: _Worker) -> tuple[Future[Any], Callable[[], Any]] | None:
        with self._state:
            worker.call = None
            while not self._due and not self._is_shut and not worker.is_left:
                if not self._state.wait(_IDLE_S):
                    break
            if worker.is_left or not self._due:
                # Who shuts down waits for the thread itself.
                if not self._is_shut and not worker.is_left:
                    self._workers.remove(worker)
                return None
            item = self._due.popleft()
            worker.call = item[0]
            return item

    def abandon(self, future: Future[Any]) -> bool:
        """Leave the thread of a call behind, and have another take its place.

        The call's future ends with `JobCancelledError`. Code in Python is ended by an
        exception; a thread that is stuck in C stays until it returns, and is never
        waited for.

        Returns:
            Whether a thread was running the call.
        """
        with self._state:
            stuck = [worker for worker in self._workers if worker.call is future]
            for worker in stuck:
                worker.is_left = True
                self._workers.remove(worker)
            with contextlib.suppress(RuntimeError):
                self._start_more()
            self._state.notify_all()
        with contextlib.suppress(InvalidStateError):
            future.set_exception(JobCancelledError("it was stuck, and left behind"))
        for worker in stuck:
            _LEFT.add(worker)
            ender = threading.Thread(target=_end, args=(worker,), daemon=True)
            with contextlib.suppress(RuntimeError):
                ender.start()
        return bool(stuck)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as Executor has it
        """Take no more calls; wait for those that run, unless they are left behind."""
        with self._state:
            self._is_shut = True
            dropped = list(self._due) if cancel_futures else []
            if cancel_futures:
                self._due.clear()
            self._state.notify_all()
        for future, _ in dropped:
            future.cancel()
        while wait and (worker := self._alive()) is not None:
            # Should it be left behind meanwhile, it is not waited for.
            worker.join(0.1)

    def end(self, grace_s: float) -> bool:
        """Shut down, and leave behind the calls that do not end in time.

        Returns:
            Whether none was left behind.
        """
        self.shutdown(wait=False, cancel_futures=True)
        with self._state:
            running = [w.call for w in self._workers if w.call is not None]
        stuck = wait(running, grace_s).not_done
        for future in stuck:
            self.abandon(future)
        self.shutdown()
        return not stuck

    def _alive(self) -> _Worker | None:
        with self._state:
            others = (w for w in self._workers if w is not threading.current_thread())
            return next((worker for worker in others if worker.is_alive()), None)


def _settle(future: Future[Any], call: Callable[[], Any]) -> None:
    """Run a call, and give its future the result, unless that has ended already."""
    try:
        result = call()
    except _ThreadEnd:
        raise
    except BaseException as error:  # noqa: BLE001 - raised in who waits
        with contextlib.suppress(InvalidStateError):
            future.set_exception(error)
    else:
        with contextlib.suppress(InvalidStateError):
            future.set_result(result)


def _end(worker: _Worker) -> None:
    """Raise an exception in a thread until it ends; tell if it does not."""
    for _ in range(_REQUESTS):
        worker.join(_PATIENCE_S)
        if not worker.is_alive() or worker.ident is None:
            return
        # A module that is imported by half could not be imported again.
        if _is_importing(worker):
            continue
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(worker.ident), ctypes.py_object(_ThreadEnd)
        )
    worker.join(_PATIENCE_S)
    if worker.is_alive():
        _log.warning(
            "a thread does not stop at %s: %d such threads are left behind; restart "
            "the kernel to free what they hold",
            _place_of(worker),
            len(threads_left_behind()),
        )


def _is_importing(worker: _Worker) -> bool:
    frame = _frame_of(worker)
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _place_of(worker: _Worker) -> str:
    """Return the function and line where a thread stands."""
    frame = _frame_of(worker)
    if frame is None:
        return worker.name
    code = frame.f_code
    return f"{code.co_name} ({code.co_filename}, line {frame.f_lineno})"


def _frame_of(worker: _Worker) -> FrameType | None:
    return sys._current_frames().get(worker.ident or 0)  # noqa: SLF001 - documented
