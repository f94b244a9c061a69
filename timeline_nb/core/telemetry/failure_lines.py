"""Log what telemetry cannot send once, until it can be sent again."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
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
    """Lets one line of a failure through, and the next one after a success.

    The loggers are those of the process: what somebody else exports passes. A signal,
    such as the traces, fails and works by itself.
    """

    def __init__(self) -> None:
        super().__init__()
        self._logged: set[str] = set()
        self._here = threading.local()

    def watch(self) -> None:
        """Filter what the exporters log."""
        for name in _LOGGERS:
            # One that is there already is not added again.
            logging.getLogger(name).addFilter(self)

    def sends(self, signal: str) -> None:
        """Note that this thread sends a signal of this package, and nothing else."""
        self._here.signal = signal

    @contextmanager
    def of(self, signal: str) -> Iterator[None]:
        """Note that what this thread does in a `with` block is of a signal."""
        before = getattr(self._here, "signal", "")
        self._here.signal = signal
        try:
            yield
        finally:
            self._here.signal = before

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a line is logged."""
        signal = getattr(self._here, "signal", "")
        if not signal or record.levelno < logging.WARNING:
            return True
        is_logged = signal in self._logged
        self._logged.add(signal)
        return not is_logged

    def worked(self, signal: str) -> None:
        """Have the next failure of a signal logged."""
        self._logged.discard(signal)


FAILURES: Final = _Once()
