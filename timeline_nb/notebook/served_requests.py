"""Requests of a server as operations of a studio: metrics and traces."""

import time
from typing import Final

from timeline_nb.core.telemetry.metrics import Measurement, add_gauges
from timeline_nb.core.telemetry.place import new_id, new_trace
from timeline_nb.core.telemetry.records import SpanRecord
from timeline_nb.core.telemetry.words import Fact
from timeline_nb.server.figures import ServedRequest, ServerFigures
from timeline_nb.studio import Studio

__all__ = ["RequestReports"]

_SERVER_ERRORS: Final = 500


class RequestReports:
    """Reports what a server answers to the telemetry of a studio.

    Args:
        studio: Its telemetry keeps metrics.
        figures: Of the server, which lives as long as this.
    """

    def __init__(self, studio: Studio, figures: ServerFigures) -> None:
        self._telemetry = studio.telemetry
        self._figures = figures
        figures.listener = self.take
        add_gauges(self.gauges)

    def gauges(self) -> list[Measurement]:
        """Return how many answers are being sent."""
        streams = float(self._figures.open_streams)
        return [Measurement("http.server.active_requests", streams, {})]

    def take(self, request: ServedRequest) -> None:
        """Report a request that was answered."""
        facts: dict[str, Fact] = {
            "method": request.method,
            "route": request.route,
            "status": request.status,
        }
        if request.sent_bytes:
            facts["body_bytes"] = request.sent_bytes
        record = SpanRecord(
            name="http.request",
            trace_id=new_trace(),
            span_id=new_id(),
            parent_id=0,
            start_ns=time.time_ns() - round(request.seconds * 1e9),
            seconds=request.seconds,
            facts=facts,
            outcome="failed" if request.status >= _SERVER_ERRORS else "completed",
        )
        # An answer with a file takes as long as a player likes.
        self._telemetry.ended(record, may_take_long=bool(request.sent_bytes))
