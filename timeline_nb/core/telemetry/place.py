"""Where work stands in a trace."""

import time
from contextvars import ContextVar, Token
from random import SystemRandom
from typing import Any, Final, Self, TypeAlias

from timeline_nb.core.telemetry.records import Recorder
from timeline_nb.core.telemetry.words import Fact

__all__ = [
    "HERE",
    "NOTHING",
    "Nothing",
    "Place",
    "Totals",
    "clock",
    "new_id",
    "new_trace",
    "place_in_use",
    "use_place",
]

# Nanoseconds and number of calls, by thread, stage, detail and owner.
Totals: TypeAlias = dict[tuple[int, str, str, str], list[Any]]
clock: Final = time.perf_counter_ns
_random: Final = SystemRandom()


class Place:
    """Where work stands in a trace.

    Args:
        recorder: Keeps what ends; None if only the sink does.
        trace_id: Of the trace.
        span_id: Of the operation that the work is a part of; 0 for none.
        totals: The stages of that operation.
    """

    __slots__ = ("recorder", "span_id", "totals", "trace_id")

    def __init__(
        self,
        recorder: Recorder | None,
        trace_id: int,
        span_id: int,
        totals: Totals | None = None,
    ) -> None:
        self.recorder, self.trace_id, self.span_id = recorder, trace_id, span_id
        self.totals = totals


HERE: Final[ContextVar[Place | None]] = ContextVar("place in a trace", default=None)


class Nothing:
    """A span or stage where nothing records."""

    __slots__ = ()
    place: Place | None = None

    def add(self, **_: Fact) -> None:
        """Drop facts."""

    def __enter__(self) -> Self:
        return self

    # Not `*_`: a tuple a call.
    def __exit__(self, kind: object, error: object, trace: object, /) -> None:
        return None


NOTHING: Final = Nothing()


def place_in_use() -> Place | None:
    """Return where the work of this thread stands; None where nothing records."""
    return HERE.get()


class use_place:  # noqa: N801 - a block, read as a verb
    """Work in the block at a place of a trace; None is none."""

    __slots__ = ("_place", "_token")

    def __init__(self, place: Place | None) -> None:
        self._place = place

    def __enter__(self) -> None:
        self._token: Token[Place | None] = HERE.set(self._place)

    def __exit__(self, *_: object) -> None:
        HERE.reset(self._token)


def new_trace() -> int:
    """Return the id of a new trace."""
    return _random.getrandbits(128) or 1


def new_id() -> int:
    """Return the id of a new operation."""
    return _random.getrandbits(64) or 1
