"""Encode playback as fragments of one MP4."""

import io
from collections.abc import Generator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Any, Final, Literal, TypeAlias, cast

import av
import numpy as np
from av.container import OutputContainer
from numpy.typing import NDArray

from timeline_nb.preview.encoded_packet import EncodedPacket
from timeline_nb.preview.player_source import (
    SOUND_HZ,
    PlayerSource,
    SoundReader,
    pcm_of,
)
from timeline_nb.segments.encoding import Encoding, configure

__all__ = ["Chunk", "SoundCodec", "stream"]

SoundCodec: TypeAlias = Literal["aac", "flac", "none"]

_TICKS_HZ: Final = 90_000
_FRAGMENT_US: Final = 200_000
# Sound is written ahead of the pictures, so that each fragment has all of its own.
_AHEAD_S: Final = Fraction(1, 10)
_FLAGS: Final = "+frag_keyframe+empty_moov+default_base_moof+skip_trailer"


@dataclass(frozen=True)
class Chunk:
    """A chunk of the file.

    Args:
        data: Whole boxes; the first chunk begins with the header.
        until: The time up to which there are pictures.
        offset: The time at which the MP4 begins.
    """

    data: bytes
    until: Fraction
    offset: Fraction


def stream(
    film: PlayerSource, first: int, *, sound: SoundCodec = "aac"
) -> Generator[Chunk, None, None]:
    """Encode a player source from a frame on, fragment by fragment.

    Args:
        film: What is played.
        first: The number of the first frame.
        sound: The audio codec; left out where there is no sound.

    Raises:
        MediaError: A frame or the sound does not decode.
        CompositionError: A frame cannot be composed.
    """
    sink = _Sink()
    codec: SoundCodec = sound if film.has_sound else "none"
    start = film.time_of(first)
    pictures = film.encoded_packets(first)
    opening = next(pictures, None)
    if opening is None:
        return
    options = {"movflags": _FLAGS, "frag_duration": str(_FRAGMENT_US)}
    with av.open(sink, "w", format="mp4", options=options) as container:
        video = _add_video(container, film.encoding)
        track = None
        if codec != "none":
            track = _Sound(container, film.open_sound(round(start * SOUND_HZ)), codec)
        try:
            for coded in chain([opening], pictures):
                passed = film.time_of(coded.number) - start
                if track is not None:
                    track.write(passed + _AHEAD_S)
                container.mux(_packet(coded, passed, video))
                if sink.size:
                    yield Chunk(sink.take(), start + passed, start)
            if track is not None:
                track.write(film.time_of(len(film)) - start, ends=True)
        finally:
            pictures.close()
            if track is not None:
                track.close()
    yield Chunk(sink.take(), film.time_of(len(film)), start)


class _Sink(io.RawIOBase):
    """Buffers the muxer's output."""

    def __init__(self) -> None:
        self._held = bytearray()

    @property
    def size(self) -> int:
        return len(self._held)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override] # FFmpeg gives bytes
        self._held += data
        return len(data)

    def take(self) -> bytes:
        data = bytes(self._held)
        self._held.clear()
        return data


def _add_video(container: OutputContainer, encoding: Encoding) -> av.VideoStream:
    """Add the video stream, with the header of its encoder."""
    stream = cast(
        "av.VideoStream", container.add_stream(encoding.encoder, rate=encoding.rate)
    )
    configure(stream.codec_context, encoding)
    stream.time_base = Fraction(1, _TICKS_HZ)
    return stream


def _packet(
    coded: EncodedPacket, time: Fraction, stream: av.VideoStream
) -> "av.Packet[Any]":
    packet: av.Packet[Any] = av.Packet(coded.data)
    packet.stream, packet.time_base = stream, Fraction(1, _TICKS_HZ)
    packet.pts = packet.dts = round(time * _TICKS_HZ)
    packet.is_keyframe = coded.is_key
    return packet


class _Sound:
    """The audio stream, written up to a time."""

    def __init__(
        self, container: OutputContainer, reader: SoundReader, codec: SoundCodec
    ) -> None:
        self._container = container
        self._reader = reader
        stream = cast("av.AudioStream", container.add_stream(codec, rate=SOUND_HZ))
        stream.layout = "stereo"
        if codec == "aac":
            stream.bit_rate = 160_000
        self._stream = stream
        self._format = "fltp" if codec == "aac" else "s16"
        self._step = 1024 if codec == "aac" else 4096
        self._at = 0

    def write(self, until: Fraction, *, ends: bool = False) -> None:
        """Encode the sound up to `until` seconds after its start."""
        last = round(until * SOUND_HZ)
        while self._at < last:
            count = min(self._step, last - self._at) if ends else self._step
            frame = self._frame(self._reader.read(count))
            frame.sample_rate = SOUND_HZ
            frame.pts, frame.time_base = self._at, Fraction(1, SOUND_HZ)
            self._at += count
            self._mux(self._stream.encode(frame))
        if ends:
            self._mux(self._stream.encode())

    def close(self) -> None:
        self._reader.close()

    def _frame(self, samples: NDArray[np.float32]) -> av.AudioFrame:
        if self._format == "fltp":
            return av.AudioFrame.from_ndarray(np.clip(samples, -1, 1), "fltp", "stereo")
        whole = pcm_of(samples).reshape(1, -1)
        return av.AudioFrame.from_ndarray(whole, "s16", "stereo")

    def _mux(self, packets: "list[av.Packet[av.AudioStream]]") -> None:
        for packet in packets:
            # AAC's priming would make the sound late by 21 ms: the muxer lets every
            # track begin at 0. Without it the sound swells in over as long.
            if (packet.pts or 0) >= 0:
                self._container.mux(packet)
