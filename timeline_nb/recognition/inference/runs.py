"""Runs of a network that can be ended: when they take too much, or nobody waits."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import onnxruntime as ort
import psutil

from timeline_nb.core.locks import new_lock
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.models.limits import ModelLimits

__all__ = ["NetworkRun", "RunGroup"]

_POLL_S: Final = 0.05


class NetworkRun:
    """One run of a network, which onnxruntime ends when it exceeds its limits.

    Args:
        name: How messages call the model.
        limits: What it may take; not watched if None.
        at_once: How many run at the same time, and share the memory that is seen.
    """

    def __init__(
        self, name: str, limits: ModelLimits | None = None, at_once: int = 1
    ) -> None:
        self.options: Any = ort.RunOptions()
        self.exceeded: RecognitionError | None = None
        self._name, self._at_once = name, at_once
        self._is_over = threading.Event()
        if limits is not None:
            threading.Thread(target=self._watch, args=(limits,), daemon=True).start()

    def _watch(self, limits: ModelLimits) -> None:
        process = psutil.Process()
        deadline = time.monotonic() + limits.time_s
        most_bytes = process.memory_info().rss + limits.memory_bytes * self._at_once
        while self.exceeded is None and not self._is_over.wait(_POLL_S):
            if time.monotonic() > deadline:
                self.exceeded = limits.too_slow(self._name, "when it is run")
            elif process.memory_info().rss > most_bytes:
                self.exceeded = limits.too_large(self._name)
        self.options.terminate = self.options.terminate or self.exceeded is not None

    def close(self) -> None:
        """Watch it no longer."""
        self._is_over.set()


class RunGroup:
    """The runs of one search, which end together when it is given up."""

    def __init__(self) -> None:
        self._lock = new_lock("runs of a network")
        self._runs: list[NetworkRun] = []
        self._is_ended = False

    @contextmanager
    def one(self, run: NetworkRun) -> Iterator[NetworkRun]:
        """Yield a run for the block, as one of this group."""
        with self._lock:
            self._runs.append(run)
            if self._is_ended:
                run.options.terminate = True
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
