"""Export by OpenTelemetry and Prometheus: the one module that loads them.

Providers, reader and registry are this module's own: a notebook may have its own in
the process, and they can be set only once. Errors are exported as the name of their
type: their texts and tracebacks have paths in them.
"""

import logging
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from timeline_nb.core.locks import new_lock
from timeline_nb.core.telemetry.failure_lines import FAILURES
from timeline_nb.core.telemetry.metrics import (
    COUNTERS,
    GAUGES,
    HISTOGRAMS,
    Measurement,
    measurements,
)
from timeline_nb.core.telemetry.process import ProcessGauges
from timeline_nb.core.telemetry.records import SpanRecord
from timeline_nb.core.telemetry.settings import TelemetrySettings
from timeline_nb.core.telemetry.words import Fact, attributes, known_name
from timeline_nb.errors import TimelineError

if TYPE_CHECKING:
    import requests
    from opentelemetry.metrics import Observation
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import SpanProcessor

__all__ = ["TelemetryExporter", "open_exporter"]

# What the exporters set of their own; the variables of the environment may hold the
# keys of another receiver.
_OWN_HEADERS: Final = frozenset({"content-type", "content-encoding", "user-agent"})
_TIMEOUT_S: Final = 2
_EVERY_MS: Final = 15_000
_SCOPE: Final = "timeline_nb"
# As the conventions have it for requests, and on to an hour, for renders.
_SECONDS: Final = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600]
_BYTES: Final = [2.0**power for power in range(10, 34, 3)]
_RATIO: Final = "timeline_nb.cache.hit.ratio"
_NOT_INSTALLED: Final = (
    "telemetry needs OpenTelemetry, which is not installed: run "
    "pip install 'timeline-nb[telemetry]', and restart the kernel"
)


def open_exporter(settings: TelemetrySettings) -> "TelemetryExporter":
    """Return an exporter.

    Raises:
        TimelineError: The extra `telemetry` is not installed.
    """
    try:
        return TelemetryExporter(settings)
    except ImportError:
        raise TimelineError(_NOT_INSTALLED) from None


class TelemetryExporter:
    """Keeps metrics in a registry of its own, and sends metrics and traces.

    Args:
        settings: Where they are sent.

    Raises:
        ImportError: The extra `telemetry` is not installed.
    """

    def __init__(self, settings: TelemetrySettings) -> None:
        import prometheus_client
        from opentelemetry.exporter.prometheus import PrometheusMetricReader
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.metrics.export import MetricReader
        from opentelemetry.sdk.resources import Resource

        # No detectors: those would add the host, the user and the command line.
        self._resource = Resource(
            {"service.name": "timeline_nb", "service.instance.id": str(uuid4())}
        )
        self._registry = prometheus_client.CollectorRegistry()
        readers: list[MetricReader] = [
            PrometheusMetricReader(
                disable_target_info=True,
                scope_info_enabled=False,
                registry=self._registry,
            )
        ]
        self._spans: SpanProcessor | None = None
        if settings.endpoint:
            readers.append(_metric_sender(settings))
            self._spans = _span_sender(settings)
        self._meters = MeterProvider(
            metric_readers=readers,
            resource=self._resource,
            # Python's exit would wait for it, as long as a receiver likes.
            shutdown_on_exit=False,
        )
        self._process = ProcessGauges()
        self._instruments = self._made()
        self._looks: Counter[tuple[str, str]] = Counter()
        self._lock = new_lock("look-ups that are counted")
        self._text = ""

    def _made(self) -> dict[str, Any]:
        meter = self._meters.get_meter(_SCOPE)
        made: dict[str, Any] = {}
        for one in COUNTERS.values():
            made[one.name] = meter.create_counter(one.name, one.unit, one.about)
        for one in HISTOGRAMS.values():
            edges = _SECONDS if one.unit == "s" else _BYTES
            made[one.name] = meter.create_histogram(
                one.name, one.unit, one.about, explicit_bucket_boundaries_advisory=edges
            )
        for one in GAUGES.values():
            callback = partial(self._observed, one.name)
            meter.create_observable_gauge(one.name, [callback], one.unit, one.about)
        return made

    def _observed(self, name: str, _: object) -> "Iterable[Observation]":
        from opentelemetry.metrics import Observation

        if name == _RATIO:
            found = self._ratios()
        elif name.startswith("process."):
            found = self._process.values()
        else:
            found = measurements()
        return [
            Observation(one.value, attributes(one.facts))
            for one in found
            if one.name == name
        ]

    def count(self, name: str, amount: float, facts: dict[str, Fact]) -> None:
        """Add to a counter."""
        self._instruments[name].add(amount, attributes(facts))
        if name == "timeline_nb.cache.requests":
            with self._lock:
                self._looks[str(facts["cache"]), str(facts["result"])] += int(amount)

    def _ratios(self) -> list[Measurement]:
        """Return hits by look-ups, 0 to 1, of each cache."""
        with self._lock:
            looks, found = dict(self._looks), []
        for cache in {cache for cache, _ in looks}:
            hits, misses = (looks.get((cache, way), 0) for way in ("hit", "miss"))
            ratio = hits / (hits + misses)
            found.append(Measurement(_RATIO, ratio, {"cache": cache}))
        return found

    def measure(self, name: str, value: float, facts: dict[str, Fact]) -> None:
        """Add a value to a histogram."""
        own = attributes(facts)
        if "operation" in facts:
            own["timeline_nb.operation"] = known_name(str(facts["operation"]))
        self._instruments[name].record(value, own)

    def text(self) -> str:
        """Return the metrics of now in Prometheus' text format.

        Those of before, where a busy machine has none within OpenTelemetry's deadline.
        """
        import prometheus_client

        try:
            self._text = prometheus_client.generate_latest(self._registry).decode()
        except Exception as error:  # noqa: BLE001 - its type is private to the SDK
            _log.warning("metrics were not collected: %s", type(error).__name__)
        return self._text

    def send(self, record: SpanRecord) -> None:
        """Send an operation, soon and on another thread."""
        if self._spans is not None:
            # It may say that more is waiting than it keeps.
            with FAILURES.of("traces"):
                self._spans.on_end(_exported(record, self._resource))

    def close(self, timeout_s: float) -> None:
        """Send what is left, for so long at most; a silent receiver is left behind."""
        ending = threading.Thread(target=self._end, daemon=True, name="telemetry end")
        try:
            ending.start()
        except RuntimeError:
            # Python ends, and starts no threads any more.
            return
        ending.join(timeout_s)

    def _end(self) -> None:
        for end in (self._spans, self._meters):
            if end is not None:
                try:
                    end.shutdown()
                except Exception as error:  # noqa: BLE001 - whatever a receiver does
                    _log.debug("telemetry was not ended: %s", type(error).__name__)


