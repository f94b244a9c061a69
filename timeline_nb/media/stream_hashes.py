"""Hashes of a film's streams: of their packets, and of what they decode to.

The packets stay the same when only the container is written anew, as a signature does;
what is decoded stays the same where another version of an encoder packs it otherwise.
Other programs give the same numbers: `ffmpeg -i film.mp4 -map 0:v:0 -fps_mode
passthrough -f hash -hash sha256 -`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import av
import numpy as np
from numpy.typing import NDArray

from timeline_nb.errors import MediaError
from timeline_nb.media._pyav import open_input, reason

if TYPE_CHECKING:
    from hashlib import _Hash

__all__ = ["StreamHash", "planes_of", "samples_of", "stream_hashes"]

_BYTE_BITS: Final = 8


@dataclass(frozen=True)
class StreamHash:
    """The hashes of one stream.

    Args:
        kind: `video`, `audio` or `subtitle`.
        packets: SHA-256 of its packets' bytes, in the file's order.
        decoded: SHA-256 of its pictures, plane by plane without padding, or of its
            samples, interleaved; empty of what is not decoded.
        count: Pictures, or samples of each channel; packets of what is not decoded.
    """

    kind: str
    packets: str
    decoded: str
    count: int


@dataclass
class _Running:
    """A stream while the file is read."""

    kind: str
    is_decoded: bool
    packets: "_Hash" = field(default_factory=sha256)
    decoded: "_Hash" = field(default_factory=sha256)
    count: int = 0

    def take(self, frames: Any) -> None:
        for frame in frames:
            if isinstance(frame, av.VideoFrame):
                self.count += 1
                for plane in planes_of(frame):
                    self.decoded.update(plane.tobytes())
            elif isinstance(frame, av.AudioFrame):
                self.count += frame.samples
                self.decoded.update(samples_of(frame).tobytes())

    def done(self) -> StreamHash:
        decoded = self.decoded.hexdigest() if self.is_decoded else ""
        return StreamHash(self.kind, self.packets.hexdigest(), decoded, self.count)


def stream_hashes(
    path: Path, check: Callable[[], object] = lambda: None
) -> tuple[StreamHash, ...]:
    """Return the hashes of all streams of a file, which is decoded whole.

    Args:
        path: A film.
        check: Called for each packet; what it raises ends the reading.

    Raises:
        MediaError: The file does not open, or does not decode.
    """
    try:
        with open_input(path) as container:
            found: dict[int, _Running] = {}
            for stream in container.streams:
                decoded = stream.type in {"video", "audio"}
                found[stream.index] = _Running(stream.type, decoded)
                if isinstance(stream, av.VideoStream):
                    stream.thread_type = "AUTO"
            for packet in container.demux():
                check()
                own = found[packet.stream.index]
                # The last ones of a stream have no bytes: they flush its decoder.
                if packet.size:
                    own.packets.update(bytes(packet))
                if own.is_decoded:
                    own.take(packet.decode())
                elif packet.size:
                    own.count += 1
    except av.error.FFmpegError as error:
        raise MediaError(f"{path} does not decode: {reason(error)}") from error
    return tuple(own.done() for own in found.values())


def planes_of(picture: av.VideoFrame) -> Iterator[NDArray[Any]]:
    """Yield the planes of a picture, without padding: `(rows, bytes or words)`.

    Samples of more than 8 bits are words of 16; those of several components that share
    a plane lie side by side.
    """
    parts = picture.format.components
    plane: Any
    for number, plane in enumerate(picture.planes):
        own = [part for part in parts if part.plane == number]
        if not own:
            # The palette of a paletted picture.
            yield np.frombuffer(plane, np.uint8)[None]
            continue
        deep = max(part.bits for part in own) > _BYTE_BITS
        bits = (2 if deep else 1) * _BYTE_BITS
        # Where all components share a plane, pixels may have unused bytes, too.
        shared = picture.format.padded_bits_per_pixel if len(own) == len(parts) else 0
        each = max(len(own), shared // bits)
        line = np.frombuffer(plane, np.uint16 if deep else np.uint8)
        line = line.reshape(plane.height, -1)
        yield np.ascontiguousarray(line[:, : plane.width * each])


def samples_of(sound: av.AudioFrame) -> NDArray[Any]:
    """Return the samples of a frame of sound, interleaved: `(samples, channels)`."""
    made = sound.to_ndarray()
    if sound.format.is_planar:
        return np.ascontiguousarray(made.T)
    return made.reshape(sound.samples, -1)
