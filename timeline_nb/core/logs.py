"""Logs of the package as lines of JSON, for programs that collect them.

Each module logs under its own name, so that `logging.getLogger("timeline_nb.media")`
stands for a package, and `logging.getLogger("timeline_nb")` for all.
"""

import json
import logging
import os
import sys
from datetime import UTC, datetime
from typing import IO, Any, Final

from timeline_nb.core.near_names import kind_of
from timeline_nb.core.telemetry.propagation import traceparent
from timeline_nb.errors import TimelineError

__all__ = ["JsonFormatter", "log_as_environment_says", "log_as_json"]

_VARIABLE: Final = "TIMELINE_NB_LOG"
_ROOT: Final = "timeline_nb"
# What every record has; the rest was given by `extra=`.
_USUAL: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class JsonFormatter(logging.Formatter):
    """Writes a record as one line: time, level, logger, message, and what it adds.

    Times are UTC, as RFC 3339 writes them. `traceparent` names the job that logged, as
    traces do.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as JSON."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        place = traceparent()
        if place:
            line["traceparent"] = place
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        # What is added does not hide what each line has.
        added = {k: v for k, v in vars(record).items() if k not in {*_USUAL, *line}}
        return _json_of({**line, **added})


def _json_of(line: dict[str, Any]) -> str:
    """Return a line that each reader of JSON takes, and each stream of UTF-8."""
    try:
        text = json.dumps(line, ensure_ascii=False, default=str, allow_nan=False)
        # Half of a character stands in names of files that are no UTF-8.
        return (
            text if text.isascii() or _is_utf8(text) else json.dumps(line, default=str)
        )
    except (TypeError, ValueError):
        # JSON has no infinite numbers, nor keys of all kinds: those become text.
        return json.dumps({k: _plain(v) for k, v in line.items()}, default=str)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | bool | int) else str(value)


def log_as_json(
    stream: IO[str] | None = None, *, level: int | str = logging.INFO
) -> None:
    """Write the package's logs as lines of JSON, in place of how it did before.

    Args:
        stream: Where they go, open for as long as they do; the standard error output
            if not given.
        level: The least level that is written.

    Raises:
        TimelineError: `stream` cannot be written to, or there is no such level.

    Example:
        >>> file = open("timeline.log", "a")
        >>> tl.log_as_json(file, level="DEBUG")
        >>> tl.log_as_json()  # to the standard error output again
        >>> file.close()
    """
    if stream is not None and not hasattr(stream, "write"):
        raise TimelineError(
            f"{stream!r} is {kind_of(stream)}: give a file that is open for writing, "
            "such as open('timeline.log', 'a')"
        )
    logger = logging.getLogger(_ROOT)
    try:
        logger.setLevel(level)
    except (TypeError, ValueError):
        known = ", ".join(map(repr, logging.getLevelNamesMapping()))
        raise TimelineError(f"level={level!r}: give one of {known}") from None
    for handler in list(logger.handlers):
        if isinstance(handler.formatter, JsonFormatter):
            logger.removeHandler(handler)
    added = logging.StreamHandler(stream or sys.stderr)
    added.setFormatter(JsonFormatter())
    logger.addHandler(added)
    # Else the handlers of the root write the same again.
    logger.propagate = False


def log_as_environment_says() -> None:
    """Write logs as `TIMELINE_NB_LOG` says: `json`, or `json:debug` with a level.

    Raises:
        TimelineError: It says something else.
    """
    said = os.environ.get(_VARIABLE, "").strip().casefold()
    if not said:
        return
    form, _, level = said.partition(":")
    levels = logging.getLevelNamesMapping()
    if form != "json" or (level or "info").upper() not in levels:
        raise TimelineError(
            f"{_VARIABLE}={said}: give json, or json:debug, json:info, json:warning"
        )
    log_as_json(level=(level or "info").upper())
