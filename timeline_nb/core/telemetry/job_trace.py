"""The trace of one job: from when it was made to when it ended."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from timeline_nb.core.telemetry.active import active_telemetry
from timeline_nb.core.telemetry.place import Place, clock, new_trace, place_in_use
from timeline_nb.core.telemetry.records import Recorder, SpanRecord
from timeline_nb.core.telemetry.spans import root_span
from timeline_nb.core.telemetry.words import job_kind

__all__ = ["JobTrace", "new_trace_of"]


class JobTrace:
    """Times a job, and keeps what it consists of.

    Args:
        name: The job's.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._recorder = Recorder()
        # A job that another one starts is a part of it, where it is exported.
        self._parent = place_in_use()
        self._made = clock()

    @property
    def dropped(self) -> int:
        """How many operations there was no more room for."""
        return self._recorder.dropped

    def spans(self) -> list[SpanRecord]:
        """Return the operations that have ended; the job itself is the last of all."""
        return list(self._recorder.spans)

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Time the block as the job's work."""
        waited = (clock() - self._made) / 1e9
        parent = self._parent
        place = Place(
            self._recorder,
            new_trace() if parent is None else parent.trace_id,
            0 if parent is None else parent.span_id,
        )
        kind = job_kind(self._name)
        with root_span(
            place, "job", self._name, {"kind": kind, "wait_s": waited}, self._made
        ) as opened:
            own, all_idle = time.process_time(), _idle_s()
            try:
                yield
            finally:
                opened.add(
                    cpu_s=time.process_time() - own,
                    idle_s=_idle_s() - all_idle,
                    cores=os.cpu_count() or 1,
                )


def new_trace_of(name: str) -> JobTrace | None:
    """Return the trace of a job that begins; None where settings keep no traces."""
    active = active_telemetry()
    return JobTrace(name) if active is None or active.settings.traces else None


def _idle_s() -> float:
    """Return how long the processors have had nothing to do, all of them together."""
    return float(psutil.cpu_times().idle)
