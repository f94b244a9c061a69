"""What is kept of an operation that was timed."""

from dataclasses import dataclass, field
from typing import Final, Protocol

from timeline_nb.core.telemetry.words import Fact

__all__ = ["Recorder", "Sink", "SpanRecord", "StageTime"]

_MOST_SPANS: Final = 20_000


@dataclass(frozen=True, slots=True)
class StageTime:
    """How long one stage of an operation took, without the stages within it.

    Args:
        stage: A word: `decode`, `effect`, `encode`, ...
        detail: What exactly: a codec, the kind of an effect. Stays on this machine.
        owner: Of which clip, track or file. Stays on this machine.
        seconds: In all.
        count: How often it ran: once a frame, mostly.
    """

    stage: str
    detail: str
    owner: str
    seconds: float
    count: int


@dataclass(frozen=True, slots=True)
class SpanRecord:
    """An operation that has ended.

    Args:
        name: One of `words.SPAN_NAMES`.
        trace_id: Of the trace, 128 bits.
        span_id: Its own, 64 bits.
        parent_id: Of the operation that it is a part of; 0 for none.
        start_ns: When it began, Unix time.
        seconds: How long it took.
        facts: By the keys of `words.py`; what may be exported of them is.
        label: For people: a file, a segment. Stays on this machine.
        stages: What it spent its time on; empty where that is not measured.
        worker: The process and thread.
        outcome: `completed`, `failed` or `cancelled`.
        error: The type of the error that ended it.
    """

    name: str
    trace_id: int
    span_id: int
    parent_id: int
    start_ns: int
    seconds: float
    facts: dict[str, Fact] = field(default_factory=dict)
    label: str = ""
    stages: tuple[StageTime, ...] = ()
    worker: str = ""
    outcome: str = "completed"
    error: str = ""

    @property
    def end_ns(self) -> int:
        """When it ended, Unix time."""
        return self.start_ns + round(self.seconds * 1e9)


class Sink(Protocol):
    """Gets operations as they end."""

    def ended(self, record: SpanRecord) -> None:
        """Take an operation; it may be called on any thread, and must not wait."""


class Recorder:
    """Keeps the operations of one job, and beyond their limit what they are parts of.

    Attributes:
        spans: In the order in which they ended.
        dropped: How many there was no more room for.
    """

    def __init__(self, most: int = _MOST_SPANS) -> None:
        self.spans: list[SpanRecord] = []
        self.dropped = 0
        self._most = most
        self._parents: set[int] = set()

    def keep(self, record: SpanRecord) -> None:
        """Keep an operation, while there is room, or if it has parts that are kept.

        Those end before it: else the job, which ends last, would be lost first.
        """
        if len(self.spans) < self._most or record.span_id in self._parents:
            self.spans.append(record)
            self._parents.add(record.parent_id)
        else:
            self.dropped += 1
