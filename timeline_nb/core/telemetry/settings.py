"""What is recorded, and where it is sent: nowhere, unless a person says so."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from numbers import Real
from typing import Final
from urllib.parse import unquote, urlsplit

from timeline_nb.core.near_names import kind_of
from timeline_nb.errors import TimelineError

__all__ = ["TelemetrySettings"]

_VARIABLE: Final = "TIMELINE_NB_TELEMETRY"
_OFF: Final = ("", "off", "no", "0", "false", "none")
# Seconds from which an operation is slow, where it differs from the rest.
_SLOW_S: Final = {
    "widget.message": 0.25,
    "http.request": 1.0,
    "plugin.call": 1.0,
    "media.open": 2.0,
    "media.index": 10.0,
    "project.save": 1.0,
    "project.load": 1.0,
    "render.plan": 2.0,
    "detect.load": 10.0,
    # Long by nature: `job.trace()` explains those.
    "job": math.inf,
    "job.queue": math.inf,
    "render.encode": math.inf,
    "render.sound": math.inf,
    "render.pictures": math.inf,
    "render.segment": 60.0,
    "render.mux": 10.0,
    "render.check": 10.0,
    "render.size": math.inf,
    "render.loudness": math.inf,
    "detect": math.inf,
    "detect.search": math.inf,
    "detect.prepare": math.inf,
    "detect.infer": math.inf,
}


def _is_address(text: str) -> bool:
    """Return whether a text is an address that a receiver can have."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    is_written_out = text.isprintable() and " " not in text
    is_http = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return is_http and is_written_out and port != 0


def _has_secrets(text: str) -> bool:
    """Return whether an address has what people put keys into."""
    _, is_address, rest = text.partition("://")
    return bool(is_address) and any(sign in rest for sign in "@?#")


def _is_header(text: object) -> bool:
    # What cannot be sent is logged with its value by what sends it.
    return isinstance(text, str) and text.isascii() and text.isprintable()


def _is_time(seconds: object) -> bool:
    is_number = isinstance(seconds, Real) and not isinstance(seconds, bool)
    return is_number and seconds > 0  # type: ignore[operator] # a number


