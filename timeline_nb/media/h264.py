"""Parse H.264 without decoding: parameter sets, and pairs of fields."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from timeline_nb.media.bit_reader import BitReader

__all__ = ["FieldPairs", "SequenceSet", "read_sequence_set", "units"]

_SLICE, _IDR, _SPS = 1, 5, 7
_START: Final = b"\x00\x00\x01"
# Profiles whose sequence parameter sets have a chroma format (7.3.2.1.1).
_HIGH: Final = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}
# A slice's header as far as it is read, and a parameter set, end before.
_HEADER_BYTES: Final = 24


@dataclass(frozen=True)
class SequenceSet:
    """What is asked of a sequence parameter set.

    Args:
        number: Under which slices know it.
        frames_only: Whether no picture is coded as two fields.
        frame_number_bits: The width of a slice's `frame_num`.
        has_planes: Whether slices have the id of their color plane.
    """

    number: int
    frames_only: bool
    frame_number_bits: int
    has_planes: bool


def read_sequence_set(unit: bytes) -> SequenceSet:
    """Read a sequence parameter set (7.3.2.1.1), its header byte included.

    Raises:
        IndexError: It ends too early.
    """
    bits = BitReader(unit[4:], escaped=True)
    number = bits.unsigned()
    has_planes = False
    if unit[1] in _HIGH:
        chroma = bits.unsigned()
        has_planes = chroma == 3 and bool(bits.bit())
        bits.unsigned()  # bit depths
        bits.unsigned()
        bits.bit()
        if bits.bit():
            for place in range(12 if chroma == 3 else 8):
                if bits.bit():
                    _pass_scaling_list(bits, 16 if place < 6 else 64)
    frame_number_bits = bits.unsigned() + 4
    order = bits.unsigned()  # pic_order_cnt_type
    if order == 0:
        bits.unsigned()
    elif order == 1:
        bits.bit()
        bits.signed()
        bits.signed()
        for _ in range(bits.unsigned()):
            bits.signed()
    bits.unsigned()  # max_num_ref_frames
    bits.bit()
    bits.unsigned()  # width and height in macroblocks
    bits.unsigned()
    return SequenceSet(number, bool(bits.bit()), frame_number_bits, has_planes)


def _pass_scaling_list(bits: BitReader, size: int) -> None:
    """Skip a scaling list (7.3.2.1.1.1)."""
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.signed()) % 256
        last = following or last


def units(packet: bytes, length_bytes: int) -> Iterator[bytes]:
    """Yield the units of a packet, as far as they are whole.

    Args:
        packet: The bytes.
        length_bytes: How long the length before each unit is; 0 where start codes
            stand between them (annex B).
    """
    if not length_bytes:
        at = packet.find(_START)
        while at >= 0:
            following = packet.find(_START, at + 3)
            unit = packet[at + 3 : following if following >= 0 else None]
            if unit:
                yield unit
            at = following
        return
    at = 0
    while at + length_bytes < len(packet):
        size = int.from_bytes(packet[at : at + length_bytes], "big")
        at += length_bytes
        if not size:
            continue
        yield packet[at : at + size]
        at += size


class FieldPairs:
    """Distinguishes packets that begin a picture from those that complete one.

    A picture may be coded as two fields, each in a packet of its own (PAFF). A packet
    of the second field is not a picture more.

    Args:
        extradata: The stream's, with its parameter sets where it brings them.
    """

    def __init__(self, extradata: bytes) -> None:
        self._length_bytes = 0
        self._sets: dict[int, SequenceSet] = {}
        self._is_needed = True
        # Frame number and parity of a first field whose second has not come.
        self._open: tuple[int, int] | None = None
        if len(extradata) > 6 and extradata[0] == 1:
            self._length_bytes = (extradata[4] & 3) + 1
            count, at = extradata[5] & 0x1F, 6
            for _ in range(count):
                size = int.from_bytes(extradata[at : at + 2], "big")
                self._learn(extradata[at + 2 : at + 2 + size])
                at += 2 + size
        else:
            for unit in units(extradata, 0):
                if unit[0] & 0x1F == _SPS:
                    self._learn(unit)

    @property
    def is_needed(self) -> bool:
        """Whether packets must be looked into: pictures may be coded as fields."""
        return self._is_needed

    def begins_picture(self, packet: bytes) -> bool:
        """Return whether the next packet in decoding order begins a picture."""
        try:
            for unit in units(packet, self._length_bytes):
                kind = unit[0] & 0x1F
                if kind == _SPS:
                    self._learn(unit)
                elif kind in {_SLICE, _IDR, 2}:
                    return self._begins(unit)
        except IndexError:
            pass
        return True

    def _learn(self, unit: bytes) -> None:
        try:
            found = read_sequence_set(unit)
        except IndexError:
            return
        self._sets[found.number] = found
        self._is_needed = any(not known.frames_only for known in self._sets.values())

    def _begins(self, unit: bytes) -> bool:
        """Read a slice's header (7.3.3) up to its field flags."""
        # Which set it names stands in a picture parameter set; streams that pair
        # fields have one sequence set, or several of one shape.
        known = next(iter(self._sets.values()), None)
        if known is None or known.frames_only:
            self._open = None
            return True
        bits = BitReader(unit[1:_HEADER_BYTES], escaped=True)
        bits.unsigned()  # first_mb_in_slice
        bits.unsigned()  # slice_type
        bits.unsigned()  # pic_parameter_set_id
        if known.has_planes:
            bits.number(2)
        number = bits.number(known.frame_number_bits)
        if not bits.bit():
            self._open = None
            return True
        parity = bits.bit()
        if self._open == (number, 1 - parity):
            self._open = None
            return False
        self._open = (number, parity)
        return True
