"""Keep the operations that took longer than they should."""

import logging
from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from timeline_nb.core.tables import table_of
from timeline_nb.core.telemetry.metrics import count
from timeline_nb.core.telemetry.records import SpanRecord
from timeline_nb.core.telemetry.settings import TelemetrySettings

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SlowOperations", "slow_table"]

_log = logging.getLogger(__name__)
_MOST: Final = 200
_COLUMNS: Final = ("time", "operation", "seconds", "limit_s", "what", "outcome")


class SlowOperations:
    """The last 200 slow operations of a process.

    Args:
        settings: Says from when an operation is slow.
    """

    def __init__(self, settings: TelemetrySettings) -> None:
        self._settings = settings
        # `append` of a deque is one step, so that no lock is needed.
        self._kept: deque[SpanRecord] = deque(maxlen=_MOST)

    def look_at(self, record: SpanRecord) -> None:
        """Keep an operation, and log it, if it was slow."""
        limit_s = self._settings.slow_limit_s(record.name)
        if record.seconds < limit_s:
            return
        self._kept.append(record)
        count("timeline_nb.slow")
        _log.info(
            "slow: %s took %.3f s",
            record.name,
            record.seconds,
            extra={"operation": record.name, "seconds": round(record.seconds, 3)},
        )

    def table(self) -> "pd.DataFrame":
        """Return a row an operation, the latest first."""
        return slow_table(list(self._kept), self._settings)


def slow_table(
    records: list[SpanRecord], settings: TelemetrySettings
) -> "pd.DataFrame":
    """Return a table of operations, the latest first.

    Its columns are `time` (when it began, UTC), `operation`, `seconds`, `limit_s` (from
    which it counts as slow), `what` (a file or a segment) and `outcome`.
    """
    rows = [
        {
            "time": datetime.fromtimestamp(record.start_ns / 1e9, UTC),
            "operation": record.name,
            "seconds": round(record.seconds, 3),
            "limit_s": settings.slow_limit_s(record.name),
            "what": record.label,
            "outcome": record.outcome,
        }
        for record in reversed(records)
    ]
    return table_of(rows, _COLUMNS)
