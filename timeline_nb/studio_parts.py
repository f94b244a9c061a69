"""The parts of a studio that are built when they are first used."""

import sys
from functools import cached_property
from typing import TYPE_CHECKING

from timeline_nb.core.queue import JobQueue
from timeline_nb.core.telemetry.health import HealthCheck
from timeline_nb.core.telemetry.metrics import Measurement
from timeline_nb.core.written_files import WrittenFiles
from timeline_nb.editor_settings import EditorSettingsStore
from timeline_nb.media.decoder_pool import DecoderPool
from timeline_nb.media.hash_index import HashIndex
from timeline_nb.media.library import MediaLibrary
from timeline_nb.settings import Settings
from timeline_nb.studio_plugins import PluginParts

if TYPE_CHECKING:
    from timeline_nb.compose.still import FrameComposer
    from timeline_nb.core.media_addresses import MediaAddresses
    from timeline_nb.effects.favorites import Favorites
    from timeline_nb.effects.presets import PresetStore
    from timeline_nb.project.known import KnownProjects
    from timeline_nb.publishing.publisher import Publisher
    from timeline_nb.recognition.detection_cache import DetectionStore
    from timeline_nb.recognition.inference.detector_cache import DetectorCache
    from timeline_nb.recognition.inference.trial import ModelTrials
    from timeline_nb.recognition.models.registry import ModelRegistry
    from timeline_nb.security.checks import KeyChecks
    from timeline_nb.security.oauth.accounts import Accounts
    from timeline_nb.security.store import SecretStore
    from timeline_nb.segments.store import SegmentStore

__all__ = ["StudioParts"]


