"""How work in a job reports its progress, waits and stops."""

import threading
import time
from collections.abc import Callable

from timeline_nb.core.progress import Progress
from timeline_nb.errors import JobCancelledError

__all__ = ["Reporter"]

# Ten reports a second are as many as a person can read.
_REPORT_EVERY_S = 0.1


class Reporter:
    """Reports the progress of the work in a job, and pauses or cancels it."""

    def __init__(self, emit: Callable[[Progress], None] | None = None) -> None:
        self._emit = emit or (lambda _: None)
        self._stop = threading.Event()
        self._go = threading.Event()
        self._go.set()
        self._stage = ""
        self._began = self._last = self._rested = 0.0

    def report(  # noqa: PLR0913 - all that is reported
        self,
        stage: str,
        done: int,
        total: int | None,
        *,
        unit: str = "frame",
        message: str = "",
        wait: bool = True,
    ) -> None:
        """Report the progress of a stage, at most ten times a second.

        Args:
            stage: What is being done, in a word.
            done: Units finished.
            total: Units in all, or None while unknown.
            unit: What is counted.
            message: For people, or empty.
            wait: Whether to wait here while the job is paused; false where other
                workers do the waiting.

        Raises:
            JobCancelledError: Someone cancelled the job.
        """
        self.check(wait=wait)
        if self.is_paused:
            return
        now = time.monotonic()
        fresh = stage != self._stage
        if fresh:
            self._stage, self._began = stage, now
        if fresh or done == total or now - self._last >= _REPORT_EVERY_S:
            self._last = now
            passed = now - self._began
            self._emit(Progress(stage, done, total, passed, unit, message))

    def check(self, *, wait: bool = True) -> None:
        """Wait here while the job is paused; stop here if it was cancelled.

        Raises:
            JobCancelledError: Someone cancelled the job.
        """
        if wait:
            self._go.wait()
        if self._stop.is_set():
            raise JobCancelledError("the job was cancelled")

    @property
    def is_paused(self) -> bool:
        """Whether the work is to wait."""
        return not self._go.is_set()

    def pause(self) -> None:
        """Ask the work to wait at its next report."""
        if not self._stop.is_set() and not self.is_paused:
            self._rested = time.monotonic()
            self._go.clear()

    def resume(self) -> None:
        """Resume the work."""
        if self.is_paused:
            # Pauses do not count in the estimate of what remains.
            self._began += time.monotonic() - self._rested
            self._go.set()

    def cancel(self) -> None:
        """Ask the work to stop at its next report."""
        self._stop.set()
        self._go.set()
