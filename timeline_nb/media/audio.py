"""Decoding sound: exactly the samples asked for, at the rate and layout asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from threading import RLock
from typing import Final, Self

import av
import numpy as np
from numpy.typing import NDArray

from timeline_nb.errors import MediaError
from timeline_nb.media._pyav import audio_stream, open_input, packets, reason
from timeline_nb.media.info import MediaInfo

__all__ = ["AudioDecoder"]

# Decoded before the first sample wanted: MP3's bit reservoir, Opus's 80 ms, and the
# overlap of AAC frames all settle within it.
_PRE_ROLL_S: Final = Fraction(1, 2)
# Reading on is cheaper than a seek up to here.
_READ_ON_S: Final = 2
# Time stamps may jitter by the container's rounding; more is a hole in the sound.
_HOLE_S: Final = 0.02
# The coarsest clock of a container in use.
_ROUNDING_S: Final = Fraction(1, 1000)


@dataclass(frozen=True)
class _Grid:
    """Where a codec's frames begin: `origin` plus any number of steps, in seconds.

    Matroska and others round time stamps to a millisecond, up to 24 samples off;
    frames of equal length tell the very sample.
    """

    origin: Fraction
    step: Fraction | None

    def nearest(self, time: Fraction) -> Fraction:
        """The place on the grid that a rounded time means."""
        if self.step is None:
            return time
        place = self.origin + round((time - self.origin) / self.step) * self.step
        return place if abs(place - time) <= _ROUNDING_S else time


class AudioDecoder:
    """Decodes the first sound stream of a file; a context manager, thread-safe.

    Sample `n` is the one at media time `n / sample_rate_hz`. There is silence
    outside the stream and in its holes.

    Args:
        info: The file, probed.
        sample_rate_hz: Of what is given.
        layout: FFmpeg's name of the channel layout of what is given.

    Raises:
        MediaError: The file has no sound.
    """

    def __init__(
        self, info: MediaInfo, *, sample_rate_hz: int, layout: str = "stereo"
    ) -> None:
        if not info.audio:
            raise MediaError(f"{info.path} has no sound")
        self.info = info
        self.sample_rate_hz = sample_rate_hz
        self.channels = av.AudioLayout(layout).nb_channels
        self._layout = layout
        self._stream_info = info.audio[0]
        self._lock = RLock()
        self._closed = False
        self._open()
        self._chunks: Iterator[tuple[int, NDArray[np.float32]]] | None = None
        self._grid: _Grid | None = None
        # Decoded but not yet given: samples from number `_at` on.
        self._at = 0
        self._waiting = self._silence(0)

    def _open(self) -> None:
        self._container = open_input(self.info.path)
        self._stream = audio_stream(self._container, self._stream_info.index)

    def read(self, start: int, count: int) -> NDArray[np.float32]:
        """Samples `start` to `start + count`: `(channels, count) float32`, -1 to 1.

        Raises:
            MediaError: The sound does not decode.
        """
        with self._lock:
            if self._chunks is None or not self._is_near(start):
                self._seek(start)
            out = self._silence(count)
            place = start
            while place < start + count and self._fill(place):
                offset = self._at - place
                if offset > 0:
                    place += min(offset, start + count - place)
                    continue
                piece = self._waiting[:, -offset:][:, : start + count - place]
                out[:, place - start :][:, : piece.shape[1]] = piece
                place += piece.shape[1]
            return out

    @property
    def is_open(self) -> bool:
        """Whether it holds the file."""
        return not self._closed

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._closed = True
            self._chunks = None
            self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _silence(self, count: int) -> NDArray[np.float32]:
        return np.zeros((self.channels, count), np.float32)

    def _is_near(self, start: int) -> bool:
        reach = int(self._waiting.shape[1]) + _READ_ON_S * self.sample_rate_hz
        return 0 <= start - self._at <= reach

    def _fill(self, place: int) -> bool:
        """Decode until sample `place` or a later one waits; False at the end."""
        while self._at + self._waiting.shape[1] <= place:
            chunk = next(self._chunks, None) if self._chunks is not None else None
            if chunk is None:
                return False
            self._at, self._waiting = chunk
        return True

    def _seek(self, start: int) -> None:
        stream = self._stream_info
        time = Fraction(start, self.sample_rate_hz) - _PRE_ROLL_S + self.info.start_time
        ticks = round(time / stream.time_base)
        if ticks > stream.start_pts:
            if self._grid is None:
                if self._chunks is not None:
                    # It is learned from the first frames, and they were read.
                    self._container.close()
                    self._open()
                self._grid = self._learned_grid()
            self._container.seek(ticks, stream=self._stream)
        elif self._chunks is not None:
            # Read again from the first byte: only there is the priming told.
            self._container.close()
            self._open()
        self._chunks = self._resampled()
        self._at, self._waiting = 0, self._silence(0)

    def _learned_grid(self) -> "_Grid":
        """How the stream's frames follow one another, from the first three."""
        frames = list(islice(self._frames(), 3))
        if not frames:
            return _Grid(Fraction(0), None)
        first, *others = frames
        sizes = {frame.samples for frame in others}
        step = Fraction(sizes.pop(), first.sample_rate) if len(sizes) == 1 else None
        origin = self._time_of(first) + Fraction(first.samples, first.sample_rate)
        return _Grid(origin, step)

    def _time_of(self, frame: av.AudioFrame) -> Fraction:
        base = Fraction(frame.time_base or self._stream_info.time_base)
        return (frame.pts or 0) * base - self.info.start_time

    def _resampled(self) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Chunks of samples with the number of their first, in order."""
        rate = self.sample_rate_hz
        resampler: av.AudioResampler | None = None
        number = 0
        # Where the next frame begins if there is no hole, in seconds of the stream.
        due = 0.0
        for frame in self._frames():
            if resampler is None or abs((frame.time or 0.0) - due) > _HOLE_S:
                if resampler is not None:
                    yield from self._numbered(resampler.resample(None), number)
                resampler = av.AudioResampler("fltp", self._layout, rate)
                begins = self._time_of(frame)
                begins = self._grid.nearest(begins) if self._grid else begins
                number = round(begins * rate)
                due = float(begins + self.info.start_time)
            frame.pts = None
            due += frame.samples / frame.sample_rate
            for chunk in self._numbered(resampler.resample(frame), number):
                yield chunk
                number += chunk[1].shape[1]
        if resampler is not None:
            yield from self._numbered(resampler.resample(None), number)

    def _numbered(
        self, frames: list[av.AudioFrame], number: int
    ) -> Iterator[tuple[int, NDArray[np.float32]]]:
        for frame in frames:
            yield number, frame.to_ndarray().astype(np.float32, copy=False)
            number += frame.samples

    def _frames(self) -> Iterator[av.AudioFrame]:
        """Decoded frames that tell their time; damaged packets are holes."""
        damage: Exception | None = None
        given = False
        for packet in packets(self._container, self._stream):
            try:
                frames = self._stream.decode(packet)
            except av.error.FFmpegError as error:
                damage = error
                continue
            for frame in frames:
                if frame.pts is not None:
                    given = True
                    yield frame
        if damage is not None and not given:
            raise MediaError(
                f"{self.info.path}: the sound does not decode: {reason(damage)}"
            ) from damage
