"""The parts of a studio that are built when they are first used."""

from functools import cached_property
from typing import TYPE_CHECKING

from timeline_nb.core.written_files import WrittenFiles
from timeline_nb.media.decoder_pool import DecoderPool
from timeline_nb.media.library import MediaLibrary
from timeline_nb.settings import Settings

if TYPE_CHECKING:
    from timeline_nb.compose.still import FrameComposer
    from timeline_nb.core.media_addresses import MediaAddresses
    from timeline_nb.project.known import KnownProjects
    from timeline_nb.publishing.publisher import Publisher
    from timeline_nb.recognition.detection_cache import DetectionStore
    from timeline_nb.recognition.inference.trial import ModelTrials
    from timeline_nb.recognition.models.registry import ModelRegistry
    from timeline_nb.security.checks import KeyChecks
    from timeline_nb.security.oauth.accounts import Accounts
    from timeline_nb.security.store import SecretStore
    from timeline_nb.segments.store import SegmentStore
    from timeline_nb.wasm_plugins.plugins import Plugins

__all__ = ["StudioParts"]


class StudioParts:
    """Builds parts of a studio from its settings, once, when they are first used."""

    settings: Settings
    library: MediaLibrary
    decoders: DecoderPool

    @property
    def known_projects(self) -> "KnownProjects":
        """The projects saved here, which are opened with all that they read then."""
        from timeline_nb.project.known import KnownProjects

        return KnownProjects(self.settings.data_dir)

    @property
    def written(self) -> WrittenFiles:
        """The files that were written here, which are replaced without a question."""
        return WrittenFiles(self.settings.data_dir)

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
        from timeline_nb.security.oauth.signing import signature
        from timeline_nb.wasm_plugins.plugins import Plugins

        return Plugins(
            self.settings.data_dir / "plugins",
            self.settings.cache_dir / "plugins",
            authorise=lambda account, host: signature(self.accounts, account, host),
        )

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
