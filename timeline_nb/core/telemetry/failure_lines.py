"""Log what telemetry cannot send once, until it can be sent again."""

import logging
from typing import Final

__all__ = ["FAILURES"]

# Of OpenTelemetry's versions 1.20 and later: who sends, and who has it send.
_LOGGERS: Final = (
    "opentelemetry.exporter.otlp.common.http",
    "opentelemetry.exporter.otlp.proto.http.metric_exporter",
    "opentelemetry.exporter.otlp.proto.http.trace_exporter",
    "opentelemetry.sdk._shared_internal",
    "opentelemetry.sdk.metrics._internal.export",
    "opentelemetry.sdk.trace.export",
)


class _Once(logging.Filter):
    """Lets one line of a failure through, and the next one after a success."""

    def __init__(self) -> None:
        super().__init__()
        self._is_logged = False

    def watch(self) -> None:
        """Filter what the exporters log."""
        for name in _LOGGERS:
            # One that is there already is not added again.
            logging.getLogger(name).addFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a line is logged."""
        if record.levelno < logging.WARNING:
            return True
        is_logged, self._is_logged = self._is_logged, True
        return not is_logged

    def worked(self) -> None:
        """Have the next failure logged."""
        self._is_logged = False


FAILURES: Final = _Once()
