"""Runs of a network that can be ended: when they take too long, or nobody waits."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import onnxruntime as ort

from timeline_nb.core.locks import new_lock

__all__ = ["NetworkRun", "RunGroup"]


class NetworkRun:
    """One run of a network.

    Args:
        time_s: Seconds after which onnxruntime is asked to end it; never if None.
    """

    def __init__(self, time_s: float | None) -> None:
        self.options: Any = ort.RunOptions()
        self.is_late = False
        self._timer: threading.Timer | None = None
        if time_s is not None:
            self._timer = threading.Timer(time_s, self._expire)
            self._timer.daemon = True
            self._timer.start()

    def _expire(self) -> None:
        self.is_late = True
        self.options.terminate = True

    def close(self) -> None:
        """Watch the time no longer."""
        if self._timer is not None:
            self._timer.cancel()


class RunGroup:
    """The runs of one search, which end together when it is given up."""

    def __init__(self) -> None:
        self._lock = new_lock("runs of a network")
        self._runs: list[NetworkRun] = []
        self._is_ended = False

    @contextmanager
    def one(self, time_s: float | None) -> Iterator[NetworkRun]:
        """Yield a run for the block.

        Args:
            time_s: Seconds in which it must end; without a limit if None.
        """
        run = NetworkRun(time_s)
        with self._lock:
            self._runs.append(run)
            run.options.terminate = self._is_ended
        try:
            yield run
        finally:
            run.close()
            with self._lock:
                self._runs.remove(run)

    def end(self) -> None:
        """End the runs, before their next node."""
        with self._lock:
            self._is_ended = True
            for run in self._runs:
                run.options.terminate = True
