"""Count things; nothing is counted while nobody asked for metrics."""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, Protocol, TypeAlias
from weakref import WeakMethod

from timeline_nb.core.locks import new_lock
from timeline_nb.core.telemetry.words import Fact

__all__ = [
    "COUNTERS",
    "GAUGES",
    "HISTOGRAMS",
    "GaugeSource",
    "Instrument",
    "Measurement",
    "Meters",
    "add_gauges",
    "count",
    "count_look",
    "measure",
    "measurements",
    "set_meters",
]


class Instrument(NamedTuple):
    """What is measured under a name.

    Args:
        name: As OpenTelemetry's semantic conventions write it, or as they would.
        unit: Of UCUM: `s`, `By`, `1`, or what is counted in braces.
        about: For who reads it.
    """

    name: str
    unit: str
    about: str


class Measurement(NamedTuple):
    """A value that a gauge has now.

    Args:
        name: Of the gauge.
        value: In its unit.
        facts: By the keys of `words.py`.
    """

    name: str
    value: float
    facts: dict[str, Fact]


GaugeSource: TypeAlias = Callable[[], Iterable[Measurement]]


def _named(*instruments: Instrument) -> dict[str, Instrument]:
    return {instrument.name: instrument for instrument in instruments}


COUNTERS: Final = _named(
    Instrument("timeline_nb.jobs", "{job}", "Jobs that ended."),
    Instrument("timeline_nb.job.errors", "{job}", "Jobs that failed."),
    Instrument("timeline_nb.render.frames", "{frame}", "Frames of films."),
    Instrument("timeline_nb.render.segments", "{segment}", "Segments of films."),
    Instrument("timeline_nb.media.files", "{file}", "Media files opened to decode."),
    Instrument("timeline_nb.media.frames", "{frame}", "Frames decoded."),
    Instrument("timeline_nb.detect.frames", "{frame}", "Frames searched."),
    Instrument("timeline_nb.cache.requests", "{request}", "Look-ups in caches."),
    Instrument("timeline_nb.plugin.calls", "{call}", "Calls of plugins."),
    Instrument("timeline_nb.plugin.errors", "{call}", "Calls of plugins that failed."),
    Instrument("timeline_nb.stage.time", "s", "Time spent in stages of work."),
    Instrument("timeline_nb.slow", "{operation}", "Operations slower than allowed."),
)
HISTOGRAMS: Final = _named(
    Instrument("timeline_nb.job.duration", "s", "How long jobs took."),
    Instrument("timeline_nb.job.wait", "s", "How long jobs waited for their turn."),
    Instrument("timeline_nb.operation.duration", "s", "How long operations took."),
    Instrument("timeline_nb.render.duration", "s", "How long renders took."),
    Instrument("timeline_nb.media.open.duration", "s", "How long opening took."),
    Instrument("timeline_nb.plugin.duration", "s", "How long plugins' calls took."),
    Instrument("http.server.request.duration", "s", "How long requests took."),
    Instrument("http.server.response.body.size", "By", "How long answers were."),
)
GAUGES: Final = _named(
    Instrument("timeline_nb.job.count", "{job}", "Jobs that run or wait."),
    Instrument("http.server.active_requests", "{request}", "Requests being served."),
    Instrument("timeline_nb.cache.size", "By", "What caches hold."),
    Instrument("timeline_nb.cache.entries", "{entry}", "How many things caches hold."),
    Instrument("timeline_nb.cache.hit.ratio", "1", "Hits of all look-ups, 0 to 1."),
    Instrument("process.cpu.utilization", "1", "Of all processors, 0 to 1."),
    Instrument("process.memory.usage", "By", "Resident memory."),
    Instrument("process.thread.count", "{thread}", "Threads."),
    Instrument(
        "process.open_file_descriptor.count", "{file_descriptor}", "Descriptors."
    ),
)


class Meters(Protocol):
    """Takes what is counted."""

    def count(self, name: str, amount: float, facts: dict[str, Fact]) -> None:
        """Add to a counter."""

    def measure(self, name: str, value: float, facts: dict[str, Fact]) -> None:
        """Add a value to a histogram."""


_meters: Meters | None = None
_lock = new_lock("sources of gauges")
_sources: tuple[Callable[[], GaugeSource | None], ...] = ()


def set_meters(meters: Meters | None) -> None:
    """Give what is counted in this process to meters, in place of those before."""
    global _meters  # noqa: PLW0603 - one for the process, and one look to know
    _meters = meters


def count(name: str, amount: float = 1, **facts: Fact) -> None:
    """Add to a counter of `COUNTERS`, if metrics are kept.

    Example:
        >>> count("timeline_nb.cache.requests", cache="segments", result="hit")
    """
    if _meters is not None:
        _meters.count(name, amount, facts)


def count_look(cache: str, *, hit: bool, times: int = 1) -> None:
    """Count look-ups in a cache, if metrics are kept."""
    if _meters is not None and times:
        facts: dict[str, Fact] = {"cache": cache, "result": "hit" if hit else "miss"}
        _meters.count("timeline_nb.cache.requests", times, facts)


def measure(name: str, value: float, **facts: Fact) -> None:
    """Add a value to a histogram of `HISTOGRAMS`, if metrics are kept."""
    if _meters is not None:
        _meters.measure(name, value, facts)


def add_gauges(source: GaugeSource) -> None:
    """Ask a bound method for the values of gauges from now on, while its object lives.

    It is asked when metrics are collected, on another thread, and must not wait.
    """
    global _sources  # noqa: PLW0603 - replaced as a whole, so that readers need no lock
    with _lock:
        living = tuple(one for one in _sources if one() is not None)
        _sources = (*living, WeakMethod(source))


def measurements() -> list[Measurement]:
    """Return the values of all gauges now; a source that fails has none."""
    found: list[Measurement] = []
    for one in _sources:
        source = one()
        if source is None:
            continue
        try:
            found += source()
        except Exception:  # noqa: BLE001, S112 - what closes meanwhile has no values
            continue
    return found
