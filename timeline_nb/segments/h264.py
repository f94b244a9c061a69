"""H.264 packets: NAL units and parameter sets (ITU-T H.264, 7.3)."""

from collections.abc import Iterable, Iterator
from typing import Final

from timeline_nb.errors import MediaError
from timeline_nb.media.h264 import SequenceSet, read_sequence_set

__all__ = [
    "annex_b",
    "is_idr",
    "is_progressive",
    "parameter_sets",
    "set_ids",
    "without_sets",
]

_START: Final = b"\x00\x00\x00\x01"
_IDR, _SPS, _PPS = 5, 7, 8


def parameter_sets(extradata: bytes) -> tuple[tuple[bytes, ...], int]:
    """Return the SPS and PPS of `avcC`, and the bytes of a NAL unit's length.

    Raises:
        MediaError: It is none (ISO/IEC 14496-15, 5.3.3.1).
    """
    if len(extradata) < 7 or extradata[0] != 1:
        raise MediaError("the stream keeps its parameter sets elsewhere")
    sets, at = [], 5
    for mask in (0x1F, 0xFF):
        count = extradata[at] & mask
        at += 1
        for _ in range(count):
            size = int.from_bytes(extradata[at : at + 2], "big")
            sets.append(bytes(extradata[at + 2 : at + 2 + size]))
            at += 2 + size
    return tuple(sets), (extradata[4] & 3) + 1


def annex_b(units: Iterable[bytes]) -> bytes:
    """Return NAL units with start codes (Annex B)."""
    return b"".join(_START + unit for unit in units)


def _units(packet: bytes, length_bytes: int) -> Iterator[bytes]:
    """Yield the units of a packet with their lengths.

    Raises:
        MediaError: A length leads beyond the packet.
    """
    at = 0
    while at < len(packet):
        size = int.from_bytes(packet[at : at + length_bytes], "big")
        at += length_bytes
        if not size or at + size > len(packet):
            raise MediaError("a packet's units are damaged")
        yield packet[at : at + size]
        at += size


def without_sets(packet: bytes, length_bytes: int, sets: tuple[bytes, ...]) -> bytes:
    """Return a packet with start codes, without the parameter sets of the header.

    Raises:
        MediaError: It brings others.
    """
    kept = []
    for unit in _units(packet, length_bytes):
        if unit[0] & 0x1F in {_SPS, _PPS}:
            if unit not in sets:
                raise MediaError("the stream changes its parameter sets on the way")
            continue
        kept.append(unit)
    return annex_b(kept)


def is_idr(packet: bytes, length_bytes: int) -> bool:
    """Return whether a packet is an IDR picture."""
    return any(unit[0] & 0x1F == _IDR for unit in _units(packet, length_bytes))


def is_progressive(sets: tuple[bytes, ...]) -> bool:
    """Return whether all frames are progressive (`frame_mbs_only_flag`)."""
    return all(known.frames_only for known in _sequence_sets(sets))


def set_ids(sets: tuple[bytes, ...]) -> set[int]:
    """Return the numbers under which sequence parameter sets are known."""
    return {known.number for known in _sequence_sets(sets)}


def _sequence_sets(sets: tuple[bytes, ...]) -> list[SequenceSet]:
    return [read_sequence_set(unit) for unit in sets if unit[0] & 0x1F == _SPS]
