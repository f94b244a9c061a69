"""Load plugins that a person enabled, each once, when they are first used."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from timeline_nb.core.forks import watch_forks
from timeline_nb.core.locks import new_lock
from timeline_nb.core.near_names import suggestion
from timeline_nb.core.worker_threads import wait_for
from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message
from timeline_nb.python_plugins.declaration import PythonPlugin
from timeline_nb.python_plugins.enabled import EnabledPlugin
from timeline_nb.python_plugins.entries import PluginEntry, entries, folder_of
from timeline_nb.python_plugins.load import load, refuse_while_loading

__all__ = ["LoadedPlugin", "PluginLoader", "PluginState"]

PluginState: TypeAlias = Literal[
    "not enabled", "enabled", "loaded", "failed", "replaced", "not installed"
]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LoadedPlugin:
    """A plugin whose module was imported.

    Args:
        entry: What its package stated then.
        declared: What it declares.
    """

    entry: PluginEntry
    declared: PythonPlugin

    @property
    def is_replaced(self) -> bool:
        """Whether its package was installed anew, or removed, since it was loaded."""
        return self.entry not in entries()


class PluginLoader:
    """Plugins that are enabled, and those of them that were loaded; thread-safe.

    Args:
        enabled: Returns what is enabled now, by the plugins' names.
    """

    def __init__(self, enabled: Callable[[], Mapping[str, EnabledPlugin]]) -> None:
        self.enabled: Final = enabled
        self._lock = new_lock("Python plugins that are loaded")
        # By name and package.
        self._loads: dict[tuple[str, str], Future[LoadedPlugin]] = {}
        watch_forks(self)

    def begin_anew(self) -> None:
        """Forget what other threads were loading when this process was forked."""
        self._loads = {key: one for key, one in self._loads.items() if one.done()}

    def loaded(self, name: str) -> LoadedPlugin:
        """Return a plugin, which is imported if it was not.

        One that failed fails again, until `forget_failure`.

        Raises:
            PluginError: It is not installed, not enabled, or cannot be loaded.
        """
        entry = self._usable(name)
        key = entry.name, entry.package
        with self._lock:
            future = self._loads.get(key)
        if future is None or not future.done():
            refuse_while_loading(entry)
        with self._lock:
            is_first = key not in self._loads
            future = self._loads.setdefault(key, Future())
        if is_first:
            self._load(entry, future)
        try:
            return wait_for(future, lambda: None)
        except PluginError as error:
            # Of each caller its own: the traceback of one would grow.
            raise PluginError(str(error)) from error.__cause__

    def state_of(self, entry: PluginEntry) -> tuple[PluginState, str]:
        """Return the state of a plugin that is enabled, and what is wrong with it."""
        with self._lock:
            future = self._loads.get((entry.name, entry.package))
        if future is None or not future.done():
            return "enabled", ""
        error = future.exception()
        if error is not None:
            return "failed", str(error)
        if future.result().entry != entry:
            return "replaced", "restart the kernel to use what is installed now"
        return "loaded", ""

    def forget_failure(self, entry: PluginEntry) -> None:
        """Have a plugin that failed be loaded again when it is used."""
        key = entry.name, entry.package
        with self._lock, suppress(KeyError):
            future = self._loads[key]
            if future.done() and future.exception() is not None:
                del self._loads[key]

    def _usable(self, name: str) -> PluginEntry:
        """Return the entry of a plugin that a person enabled.

        Raises:
            PluginError: It is not enabled, or not installed.
        """
        enabled = self.enabled().get(name)
        same = [one for one in entries() if one.name == name]
        if enabled is None and not same:
            known = sorted({one.name for one in entries()})
            raise PluginError(
                Message(
                    "there is no Python plugin {name}{hint}",
                    name=repr(name),
                    hint=suggestion(name, known),
                )
            )
        if enabled is None:
            raise PluginError(
                Message(
                    "{label} is not enabled: tl.plugins.enable({name}) says what "
                    "that means, and enables it",
                    label=same[0].label,
                    name=repr(name),
                )
            )
        for entry in same:
            if entry.package == enabled.package:
                return entry
        raise PluginError(
            Message(
                "the plugin {name} of the package {package} was enabled, and the "
                "package is not installed here: pip install {package}",
                name=repr(name),
                package=enabled.package,
            )
        )

    def _load(self, entry: PluginEntry, future: Future[LoadedPlugin]) -> None:
        try:
            self._check_folder(entry)
            made = LoadedPlugin(entry, load(entry))
        except PluginError as error:
            _log.warning("%s", error, exc_info=error.__cause__)
            future.set_exception(error)
        except BaseException:
            # An interrupt: the next call tries again.
            with self._lock:
                self._loads.pop((entry.name, entry.package), None)
            future.set_exception(PluginError(f"{entry.label}: loading was stopped"))
            raise
        else:
            future.set_result(made)

    def _check_folder(self, entry: PluginEntry) -> None:
        enabled, folder = self.enabled().get(entry.name), folder_of(entry)
        if folder is None:
            raise PluginError(
                Message(
                    "{label} has no module {module}",
                    label=entry.label,
                    module=entry.module,
                )
            )
        if enabled is not None and enabled.folder != folder:
            raise PluginError(
                Message(
                    "{label} was enabled in {folder}, and what would be imported "
                    "now lies in {other}: tl.plugins.enable({name}) enables that",
                    label=entry.label,
                    folder=enabled.folder,
                    other=folder,
                    name=repr(entry.name),
                )
            )
