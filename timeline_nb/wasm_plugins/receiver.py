"""Receives a studio's events for its plugins; loads nothing while none is installed."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from timeline_nb.core.event_types import Event
from timeline_nb.wasm_plugins.index_file import INDEX_NAME

if TYPE_CHECKING:
    from timeline_nb.wasm_plugins.plugins import Plugins

__all__ = ["PluginReceiver"]

# Another process may install a plugin: the file is looked for so often.
_EVERY_S: Final = 10.0


class PluginReceiver:
    """Receives events for the plugins of a folder.

    Args:
        folder: Of the plugins.
        plugins: Returns them, built when they are first needed.
        built: Returns them if they were built.
    """

    def __init__(
        self,
        folder: Path,
        plugins: "Callable[[], Plugins]",
        built: "Callable[[], Plugins | None]",
    ) -> None:
        self._path = folder / INDEX_NAME
        self._plugins, self._built = plugins, built
        self._is_found, self._look_again = False, 0.0

    def is_there(self) -> bool:
        """Return whether a plugin may ask for events; it costs a look at a clock."""
        built = self._built()
        if built is not None:
            return not built.events.is_empty
        now = time.monotonic()
        if now >= self._look_again:
            self._look_again = now + _EVERY_S
            self._is_found = self._path.exists()
        return self._is_found

    def wants(self, kind: str) -> bool:
        """Return whether a plugin asks for events of a kind.

        Raises:
            PluginError: A file of theirs cannot be read.
        """
        return self._plugins().events.wants(kind)

    def receive(self, event: Event) -> None:
        """Send an event to the plugins that ask for it, without waiting.

        Raises:
            PluginError: A file of theirs cannot be read.
        """
        self._plugins().events.receive(event)
