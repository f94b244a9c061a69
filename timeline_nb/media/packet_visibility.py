"""Detect hidden frames of VP9 and AV1, which are only referred to."""

from collections.abc import Iterator
from typing import Final

from timeline_nb.media.bit_reader import BitReader

__all__ = ["av1_shows", "vp9_shows"]

_SEQUENCE, _FRAME_HEADER, _FRAME = 1, 3, 6
# The fields that are read are in a frame's first bytes.
_HEADER_BYTES: Final = 4


def vp9_shows(packet: bytes) -> bool:
    """Return whether a VP9 packet shows a picture (VP9 specification, 6.2, annex B).

    True where the packet is damaged: decoding it decides.
    """
    try:
        return any(_vp9_frame_shows(frame) for frame in _vp9_frames(packet))
    except IndexError:
        return True


def _vp9_frames(packet: bytes) -> Iterator[bytes]:
    """Yield the frames of a superframe; a packet without an index at its end is one."""
    marker = packet[-1]
    if marker >> 5 == 0b110:
        count, width = (marker & 7) + 1, (marker >> 3 & 3) + 1
        index = 2 + count * width
        if len(packet) >= index and packet[-index] == marker:
            at, sizes = 0, packet[-index + 1 : -1]
            for place in range(0, count * width, width):
                size = int.from_bytes(sizes[place : place + width], "little")
                if size:
                    yield packet[at : at + size]
                at += size
            return
    yield packet


def _vp9_frame_shows(frame: bytes) -> bool:
    bits = BitReader(frame[:_HEADER_BYTES])
    bits.number(2)  # frame_marker
    profile = bits.bit() + 2 * bits.bit()
    if profile == 3:
        bits.bit()
    if bits.bit():  # show_existing_frame
        return True
    bits.bit()  # frame_type
    return bool(bits.bit())  # show_frame


def av1_shows(packet: bytes) -> bool:
    """Return whether an AV1 packet shows a picture (AV1 specification, 5.3, 5.9).

    True where the packet is damaged, as for `vp9_shows`.
    """
    try:
        return _av1_shows(packet)
    except IndexError:
        return True


def _av1_shows(packet: bytes) -> bool:
    found = False
    for kind, payload in _av1_units(packet):
        bits = BitReader(payload[:_HEADER_BYTES])
        if kind == _SEQUENCE:
            bits.number(3)  # seq_profile
            if bits.number(2) == 3:  # a still picture with the shortest header
                return True
        elif kind in {_FRAME_HEADER, _FRAME}:
            found = True
            if bits.bit():  # show_existing_frame
                return True
            bits.number(2)  # frame_type
            if bits.bit():  # show_frame
                return True
    return not found


def _av1_units(packet: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the open bitstream units of a packet: kind and payload."""
    at = 0
    while at < len(packet):
        header = packet[at]
        at += 2 if header & 4 else 1
        size = len(packet) - at
        if header & 2:
            size, at = _leb128(packet, at)
        yield header >> 3 & 15, packet[at : at + size]
        at += size


def _leb128(data: bytes, at: int) -> tuple[int, int]:
    """Read a little-endian base-128 number, and return it with its end (4.10.5)."""
    value = 0
    for place in range(8):
        value |= (data[at + place] & 127) << 7 * place
        if not data[at + place] & 128:
            return value, at + place + 1
    raise IndexError("the number has more than eight bytes")
