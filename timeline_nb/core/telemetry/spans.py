"""Time operations (spans) and what they consist of (stages).

Where nothing records, `span` and `stage` look at one variable and return one object
that does nothing. A span costs some microseconds and is for files, segments and jobs;
a stage costs half a microsecond and may be entered for every frame.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Token
from functools import wraps
from typing import Final, ParamSpec, Self, TypeAlias, TypeVar

from timeline_nb.core.telemetry.place import (
    HERE,
    NOTHING,
    Nothing,
    Place,
    clock,
    new_id,
    new_trace,
)
from timeline_nb.core.telemetry.records import Recorder, Sink, SpanRecord
from timeline_nb.core.telemetry.stages import stages_of
from timeline_nb.core.telemetry.words import Fact
from timeline_nb.errors import JobCancelledError

__all__ = [
    "Lane",
    "Opened",
    "adopt",
    "beside",
    "root_span",
    "set_sink",
    "span",
    "spanned",
]

P = ParamSpec("P")
T = TypeVar("T")
Lane: TypeAlias = "Opened | Nothing"
_here: Final = HERE.get
# Counters of processes differ; Unix time is the same for all.
_EPOCH_NS: Final = time.time_ns() - clock()
# Gets all that ends in this process; None while nobody wants it.
_sink: Sink | None = None


def set_sink(sink: Sink | None) -> None:
    """Give what ends in this process to a sink, in place of the one before."""
    global _sink  # noqa: PLW0603 - one for the process, and one look to know
    _sink = sink


class Opened:
    """An operation that is being timed; a context manager.

    Attributes:
        place: Of the work in it.
    """

    __slots__ = (
        "_begun",
        "_facts",
        "_is_entered",
        "_label",
        "_name",
        "_parent",
        "_token",
        "place",
    )

    def __init__(
        self,
        parent: Place,
        name: str,
        label: str,
        facts: dict[str, Fact],
        *,
        entered: bool = True,
    ) -> None:
        self._parent, self._name, self._label = parent, name, label
        self._facts, self._is_entered = facts, entered
        self._token: Token[Place | None] | None = None
        span_id = new_id()
        self.place = Place(parent.recorder, parent.trace_id, span_id, {})

    def add(self, **facts: Fact) -> None:
        """Add facts that are known only now."""
        self._facts.update(facts)

    def __enter__(self) -> Self:
        if self._is_entered:
            self._token = HERE.set(self.place)
        self._begun = clock()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.end(self._begun, kind)

    def end(self, begun: int, kind: type[BaseException] | None = None) -> None:
        """Record what began at a time of the clock, and ends now."""
        taken = clock() - begun
        if self._token is not None:
            HERE.reset(self._token)
        outcome = "completed"
        if kind is not None and kind is not GeneratorExit:
            is_cancelled = issubclass(kind, (JobCancelledError, KeyboardInterrupt))
            outcome = "cancelled" if is_cancelled else "failed"
        record = SpanRecord(
            self._name,
            self.place.trace_id,
            self.place.span_id,
            self._parent.span_id,
            _EPOCH_NS + begun,
            taken / 1e9,
            self._facts,
            self._label,
            stages_of(self.place.totals),
            f"{os.getpid()} {threading.current_thread().name}",
            outcome,
            kind.__name__ if outcome == "failed" and kind is not None else "",
        )
        _give(record, self.place.recorder)


def _give(record: SpanRecord, recorder: Recorder | None) -> None:
    if recorder is not None:
        recorder.keep(record)
    sink = _sink
    if sink is not None:
        sink.ended(record)


def span(name: str, label: str = "", /, **facts: Fact) -> Lane:
    """Time the block as an operation; work in it becomes a part of it.

    Args:
        name: One of `words.SPAN_NAMES`.
        label: For the person at the notebook; never exported.
        facts: By the keys of `words.py`.

    Example:
        >>> with span("render.segment", frames=60):
        ...     pass
    """
    here = _here()
    if here is None:
        if _sink is None:
            return NOTHING
        here = Place(None, new_trace(), 0)
    return Opened(here, name, label, facts)


def spanned(name: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Time the calls of a function as operations; not of a generator."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def timed(*args: P.args, **kwargs: P.kwargs) -> T:
            with span(name):
                return function(*args, **kwargs)

        return timed

    return decorate


@contextmanager
def root_span(
    place: Place, name: str, label: str, facts: dict[str, Fact], made: int
) -> Iterator[Opened]:
    """Time the block as the first operation of a trace.

    Args:
        place: Its recorder, its trace, and what it is a part of.
        name: As for `span`.
        label: Likewise.
        facts: Likewise.
        made: When it began to wait for its turn, as `time.perf_counter_ns`.
    """
    with Opened(place, name, label, facts) as opened:
        waiting = Opened(opened.place, f"{name}.queue", label, {})
        waiting.end(made)
        yield opened


def beside(name: str, label: str = "", **facts: Fact) -> Lane:
    """Time an operation that another thread does while the block runs.

    It works at the `place` of what is returned: see `iterate_in`.
    """
    here = HERE.get()
    if here is None:
        return NOTHING
    return Opened(here, name, label, facts, entered=False)


def adopt(spans: "tuple[SpanRecord, ...] | list[SpanRecord]") -> None:
    """Take the operations that a worker elsewhere did as a part of this one."""
    here = HERE.get()
    for record in spans:
        _give(record, here.recorder if here is not None else None)
