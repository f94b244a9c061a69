"""Decode one audio stream: frames, placed in time, and mixed to a layout."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import dropwhile, islice
from typing import Any, Final

import av
import numpy as np

from timeline_nb.access.use import scope_in_use, use_scope
from timeline_nb.core.forks import forks_seen
from timeline_nb.errors import MediaError
from timeline_nb.i18n import Message
from timeline_nb.media._pyav import (
    audio_stream,
    check_encryption,
    open_input,
    reason,
)
from timeline_nb.media.clock import Clock
from timeline_nb.media.info import AudioStream, MediaInfo
from timeline_nb.media.safety import check_sample_rate
from timeline_nb.media.sample_placement import FrameGrid, SamplePlacement
from timeline_nb.media.samples import Folded, Resampled, Samples

__all__ = ["StreamDecoder"]

# Decoded before the first sample wanted: MP3's bit reservoir, Opus's 80 ms, and the
# overlap of AAC frames all settle within it. A seek that lands after what is wanted
# (transport streams have no index) is made again from further back.
_PRE_ROLLS_S: Final = (Fraction(1, 2), Fraction(5), Fraction(60))
# Reading on is cheaper than a seek up to here.
_READ_ON_S: Final = 2
# Stamps of these are those of packets in which frames of others begin and end, up to
# 50 ms off: only what is laid end to end from the first byte on is in its place.
_READ_FROM_START: Final = frozenset({"asf"})
# Errors of a damaged file after which its end is given up.
_MOST_ERRORS: Final = 256
_CHECKED_PACKETS: Final = 32
_LAST_TICK: Final = 1 << 62

_Chunks = Iterator[tuple[int, Samples]]


class StreamDecoder:
    """Decodes one stream of sound; not thread-safe.

    Args:
        info: The file, probed.
        stream: Which of its streams.
        folded: Mixes frames to the channels of what is given.
        sample_rate_hz: Of what is given.
        clock: Converts its stamps to media time.

    Raises:
        MediaError: The file does not open, or does not have the stream any more.
    """

    def __init__(
        self,
        info: MediaInfo,
        stream: AudioStream,
        folded: Folded,
        *,
        sample_rate_hz: int,
        clock: Clock,
    ) -> None:
        self._info, self._stream_info, self._clock = info, stream, clock
        self._rate, self._fold = sample_rate_hz, folded
        self._scope = scope_in_use()
        self._grid: FrameGrid | None = None
        self._seeks = not clock.shifts and info.container not in _READ_FROM_START
        self._open()
        self._chunks: _Chunks | None = None
        # Decoded but not yet given: samples from number `_at` on.
        self._at = 0
        self._waiting = self._silence(0)

    def read(self, start: int, count: int) -> Samples:
        """Return samples `start` to `start + count`, silence where there is no sound.

        Raises:
            MediaError: Nothing of the stream decodes, or it is encrypted.
        """
        if self._forks != forks_seen():
            # The parent process reads on in the other file.
            self._open()
            self._chunks = None
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

    def close(self) -> None:
        """Close the file."""
        self._chunks = None
        self._container.close()

    def _open(self) -> None:
        with use_scope(self._scope):
            self._container = open_input(self._info.path)
        self._stream = audio_stream(self._container, self._stream_info.index)
        self._is_fresh = True
        self._forks = forks_seen()

    def _silence(self, count: int) -> Samples:
        return np.zeros((self._fold.channels, count), np.float32)

    def _is_near(self, start: int) -> bool:
        reach = int(self._waiting.shape[1]) + _READ_ON_S * self._rate
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
        self._at, self._waiting = 0, self._silence(0)
        for pre_roll in _PRE_ROLLS_S if self._seeks else ():
            time = Fraction(start, self._rate) - pre_roll
            if not self._landed(time):
                break
            first = next(self._chunks, None) if self._chunks is not None else None
            if first is not None and first[0] <= start:
                self._at, self._waiting = first
                return
        self._restart()
        self._chunks = self._made(Fraction(start, self._rate) - _PRE_ROLLS_S[0])

    def _landed(self, time: Fraction) -> bool:
        """Go to a media time; False where reading from the first byte is needed."""
        stream = self._stream_info
        ticks = round(self._clock.raw_time(time) / stream.time_base)
        if not stream.start_pts < ticks < _LAST_TICK:
            return False
        if self._grid is None:
            self._restart()
            self._grid = self._learned_grid()
        if not self._seeks:
            return False
        try:
            self._container.seek(ticks, stream=self._stream)
        except av.error.FFmpegError:
            # Read on from the first byte, from now on.
            self._seeks = False
            return False
        self._is_fresh = False
        self._chunks = self._made(None)
        return True

    def _restart(self) -> None:
        """Read from the first byte: only there the priming is known."""
        if not self._is_fresh:
            self._container.close()
            self._open()

    def _learned_grid(self) -> FrameGrid:
        """Return how the stream's frames follow one another, from the first three."""
        self._is_fresh = False
        frames = list(islice(self._frames(self._packets()), 3))
        if not frames or frames[0].pts is None:
            # Where the first has no stamp, later ones cannot be trusted.
            self._seeks = False
            return FrameGrid(Fraction(0), None)
        first, *others = frames
        sizes = {frame.samples for frame in others}
        step = Fraction(sizes.pop(), first.sample_rate) if len(sizes) == 1 else None
        base = Fraction(first.time_base or self._stream_info.time_base)
        begins = self._clock.media_time((first.pts or 0) * base)
        return FrameGrid(begins + Fraction(first.samples, first.sample_rate), step)

    def _made(self, early: Fraction | None) -> _Chunks:
        """Yield chunks of samples with the number of their first, in order.

        Args:
            early: Read from the first byte, where what is heard before this media time
                need not be decoded; None after a seek.
        """
        laying = SamplePlacement(
            self._clock,
            container=self._info.container,
            first=None if early is None else self._stream_info.start_pts * self._base,
            grid=self._grid if early is None else None,
            follows=not self._info.video,
        )
        packets = self._packets()
        if early is not None and self._clock.shifts:
            packets = dropwhile(lambda one: laying.passes(one, early), packets)
        resampled: Resampled | None = None
        number = rate = 0
        for begins, frame in laying.placed(self._frames(packets)):
            if resampled is None or begins is not None or frame.sample_rate != rate:
                for made in resampled.rest() if resampled else ():
                    yield number, made
                    number += made.shape[1]
                rate = frame.sample_rate
                resampled = Resampled(self._fold.layout, rate, self._rate)
                number = round((laying.due if begins is None else begins) * self._rate)
            for made in resampled.push(self._fold(frame)):
                yield number, made
                number += made.shape[1]
        for made in resampled.rest() if resampled else ():
            yield number, made
            number += made.shape[1]

    @property
    def _base(self) -> Fraction:
        return self._stream_info.time_base

    def _frames(self, packets: "Iterator[av.Packet[Any]]") -> Iterator[av.AudioFrame]:
        """Yield decoded frames; damaged packets are holes."""
        self._is_fresh = False
        damage: Exception | None = None
        given = False
        for packet in packets:
            try:
                frames = self._stream.decode(packet)
            except av.error.FFmpegError as error:
                check_encryption(self._container, self._stream, packet)
                damage = error
                continue
            for frame in frames:
                check_sample_rate(self._info.path, frame.sample_rate)
                if frame.samples and frame.sample_rate and frame.layout.nb_channels:
                    given = True
                    yield frame
        if damage is not None and not given:
            stream = self._stream_info
            raise MediaError(
                Message(
                    "{path}: stream {index}: the sound ({codec}) does not "
                    "decode: {why}",
                    path=self._info.path,
                    index=stream.index,
                    codec=stream.codec,
                    why=reason(damage),
                )
            ) from damage

    def _packets(self) -> "Iterator[av.Packet[Any]]":
        """Yield the stream's packets to the end of the file, over what is damaged."""
        errors = count = 0
        while errors < _MOST_ERRORS:
            try:
                for packet in self._container.demux(self._stream):
                    if count % _CHECKED_PACKETS == 0:
                        check_encryption(self._container, self._stream, packet)
                    count += 1
                    yield packet
            except IndexError:
                # PyAV has no place for streams that appear in mid-file.
                continue
            except av.error.FFmpegError:
                errors += 1
                continue
            return