_log = logging.getLogger(__name__)


def _exported(record: SpanRecord, resource: "Resource") -> Any:
    """Return an operation as the SDK has it, with what may be known of it."""
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope
    from opentelemetry.trace import SpanContext, Status, StatusCode, TraceFlags

    def context(span_id: int) -> SpanContext:
        flags = TraceFlags(TraceFlags.SAMPLED)
        return SpanContext(record.trace_id, span_id, is_remote=False, trace_flags=flags)

    facts: dict[str, Fact] = attributes(record.facts)
    for part in record.stages:
        stage = attributes({"stage": part.stage})["timeline_nb.stage"]
        name = f"timeline_nb.stage.{stage}.time"
        facts[name] = float(facts.get(name, 0.0)) + part.seconds
    status = Status(StatusCode.UNSET)
    if record.outcome != "completed":
        facts |= attributes({"outcome": record.outcome})
    if record.outcome == "failed":
        facts["error.type"] = _error_type(record.error)
        status = Status(StatusCode.ERROR)
    return ReadableSpan(
        name=known_name(record.name),
        context=context(record.span_id),
        parent=context(record.parent_id) if record.parent_id else None,
        resource=resource,
        attributes=facts,
        status=status,
        start_time=record.start_ns,
        end_time=record.end_ns,
        instrumentation_scope=InstrumentationScope(_SCOPE),
    )


def _error_type(name: str) -> str:
    """Return the name of an error's type, if it is one of Python's or the package's."""
    import builtins

    from timeline_nb import errors

    is_known = name in errors.__all__ or hasattr(builtins, name)
    return name if is_known else "other"


def _session(headers: Mapping[str, str], signal: str) -> "requests.Session":
    """Return a session that sends a signal to the address that was set, and no other.

    The thread that sends by it is OpenTelemetry's for that signal, or ends here.
    """
    import requests

    class Session(requests.Session):
        def send(self, request: Any, **options: Any) -> Any:
            FAILURES.sends(signal)
            kept = {
                name: value
                for name, value in request.headers.items()
                if name.lower() in {*_OWN_HEADERS, "content-length", "accept"}
            }
            request.headers.clear()
            request.headers.update({**kept, **headers})
            # A redirect would have it sent elsewhere. Only the status counts: a body
            # that never ends would fill the memory, or hold up all that comes after.
            own = {"allow_redirects": False, "stream": True}
            answer = super().send(request, **{**options, **own})
            answer.close()
            if answer.ok:
                FAILURES.worked(signal)
            answer._content = b""  # noqa: SLF001 - no public way
            return answer

    FAILURES.watch()
    session = Session()
    # No proxies and passwords (.netrc) of the environment.
    session.trust_env = False
    return session


def _span_sender(settings: TelemetrySettings) -> "SpanProcessor":
    from opentelemetry.exporter.otlp.proto.http import Compression
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    return BatchSpanProcessor(
        OTLPSpanExporter(
            endpoint=f"{settings.endpoint}/v1/traces",
            timeout=_TIMEOUT_S,
            compression=Compression.Gzip,
            session=_session(settings.headers, "traces"),
        )
    )


def _metric_sender(settings: TelemetrySettings) -> Any:
    from opentelemetry.exporter.otlp.proto.http import Compression
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import (
        OTLPMetricExporter,
    )
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

    exporter = OTLPMetricExporter(
        endpoint=f"{settings.endpoint}/v1/metrics",
        timeout=_TIMEOUT_S,
        compression=Compression.Gzip,
        session=_session(settings.headers, "metrics"),
    )
    return PeriodicExportingMetricReader(
        exporter,
        export_interval_millis=_EVERY_MS,
        export_timeout_millis=_TIMEOUT_S * 1000,
    )