@dataclass(frozen=True, kw_only=True)
class TelemetrySettings:
    """What is recorded, and where it is sent.

    Nothing leaves this machine unless `export` names an address, and never a name,
    path, title or text: only numbers and words that the package knows.

    Args:
        export: `"off"`; `"metrics"` keeps metrics for `/metrics` and
            `tl.metrics_text()`; an address such as `"http://127.0.0.1:4318"` also sends
            metrics and traces there, by OTLP over HTTP. The last two need the extra
            `telemetry`.
        headers: Sent with each export, such as the key of the receiver.
        traces: Whether jobs keep what `job.trace()` shows.
        slow_s: Seconds from which an operation is kept in `tl.slow()`, by its name,
            beside those that are built in.
        slow_default_s: The same for all other names.

    Raises:
        TimelineError: `export` is no address, or has a user or a query; or a limit is
            no number of seconds.

    Example:
        >>> settings = tl.Settings(telemetry=tl.TelemetrySettings(export="metrics"))
        >>> settings.telemetry.is_off
        False
        >>> receiver = tl.TelemetrySettings(export="http://127.0.0.1:4318")
        >>> receiver.endpoint
        'http://127.0.0.1:4318'
    """

    export: str = "off"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    traces: bool = True
    slow_s: Mapping[str, float] = field(default_factory=dict)
    slow_default_s: float = 5.0

    def __post_init__(self) -> None:
        self._check_kinds()
        if _has_secrets(self.export):
            # The address itself is not shown: logs of exporters would, too.
            raise TimelineError(
                "the telemetry address has a user or a query, which may be secret: "
                "give an address without, and the receiver's key in headers="
            )
        if not (self.is_off or self.export == "metrics" or self.endpoint):
            raise TimelineError(
                f"telemetry {self.export!r}: give 'off', 'metrics', or the address of "
                "an OTLP receiver such as 'http://127.0.0.1:4318'"
            )
        for name, value in self.headers.items():
            if not (_is_header(name) and _is_header(value)):
                raise TimelineError(
                    f"the telemetry header {name!r}: a name and a value are ASCII "
                    "text without line breaks"
                )
        for name, seconds in {**self.slow_s, "": self.slow_default_s}.items():
            if not _is_time(seconds):
                what = f"slow_s of {name!r}" if name else "slow_default_s"
                raise TimelineError(f"{what}: {seconds!r} is no time above 0 seconds")

    def _check_kinds(self) -> None:
        """Refuse what is of another kind; its value is not shown, as a header's."""
        found: list[tuple[str, object, type | tuple[type, ...], str]] = [
            ("export", self.export, str, "text, such as 'metrics'"),
            ("headers", self.headers, Mapping, "names with their values"),
            ("traces", self.traces, bool, "True or False"),
            ("slow_s", self.slow_s, Mapping, "names of operations with their seconds"),
        ]
        for name, value, due, words in found:
            if not isinstance(value, due):
                raise TimelineError(
                    f"{name} of the telemetry is {kind_of(value)}: give {words}"
                )
        for name in self.slow_s:
            if not isinstance(name, str):
                raise TimelineError(f"slow_s: {name!r} is no name of an operation")

    def __hash__(self) -> int:
        pairs = (tuple(sorted(one.items())) for one in (self.headers, self.slow_s))
        return hash((self.export, self.traces, self.slow_default_s, *pairs))

    def without_export(self) -> "TelemetrySettings":
        """Return the same for a worker: what it times is sent from where it began.

        :meta private:
        """
        return replace(self, export="off", headers={})

    @property
    def is_off(self) -> bool:
        """Whether neither metrics are kept nor anything is sent."""
        return self.export in _OFF

    @property
    def endpoint(self) -> str:
        """The address that metrics and traces are sent to; empty for none."""
        return self.export.rstrip("/") if _is_address(self.export) else ""

    def slow_limit_s(self, name: str) -> float:
        """Return the seconds from which an operation of a name is slow.

        Example:
            >>> tl.TelemetrySettings(slow_s={"probe": 0.5}).slow_limit_s("probe")
            0.5
        """
        known = {**_SLOW_S, **self.slow_s}
        return known.get(name, self.slow_default_s)

    @staticmethod
    def from_environment() -> "TelemetrySettings":
        """Return what `TIMELINE_NB_TELEMETRY` says: off, if it says nothing.

        With `otlp`, the address and headers are OpenTelemetry's own variables,
        `OTEL_EXPORTER_OTLP_ENDPOINT` and `OTEL_EXPORTER_OTLP_HEADERS`; those alone turn
        nothing on.

        Raises:
            TimelineError: It is none of the values of `export`.

        Example:
            >>> tl.TelemetrySettings.from_environment().export
            'off'
        """
        value = os.environ.get(_VARIABLE, "").strip()
        # As people write words there: False, OFF. Addresses may have both cases.
        value = value if "://" in value else value.casefold()
        if value != "otlp":
            try:
                return TelemetrySettings(export=value or "off")
            except TimelineError as error:
                raise TimelineError(f"{_VARIABLE}: {error}") from None
        address = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "").strip()
        if not address:
            raise TimelineError(
                f"{_VARIABLE}=otlp: set OTEL_EXPORTER_OTLP_ENDPOINT to the receiver's "
                "address, such as http://127.0.0.1:4318"
            )
        lines = os.environ.get("OTEL_EXPORTER_OTLP_HEADERS", "").split(",")
        pairs = (line.partition("=") for line in lines if "=" in line)
        # Percent-encoded, as OpenTelemetry's specification of exporters has them.
        headers = {name.strip(): unquote(value.strip()) for name, _, value in pairs}
        return TelemetrySettings(export=address, headers=headers)
