"""The packets of a stream in decoding order, and how to seek to one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import MediaError
from timeline_nb.media._pyav import packets
from timeline_nb.media.h264 import FieldPairs
from timeline_nb.media.packet_visibility import av1_shows, vp9_shows

__all__ = [
    "UNKNOWN",
    "PacketNames",
    "PacketTable",
    "numbered",
    "read_packets",
    "seek_packet",
]

# A stamp or a position that a packet does not have.
UNKNOWN: Final = np.iinfo(np.int64).min
_REPORT_EVERY: Final = 1000
# The bits of a packet's name that its size takes; its place takes those above.
_SIZE_BITS: Final = 22
# Containers that can be read on from any byte.
_BYTE_SEEKS: Final = {"mpegts", "mpeg", "h264", "hevc", "mpegvideo", "m4v", "dv"}


@dataclass(frozen=True, eq=False)
class PacketNames:
    """Identifies the packets of a stream, in decoding order.

    Stamps do not: containers omit or repeat them, and restart their clocks.

    Args:
        places: `(m,) int64`, the byte at which each begins, or `UNKNOWN`.
        sizes: `(m,) int64`, in bytes.
    """

    places: NDArray[np.int64]
    sizes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.places)

    def number_of(self, packet: "av.Packet[Any]", expected: int | None) -> int | None:
        """Return a packet's number; None if it cannot be identified.

        Args:
            packet: As demuxed.
            expected: The number that would be next; it is used if nothing
                contradicts it.
        """
        place = UNKNOWN if packet.pos is None else packet.pos
        if expected is not None and expected < len(self):
            known = int(self.places[expected])
            if known == place and int(self.sizes[expected]) == packet.size:
                return expected
        if place < 0:
            return None
        names, numbers = self._by_name
        name = (place << _SIZE_BITS) + packet.size % (1 << _SIZE_BITS)
        at = int(np.searchsorted(names, name))
        if at == len(names) or names[at] != name:
            return None
        return int(numbers[at])

    def byte_before(self, number: int) -> int | None:
        """Return the byte offset from which a packet is read; None if it is unknown."""
        known = np.flatnonzero(self.is_unique[: number + 1])
        return int(self.places[known[-1]]) if len(known) else None

    @cached_property
    def is_unique(self) -> NDArray[np.bool_]:
        """`(m,) bool`: whether a packet is unique by position and size."""
        known = np.zeros(len(self), np.bool_)
        known[self._by_name[1]] = True
        return known

    @cached_property
    def _by_name(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Names that only one packet has, rising, and its number."""
        names = (self.places << _SIZE_BITS) + self.sizes % (1 << _SIZE_BITS)
        names[self.places < 0] = -1
        unique, first, count = np.unique(names, return_index=True, return_counts=True)
        kept = (count == 1) & (unique >= 0)
        return unique[kept], first[kept].astype(np.int64)


@dataclass(frozen=True, eq=False)
class PacketTable:
    """All packets of a stream of pictures, in the order of decoding.

    Args:
        names: Identifies them.
        pts: `(m,) int64`, presentation stamps, or `UNKNOWN`.
        dts: `(m,) int64`, decoding stamps, or `UNKNOWN`.
        duration: `(m,) int64`, ticks, 0 if unknown.
        keyframe: `(m,) bool`: whether decoding can begin there.
        begins: `(m,) bool`: whether a picture to be shown begins there, as far as that
            is known without decoding.
        has_fields: Whether some pictures are two packets, each of a field.
        broken: Whether the file breaks off in its midst.
    """

    names: PacketNames
    pts: NDArray[np.int64]
    dts: NDArray[np.int64]
    duration: NDArray[np.int64]
    keyframe: NDArray[np.bool_]
    begins: NDArray[np.bool_]
    has_fields: bool
    broken: bool

    def __len__(self) -> int:
        return len(self.pts)

    @cached_property
    def stamps(self) -> NDArray[np.int64]:
        """`(m,)`: presentation stamps, or decoding stamps where those are missing."""
        return np.where(self.pts != UNKNOWN, self.pts, self.dts)


