"""The effects of installed plugins for the catalog, which load when there are any.

This module is imported with a studio: what it needs of plugins it imports when the
folder has one.
"""

import logging
import threading
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from timeline_nb.effects.provided import ProvidedSpec
from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message
from timeline_nb.wasm_plugins.index_file import index_state

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from timeline_nb.wasm_plugins.manifest import PluginManifest
    from timeline_nb.wasm_plugins.plugin import Plugin
    from timeline_nb.wasm_plugins.plugins import Plugins

__all__ = ["InstalledEffects"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Known:
    state: Hashable
    specs: tuple[ProvidedSpec, ...]


class InstalledEffects:
    """The effects of the plugins in a folder.

    They are read anew when the folder's list was written, by any process.

    Args:
        folder: Where plugins are installed.
        opened: Returns the plugins of the folder; None when they are closed.
        running: Returns them if they were opened before.
    """

    def __init__(
        self,
        folder: Path,
        opened: "Callable[[], Plugins | None]",
        running: "Callable[[], Plugins | None]",
    ) -> None:
        self._folder, self._opened, self._running = folder, opened, running
        self._known = _Known(None, ())

    def specs(self) -> Sequence[ProvidedSpec]:
        """Return the effects; a look at one file, while it is the same.

        Raises:
            PluginError: A file of the folder is damaged.
        """
        state, known = index_state(self._folder), self._known
        if state != known.state:
            found = () if state is None else self._read()
            known = self._known = _Known(state, found)
        return known.specs

    def _read(self) -> tuple[ProvidedSpec, ...]:
        from timeline_nb.wasm_plugins.effect_specs import provided_effects
        from timeline_nb.wasm_plugins.installed import installed_manifests

        manifests = installed_manifests(self._folder)
        if plugins := self._running():
            plugins.end_replaced(manifests)
        found = tuple(
            one
            for manifest in manifests.values()
            for one in provided_effects(manifest, _Frames(manifest, self._opened))
        )
        if found:
            _load_ahead()
        return found

    def for_workers(self, kinds: Collection[str]) -> Callable[[], object] | None:
        """Return what puts up some of the effects in another process."""
        wanted = {kind.rpartition("/")[0] for kind in kinds}
        origins = {one.spec.origin for one in self.specs()}
        plugins = self._opened()
        if plugins is None or not wanted & origins:
            return None
        return plugins.for_workers(sorted(wanted & origins))


@cache
def _load_ahead() -> None:
    """Import what the first picture needs, 100 ms, while nobody waits for it."""
    threading.Thread(target=_load, daemon=True, name="timeline_nb_plugins").start()


def _load() -> None:
    from timeline_nb.wasm_plugins import plugins
    from timeline_nb.wasm_plugins.engine import wasmtime

    # Who calls a plugin says how to install it.
    with suppress(PluginError):
        wasmtime()
    _log.debug("loaded %s", plugins.__name__)


@dataclass(frozen=True)
class _Frames:
    """Computes the pictures of one plugin, as it was when its effects were listed."""

    manifest: "PluginManifest"
    opened: "Callable[[], Plugins | None]"

    def __call__(
        self,
        effect: str,
        pictures: "Sequence[NDArray[np.uint8]]",
        parameters: Mapping[str, float | str],
        *,
        size: tuple[int, int] | None = None,
    ) -> "NDArray[np.uint8]":
        plugin = self._plugin()
        try:
            return plugin.frame(effect, pictures, parameters, size=size)
        except PluginError:
            # It begins anew when it is granted something.
            if (other := self._plugin()) is plugin:
                raise
            return other.frame(effect, pictures, parameters, size=size)

    def _plugin(self) -> "Plugin":
        plugins, name = self.opened(), self.manifest.id
        if plugins is None:
            raise PluginError(
                Message("the plugin {name} ended with its studio", name=name)
            )
        plugin = plugins.plugin(name)
        if plugin.manifest != self.manifest:
            raise PluginError(
                Message("the plugin {name} was replaced: compose it again", name=name)
            )
        return plugin
