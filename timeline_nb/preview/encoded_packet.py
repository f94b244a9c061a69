"""Encode pictures for playback."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import av
from av.video.frame import PictureType

from timeline_nb.segments.encoding import Encoding, open_encoder

__all__ = ["EncodedPacket", "encode", "playback_encoding"]

# Seconds of a chunk; keyframes are closer, so that what is before the playhead
# can be dropped.
_CHUNK_S: Final = 2


@dataclass(frozen=True)
class EncodedPacket:
    """An encoded picture.

    Args:
        data: The packet.
        number: Of the frame.
        is_key: Whether a player can begin there.
    """

    data: bytes
    number: int
    is_key: bool


def playback_encoding(size: tuple[int, int], rate: Fraction) -> Encoding:
    """Return the encoding of playback: fast, and without delay.

    No render uses this encoding: played segments never become part of a film.
    """
    options = {"preset": "ultrafast", "tune": "zerolatency", "crf": "21"}
    return Encoding(
        encoder="libx264",
        pix_fmt="yuv420p",
        size=size,
        rate=rate,
        options=options | {"g": str(max(1, round(rate)))},
        chunk=round(_CHUNK_S * rate),
    )


def encode(
    pictures: Iterable[av.VideoFrame], first: int, encoding: Encoding
) -> Generator[EncodedPacket, None, None]:
    """Encode pictures, the first of which is frame `first`."""
    context = open_encoder(encoding)
    for place, picture in enumerate(pictures):
        picture.pts, picture.time_base = place, 1 / encoding.rate
        picture.pict_type = PictureType.NONE
        for packet in context.encode(picture):
            yield EncodedPacket(
                bytes(packet), first + (packet.pts or 0), packet.is_keyframe
            )
    for packet in context.encode():
        yield EncodedPacket(
            bytes(packet), first + (packet.pts or 0), packet.is_keyframe
        )
