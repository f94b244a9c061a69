"""What opens media files: in this process, or in one apart."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from timeline_nb.core.audio_choice import AudioChoice
from timeline_nb.core.jobs import Reporter
from timeline_nb.core.telemetry.spans import span
from timeline_nb.media.apart.files import FilesApart
from timeline_nb.media.apart.isolation import Isolation
from timeline_nb.media.audio import AudioDecoder
from timeline_nb.media.audio_clock import audio_clock
from timeline_nb.media.clock import Clock
from timeline_nb.media.damage_log import DamageLog
from timeline_nb.media.decoder import (
    Decoder,
    Skimmer,
    SoundDecoder,
    build_frame_index,
    open_analysis_decoder,
    open_decoder,
)
from timeline_nb.media.frame import Frame
from timeline_nb.media.index import FrameIndex
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.keyframes import keyframes
from timeline_nb.media.probe import probe
from timeline_nb.media.stored_packets import StoredPackets, read_stored_packets
from timeline_nb.media.subtitle_packets import SubtitlePackets, read_subtitle_packets

__all__ = ["MediaReaders"]


class MediaReaders:
    """Opens each file where it belongs; all methods raise `MediaError`.

    Args:
        isolation: Which files are opened in processes apart.
        folder: Of the notes on files that broke their decoder.
    """

    def __init__(self, isolation: Isolation, folder: Path) -> None:
        self.isolation = isolation
        self._apart = FilesApart(folder)

    def is_apart(self, path: Path | str) -> bool:
        """Return whether a file is opened in a process apart."""
        return self.isolation.is_apart(path)

    def try_again(self, path: Path | str) -> None:
        """Have a file that broke its decoder opened again."""
        self._apart.broken.forget(str(path))

    def probe(self, path: Path | str) -> MediaInfo:
        """Return what a media file holds."""
        with span("media.open", str(path)):
            return self._apart.probe(path) if self.is_apart(path) else probe(path)

    def index(self, info: MediaInfo, reporter: Reporter | None) -> FrameIndex:
        """Build the frame index of a file."""
        with span("media.index", info.path):
            if self.is_apart(info.path):
                return self._apart.index(info, reporter)
            return build_frame_index(info, reporter=reporter)

    def clock(self, info: MediaInfo) -> Clock:
        """Return the clock of a file without pictures."""
        apart = self.is_apart(info.path)
        return self._apart.clock(info) if apart else audio_clock(info)

    def subtitles(
        self, info: MediaInfo, number: int, *, start: Fraction
    ) -> SubtitlePackets:
        """Read all of a text stream."""
        apart = self.is_apart(info.path)
        read = self._apart.subtitles if apart else read_subtitle_packets
        return read(info, number, start=start)

    def packets(
        self, info: MediaInfo, index: FrameIndex, frame: int, most_bytes: int
    ) -> StoredPackets:
        """Read packets of pictures as the file stores them, from a frame's on."""
        if self.is_apart(info.path):
            return self._apart.packets(info, index, frame, most_bytes)
        return read_stored_packets(info.path, index, frame, most_bytes=most_bytes)

    def video(
        self,
        info: MediaInfo,
        index: FrameIndex,
        damage: DamageLog,
        *,
        threads: int = 0,
        device: str | None = None,
    ) -> Decoder:
        """Open a decoder of pictures; apart, it decodes in software."""
        if self.is_apart(info.path):
            return self._apart.video(info, index, threads=threads, damage=damage)
        return open_decoder(info, index, threads, device, damage)

    def analysis(
        self, info: MediaInfo, index: FrameIndex, *, anchors_only: bool
    ) -> Skimmer:
        """Open a decoder for analysis."""
        if not self.is_apart(info.path):
            return open_analysis_decoder(info, index, anchors_only=anchors_only)
        if anchors_only:
            return self._apart.video(info, index, threads=1, kind="anchors")
        return self._apart.video(info, index, threads=1, kind="analysis")

    def keyframes(
        self, info: MediaInfo, index: FrameIndex, numbers: Sequence[int]
    ) -> Iterator[Frame]:
        """Decode frames, all of which are keyframes, in rising order."""
        apart = self.is_apart(info.path)
        return (self._apart.keyframes if apart else keyframes)(info, index, numbers)

    def audio(
        self,
        info: MediaInfo,
        *,
        sample_rate_hz: int,
        layout: str,
        audio: AudioChoice,
        clock: Clock | None,
    ) -> SoundDecoder:
        """Open a decoder of sound."""
        opened = self._apart.audio if self.is_apart(info.path) else AudioDecoder
        return opened(
            info,
            sample_rate_hz=sample_rate_hz,
            layout=layout,
            audio=audio,
            clock=clock,
        )
