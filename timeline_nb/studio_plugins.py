"""The parts of a studio that have to do with plugins, and the events they get."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import finalize, ref

from timeline_nb.core.event_types import SettingsChanged
from timeline_nb.core.events import Events
from timeline_nb.effects.provided import (
    add_provider,
    catalog_changed,
    forget_provider,
)
from timeline_nb.settings import Settings
from timeline_nb.wasm_plugins.installed_effects import InstalledEffects
from timeline_nb.wasm_plugins.receiver import PluginReceiver
from timeline_nb.wasm_plugins.signals import PluginSignals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timeline_nb.core.offers import Offers
    from timeline_nb.project.formats import Formats
    from timeline_nb.python_plugins.plugins import PythonPlugins
    from timeline_nb.recognition.analyzers import Analyzer
    from timeline_nb.recognition.inference.objects import FrameDetector
    from timeline_nb.security.oauth.accounts import Accounts
    from timeline_nb.timeline.formats import Exporter, Importer
    from timeline_nb.wasm_plugins.network import Signature
    from timeline_nb.wasm_plugins.plugins import Plugins

__all__ = ["PluginParts"]


class PluginParts:
    """Builds what runs plugins, once, when it is first used."""

    settings: Settings

    if TYPE_CHECKING:

        @property
        def accounts(self) -> "Accounts":
            """Of the class that has them: signs what plugins send."""

    @cached_property
    def plugins(self) -> "Plugins":
        """Other people's code, which runs in a sandbox.

        Example:
            >>> view = tl.plugins.install("org.example.tint.wasm")
            >>> "org.example.tint" in studio.plugins.manifests()
            True
        """
        from timeline_nb.wasm_plugins.plugins import Plugins

        def authorise(account: str, host: str) -> "Signature":
            from timeline_nb.security.oauth.signing import signature

            return signature(self.accounts, account, host)

        return Plugins(
            self._plugin_folder,
            self.settings.cache_dir / "plugins",
            authorise=authorise,
            signals=self.plugin_signals,
            taken=lambda name: (
                self._has_python_plugins and name in self.python_plugins.enabled()
            ),
            changed=catalog_changed.emit,
        )

    @property
    def _plugin_folder(self) -> Path:
        return self.settings.data_dir / "plugins"

    @cached_property
    def plugin_signals(self) -> PluginSignals:
        """What plugins do that a person sees; it is there before any plugin.

        :meta private:
        """
        given = vars(self).get("plugins")
        signals = given.signals if given is not None else PluginSignals()
        signals.changed.connect(
            lambda _: self.events.post(
                "settings_changed", lambda: SettingsChanged(setting="plugins")
            )
        )
        return signals

    @cached_property
    def _receiver(self) -> PluginReceiver:
        return PluginReceiver(
            self._plugin_folder,
            lambda: self.plugins,
            lambda: vars(self).get("plugins"),
        )

    @cached_property
    def events(self) -> Events:
        """What happens here, as signals; plugins that ask for events get them too.

        Example:
            >>> studio.events.render_completed.connect(print)
            >>> studio.events.render_completed.disconnect(print)
        """
        return Events(self._receiver)

    def _provide_effects(self) -> None:
        """Put the effects of plugins into the catalog, until the studio is closed.

        Nothing of plugins is imported before one is installed.
        """
        key, this = self._effects_key, ref(self)
        # The catalog does not keep a studio that nobody has any more.
        finalize(self, forget_provider, key).atexit = False

        def opened() -> "Plugins | None":
            studio = this()
            return None if studio is None else studio.plugins

        def running() -> "Plugins | None":
            studio = this()
            return None if studio is None else vars(studio).get("plugins")

        folder = self.settings.data_dir / "plugins"
        given = vars(self).get("plugins")
        if given is not None:
            folder = given.folder
        add_provider(key, InstalledEffects(folder, opened, running))
        if self._has_python_plugins:
            # The catalog asks them, too, from when they are built.
            _ = self.python_plugins

    @property
    def _effects_key(self) -> str:
        return f"plugins of studio {id(self)}"

    @property
    def formats(self) -> "Formats":
        """Who reads files of other formats as edits, and who writes them.

        :meta private:
        """
        from timeline_nb.project.formats import Formats

        return Formats(
            [self._wasm_importers, self._python_importers],
            [self._wasm_exporters, self._python_exporters],
        )

    @property
    def analyzers(self) -> "Offers[Analyzer]":
        """Who measures pictures and sound.

        :meta private:
        """
        from timeline_nb.core.offers import Offers

        return Offers("analyzer", self._wasm_analyzers, self._python_analyzers)

    @property
    def has_wasm_plugins(self) -> bool:
        """Whether one may be installed; nothing of plugins is loaded.

        :meta private:
        """
        index = self._plugin_folder / "installed.json"
        return "plugins" in vars(self) or index.exists()

    def _wasm_importers(self, plugin: str) -> "Iterable[Importer]":
        if not self.has_wasm_plugins:
            return ()
        from timeline_nb.wasm_plugins.formats import importers_of

        return importers_of(self.plugins, plugin)

    def _wasm_exporters(self, plugin: str) -> "Iterable[Exporter]":
        if not self.has_wasm_plugins:
            return ()
        from timeline_nb.wasm_plugins.formats import exporters_of

        return exporters_of(self.plugins, plugin)

    def _wasm_analyzers(self, plugin: str) -> "Iterable[Analyzer]":
        if not self.has_wasm_plugins:
            return ()
        from timeline_nb.wasm_plugins.analyzers import analyzers_of

        return analyzers_of(self.plugins, plugin)

    @cached_property
    def python_plugins(self) -> "PythonPlugins":
        """Packages that a person enabled, which run with full rights.

        :meta private:
        """
        from timeline_nb.python_plugins.plugins import PythonPlugins

        made = PythonPlugins(self.settings.data_dir / "plugins")
        made.provide()
        made.listen(self.events.all)
        made.changed.connect(self.plugin_signals.changed.emit)
        return made

    @property
    def _has_python_plugins(self) -> bool:
        """Whether one may be enabled: nothing of them is imported before."""
        kept = self.settings.data_dir / "plugins" / "enabled_python.json"
        return "python_plugins" in vars(self) or kept.exists()

    def _python_importers(self, plugin: str) -> "Iterable[Importer]":
        if not self._has_python_plugins:
            return ()
        from timeline_nb.python_plugins.offers import importers_of

        return importers_of(self.python_plugins.loader, plugin)

    def _python_exporters(self, plugin: str) -> "Iterable[Exporter]":
        if not self._has_python_plugins:
            return ()
        from timeline_nb.python_plugins.offers import exporters_of

        return exporters_of(self.python_plugins.loader, plugin)

    def _python_analyzers(self, plugin: str) -> "Iterable[Analyzer]":
        if not self._has_python_plugins:
            return ()
        from timeline_nb.python_plugins.offers import analyzers_of

        return analyzers_of(self.python_plugins.loader, plugin)

    def plugin_detectors(self) -> "Iterable[tuple[str, str, str]]":
        """Yield name, description and plugin of each detector of Python plugins.

        :meta private:
        """
        if not self._has_python_plugins:
            return ()
        from timeline_nb.python_plugins.offers import detectors_of

        return detectors_of(self.python_plugins.loader)

    def plugin_detector(self, name: str | Path | None) -> "FrameDetector | None":
        """Return a Python plugin's detector; None if the name is no plugin's.

        Raises:
            PluginError: The plugin cannot be used.
            RecognitionError: It has no detector of that name.

        :meta private:
        """
        plugin, slash, _ = str(name).partition("/")
        if not slash or not isinstance(name, str) or Path(name).exists():
            return None
        from timeline_nb.python_plugins.entries import entries

        enabled = self.python_plugins.enabled() if self._has_python_plugins else {}
        if plugin not in enabled and all(one.name != plugin for one in entries()):
            return None
        from timeline_nb.python_plugins.offers import detector_of

        return detector_of(self.python_plugins.loader, name)
