"""The Python plugins of a person: listed, enabled, loaded and called."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from weakref import finalize

from timeline_nb.core.event_types import Event
from timeline_nb.core.near_names import suggestion
from timeline_nb.core.signals import Signal
from timeline_nb.effects.provided import (
    add_provider,
    forget_provider,
    remove_provider,
)
from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message
from timeline_nb.python_plugins.effects import PluginEffects
from timeline_nb.python_plugins.enabled import EnabledPlugin, EnabledStore
from timeline_nb.python_plugins.entries import PluginEntry, entries, folder_of
from timeline_nb.python_plugins.listeners import PluginListeners
from timeline_nb.python_plugins.load import plugin_errors
from timeline_nb.python_plugins.loader import LoadedPlugin, PluginLoader, PluginState
from timeline_nb.python_plugins.signature import call_with

__all__ = ["FULL_RIGHTS", "FoundPlugin", "PythonPlugins"]

_log = logging.getLogger(__name__)

FULL_RIGHTS: Final = (
    "It runs with full rights, as any Python package that you import: it can read, "
    "change, delete and send all your files, keys and accounts, and start programs. "
    "Nothing limits it. Enable it only if you trust who made it."
)


@dataclass(frozen=True)
class FoundPlugin:
    """A plugin that is installed, or was enabled.

    Args:
        entry: What its package states; None if it is not installed.
        name: What it is called by.
        package: The distribution that brings it.
        version: The distribution's; the one that was enabled if it is not installed.
        is_enabled: Whether a person enabled it.
        state: `replaced` is one whose package was installed anew after it was loaded.
        fault: Why it cannot be used; empty if nothing is known against it.
    """

    entry: PluginEntry | None
    name: str
    package: str
    version: str
    is_enabled: bool
    state: PluginState
    fault: str = ""


class PythonPlugins:
    """Plugins in Python packages, and those of them that a person enabled.

    The signal `changed` has the name of a plugin that was enabled or disabled.

    Args:
        folder: Keeps which are enabled.
    """

    def __init__(self, folder: Path) -> None:
        self._store = EnabledStore(folder / "enabled_python.json")
        self.loader: Final = PluginLoader(self._store.all)
        self.changed: Final[Signal[str]] = Signal("Python plugins that are enabled")
        self._listeners = PluginListeners(self._listening, self._loaded_to_listen)
        # Keys of providers by the plugins' names; None until `provide`.
        self._provided: dict[str, str] | None = None

    def enabled(self) -> dict[str, EnabledPlugin]:
        """Return what a person enabled, by name; nothing is looked for.

        Raises:
            PluginError: The file cannot be read.
        """
        return self._store.all()

    def all(self) -> list[FoundPlugin]:
        """Return the plugins of installed packages, and those enabled, by name.

        None is imported.

        Raises:
            PluginError: The file of those enabled cannot be read.
        """
        enabled = self.enabled()
        found = [self._found(entry, enabled.get(entry.name)) for entry in entries()]
        there = {(one.name, one.package) for one in found}
        found += [
            FoundPlugin(None, name, one.package, one.version, True, "not installed")
            for name, one in enabled.items()
            if (name, one.package) not in there
        ]
        return sorted(found, key=lambda one: (one.name, one.package))

    def found(self, name: str, package: str | None = None) -> FoundPlugin:
        """Return what is known of a plugin; it is not imported.

        Args:
            name: Its name.
            package: The distribution that brings it, where several have one of this
                name; the one that is enabled if not given.

        Raises:
            PluginError: There is none, or there are several.
        """
        known = self.all()
        same = [one for one in known if one.name == name]
        if package is not None:
            same = [one for one in same if one.package == package]
        elif any(one.is_enabled for one in same):
            same = [one for one in same if one.is_enabled]
        if not same:
            hint = suggestion(name, sorted({one.name for one in known}))
            what = repr(name)
            if package is not None:
                what = Message(
                    "{name} of the package {package}", name=what, package=package
                )
            raise PluginError(
                Message("there is no Python plugin {name}{hint}", name=what, hint=hint)
            )
        if len(same) > 1:
            owners = " and ".join(one.package for one in same)
            raise PluginError(
                Message(
                    "the packages {owners} both have a plugin {name}: say which "
                    "one, as package={package}",
                    owners=owners,
                    name=repr(name),
                    package=repr(same[0].package),
                )
            )
        return same[0]

    def enable(self, name: str, package: str | None = None) -> FoundPlugin:
        """Let a plugin be imported when it is first used; say `FULL_RIGHTS` before.

        One that failed is tried again.

        Raises:
            PluginError: There is none, there are several, it has no code, or the
                choice cannot be kept.
        """
        entry = self.found(name, package).entry
        if entry is None:
            raise PluginError(
                Message(
                    "the plugin {name} is not installed: pip installs it",
                    name=repr(name),
                )
            )
        folder = folder_of(entry)
        if folder is None:
            raise PluginError(
                Message(
                    "{label} has no module {module}",
                    label=entry.label,
                    module=entry.module,
                )
            )
        self._store.keep(name, EnabledPlugin(entry.package, folder, entry.version))
        self.loader.forget_failure(entry)
        self._provide_again()
        # Before others hear of it, who may load it at once.
        found = self.found(name)
        self.changed.emit(name)
        return found

    def disable(self, name: str) -> None:
        """Use a plugin no longer; code that was imported stays until Python ends.

        Raises:
            PluginError: It is not enabled, or the choice cannot be kept.
        """
        enabled = self.enabled()
        if name not in enabled:
            raise PluginError(
                Message(
                    "the Python plugin {name} is not enabled{hint}",
                    name=repr(name),
                    hint=suggestion(name, enabled),
                )
            )
        self._store.keep(name, None)
        self._provide_again()
        self.changed.emit(name)

    def provide(self) -> None:
        """Have the catalog ask the plugins that are enabled for effects.

        None is loaded before an effect of it is looked up, or all are listed.
        """
        if self._provided is None:
            self._provided = {}
            finalize(self, _forget_providers, self._provided).atexit = False
        self._provide_again()

    def listen(self, signal: Signal[Event]) -> None:
        """Send events to the plugins that are enabled and listen to them.

        A plugin is loaded for the first event after it was installed, and from then on
        only if it has listeners.
        """
        signal.connect(self._listeners.receive)

    def _listening(self) -> list[str]:
        silent = {name: one.silent for name, one in self.enabled().items()}
        return [
            one.name
            for one in (entries() if silent else ())
            if silent.get(one.name, one.contents) != one.contents
        ]

    def _loaded_to_listen(self, name: str) -> LoadedPlugin:
        plugin = self.loaded(name)
        if not plugin.declared.listeners:
            with suppress(PluginError):
                self._store.note_silent(name, plugin.entry.contents)
        return plugin

    def close(self) -> None:
        """Have the catalog ask no more, and send no more events."""
        self._listeners.close()
        if self._provided is not None:
            while self._provided:
                remove_provider(self._provided.popitem()[1])

    def _provide_again(self) -> None:
        provided = self._provided
        if provided is None:
            return
        try:
            enabled = self.enabled()
        except PluginError as error:
            _log.warning("effects of Python plugins are missing: %s", error)
            return
        for name in enabled.keys() - provided:
            provided[name] = f"Python plugin {name} of {id(self)}"
            provider = PluginEffects(self.loader, name)
            add_provider(provided[name], provider, plugin=name)
        for name in provided.keys() - enabled:
            remove_provider(provided.pop(name))

    def loaded(self, name: str) -> LoadedPlugin:
        """Return a plugin, which is imported if it was not.

        Raises:
            PluginError: It is not installed, not enabled, or cannot be loaded.
        """
        return self.loader.loaded(name)

    def call(self, name: str, command: str, args: Mapping[str, Any]) -> Any:
        """Run a command of a plugin and return its result.

        Raises:
            PluginError: There is no such plugin or command, the arguments do not fit,
                or it failed.
        """
        plugin = self.loaded(name)
        known = plugin.declared.commands
        if command not in known:
            hint = suggestion(command, known)
            raise PluginError(
                Message(
                    "{label} has no command {command}{hint}",
                    label=plugin.entry.label,
                    command=repr(command),
                    hint=hint,
                )
            )
        one = known[command]
        what = f"{command} of {plugin.entry.label}"
        with plugin_errors(what):
            return call_with(one.function, one.arguments, args)

    def _found(self, entry: PluginEntry, enabled: EnabledPlugin | None) -> FoundPlugin:
        is_enabled = enabled is not None and enabled.package == entry.package
        state: PluginState = "not enabled"
        fault = ""
        if is_enabled:
            state, fault = self.loader.state_of(entry)
        return FoundPlugin(
            entry, entry.name, entry.package, entry.version, is_enabled, state, fault
        )


def _forget_providers(provided: dict[str, str]) -> None:
    for key in provided.values():
        forget_provider(key)
