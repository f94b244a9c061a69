"""A progress bar for a job: in a notebook, a terminal, or nowhere."""

import sys
from threading import Lock
from typing import TypeVar

from tqdm.auto import tqdm

from timeline_nb.core.jobs import Job, JobStatus
from timeline_nb.core.progress import Progress

__all__ = ["finish", "watch"]

T = TypeVar("T")


class _Bar:
    """One tqdm bar that follows a job through its stages."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stage = ""
        self._lock = Lock()
        # In a script's log a bar would be noise; a notebook is no terminal either.
        hidden = None if "ipykernel" not in sys.modules else False
        self._bar = tqdm(total=None, desc=name, unit=" frames", disable=hidden)

    def show(self, progress: Progress) -> None:
        with self._lock:
            if progress.stage != self._stage:
                self._stage = progress.stage
                self._bar.unit = f" {progress.unit}s"
                self._bar.reset(total=progress.total)
                self._bar.set_description(f"{self._name}: {progress.stage}")
            self._bar.update(progress.done - self._bar.n)

    def finish(self, status: JobStatus) -> None:
        with self._lock:
            self._bar.set_description(f"{self._name}: {status.value}")
            self._bar.close()


def watch(job: Job[T]) -> Job[T]:
    """Show the job's progress beside the cell that calls this, and give it back."""
    bar = _Bar(job.name)

    # Signals hold bound methods weakly; these functions keep the bar alive.
    def show(progress: Progress) -> None:
        bar.show(progress)

    def finish(status: JobStatus) -> None:
        bar.finish(status)

    if job.progress is not None:
        bar.show(job.progress)
    job.progressed.connect(show)
    job.finished.connect(finish)
    if job.done:
        bar.finish(job.status)
    return job


def finish(job: Job[T]) -> T:
    """Wait for the job; an interrupt of the cell or the command cancels it."""
    try:
        return job.wait()
    except KeyboardInterrupt:
        job.cancel()
        raise
