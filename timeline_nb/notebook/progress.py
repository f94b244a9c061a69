"""A progress bar for a job: in a notebook, a terminal, or nowhere."""

import sys
from collections.abc import Callable
from typing import TypeVar

from tqdm.auto import tqdm as auto_tqdm

from timeline_nb.core.awaited_jobs import all_awaited, is_awaited
from timeline_nb.core.interrupts import StartedJobs
from timeline_nb.core.jobs import Job, JobStatus
from timeline_nb.core.locks import new_lock, new_rlock
from timeline_nb.core.progress import Progress

__all__ = ["finish", "watch"]

T = TypeVar("T")


class tqdm(auto_tqdm):  # type: ignore[type-arg] # noqa: N801 - one of tqdm's
    """A bar with a lock of its own.

    tqdm's is one for all processes: its semaphore leaks from a process that is killed,
    and in a forked one it may stay locked for ever.
    """

    _lock = new_rlock("all progress bars")


def _is_in_kernel() -> bool:
    """Tell whether a notebook's kernel runs here; to start one loads ipykernel, too."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None


class _Bar:
    """One tqdm bar that follows a job through its stages."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stage = ""
        self._lock = new_lock("a progress bar")
        self._is_notebook = _is_in_kernel()
        # None hides the bar without a terminal; a notebook has none, and shows it.
        hidden = False if self._is_notebook else None
        # There is nothing to count before the first report.
        self._bar = tqdm(total=None, desc=name, bar_format="{desc}", disable=hidden)

    def show(self, progress: Progress) -> None:
        with self._lock:
            if progress.stage != self._stage:
                self._stage = progress.stage
                self._bar.bar_format = None
                self._bar.unit = f" {progress.unit}s"
                self._bar.reset(total=progress.total)
                self._bar.set_description(f"{self._name}: {progress.stage}")
            self._bar.update(progress.done - self._bar.n)

    def finish(self, status: JobStatus, error: BaseException | None = None) -> None:
        """Close the bar, and show an error that nobody waits for.

        In a notebook it stands beside the bar: what another thread prints may land
        below another cell.
        """
        name = text = f"{self._name}: {status.value}"
        if error is not None:
            text = f"{name}: {type(error).__name__}: {error}"
        with self._lock:
            self._bar.set_description_str(text if self._is_notebook else name)
            self._bar.close()
        if error is not None and not self._is_notebook:
            tqdm.write(text, file=sys.stderr)


def watch(job: Job[T]) -> Job[T]:
    """Show the job's progress below the cell that calls this, and return the job.

    A job that fails while nobody waits for it writes its error there, too.
    """
    bar = _Bar(job.name)
    is_raised = is_awaited()

    # Signals hold bound methods weakly; these functions keep the bar alive.
    def show(progress: Progress) -> None:
        bar.show(progress)

    def close(status: JobStatus) -> None:
        bar.finish(status, None if is_raised else job.unseen_error)

    if job.progress is not None:
        bar.show(job.progress)
    job.progressed.connect(show)
    job.finished.connect(close)
    if job.done:
        close(job.status)
    return job


def finish(start: Callable[[], Job[T]]) -> T:
    """Start a job, show its progress, and wait for it.

    An interrupt of the cell or the command cancels the job, at any moment.
    """
    # It may fail before it is waited for.
    with StartedJobs(), all_awaited():
        return watch(start()).wait()
