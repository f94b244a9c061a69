"""Probe, index and decode files in processes apart: what the media library uses."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Final, TypeVar

from msgspec.structs import replace

from timeline_nb.core.audio_choice import AudioChoice
from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import MediaError
from timeline_nb.i18n import Message
from timeline_nb.media.apart.broken import BrokenFiles
from timeline_nb.media.apart.decoder import VideoApart
from timeline_nb.media.apart.indexes import data_of, index_of
from timeline_nb.media.apart.messages import (
    Answer,
    BuildIndex,
    ClockFound,
    DecoderKind,
    FindClock,
    Indexed,
    PacketsRead,
    Probe,
    Probed,
    Progressed,
    ReadPackets,
    ReadSubtitles,
    Request,
    SubtitlesRead,
    info_with_path,
    path_text,
)
from timeline_nb.media.apart.process import DecoderLostError, DecoderProcess
from timeline_nb.media.apart.session import Session, checked
from timeline_nb.media.apart.sound import SoundApart
from timeline_nb.media.clock import Clock
from timeline_nb.media.damage_log import DamageLog
from timeline_nb.media.fingerprint import fingerprint
from timeline_nb.media.frame import Frame
from timeline_nb.media.index import FrameIndex
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.sequence import sequence_at
from timeline_nb.media.stored_packets import StoredPackets
from timeline_nb.media.subtitle_packets import SubtitlePackets

__all__ = ["FilesApart"]

T = TypeVar("T", bound=Answer)
_FINGERPRINT: Final = re.compile("[0-9a-f]{32}")


class FilesApart:
    """Opens files in processes apart; thread-safe.

    Args:
        folder: Of the notes on files that broke their decoder.
    """

    def __init__(self, folder: Path) -> None:
        self.broken = BrokenFiles(folder)

    def probe(self, path: Path | str) -> MediaInfo:
        """Return what a media file holds.

        Raises:
            MediaError: There is no such file, it is not media, or breaks its decoder.
        """
        asked = Probe(path=path_text(str(path)))
        info = self._answer(str(path), asked, Probed).info
        sequence = sequence_at(path)
        own = fingerprint(path) if sequence is None else sequence.status()[0]
        if not _FINGERPRINT.fullmatch(own):
            raise MediaError(Message("{path} has no fingerprint", path=path))
        return replace(info, path=str(path), fingerprint=own)

    def index(self, info: MediaInfo, reporter: Reporter | None = None) -> FrameIndex:
        """Build the frame index of a file.

        Raises:
            MediaError: It has no pictures, or breaks its decoder.
            JobCancelledError: The job was cancelled.
        """
        answer = self._answer(
            info.path, BuildIndex(info=_sent(info)), Indexed, reporter
        )
        try:
            return index_of(answer.index)
        except ValueError as error:
            raise MediaError(
                Message("{path} cannot be indexed: {why}", path=info.path, why=error)
            ) from error

    def clock(self, info: MediaInfo) -> Clock:
        """Return the clock of a file without pictures.

        Raises:
            MediaError: It cannot be read, or breaks its decoder.
        """
        return self._answer(info.path, FindClock(info=_sent(info)), ClockFound).clock

    def subtitles(
        self, info: MediaInfo, number: int, *, start: Fraction
    ) -> SubtitlePackets:
        """Read all of a text stream, as `read_subtitle_packets` does.

        Raises:
            MediaError: There is no such stream, or it cannot be read.
        """
        asked = ReadSubtitles(info=_sent(info), number=number, start=start)
        return self._answer(info.path, asked, SubtitlesRead).packets

    def packets(
        self, info: MediaInfo, index: FrameIndex, frame: int, most_bytes: int
    ) -> StoredPackets:
        """Read packets of pictures, as `read_stored_packets` does.

        Raises:
            MediaError: The file cannot be read from there.
        """
        asked = ReadPackets(
            info=_sent(info), index=data_of(index), frame=frame, most_bytes=most_bytes
        )
        return self._answer(info.path, asked, PacketsRead).packets

    def video(
        self,
        info: MediaInfo,
        index: FrameIndex,
        *,
        threads: int = 0,
        kind: DecoderKind = "shown",
        damage: DamageLog | None = None,
    ) -> VideoApart:
        """Open a decoder of pictures, for the caller to close.

        Raises:
            MediaError: The file cannot be opened.
        """
        return VideoApart(
            info, index, self.broken, threads=threads, kind=kind, damage=damage
        )

    def keyframes(
        self, info: MediaInfo, index: FrameIndex, numbers: Sequence[int]
    ) -> Iterator[Frame]:
        """Decode these frames, all of which are keyframes, in rising order.

        Raises:
            DamagedFrameError: One does not decode.
        """
        with self.video(info, index, threads=1) as decoder:
            yield from decoder.keyframes(numbers)

    def audio(
        self,
        info: MediaInfo,
        *,
        sample_rate_hz: int,
        layout: str,
        audio: AudioChoice,
        clock: Clock | None,
    ) -> SoundApart:
        """Open a decoder of sound, for the caller to close.

        Raises:
            MediaError: The file has no such sound.
        """
        return SoundApart(
            info,
            self.broken,
            sample_rate_hz=sample_rate_hz,
            layout=layout,
            audio=audio,
            clock=clock,
        )

    def _answer(
        self,
        path: str,
        asked: Request,
        kind: type[T],
        reporter: Reporter | None = None,
    ) -> T:
        """Return the answer to a request that needs no open file."""
        check: Callable[[], object] = reporter.check if reporter else lambda: None

        def work(process: DecoderProcess) -> T:
            answer = checked(process.ask(asked, check), path)
            while isinstance(answer, Progressed):
                if reporter is not None:
                    reporter.report(answer.stage, answer.done, answer.total)
                answer = checked(process.receive(check), path)
            if not isinstance(answer, kind):
                raise DecoderLostError("strange", "gave another answer")
            return answer

        with closing(Session(path, self.broken)) as session:
            return session.perform(work)


def _sent(info: MediaInfo) -> MediaInfo:
    return info_with_path(info, path_text(info.path))
