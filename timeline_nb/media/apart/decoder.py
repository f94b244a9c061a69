"""Decode pictures in a process apart, with the interface of the decoders here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from timeline_nb.core.locks import new_rlock
from timeline_nb.errors import DamagedFrameError, MediaError
from timeline_nb.i18n import Message, message_of
from timeline_nb.media.apart.broken import BrokenFiles
from timeline_nb.media.apart.failures import error_of
from timeline_nb.media.apart.indexes import data_of
from timeline_nb.media.apart.messages import (
    AllSent,
    DecodeKeyframes,
    DecoderKind,
    Failed,
    OpenVideo,
    PictureMade,
    Read,
    Skim,
    Took,
    info_with_path,
    path_text,
)
from timeline_nb.media.apart.pictures import PictureReader, padded_bytes
from timeline_nb.media.apart.process import DecoderLostError, DecoderProcess
from timeline_nb.media.apart.region import slots_for
from timeline_nb.media.apart.session import Session, checked
from timeline_nb.media.damage_log import DamageLog
from timeline_nb.media.decode import framed
from timeline_nb.media.file_state import state_of
from timeline_nb.media.frame import Frame
from timeline_nb.media.frame_reader import FrameReader
from timeline_nb.media.held_frames import HELD_REACH, KeptFrames
from timeline_nb.media.index import FrameIndex
from timeline_nb.media.info import MediaInfo

__all__ = ["VideoApart"]

# A longer step is a seek.
_LONGEST_STEP: Final = 16
# Frames of a run that are passed over rather than asked for anew.
_MOST_PASSED: Final = 4
_NO_FRAME: Final = -100


@dataclass(eq=False)
class _Run:
    """Frames that the process decodes one after another.

    Args:
        at: The next that it sends.
        step: From one to the next.
        end: The first that it does not send.
    """

    at: int
    step: int
    end: int

    def reaches(self, number: int) -> bool:
        """Return whether a frame is among the next."""
        steps, rest = divmod(number - self.at, self.step)
        return rest == 0 and 0 <= steps <= _MOST_PASSED and number < self.end


class VideoApart(FrameReader):
    """Decodes the pictures of a file in a process; a context manager, thread-safe.

    Where frames are asked for in order, the process decodes the next ones meanwhile.

    Args:
        info: The file, probed.
        index: Its frames.
        broken: Remembers files that break their decoder.
        threads: As for `VideoDecoder`.
        kind: Frames as `shown`, or for `analysis`, of `anchors` only.
        damage: The log of frames that do not decode; none if None.

    Raises:
        MediaError: The file cannot be opened.
    """

    def __init__(  # noqa: PLR0913 - as of `VideoDecoder`
        self,
        info: MediaInfo,
        index: FrameIndex,
        broken: BrokenFiles,
        *,
        threads: int = 0,
        kind: DecoderKind = "shown",
        damage: DamageLog | None = None,
    ) -> None:
        self.info, self.index = info, index
        self.held_reach = HELD_REACH if info.reader == "ffmpeg" else None
        self._threads, self._kind, self._log = threads, kind, damage
        self._lock = new_rlock("a decoder apart")
        self._kept = KeptFrames()
        self._closed = False
        self._state = state_of(info.path)
        self._slot_bytes = 0
        self._reader = PictureReader()
        self._run: _Run | None = None
        # The frame that was asked for last, and how far it was from the one before.
        self._last, self._stride = _NO_FRAME, 0
        self._session = Session(info.path, broken, self._opening)
        self._session.perform(lambda _: None)

    def frame(self, number: int) -> Frame:
        """Return frame `number`, counted from 0 in the order shown.

        Raises:
            MediaError: There is no such frame, or the file breaks its decoder.
            DamagedFrameError: It does not decode.
        """
        if not 0 <= number < len(self.index):
            raise MediaError(
                Message(
                    "{path} has {count} frames: there is no frame {number}",
                    path=self.info.path,
                    count=len(self.index),
                    number=number,
                )
            )
        with self._lock:
            kept = self._kept.get(number)
            if kept is not None:
                return kept
            stride = number - self._last
            frame = self._session.perform(
                lambda process: self._read(process, number, stride)
            )
            self._stride, self._last = stride, number
            self._kept[number] = frame
            return frame

    def skim(self, first: int, last: int) -> Iterator[Frame]:
        """Yield the frames from keyframe `first` up to `last`, for an analysis.

        Raises:
            MediaError: A frame does not decode, or more than a few do not.
        """
        if self.info.reader != "ffmpeg":
            return self.frames(range(first, last))
        return self._streamed(Skim(first=first, last=last))

    def keyframes(self, numbers: Sequence[int]) -> Iterator[Frame]:
        """Yield frames, all of which are keyframes, in rising order.

        Raises:
            DamagedFrameError: One does not decode.
        """
        return self._streamed(DecodeKeyframes(numbers=tuple(numbers)))

    @property
    def is_open(self) -> bool:
        """Whether it holds the file."""
        return not self._closed

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._closed = True
            self._kept.clear()
            self._session.close()

    def _opening(self, process: DecoderProcess) -> OpenVideo:
        stream, info = self.info.video[0], self.info
        size = padded_bytes(stream.width, stream.height, stream.pix_fmt)
        self._slot_bytes, slots = slots_for(size) if process.has_slots else (0, 0)
        self._run = None
        known = self._log.frames(info.fingerprint) if self._log else ()
        return OpenVideo(
            info=info_with_path(info, path_text(info.path)),
            index=data_of(self.index),
            kind=self._kind,
            threads=self._threads,
            damaged=tuple(sorted(known)),
            slot_bytes=self._slot_bytes,
            slots=slots,
        )

    def _read(self, process: DecoderProcess, number: int, stride: int) -> Frame:
        run = self._run
        if run is None or not run.reaches(number):
            run = self._begun(process, number, stride)
        while True:
            answer = process.receive()
            at, run.at = run.at, run.at + run.step
            if not isinstance(answer, (PictureMade, Failed)):
                raise DecoderLostError("strange", "sent no picture")
            if isinstance(answer, Failed) and answer.number < 0:
                self._run = None
                checked(answer, self.info.path)
            if answer.number != at:
                raise DecoderLostError("strange", "sent another picture")
            frame = self._taken(process, answer) if at == number else None
            if run.at < run.end:
                process.send_more(Took())
            if frame is not None:
                return frame
            if at == number:
                raise self._undecodable(answer)

    def _begun(self, process: DecoderProcess, number: int, stride: int) -> _Run:
        """Ask for a frame, and for those after it where frames come in order."""
        repeats = stride == self._stride and 0 < stride <= _LONGEST_STEP
        step = stride if stride == 1 or repeats else 1
        runs = stride == 1 or repeats
        count = (len(self.index) - 1 - number) // step + 1 if runs else 1
        process.send(Read(number=number, step=step, count=count))
        self._run = _Run(number, step, number + step * count)
        return self._run

    def _taken(
        self, process: DecoderProcess, answer: PictureMade | Failed
    ) -> Frame | None:
        """Return the frame of an answer; None of one that does not decode."""
        if isinstance(answer, Failed):
            return None
        data = memoryview(answer.data)
        try:
            if answer.slot >= 0:
                data = process.slot(answer.slot, self._slot_bytes)
            picture = self._reader.read(answer, data)
        except (ValueError, MemoryError, OverflowError):
            raise DecoderLostError("strange", "sent what is no picture") from None
        return framed(self.info, self.index, answer.number, picture)

    def _undecodable(self, answer: PictureMade | Failed) -> MediaError:
        """Return the error of a frame, and log the frames that were found damaged."""
        assert isinstance(answer, Failed)  # noqa: S101 - else there is a frame
        if self._log is not None and state_of(self.info.path) == self._state:
            count = len(self.index)
            for first, stop in answer.damaged:
                numbers = range(max(0, first), min(stop, count))
                self._log.add(self.info.fingerprint, numbers)
        error = error_of(answer, self.info.path)
        return (
            error
            if isinstance(error, MediaError)
            else DamagedFrameError(message_of(error))
        )

    def _streamed(self, asked: Skim | DecodeKeyframes) -> Iterator[Frame]:
        """Yield the frames of an answer of many; after a loss it is asked for again."""
        run = _Run(0, 1, 0)
        given = 0

        def following(process: DecoderProcess) -> Frame | None:
            passed = 0
            if self._run is not run:
                process.send(asked)
                self._run, passed = run, given
            while True:
                answer = checked(process.receive(), self.info.path)
                if isinstance(answer, AllSent):
                    self._run = None
                    return None
                if not isinstance(answer, PictureMade):
                    raise DecoderLostError("strange", "sent no picture")
                if not 0 <= answer.number < len(self.index):
                    raise DecoderLostError("strange", "sent another picture")
                frame = None if passed else self._taken(process, answer)
                process.send_more(Took())
                if frame is not None:
                    return frame
                passed -= 1

        while True:
            with self._lock:
                frame = self._session.perform(following)
            if frame is None:
                return
            given += 1
            yield frame
