"""The effects of installed plugins for the catalog, which load when there are any.

This module is imported with a studio: what it needs of plugins it imports when the
folder has one.
"""

import os
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from timeline_nb.effects.provided import ProvidedSpec
from timeline_nb.errors import PluginError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from timeline_nb.wasm_plugins.manifest import PluginManifest
    from timeline_nb.wasm_plugins.plugin import Plugin
    from timeline_nb.wasm_plugins.plugins import Plugins

__all__ = ["INDEX_NAME", "InstalledEffects"]

# The file of a folder of plugins that lists them.
INDEX_NAME = "installed.json"


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
    """

    def __init__(self, folder: Path, opened: "Callable[[], Plugins | None]") -> None:
        self._index, self._opened = folder / INDEX_NAME, opened
        self._known = _Known(None, ())

    def specs(self) -> Sequence[ProvidedSpec]:
        """Return the effects; a look at one file, while it is the same.

        Raises:
            PluginError: A file of the folder is damaged.
        """
        state, known = _state(self._index), self._known
        if state != known.state:
            found = () if state is None else self._read()
            known = self._known = _Known(state, found)
        return known.specs

    def _read(self) -> tuple[ProvidedSpec, ...]:
        plugins = self._opened()
        if plugins is None:
            return ()
        from timeline_nb.wasm_plugins.effect_specs import provided_effects

        manifests = plugins.manifests()
        plugins.end_replaced(manifests)
        return tuple(
            one
            for manifest in manifests.values()
            if manifest.effects
            for one in provided_effects(manifest, _Frames(manifest, self._opened))
        )

    def for_workers(self, kinds: Collection[str]) -> Callable[[], object] | None:
        """Return what puts up some of the effects in another process."""
        wanted = {kind.rpartition("/")[0] for kind in kinds}
        origins = {one.spec.origin for one in self.specs()}
        plugins = self._opened()
        if plugins is None or not wanted & origins:
            return None
        return plugins.for_workers(sorted(wanted & origins))


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
            raise PluginError(f"the plugin {name} ended with its studio")
        plugin = plugins.plugin(name)
        if plugin.manifest != self.manifest:
            raise PluginError(f"the plugin {name} was replaced: compose it again")
        return plugin


def _state(path: Path) -> Hashable:
    """Return what changes when a file is replaced; None if there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - asked for at each look-up
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
