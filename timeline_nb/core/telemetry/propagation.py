"""Take a trace along to threads, processes and machines."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from timeline_nb.core.telemetry.place import Place, place_in_use, use_place
from timeline_nb.core.telemetry.records import Recorder, SpanRecord

__all__ = ["RemoteCall", "place_of", "traceparent"]

_PARTS: Final = 4
_TRACE_DIGITS, _SPAN_DIGITS = 32, 16


def traceparent(place: Place | None = None) -> str:
    """Return a place in a trace as W3C Trace Context writes it; empty for none.

    Args:
        place: That of this thread if not given.

    Example:
        `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`
    """
    place = place or place_in_use()
    if place is None:
        return ""
    return f"00-{place.trace_id:032x}-{place.span_id:016x}-01"


def place_of(parent: str, recorder: Recorder | None) -> Place | None:
    """Return the place that a `traceparent` names; None if it names none."""
    parts = parent.split("-")
    if len(parts) < _PARTS:
        return None
    _, trace, span, *_ = parts
    if len(trace) != _TRACE_DIGITS or len(span) != _SPAN_DIGITS:
        return None
    try:
        return Place(recorder, int(trace, 16), int(span, 16))
    except ValueError:
        return None


@dataclass(frozen=True)
class RemoteCall:
    """A call for another process, which returns what was timed there.

    Its process needs no exporter and no network: the operations come back with the
    result, and are sent from where the trace began.

    Args:
        call: What is called there.
        parent: Where it stands, as `traceparent` writes it; nothing is timed if empty.
    """

    call: Callable[[], object]
    parent: str

    def __call__(self) -> tuple[SpanRecord, ...]:
        """Call it, and return the operations that ended."""
        recorder = Recorder()
        with use_place(place_of(self.parent, recorder)):
            self.call()
        return tuple(recorder.spans)
