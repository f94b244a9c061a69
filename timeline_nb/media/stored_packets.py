"""Read packets of pictures as a file stores them, for those who copy them."""

from typing import Final

import msgspec

from timeline_nb.media._pyav import open_input, video_stream
from timeline_nb.media.index import FrameIndex
from timeline_nb.media.packets import numbered, seek_packet

__all__ = ["BATCH_BYTES", "StoredPacket", "StoredPackets", "read_stored_packets"]

# Of packets that are held at once: seconds of a film of a high rate.
BATCH_BYTES: Final = 16 << 20


class StoredPacket(msgspec.Struct, frozen=True, array_like=True):
    """A packet, with its number in decoding order."""

    number: int
    data: bytes
    is_keyframe: bool


class StoredPackets(msgspec.Struct, frozen=True, array_like=True):
    """Packets that follow each other, and the decoder's header of their stream."""

    extradata: bytes
    packets: tuple[StoredPacket, ...]


def read_stored_packets(
    path: str, index: FrameIndex, frame: int, *, most_bytes: int = BATCH_BYTES
) -> StoredPackets:
    """Read the packet of a frame and those after it in decoding order.

    Args:
        path: The file.
        index: Its frames.
        frame: The frame with whose packet it begins.
        most_bytes: It ends with the packet that reaches this sum.

    Raises:
        MediaError: The file cannot be read from there.
    """
    wanted, found, size = int(index.packet[frame]), [], 0
    with open_input(path) as container:
        stream = video_stream(container, index.stream)
        extradata = stream.codec_context.extradata or b""
        seek_packet(container, stream, index.packets, wanted, int(index.stamp[frame]))
        for number, packet in numbered(
            container, stream, index.packets, from_start=False
        ):
            if number < wanted or not packet.size:
                continue
            found.append(StoredPacket(number, bytes(packet), packet.is_keyframe))
            size += packet.size
            if size >= most_bytes:
                break
    return StoredPackets(extradata, tuple(found))
