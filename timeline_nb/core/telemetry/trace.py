"""What a job spent its time on."""

from timeline_nb.core.telemetry.records import SpanRecord

__all__ = ["Trace"]


class Trace:
    """x."""

    def __init__(self, name: str, spans: list[SpanRecord], *, dropped: int = 0) -> None:
        self.name, self.spans, self.dropped = name, spans, dropped
