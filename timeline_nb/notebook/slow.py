"""Slow operations and metrics, in a cell."""

from typing import TYPE_CHECKING

from timeline_nb.studio import Studio, default_studio

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["metrics_text", "slow"]


def slow(*, studio: Studio | None = None) -> "pd.DataFrame":
    """Return the last 200 operations that took longer than they should.

    From when an operation is slow is set by name:
    `tl.Settings(telemetry=tl.TelemetrySettings(slow_s={"media.open": 0.5}))`. Its
    columns are `time` (UTC), `operation`, `seconds`, `limit_s`, `what` and `outcome`.

    Args:
        studio: Whose operations; the notebook's own if not given.

    Example:
        >>> tl.slow().columns.tolist()
        ['time', 'operation', 'seconds', 'limit_s', 'what', 'outcome']
    """
    return (studio or default_studio()).telemetry.slow.table()


def metrics_text(*, studio: Studio | None = None) -> str:
    """Return the metrics of now as Prometheus reads them; empty while they are off.

    They are kept if `tl.TelemetrySettings(export=...)` is `"metrics"` or an address, or
    `TIMELINE_NB_TELEMETRY` says so. They are those of this program; Jupyter's
    `timeline_nb/metrics` has those of all its kernels, and what its server sent.

    Args:
        studio: Whose metrics; the notebook's own if not given.

    Example:
        >>> tl.metrics_text()  # they are off here
        ''
    """
    return (studio or default_studio()).telemetry.metrics_text()
