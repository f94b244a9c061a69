"""Jobs: long work on another thread, awaited, watched, paused and cancelled."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import CancelledError, Executor, Future, InvalidStateError
from contextlib import nullcontext
from enum import StrEnum
from typing import Any, Generic, Self, TypeVar

from timeline_nb.core.executors import failure_of
from timeline_nb.core.interrupts import interrupts_held, refuse_to_go_on
from timeline_nb.core.progress import Progress
from timeline_nb.core.reporter import Reporter
from timeline_nb.core.signals import Signal
from timeline_nb.core.telemetry.job_trace import new_trace_of
from timeline_nb.core.telemetry.trace import Trace
from timeline_nb.core.worker_threads import WorkerThreads
from timeline_nb.errors import JobCancelledError

__all__ = ["OBEYS_WITHIN_S", "Job", "JobStatus", "Reporter"]

T = TypeVar("T")
# A notebook's loop sees an interrupt only when it wakes (ipykernel 7).
_WAKES_EVERY_S = 0.5
# A cancelled job that still runs then is stuck: checks come several times a second.
OBEYS_WITHIN_S = 2.0


class JobStatus(StrEnum):
    """Where a job stands.

    A job prepares from its start to its first report of progress.
    """

    QUEUED = "queued"
    PREPARING = "preparing"
    PROCESSING = "processing"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(Generic[T]):
    """Work that runs on an executor: await it, watch it, pause it, cancel it.

    Args:
        name: Shown beside the progress.
        work: Called once, when the job is started, with a `Reporter`.

    Attributes:
        started: Emits the seconds that it waited for its turn, when that comes.
        progressed: Emits each report of progress.
        paused: Emits whether the job is paused, when that changes.
        finished: Emits the status at the end.

    Example:
        >>> job = cut.render("film.mp4", end="1s")
        >>> job.wait().frames
        25
        >>> job
        <Job 'render film.mp4' completed>
        >>> job.done, job.progress.percent
        (True, 100.0)
    """

    def __init__(self, name: str, work: Callable[[Reporter], T]) -> None:
        self.name = name
        whose = f"the job {name!r}"
        self.started: Signal[float] = Signal(whose)
        self.progressed: Signal[Progress] = Signal(whose)
        self.paused: Signal[bool] = Signal(whose)
        self.finished: Signal[JobStatus] = Signal(whose)
        self.progress: Progress | None = None
        self._made = time.monotonic()
        self._work = work
        self._reporter = Reporter(self._on_progress)
        self._is_awaited = self._gives_up = False
        self._trace = new_trace_of(name)
        self._executor: Executor | None = None
        self._call: Future[None] | None = None
        self._future: Future[T] = Future()
        self._future.add_done_callback(lambda _: self.finished.emit(self.status))

    def start(self, executor: Executor) -> Self:
        """Submit the work to an executor, and return the job.

        A job that the executor does not run ends with an error.

        :meta private:
        """
        self._executor = executor
        try:
            self._call = executor.submit(self._run)
        except Exception as error:  # noqa: BLE001 - whatever an executor raises
            self._lose(error)
        else:
            self._call.add_done_callback(self._called)
        return self

    def _called(self, call: "Future[None]") -> None:
        if call.cancelled():
            self._lose(CancelledError())
        elif error := call.exception():
            self._lose(error)

    def _lose(self, error: BaseException) -> None:
        """End a job that the executor did not run."""
        message = f"{self.name} was not run: {failure_of(error)}"
        with contextlib.suppress(InvalidStateError):
            self._future.set_exception(JobCancelledError(message))

    def _run(self) -> None:
        if not self._future.set_running_or_notify_cancel():
            return
        self.started.emit(time.monotonic() - self._made)
        try:
            with self._trace.timed() if self._trace else nullcontext():
                result = self._work(self._reporter)
        except BaseException as error:  # noqa: BLE001 - raised in who waits
            # A job that did not stop has ended before its work.
            with contextlib.suppress(InvalidStateError):
                self._future.set_exception(error)
        else:
            with contextlib.suppress(InvalidStateError):
                self._future.set_result(result)

    def _on_progress(self, progress: Progress) -> None:
        self.progress = progress
        self.progressed.emit(progress)

    @property
    def status(self) -> JobStatus:
        """Where the job stands now.

        Example:
            >>> job = cut.render("film.mp4", end="1s")
            >>> film = job.wait()
            >>> job.status
            <JobStatus.COMPLETED: 'completed'>
        """
        if self._future.cancelled():
            return JobStatus.CANCELLED
        if not self._future.done():
            if self._reporter.is_paused:
                return JobStatus.PAUSED
            if not self._future.running():
                return JobStatus.QUEUED
            return JobStatus.PROCESSING if self.progress else JobStatus.PREPARING
        error = self._future.exception()
        if isinstance(error, JobCancelledError):
            return JobStatus.CANCELLED
        return JobStatus.FAILED if error else JobStatus.COMPLETED

    @property
    def done(self) -> bool:
        """Whether the job has ended, well or not."""
        return self._future.done()

    @property
    def unseen_error(self) -> BaseException | None:
        """The error of a failed job that nobody waits for; None otherwise.

        :meta private:
        """
        if self._is_awaited or self.status is not JobStatus.FAILED:
            return None
        return self._future.exception()

    def trace(self) -> Trace:
        """Return what the job spent its time on, so far or in all.

        The last expression of a cell shows it: a picture of the work of each worker,
        the path that decided how long it took, and sentences on what to change.

        Example:
            >>> job = cut.render("traced.mp4", overwrite=True)
            >>> job.wait().frames
            100
            >>> trace = job.trace()  # a cell shows it
            >>> trace.costs().columns[:3].tolist()
            ['stage', 'what', 'owner']
        """
        spans = [] if self._trace is None else self._trace.spans()
        dropped = 0 if self._trace is None else self._trace.dropped
        return Trace(self.name, spans, dropped=dropped)

    def pause(self) -> None:
        """Ask the job to wait; one that is queued will not begin to report.

        Example:
            >>> job = cut.render("film.mp4", end="1s")
            >>> job.pause()
            >>> job.resume()
            >>> job.wait().frames
            25
        """
        if not self.done and not self._reporter.is_paused:
            self._reporter.pause()
            self.paused.emit(True)

    def resume(self) -> None:
        """Resume a paused job.

        Example:
            >>> job = cut.render("film.mp4", end="1s")
            >>> job.pause()
            >>> job.resume()
            >>> job.wait().frames
            25
        """
        if self._reporter.is_paused:
            self._reporter.resume()
            self.paused.emit(False)

    def cancel(self) -> None:
        """Ask the job to stop; what it had begun to write is removed.

        If it does not stop within two seconds, as code in it is stuck, the job ends all
        the same and makes room for others; its thread is left behind.

        Example:
            >>> job = cut.render("film.mp4")
            >>> job.cancel()
            >>> job.wait()
            Traceback (most recent call last):
                ...
            timeline_nb.JobCancelledError: ...
        """
        self._reporter.cancel()
        if self._future.cancel() or self._future.done() or self._gives_up:
            return
        self._gives_up = True
        timer = threading.Timer(OBEYS_WITHIN_S, self.give_up)
        timer.daemon = True
        # While Python ends, no thread can be started; the studio waits then.
        with contextlib.suppress(RuntimeError):
            timer.start()

    def give_up(self) -> None:
        """End a cancelled job that did not stop, and leave its thread behind.

        :meta private:
        """
        message = f"{self.name} was cancelled, and did not stop by itself"
        try:
            self._future.set_exception(JobCancelledError(message))
        except InvalidStateError:
            return
        if isinstance(self._executor, WorkerThreads) and self._call is not None:
            self._executor.abandon(self._call)

    def wait(self, timeout_s: float | None = None) -> T:
        """Block until the job ends, and return its result.

        An interrupt (Ctrl-C, or the notebook's stop button) cancels the job: what was
        encoded by then is kept, and the next render goes on from there. An interrupt of
        `await job` ends the waiting only, and leaves the job running; so does one of
        the timer of `asyncio.wait_for`.

        Raises:
            TimeoutError: The job is still running after `timeout_s` seconds.
            JobCancelledError: The job was cancelled.
            TimelineNbError: The job failed.

        Example:
            >>> film = cut.render("film.mp4", end="1s").wait()
            >>> film.path.name, film.frames
            ('film.mp4', 25)
        """
        try:
            self._is_awaited = True
            return self._result(timeout_s)
        except KeyboardInterrupt:
            with interrupts_held():
                self.cancel()
            raise
        except CancelledError as error:
            raise JobCancelledError(f"{self.name} was cancelled") from error

    def _result(self, timeout_s: float | None) -> T:
        """Wait in short waits: an interrupt may come just before one, and end none."""
        ends = None if timeout_s is None else time.monotonic() + timeout_s
        while not self.done:
            left_s = _WAKES_EVERY_S if ends is None else ends - time.monotonic()
            with contextlib.suppress(TimeoutError, CancelledError):
                self._future.exception(min(max(left_s, 0), _WAKES_EVERY_S))
            if left_s <= 0 and not self.done:
                raise TimeoutError
            refuse_to_go_on()
        return self._future.result()

    def leave_to_parent(self) -> None:
        """End a job in a forked process: its thread runs in the parent only.

        :meta private:
        """
        # Its lock may be held by a thread that is not here.
        self._future._condition._at_fork_reinit()  # type: ignore[attr-defined] # noqa: SLF001 - as `threading` does with its own
        if self.done:
            return
        self._future = Future()
        self._future.set_exception(
            JobCancelledError(
                f"{self.name} runs in the process that this one was forked from: wait "
                "for it there, or begin it here"
            )
        )

    def __await__(self) -> Generator[Any, None, T]:
        self._is_awaited = True
        return self._result_async().__await__()

    async def _result_async(self) -> T:
        ended = asyncio.wrap_future(self._future)
        # An error that comes after the waiting is nobody's: asyncio would log it.
        ended.add_done_callback(lambda one: one.cancelled() or one.exception())
        try:
            while not (await asyncio.wait([ended], timeout=_WAKES_EVERY_S))[0]:
                pass
            return await ended
        except asyncio.CancelledError:
            if self._future.cancelled():
                raise JobCancelledError(f"{self.name} was cancelled") from None
            raise

    def __repr__(self) -> str:
        share = self.progress.fraction if self.progress else None
        percent = "" if share is None or self.done else f" {share:.0%}"
        return f"<Job {self.name!r} {self.status.value}{percent}>"
