"""The telemetry of this process: what gets the operations that end."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from timeline_nb.core.locks import new_lock
from timeline_nb.core.logs import log_as_environment_says
from timeline_nb.core.telemetry.metrics import (
    GaugeSource,
    add_gauges,
    count,
    measure,
    set_meters,
)
from timeline_nb.core.telemetry.records import SpanRecord
from timeline_nb.core.telemetry.settings import TelemetrySettings
from timeline_nb.core.telemetry.shared_figures import forget_figures, share_figures
from timeline_nb.core.telemetry.slow import SlowOperations
from timeline_nb.core.telemetry.spans import set_sink

if TYPE_CHECKING:
    from timeline_nb.core.telemetry.export import TelemetryExporter

__all__ = ["Telemetry", "active_telemetry"]

# How long the end of a program waits for a receiver.
_CLOSES_WITHIN_S: Final = 2.0
_lock = new_lock("the telemetry of the process")
# The last one is in use: the studio that was opened last, and is open still.
_open: list["Telemetry"] = []


class Telemetry:
    """Keeps slow operations, and hands operations and counts to an exporter.

    Args:
        settings: What is recorded, and where it is sent.
        gauges: A bound method that returns the values of gauges; none if not given.

    Raises:
        TimelineError: The extra `telemetry` is not installed, and is needed.
    """

    def __init__(
        self, settings: TelemetrySettings, gauges: GaugeSource | None = None
    ) -> None:
        log_as_environment_says()
        self.settings = settings
        self.slow = SlowOperations(settings)
        if gauges is not None:
            add_gauges(gauges)
        self._exporter: TelemetryExporter | None = None
        if not settings.is_off:
            from timeline_nb.core.telemetry.export import open_exporter

            self._exporter = open_exporter(settings)
        with _lock:
            _open.append(self)
        _use_last()

    def ended(self, record: SpanRecord, *, may_take_long: bool = False) -> None:
        """Take an operation that has ended.

        Args:
            record: What is known of it.
            may_take_long: Whether others decide how long it takes.
        """
        if not may_take_long:
            self.slow.look_at(record)
        if self._exporter is not None:
            _count(record)
            self._exporter.send(record)

    def metrics_text(self) -> str:
        """Return the metrics in Prometheus' text format; empty while they are off."""
        return "" if self._exporter is None else self._exporter.text()

    @property
    def exporter(self) -> "TelemetryExporter | None":
        """What keeps metrics and sends; None while it is off."""
        return self._exporter

    def close(self, timeout_s: float = _CLOSES_WITHIN_S) -> None:
        """Send what is left, and take nothing more.

        A receiver that does not answer in time is given up.
        """
        with _lock:
            if self not in _open:
                return
            _open.remove(self)
        _use_last()
        if self._exporter is not None:
            self._exporter.close(timeout_s)

    def begin_anew(self) -> None:
        """Stop sending in a forked process: the threads that do it are not there."""
        self._exporter = None
        forget_figures()
        _use_last()


def active_telemetry() -> Telemetry | None:
    """Return the telemetry that is in use; None before a studio is open."""
    with _lock:
        return _open[-1] if _open else None


def _use_last() -> None:
    last = active_telemetry()
    set_sink(last)
    has_metrics = last is not None and last.exporter is not None
    set_meters(last.exporter if last is not None else None)
    share_figures(last.metrics_text if last is not None and has_metrics else None)


def _count(record: SpanRecord) -> None:
    """Count what an operation says of itself."""
    outcome = record.outcome
    measure(
        "timeline_nb.operation.duration",
        record.seconds,
        operation=record.name,
        outcome=outcome,
    )
    for part in record.stages:
        count("timeline_nb.stage.time", part.seconds, stage=part.stage)
        if part.stage == "decode":
            count("timeline_nb.media.frames", part.count)
    own = _COUNTED.get(record.name)
    if own is not None:
        own(record)


def _count_job(record: SpanRecord) -> None:
    kind, outcome = record.facts.get("kind", ""), record.outcome
    count("timeline_nb.jobs", kind=kind, outcome=outcome)
    if outcome == "failed":
        count("timeline_nb.job.errors", kind=kind)
    measure("timeline_nb.job.duration", record.seconds, kind=kind, outcome=outcome)
    if kind == "render":
        measure("timeline_nb.render.duration", record.seconds, outcome=outcome)


def _count_wait(record: SpanRecord) -> None:
    measure("timeline_nb.job.wait", record.seconds)


def _count_segment(record: SpanRecord) -> None:
    count("timeline_nb.render.segments", action="encode")
    frames = float(record.facts.get("frames", 0))
    count("timeline_nb.render.frames", frames, action="encode")


def _count_opened(record: SpanRecord) -> None:
    count("timeline_nb.media.files")
    measure("timeline_nb.media.open.duration", record.seconds)


def _count_search(record: SpanRecord) -> None:
    count("timeline_nb.detect.frames", float(record.facts.get("frames", 0)))


def _count_call(record: SpanRecord) -> None:
    count("timeline_nb.plugin.calls", outcome=record.outcome)
    measure("timeline_nb.plugin.duration", record.seconds)
    if record.outcome == "failed":
        count("timeline_nb.plugin.errors")


def _count_request(record: SpanRecord) -> None:
    facts = record.facts
    own = {key: facts[key] for key in ("method", "route", "status") if key in facts}
    measure("http.server.request.duration", record.seconds, **own)
    if "body_bytes" in facts:
        size_bytes = float(facts["body_bytes"])
        measure("http.server.response.body.size", size_bytes, **own)


_COUNTED: Final[dict[str, Callable[[SpanRecord], None]]] = {
    "job": _count_job,
    "job.queue": _count_wait,
    "render.segment": _count_segment,
    "media.open": _count_opened,
    "detect.search": _count_search,
    "plugin.call": _count_call,
    "http.request": _count_request,
}