def read_packets(
    container: InputContainer,
    stream: av.VideoStream,
    *,
    total: int | None = None,
    most: int | None = None,
    reporter: Reporter | None = None,
) -> PacketTable:
    """Demux a stream from the current position of its file; nothing is decoded.

    Args:
        container: The file.
        stream: The stream.
        total: How many packets it announces.
        most: Most packets to read.
        reporter: Reports progress.

    Raises:
        MediaError: The file breaks off before its first packet.
        JobCancelledError: The job was cancelled.
    """
    begins = _picture_test(stream)
    rows: list[tuple[int, ...]] = []
    broken = False
    try:
        for packet in packets(container, stream):
            if not packet.size:
                continue
            rows.append(
                (
                    UNKNOWN if packet.pos is None else packet.pos,
                    packet.size,
                    UNKNOWN if packet.pts is None else packet.pts,
                    UNKNOWN if packet.dts is None else packet.dts,
                    packet.duration or 0,
                    packet.is_keyframe,
                    packet.is_discard,
                    begins is None or begins(packet),
                )
            )
            if len(rows) == most:
                break
            if reporter and len(rows) % _REPORT_EVERY == 0:
                reporter.report("index", len(rows), total)
    except MediaError:
        # What came before the damage is kept: it can still be shown.
        if not rows:
            raise
        broken = True
    columns = np.array(rows, np.int64).reshape(-1, 8).T.copy()
    place, size, pts, dts, duration, keyframe, discarded, begin = columns
    kept = discarded == 0
    is_h264 = stream.codec_context.codec.canonical_name == "h264"
    return PacketTable(
        names=PacketNames(place, size),
        pts=pts,
        dts=dts,
        duration=duration,
        keyframe=keyframe.astype(np.bool_),
        begins=kept & (begin != 0),
        has_fields=is_h264 and bool((kept & (begin == 0)).any()),
        broken=broken,
    )


def _picture_test(
    stream: av.VideoStream,
) -> Callable[["av.Packet[Any]"], bool] | None:
    """Return the test of whether a packet begins a shown picture; None if all do."""
    codec = stream.codec_context.codec.canonical_name
    if codec in {"vp9", "av1"}:
        shows = vp9_shows if codec == "vp9" else av1_shows
        return lambda packet: shows(bytes(packet))
    if codec == "h264":
        pairs = FieldPairs(stream.codec_context.extradata or b"")
        return lambda packet: (
            pairs.begins_picture(bytes(packet))
            if pairs.is_needed or packet.is_keyframe
            else True
        )
    return None


def numbered(
    container: InputContainer,
    stream: av.VideoStream,
    names: PacketNames,
    *,
    from_start: bool,
) -> "Iterator[tuple[int, av.Packet[Any]]]":
    """Yield the packets of a stream from where its file is read, each with its number.

    The last one is empty, and its number is how many there are; it comes before an
    error too. Packets that cannot be identified, as after a seek into one, are
    left out.

    Args:
        container: The file.
        stream: The stream.
        names: Identifies its packets.
        from_start: Whether the file was just opened.

    Raises:
        MediaError: The file is damaged there.
    """
    expected = 0 if from_start else None
    try:
        for packet in packets(container, stream):
            if not packet.size:
                yield len(names), packet
                return
            number = names.number_of(packet, expected)
            if number is None:
                number = expected
            if number is not None:
                expected = number + 1
                yield number, packet
    except MediaError:
        # What a decoder has buffered can still be drained.
        yield len(names), av.Packet()
        raise


def seek_packet(
    container: InputContainer,
    stream: av.VideoStream,
    names: PacketNames,
    number: int,
    stamp: int,
) -> None:
    """Seek to a packet, or to one before it.

    Transport and program streams, and streams without a container, are read from a
    byte: they have no table of times, and seeking by time lands after it.

    Args:
        container: The file.
        stream: The stream.
        names: Identifies its packets.
        number: The packet's.
        stamp: Its presentation stamp.

    Raises:
        MediaError: The file cannot be read from there.
    """
    byte = names.byte_before(number)
    by_byte = container.format.name in _BYTE_SEEKS
    if byte is None or (stamp == UNKNOWN and not by_byte):
        raise MediaError("the position of the packet is unknown")
    try:
        if by_byte:
            container.seek(byte, unsupported_byte_offset=True)
        else:
            container.seek(stamp, stream=stream)
    except (av.error.FFmpegError, OverflowError) as error:
        raise MediaError(f"the file cannot be read from there: {error}") from error
