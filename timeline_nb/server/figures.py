"""Count what is served, and write it as Prometheus reads it.

Names and buckets are those of OpenTelemetry's semantic conventions for HTTP servers.
Written by hand: in Jupyter's process nothing is loaded for it.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from tornado import web

__all__ = ["CONTENT_TYPE", "ServedRequest", "ServerFigures"]

# Prometheus' text format, version 0.0.4.
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
# Seconds; OpenTelemetry's advice for http.server.request.duration.
_BOUNDS: Final = (
    *(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10),
    float("inf"),
)
_DURATION: Final = "http_server_request_duration_seconds"
_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"})

# Method, route and status.
_Key: TypeAlias = tuple[str, str, int]


@dataclass(frozen=True)
class ServedRequest:
    """A request that was answered.

    Args:
        method: Of HTTP; an unknown one is `_OTHER`.
        route: Which handler, never the address, which names files.
        status: Of HTTP.
        seconds: How long it took.
        sent_bytes: Of a file.
    """

    method: str
    route: str
    status: int
    seconds: float
    sent_bytes: int = 0


@dataclass
class ServerFigures:
    """What was served since the server began; of one thread, that of the event loop.

    Attributes:
        open_streams: Answers with bytes of a file that are being sent.
        sent_bytes: Of files, so far.
        sources: Each returns more figures in the same format; one that fails is left
            out.
        listener: Gets each request in place of the durations here: of a metric, a text
            may have one family only.
    """

    open_streams: int = 0
    sent_bytes: int = 0
    sources: list[Callable[[], str]] = field(default_factory=list)
    listener: Callable[[ServedRequest], None] | None = None
    _durations: dict[_Key, list[int]] = field(default_factory=dict)
    _seconds: dict[_Key, float] = field(default_factory=dict)

    def count(self, handler: web.RequestHandler, route: str) -> None:
        """Count a request that a handler of a route has answered."""
        asked = handler.request
        method = str(asked.method)
        request = ServedRequest(
            method if method in _METHODS else "_OTHER",
            route,
            int(handler.get_status()),
            asked.request_time(),
            getattr(handler, "sent_bytes", 0),
        )
        if self.listener is not None:
            self.listener(request)
            return
        key = (request.method, route, request.status)
        buckets = self._durations.setdefault(key, [0] * len(_BOUNDS))
        buckets[bisect_left(_BOUNDS, request.seconds)] += 1
        self._seconds[key] = self._seconds.get(key, 0.0) + request.seconds

    def text(self) -> str:
        """Return all figures in Prometheus' text format."""
        return "\n".join([*self._lines(), ""]) + "".join(self._of_sources())

    def _lines(self) -> Iterator[str]:
        if self._durations:
            yield f"# HELP {_DURATION} How long requests took."
            yield f"# TYPE {_DURATION} histogram"
        for key, buckets in sorted(self._durations.items()):
            method, route, status = key
            labels = f'http_request_method="{method}",http_route="{route}"'
            labels += f',http_response_status_code="{status}"'
            count = 0
            for bound, found in zip(_BOUNDS, buckets, strict=True):
                count += found
                shown = "+Inf" if bound == _BOUNDS[-1] else f"{bound:g}"
                yield f'{_DURATION}_bucket{{{labels},le="{shown}"}} {count}'
            yield f"{_DURATION}_sum{{{labels}}} {self._seconds[key]:.6f}"
            yield f"{_DURATION}_count{{{labels}}} {count}"
        streams = "timeline_nb_server_open_streams"
        yield f"# HELP {streams} Media answers that are being sent."
        yield f"# TYPE {streams} gauge"
        yield f"{streams} {self.open_streams}"
        sent = "timeline_nb_server_sent_bytes_total"
        yield f"# HELP {sent} Bytes of media that were sent."
        yield f"# TYPE {sent} counter"
        yield f"{sent} {self.sent_bytes}"

    def _of_sources(self) -> Iterator[str]:
        for source in list(self.sources):
            try:
                text = source()
            except Exception:  # noqa: BLE001, S112 - figures of others; the rest is shown
                continue
            yield text if text.endswith("\n") or not text else f"{text}\n"
