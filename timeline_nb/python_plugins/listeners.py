"""Calls the listeners of Python plugins, each plugin's on a thread of its own."""

import logging
from collections.abc import Callable, Collection
from concurrent.futures import Future
from typing import Any, Final

from timeline_nb.core.event_types import Event
from timeline_nb.core.locks import new_lock
from timeline_nb.core.worker_threads import WorkerThreads
from timeline_nb.errors import PluginError
from timeline_nb.python_plugins.declared import name_of
from timeline_nb.python_plugins.load import plugin_errors
from timeline_nb.python_plugins.loader import LoadedPlugin

__all__ = ["PluginListeners"]

_log = logging.getLogger(__name__)
# What a listener that hangs can make wait; more is dropped.
_MOST_WAITING: Final = 1_000
_ENDS_WITHIN_S: Final = 1.0


class PluginListeners:
    """Passes events on to plugins, without waiting for what comes of them.

    Args:
        listening: Returns the names of the plugins that may listen.
        loaded: Returns a plugin by name, which it loads if need be.
    """

    def __init__(
        self,
        listening: Callable[[], Collection[str]],
        loaded: Callable[[str], LoadedPlugin],
    ) -> None:
        self._listening, self._loaded = listening, loaded
        self._lock = new_lock("listeners of plugins")
        self._threads: dict[str, WorkerThreads] = {}
        self._waiting: dict[str, int] = {}

    def receive(self, event: Event) -> None:
        """Have each plugin called that listens to an event of this kind."""
        try:
            names = self._listening()
        except PluginError as error:
            _log.warning("no event is sent to Python plugins: %s", error)
            return
        for name in names:
            self._submit(name, event)

    def close(self) -> None:
        """End all threads; a listener that goes on is left behind."""
        with self._lock:
            ended, self._threads = list(self._threads.values()), {}
        for threads in ended:
            threads.end(_ENDS_WITHIN_S)

    def _submit(self, name: str, event: Event) -> None:
        with self._lock:
            waiting = self._waiting.get(name, 0)
            if waiting >= _MOST_WAITING:
                return
            self._waiting[name] = waiting + 1
            threads = self._threads.setdefault(
                name, WorkerThreads(1, f"events of {name}")
            )
        future: Future[Any] = threads.submit(self._call, name, event)
        future.add_done_callback(lambda _: self._done(name))

    def _done(self, name: str) -> None:
        with self._lock:
            self._waiting[name] -= 1

    def _call(self, name: str, event: Event) -> None:
        try:
            plugin = self._loaded(name)
        except PluginError:
            # It is logged where it is loaded, and its state says so.
            return
        for kinds, function in plugin.declared.listeners:
            if event.kind not in kinds:
                continue
            what = f"the listener {name_of(function)} of {plugin.entry.label}"
            try:
                with plugin_errors(what):
                    function(event)
            except Exception as error:  # noqa: BLE001 - a thread's boundary
                _log.warning("%s", error, exc_info=error.__cause__)
