"""The plugins that run: each as it was installed and granted when it was asked for."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from timeline_nb.core.locks import new_lock
from timeline_nb.wasm_plugins.manifest import PluginManifest
from timeline_nb.wasm_plugins.permissions import Permission
from timeline_nb.wasm_plugins.plugin import Plugin

__all__ = ["Rights", "RunningPlugins"]

# What a plugin states, and what it was granted.
Rights: TypeAlias = tuple[PluginManifest, tuple[Permission, ...]]


@dataclass(frozen=True)
class _Known:
    plugin: Plugin
    state: Hashable


class RunningPlugins:
    """Plugins by id; one whose files another process wrote is stopped, and made anew.

    Args:
        state: Returns what changes when the files are written that rights are read of.
        rights: Reads what a plugin states and was granted; it raises what is wrong.
        made: Returns a plugin of its rights.
    """

    def __init__(
        self,
        state: Callable[[], Hashable],
        rights: Callable[[str], Rights],
        made: Callable[[PluginManifest, tuple[Permission, ...]], Plugin],
    ) -> None:
        self._state, self._rights, self._made = state, rights, made
        self._lock = new_lock("plugins that run")
        self._known: dict[str, _Known] = {}

    def begin_anew(self) -> None:
        """Forget what runs: a forked process has none of its threads."""
        self._known = {}

    def state_of(self, name: str) -> str:
        """Return what a plugin does now."""
        with self._lock:
            known = self._known.get(name)
        return known.plugin.state if known else "loaded"

    def plugin(self, name: str) -> Plugin:
        """Return a plugin with the rights that it has now.

        Raises:
            PluginError: There is no such plugin any more, or its files are damaged.
        """
        # Twice, if the files were written after they were read.
        while True:
            state = self._state()
            with self._lock:
                known = self._known.get(name)
            if known is not None and known.state == state:
                return known.plugin
            try:
                rights = self._rights(name)
            except BaseException:
                self.end(name)
                raise
            self._put(name, state, rights)

    def _put(self, name: str, state: Hashable, rights: Rights) -> None:
        with self._lock:
            old = self._known.get(name)
            if old is not None and (old.plugin.manifest, old.plugin.granted) == rights:
                self._known[name] = _Known(old.plugin, state)
                return
            self._known[name] = _Known(self._made(*rights), state)
        if old is not None:
            old.plugin.stop()

    def end(self, name: str) -> None:
        """Stop a plugin, if it runs."""
        with self._lock:
            known = self._known.pop(name, None)
        if known is not None:
            known.plugin.stop()

    def end_all(self) -> None:
        """Stop all plugins."""
        with self._lock:
            names = list(self._known)
        for name in names:
            self.end(name)

    def end_replaced(self, manifests: Mapping[str, PluginManifest]) -> None:
        """Stop plugins that another process replaced or removed.

        Args:
            manifests: Those that are installed, by id.
        """
        with self._lock:
            running = list(self._known.items())
        for name, known in running:
            if manifests.get(name) != known.plugin.manifest:
                self.end(name)