class StudioParts(PluginParts):
    """Builds parts of a studio from its settings, once, when they are first used."""

    settings: Settings
    library: MediaLibrary
    decoders: DecoderPool
    queue: JobQueue
    _detectors: "DetectorCache"

    @property
    def known_projects(self) -> "KnownProjects":
        """The projects saved here, which are opened with all that they read then.

        :meta private:
        """
        from timeline_nb.project.known import KnownProjects

        return KnownProjects(self.settings.data_dir)

    @property
    def hashes(self) -> HashIndex:
        """The hashes of whole files that were computed, kept in the cache.

        :meta private:
        """
        return HashIndex(self.settings.cache_dir)

    @cached_property
    def editor_settings(self) -> EditorSettingsStore:
        """What a person set in the editor; kept in the data folder.

        :meta private:
        """
        path = self.settings.data_dir / "editor.json"
        return EditorSettingsStore(path, self.settings.editor)

    @property
    def language(self) -> str:
        """That of the widgets, as a person chose it; empty for the page's own.

        Example:
            >>> studio.language  # the page's own
            ''
        """
        return self.editor_settings.now.language or self.settings.language

    @property
    def written(self) -> WrittenFiles:
        """The files that were written here, which are replaced without a question.

        :meta private:
        """
        return WrittenFiles(self.settings.data_dir)

    @cached_property
    def health_checks(self) -> list[HealthCheck]:
        """Checks of parts that are not built here, such as a server; append to it.

        Example:
            >>> len(studio.health_checks)
            0
        """
        return []

    def measurements(self) -> list[Measurement]:
        """Return the values of the gauges of this studio now.

        :meta private:
        """
        jobs, at_once = self.queue.jobs, self.queue.at_once
        running = min(len(jobs), at_once)
        found = [
            Measurement("timeline_nb.job.count", running, {"state": "running"}),
            Measurement(
                "timeline_nb.job.count", len(jobs) - running, {"state": "waiting"}
            ),
            _held("entries", len(self.decoders), "decoders"),
            _held("entries", self._detectors.kept, "detectors"),
        ]
        # Parts that nobody used yet have nothing, and are not built for this.
        built = vars(self)
        if "timeline_nb.effects.titles.raster" in sys.modules:
            from timeline_nb.effects.titles.raster import kept_texts

            count, size_bytes = kept_texts()
            found.append(_held("size", size_bytes, "titles"))
            found.append(_held("entries", count, "titles"))
        if "segments" in built:
            count, size_bytes = self.segments.held()
            found.append(_held("size", size_bytes, "segments"))
            found.append(_held("entries", count, "segments"))
        if "frame_composer" in built:
            count, size_bytes = self.frame_composer.kept
            found.append(_held("size", size_bytes, "frames"))
            found.append(_held("entries", count, "frames"))
        return found

    @cached_property
    def segments(self) -> "SegmentStore":
        """The cache of encoded segments, on disk.

        Example:
            >>> freed_bytes = studio.segments.clear()
        """
        from timeline_nb.segments.store import SegmentStore

        folder = self.settings.cache_dir / "segments"
        return SegmentStore(folder, max_bytes=self.settings.segment_bytes)

    @cached_property
    def vault(self) -> "SecretStore":
        """Keeps secrets; the file is read when a secret is asked for.

        Example:
            >>> studio.vault.put("acme", tl.Secret("abc"))
            >>> studio.vault.names()
            ['acme']
        """
        from timeline_nb.security.vault import open_vault

        return open_vault(self.settings.data_dir / "vault")

    @cached_property
    def key_checks(self) -> "KeyChecks":
        """Checks API keys; its `providers` are those that this studio knows.

        Example:
            >>> "openai" in studio.key_checks.providers
            False
        """
        from timeline_nb.security.checks import KeyChecks

        return KeyChecks()

    @cached_property
    def accounts(self) -> "Accounts":
        """Signs in to platforms, and renews tokens.

        Example:
            >>> studio.accounts.providers[:2]
            ['instagram', 'tiktok']
        """
        from timeline_nb.security.oauth.accounts import Accounts

        folder = self.settings.data_dir / "accounts"
        return Accounts(self.vault, lock_folder=folder)

    @cached_property
    def publisher(self) -> "Publisher":
        """Uploads films, with the keys of the vault and the accounts.

        :meta private:
        """
        from timeline_nb.publishing.publisher import Publisher
        from timeline_nb.publishing.tokens import authorizer

        return Publisher(
            self.settings.data_dir / "uploads",
            self.library,
            authorizer(lambda: self.vault, lambda: self.accounts),
        )

    @cached_property
    def addresses(self) -> "MediaAddresses | None":
        """Addresses of media for browsers; None where no server is beside us.

        :meta private:
        """
        from timeline_nb.core.media_addresses import kernel_addresses

        return kernel_addresses()

    @cached_property
    def presets(self) -> "PresetStore":
        """Effects that this person saved by name.

        :meta private:
        """
        from timeline_nb.effects.presets import PresetStore

        return PresetStore(self.settings.data_dir / "presets")

    @cached_property
    def favorite_effects(self) -> "Favorites":
        """Kinds of the catalog that this person marked.

        :meta private:
        """
        from timeline_nb.effects.favorites import Favorites

        return Favorites(self.settings.data_dir / "favorite_effects.json")

    @cached_property
    def frame_composer(self) -> "FrameComposer":
        """Composes single frames of edits, and keeps decoders and frames.

        Example:
            >>> studio.frame_composer.frame(cut.timeline, 1, size=(160, 90)).shape
            (90, 160, 3)
        """
        from timeline_nb.compose.still import FrameComposer

        return FrameComposer(self.library, decoders=self.decoders)

    @property
    def models(self) -> "ModelRegistry":
        """The models known by name.

        Example:
            >>> [entry.name for entry in studio.models.entries()][0]
            'nanodet-g-416'
        """
        from timeline_nb.recognition.models.registry import ModelRegistry

        return ModelRegistry(self.settings.data_dir / "models", self.model_trials)

    @property
    def model_trials(self) -> "ModelTrials":
        """Tries models from outside before they run here.

        :meta private:
        """
        from timeline_nb.recognition.inference.trial import ModelTrials

        folder = self.settings.cache_dir / "models"
        return ModelTrials(folder, self.settings.model_limits)

    @property
    def detections(self) -> "DetectionStore":
        """The cache of detections, on disk.

        :meta private:
        """
        from timeline_nb.recognition.detection_cache import DetectionStore

        return DetectionStore(self.settings.cache_dir / "detections")


def _held(what: str, value: float, cache: str) -> Measurement:
    return Measurement(f"timeline_nb.cache.{what}", value, {"cache": cache})
