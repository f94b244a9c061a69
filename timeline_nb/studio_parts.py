"""The parts of a studio that are built when they are first used."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import finalize, ref

from timeline_nb.core.event_types import SettingsChanged
from timeline_nb.core.events import Events
from timeline_nb.core.queue import JobQueue
from timeline_nb.core.telemetry.health import HealthCheck
from timeline_nb.core.telemetry.metrics import Measurement
from timeline_nb.core.written_files import WrittenFiles
from timeline_nb.editor_settings import EditorSettingsStore
from timeline_nb.effects.provided import (
    add_provider,
    catalog_changed,
    forget_provider,
)
from timeline_nb.media.decoder_pool import DecoderPool
from timeline_nb.media.hash_index import HashIndex
from timeline_nb.media.library import MediaLibrary
from timeline_nb.settings import Settings
from timeline_nb.wasm_plugins.installed_effects import InstalledEffects
from timeline_nb.wasm_plugins.receiver import PluginReceiver
from timeline_nb.wasm_plugins.signals import PluginSignals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timeline_nb.compose.still import FrameComposer
    from timeline_nb.core.media_addresses import MediaAddresses
    from timeline_nb.core.offers import Offers
    from timeline_nb.effects.favorites import Favorites
    from timeline_nb.effects.presets import PresetStore
    from timeline_nb.project.formats import Formats
    from timeline_nb.project.known import KnownProjects
    from timeline_nb.publishing.publisher import Publisher
    from timeline_nb.python_plugins.plugins import PythonPlugins
    from timeline_nb.recognition.analyzers import Analyzer
    from timeline_nb.recognition.detection_cache import DetectionStore
    from timeline_nb.recognition.inference.objects import FrameDetector
    from timeline_nb.recognition.inference.trial import ModelTrials
    from timeline_nb.recognition.models.registry import ModelRegistry
    from timeline_nb.security.checks import KeyChecks
    from timeline_nb.security.oauth.accounts import Accounts
    from timeline_nb.security.store import SecretStore
    from timeline_nb.segments.store import SegmentStore
    from timeline_nb.timeline.formats import Exporter, Importer
    from timeline_nb.wasm_plugins.network import Signature
    from timeline_nb.wasm_plugins.plugins import Plugins

__all__ = ["StudioParts"]


class StudioParts:
    """Builds parts of a studio from its settings, once, when they are first used."""

    settings: Settings
    library: MediaLibrary
    decoders: DecoderPool
    queue: JobQueue

    @property
    def known_projects(self) -> "KnownProjects":
        """The projects saved here, which are opened with all that they read then."""
        from timeline_nb.project.known import KnownProjects

        return KnownProjects(self.settings.data_dir)

    @property
    def hashes(self) -> HashIndex:
        """The hashes of whole files that were computed, kept in the cache."""
        return HashIndex(self.settings.cache_dir)

    @cached_property
    def editor_settings(self) -> EditorSettingsStore:
        """What a person set in the editor; kept in the data folder."""
        path = self.settings.data_dir / "editor.json"
        return EditorSettingsStore(path, self.settings.editor)

    @property
    def language(self) -> str:
        """That of the widgets, as a person chose it; empty for the page's own."""
        return self.editor_settings.now.language or self.settings.language

    @property
    def written(self) -> WrittenFiles:
        """The files that were written here, which are replaced without a question."""
        return WrittenFiles(self.settings.data_dir)

    @cached_property
    def health_checks(self) -> list[HealthCheck]:
        """Checks of parts that are not built here, such as a server; append to it."""
        return []

    def measurements(self) -> list[Measurement]:
        """Return the values of the gauges of this studio now."""
        jobs, at_once = self.queue.jobs, self.queue.at_once
        running = min(len(jobs), at_once)
        found = [
            Measurement("timeline_nb.job.count", running, {"state": "running"}),
            Measurement(
                "timeline_nb.job.count", len(jobs) - running, {"state": "waiting"}
            ),
            _held("entries", len(self.decoders), "decoders"),
        ]
        # Parts that nobody used yet have nothing, and are not built for this.
        built = vars(self)
        if "segments" in built:
            kept = self.segments.statistics()
            found.append(_held("size", kept.size_bytes, "segments"))
            found.append(_held("entries", kept.files, "segments"))
        if "frame_composer" in built:
            count, size_bytes = self.frame_composer.kept
            found.append(_held("size", size_bytes, "frames"))
            found.append(_held("entries", count, "frames"))
        return found

    @cached_property
    def segments(self) -> "SegmentStore":
        """The cache of encoded segments, on disk."""
        from timeline_nb.segments.store import SegmentStore

        folder = self.settings.cache_dir / "segments"
        return SegmentStore(folder, max_bytes=self.settings.segment_bytes)

    @cached_property
    def vault(self) -> "SecretStore":
        """Keeps secrets; the file is read when a secret is asked for."""
        from timeline_nb.security.vault import open_vault

        return open_vault(self.settings.data_dir / "vault")

    @cached_property
    def key_checks(self) -> "KeyChecks":
        """Checks API keys; its `providers` are those that this studio knows."""
        from timeline_nb.security.checks import KeyChecks

        return KeyChecks()

    @cached_property
    def accounts(self) -> "Accounts":
        """Signs in to platforms, and renews tokens."""
        from timeline_nb.security.oauth.accounts import Accounts

        folder = self.settings.data_dir / "accounts"
        return Accounts(self.vault, lock_folder=folder)

    @cached_property
    def publisher(self) -> "Publisher":
        """Uploads films, with the keys of the vault and the accounts."""
        from timeline_nb.publishing.publisher import Publisher
        from timeline_nb.publishing.tokens import authorizer

        return Publisher(
            self.settings.data_dir / "uploads",
            self.library,
            authorizer(lambda: self.vault, lambda: self.accounts),
        )

    @cached_property
    def addresses(self) -> "MediaAddresses | None":
        """Addresses of media for browsers; None where no server is beside us."""
        from timeline_nb.core.media_addresses import kernel_addresses

        return kernel_addresses()

    @cached_property
    def plugins(self) -> "Plugins":
        """Other people's code, which runs in a sandbox."""
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
        """What plugins do that a person sees; it is there before any plugin."""
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
        """What happens here, as signals; plugins that ask for events get them too."""
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
        """Who reads files of other formats as edits, and who writes them."""
        from timeline_nb.project.formats import Formats

        return Formats(
            [self._wasm_importers, self._python_importers],
            [self._wasm_exporters, self._python_exporters],
        )

    @property
    def analyzers(self) -> "Offers[Analyzer]":
        """Who measures pictures and sound."""
        from timeline_nb.core.offers import Offers

        return Offers("analyzer", self._wasm_analyzers, self._python_analyzers)

    @property
    def has_wasm_plugins(self) -> bool:
        """Whether one may be installed; nothing of plugins is loaded."""
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
    def presets(self) -> "PresetStore":
        """Effects that this person saved by name."""
        from timeline_nb.effects.presets import PresetStore

        return PresetStore(self.settings.data_dir / "presets")

    @cached_property
    def favorite_effects(self) -> "Favorites":
        """Kinds of the catalog that this person marked."""
        from timeline_nb.effects.favorites import Favorites

        return Favorites(self.settings.data_dir / "favorite_effects.json")

    @cached_property
    def python_plugins(self) -> "PythonPlugins":
        """Packages that a person enabled, which run with full rights."""
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

    def plugin_detector(self, name: str | Path | None) -> "FrameDetector | None":
        """Return a Python plugin's detector; None if the name is no plugin's.

        Raises:
            PluginError: The plugin cannot be used.
            RecognitionError: It has no detector of that name.
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

    @cached_property
    def frame_composer(self) -> "FrameComposer":
        """Composes single frames of edits, and keeps decoders and frames."""
        from timeline_nb.compose.still import FrameComposer

        return FrameComposer(self.library, decoders=self.decoders)

    @property
    def models(self) -> "ModelRegistry":
        """The models known by name."""
        from timeline_nb.recognition.models.registry import ModelRegistry

        return ModelRegistry(self.settings.data_dir / "models", self.model_trials)

    @property
    def model_trials(self) -> "ModelTrials":
        """Tries models from outside before they run here."""
        from timeline_nb.recognition.inference.trial import ModelTrials

        folder = self.settings.cache_dir / "models"
        return ModelTrials(folder, self.settings.model_limits)

    @property
    def detections(self) -> "DetectionStore":
        """The cache of detections, on disk."""
        from timeline_nb.recognition.detection_cache import DetectionStore

        return DetectionStore(self.settings.cache_dir / "detections")


def _held(what: str, value: float, cache: str) -> Measurement:
    return Measurement(f"timeline_nb.cache.{what}", value, {"cache": cache})
