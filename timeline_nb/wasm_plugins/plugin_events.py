"""Sends the events of a studio to the plugins that ask for them."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from timeline_nb.access.scope import Scope
from timeline_nb.core.event_types import Event
from timeline_nb.core.locks import new_lock
from timeline_nb.errors import AccessError, PluginError
from timeline_nb.wasm_plugins.manifest import PluginManifest
from timeline_nb.wasm_plugins.plugin import Plugin

__all__ = ["PluginEvents"]

_log = logging.getLogger(__name__)


class PluginEvents:
    """Knows which plugins ask for which events, and sends these without waiting.

    Args:
        manifests: Returns the manifests of all plugins by id.
        plugin: Returns a plugin by its id.
    """

    def __init__(
        self,
        manifests: Callable[[], Mapping[str, PluginManifest]],
        plugin: Callable[[str], Plugin],
    ) -> None:
        self._manifests, self._plugin = manifests, plugin
        self._lock = new_lock("events that plugins ask for")
        # By id; read when the first event comes.
        self._known: dict[str, frozenset[str]] | None = None
        # Ids of plugins that cannot run: it is logged once.
        self._failed: set[str] = set()

    def forget(self) -> None:
        """Read anew what plugins ask for: one was installed or removed."""
        with self._lock:
            self._known = None
            self._failed.clear()

    @property
    def is_empty(self) -> bool:
        """Whether it is known that no plugin asks for events."""
        return self._known is not None and not any(self._known.values())

    def wants(self, kind: str) -> bool:
        """Return whether a plugin asks for events of a kind.

        Raises:
            PluginError: A file of theirs cannot be read.
        """
        return any(kind in kinds for kinds in self._wanted().values())

    def receive(self, event: Event) -> None:
        """Send an event to all plugins that ask for it.

        One that cannot run is logged, and the others get theirs.

        Raises:
            PluginError: A file of theirs cannot be read.
        """
        for name, kinds in self._wanted().items():
            if event.kind not in kinds:
                continue
            try:
                plugin = self._plugin(name)
                plugin.post(event.kind, _data(event, plugin))
            except PluginError as error:
                if name not in self._failed:
                    _log.warning("the plugin %s gets no events: %s", name, error)
                self._failed.add(name)

    def _wanted(self) -> dict[str, frozenset[str]]:
        with self._lock:
            known = self._known
        if known is None:
            known = {name: one.wants for name, one in self._manifests().items()}
            with self._lock:
                self._known = known
        return known


def _data(event: Event, plugin: Plugin) -> dict[str, Any]:
    """Return what a plugin may know of an event: paths of files that it may read."""
    folders = [one.target for one in plugin.granted if one.kind == "read"]
    if not folders:
        return event.data(lambda _: False)
    scope = Scope(folders)

    def may_read(path: str) -> bool:
        with suppress(AccessError, OSError):
            return scope.contains(path)
        return False

    return event.data(may_read)
