"""Share the metrics of a kernel with Jupyter's server, whose `/metrics` shows them."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from timeline_nb.access.kernel_figures import figures_path, signed_figures
from timeline_nb.core.kernel_connection import KernelConnection, kernel_connection
from timeline_nb.core.locks import new_lock
from timeline_nb.core.partials import partial_file

__all__ = ["SharedFigures", "forget_figures", "share_figures"]

_log = logging.getLogger(__name__)
# Writing takes a few milliseconds.
_EVERY_S: Final = 5.0
_STOPS_WITHIN_S: Final = 2.0
_lock = new_lock("the metrics that a kernel shares")
_shared: "SharedFigures | None" = None


class SharedFigures:
    """Writes metrics to a file now and every few seconds, until it is closed.

    Args:
        connection: Of the kernel.
        text: Returns the metrics of now.
    """

    def __init__(self, connection: KernelConnection, text: Callable[[], str]) -> None:
        self._connection, self._text = connection, text
        self._path = figures_path(connection.path)
        self._ended = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name="timeline_nb metrics", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop, and remove the file."""
        self._ended.set()
        self._thread.join(_STOPS_WITHIN_S)
        self._path.unlink(missing_ok=True)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self._write()
            except Exception as error:  # noqa: BLE001 - a full disk may have room later
                _log.debug("metrics were not shared: %s", type(error).__name__)
            self._ended.wait(_EVERY_S)

    def _write(self) -> None:
        data = signed_figures(self._connection.session_key, self._text())
        with partial_file(self._path, mode=0o600) as partial:
            partial.write_bytes(data)
            partial.replace(self._path)


def share_figures(text: Callable[[], str] | None) -> None:
    """Share metrics from now on, in place of those before; None shares none.

    Args:
        text: Returns the metrics of now.
    """
    global _shared  # noqa: PLW0603 - one for the process, which has one kernel
    connection = None if text is None else kernel_connection()
    with _lock:
        before, _shared = _shared, None
    if before is not None:
        before.close()
    if connection is None or text is None:
        return
    made = SharedFigures(connection, text)
    with _lock:
        _shared = made


def forget_figures() -> None:
    """Leave the file to the process that this one was forked from."""
    global _shared  # noqa: PLW0603 - as above
    _shared = None
