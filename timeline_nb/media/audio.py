"""Decode sound: exactly the samples requested, at a rate and a layout."""

from typing import Self

import av
import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.audio_choice import AudioChoice
from timeline_nb.core.locks import new_rlock
from timeline_nb.errors import MediaError
from timeline_nb.i18n import Message
from timeline_nb.media._pyav import reason
from timeline_nb.media.audio_stream import StreamDecoder
from timeline_nb.media.channels import LAYOUTS
from timeline_nb.media.clock import Clock
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.samples import Folded
from timeline_nb.media.streams import sounding

__all__ = ["AudioDecoder"]


class AudioDecoder:
    """Decodes the sound of a file; a context manager, thread-safe.

    Sample `n` is the one at media time `n / sample_rate_hz`. There is silence outside
    the streams and in their holes. Several streams are added up.

    Args:
        info: The file, probed.
        sample_rate_hz: Of what is given.
        layout: The channels of what is given: `mono`, `stereo`, `5.1` or `7.1`; how
            those of the file are mixed down is documented in `media.channels`.
        audio: Which streams are heard.
        clock: Converts stamps to media time; begins at `info.start_time` if not given.

    Raises:
        MediaError: The file has no sound, or not the streams that are to be heard, or
            there is no such rate or layout.
    """

    def __init__(
        self,
        info: MediaInfo,
        *,
        sample_rate_hz: int,
        layout: str = "stereo",
        audio: AudioChoice = "default",
        clock: Clock | None = None,
    ) -> None:
        if layout not in LAYOUTS or sample_rate_hz < 1:
            raise MediaError(
                Message(
                    "{path}: sound cannot be given as {layout} at "
                    "{sample_rate_hz} Hz: ask for {layouts}, and a rate",
                    path=info.path,
                    layout=repr(layout),
                    sample_rate_hz=sample_rate_hz,
                    layouts=", ".join(LAYOUTS),
                )
            )
        self.info = info
        self.sample_rate_hz = sample_rate_hz
        self.channels = len(LAYOUTS[layout])
        self._lock = new_rlock("an audio decoder")
        self._closed = False
        self._streams: list[StreamDecoder] = []
        try:
            for stream, side in sounding(info, audio):
                decoder = StreamDecoder(
                    info,
                    stream,
                    Folded(layout, side),
                    sample_rate_hz=sample_rate_hz,
                    clock=clock or Clock(info.start_time),
                )
                self._streams.append(decoder)
        except MediaError:
            self.close()
            raise

    def read(self, start: int, count: int) -> NDArray[np.float32]:
        """Return samples from `start` on: `(channels, count) float32`, -1 to 1.

        Raises:
            MediaError: The sound does not decode.
        """
        with self._lock:
            try:
                first, *others = (s.read(start, count) for s in self._streams)
            except (av.error.FFmpegError, ValueError, OverflowError) as error:
                second = start / self.sample_rate_hz
                raise MediaError(
                    Message(
                        "{path}: the sound at {second} s does not decode: {why}",
                        path=self.info.path,
                        second=f"{second:.3f}",
                        why=reason(error),
                    )
                ) from error
            for other in others:
                first += other
            return first

    @property
    def is_open(self) -> bool:
        """Whether it holds the file."""
        return not self._closed

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._closed = True
            for stream in self._streams:
                stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
