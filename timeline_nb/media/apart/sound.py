"""Decode sound in a process apart, with the interface of `AudioDecoder`."""

from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.audio_choice import AudioChoice
from timeline_nb.core.locks import new_rlock
from timeline_nb.errors import MediaError
from timeline_nb.media.apart.broken import BrokenFiles
from timeline_nb.media.apart.messages import (
    OpenSound,
    ReadSound,
    SoundMade,
    Took,
    info_with_path,
    path_text,
)
from timeline_nb.media.apart.process import DecoderLostError, DecoderProcess
from timeline_nb.media.apart.region import slots_for
from timeline_nb.media.apart.session import Session, checked
from timeline_nb.media.channels import LAYOUTS
from timeline_nb.media.clock import Clock
from timeline_nb.media.info import MediaInfo

__all__ = ["SoundApart"]

# Pieces that are read one after another are decoded ahead, without an end: beyond the
# file there is silence.
_MANY: Final = 1 << 40
_SAMPLE_BYTES: Final = 4
# A second of sound fits a slot, and a piece of a film's sound is less.
_SLOT_S: Final = 1


class SoundApart:
    """Decodes the sound of a file in a process; a context manager, thread-safe.

    Args:
        info: The file, probed.
        broken: Remembers files that break their decoder.
        sample_rate_hz: As for `AudioDecoder`.
        layout: Likewise.
        audio: Likewise.
        clock: Likewise.

    Raises:
        MediaError: The file has no such sound, or there is no such rate or layout.
    """

    def __init__(  # noqa: PLR0913 - as of `AudioDecoder`
        self,
        info: MediaInfo,
        broken: BrokenFiles,
        *,
        sample_rate_hz: int,
        layout: str = "stereo",
        audio: AudioChoice = "default",
        clock: Clock | None = None,
    ) -> None:
        self.info = info
        self.sample_rate_hz = sample_rate_hz
        self.channels = len(LAYOUTS.get(layout, ()))
        self._asked = (sample_rate_hz, layout, audio, clock)
        self._lock = new_rlock("a decoder of sound apart")
        self._closed = False
        self._slot_bytes = 0
        # Where the next piece of the same size begins, and whether it is being decoded.
        self._next, self._count, self._runs = -1, 0, False
        self._session = Session(info.path, broken, self._opening)
        self._session.perform(lambda _: None)

    def read(self, start: int, count: int) -> NDArray[np.float32]:
        """Return samples from `start` on: `(channels, count) float32`, -1 to 1.

        Raises:
            MediaError: The sound does not decode, or the file breaks its decoder.
        """
        with self._lock:
            follows = start == self._next and count == self._count
            samples = self._session.perform(
                lambda process: self._read(process, start, count, follows=follows)
            )
            self._next, self._count = start + count, count
            return samples

    @property
    def is_open(self) -> bool:
        """Whether it holds the file."""
        return not self._closed

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._closed = True
            self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _opening(self, process: DecoderProcess) -> OpenSound:
        rate, layout, audio, clock = self._asked
        size = max(1, min(rate, 1 << 20)) * self.channels * _SAMPLE_BYTES * _SLOT_S
        self._slot_bytes, slots = slots_for(size) if process.has_slots else (0, 0)
        self._runs = False
        return OpenSound(
            info=info_with_path(self.info, path_text(self.info.path)),
            sample_rate_hz=rate,
            layout=layout,
            audio=audio,
            clock=clock,
            slot_bytes=self._slot_bytes,
            slots=slots,
        )

    def _read(
        self, process: DecoderProcess, start: int, count: int, *, follows: bool
    ) -> NDArray[np.float32]:
        if not (follows and self._runs):
            self._runs = follows and count > 0
            runs = _MANY if self._runs else 1
            process.send(ReadSound(start=start, count=count, runs=runs))
        try:
            answer = checked(process.receive(), self.info.path)
        except MediaError:
            self._runs = False
            raise
        if not isinstance(answer, SoundMade):
            raise DecoderLostError("strange", "sent no sound")
        samples = self._taken(process, answer, count)
        if self._runs:
            process.send_more(Took())
        return samples

    def _taken(
        self, process: DecoderProcess, answer: SoundMade, count: int
    ) -> NDArray[np.float32]:
        """Return a copy of the samples of an answer."""
        shape = (self.channels, count)
        try:
            data = memoryview(answer.data)
            if answer.slot >= 0:
                data = process.slot(answer.slot, self._slot_bytes)
            whole = np.frombuffer(data, "<f4")[: self.channels * count]
            return whole.reshape(shape).astype(np.float32, copy=True)
        except ValueError:
            raise DecoderLostError("strange", "sent what is no sound") from None
