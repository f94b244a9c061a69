"""A plugin's effects in a worker's process: the module travels with the work."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from timeline_nb.effects.provided import ProvidedSpec, add_provider, find_provided
from timeline_nb.wasm_plugins.compiled import CompiledModules
from timeline_nb.wasm_plugins.effect_specs import provided_effects
from timeline_nb.wasm_plugins.levels import LEVELS
from timeline_nb.wasm_plugins.manifest import PluginFile, plugin_of
from timeline_nb.wasm_plugins.plugin import Plugin

__all__ = ["WorkerEffects", "WorkerPlugin"]


@dataclass(frozen=True)
class WorkerPlugin:
    """A plugin as it is sent to a worker, which trusts no file that it has of it.

    Args:
        manifest: As JSON.
        wasm: The module, which is checked against the manifest's hash.
        level: The limits that it has here.
        cache: The folder of compiled code, whose seals are checked.
        key: The file of the key of the seals.
    """

    manifest: bytes = field(repr=False)
    wasm: bytes = field(repr=False)
    level: str
    cache: Path
    key: Path


@dataclass(frozen=True)
class WorkerEffects:
    """Puts up the effects of plugins in this process, once.

    Args:
        plugins: The plugins.
    """

    plugins: tuple[WorkerPlugin, ...]

    def __call__(self) -> None:
        """Add the effects to the catalog, unless they are there.

        Raises:
            PluginError: A module is not what its manifest states.
        """
        for one in self.plugins:
            effects = _effects_of(one)
            if not all(map(_is_there, effects.all)):
                name = effects.plugin
                add_provider(f"sent {name}", effects, plugin=name)


def _is_there(one: ProvidedSpec) -> bool:
    known = find_provided(one.spec.kind)
    return known is not None and known.identify() == one.identify()


@dataclass(frozen=True)
class _Sent:
    """The effects of a plugin that was sent here."""

    plugin: str
    all: tuple[ProvidedSpec, ...]

    def specs(self) -> tuple[ProvidedSpec, ...]:
        return self.all

    def for_workers(self, _kinds: object) -> None:
        """Return None: a worker has no workers."""


@lru_cache(maxsize=32)
def _effects_of(sent: WorkerPlugin) -> _Sent:
    """Return the effects of a plugin, whose code is kept while the process lives."""
    file = plugin_of(sent.wasm, sent.manifest)
    manifest = file.manifest
    plugin = Plugin(manifest, lambda: _code(sent, file), limits=LEVELS[sent.level])
    return _Sent(manifest.id, tuple(provided_effects(manifest, plugin.frame)))


def _code(sent: WorkerPlugin, file: PluginFile) -> bytes:
    compiled = CompiledModules(sent.cache, sent.key)
    return compiled.code_of(file.wasm, file.manifest.sha256, file.manifest.id)
