"""The file of a segment: encoded packets, extradata and a digest.

Packets come one after another; a table of them follows, then its length and a magic
word. The table holds a digest of all packets, so that damage is found before reuse.
"""

import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from timeline_nb.core.app_dirs import cache_refusal
from timeline_nb.core.files import replacing
from timeline_nb.errors import RenderError

__all__ = ["Packed", "SegmentFile", "SegmentWriter", "writing"]

_MAGIC: Final = b"tlnbseg1"
_END: Final = struct.Struct("<Q8s")
_DIGEST_BYTES: Final = 16


class Packed(msgspec.Struct, frozen=True, array_like=True):
    """A packet of a segment.

    Args:
        size: Bytes.
        pts: Ticks since the segment's first frame or sample.
        is_key: Whether decoding can begin there.
        duration: Ticks, 0 if unknown.
    """

    size: int
    pts: int
    is_key: bool
    duration: int = 0


class SegmentTable(msgspec.Struct, frozen=True, kw_only=True):
    """What follows the packets.

    Args:
        extradata: The codec's, for a decoder.
        packets: In the order of decoding.
        digest: Of all packets.
        facts: Other values, by name.
    """

    extradata: bytes
    packets: tuple[Packed, ...]
    digest: bytes
    facts: dict[str, Any] = {}


class SegmentWriter:
    """Writes packets to a segment's file."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path, self._file = path, file
        self._packets: list[Packed] = []
        self._digest = blake2b(digest_size=_DIGEST_BYTES)
        self.extradata = b""
        self.facts: dict[str, Any] = {}

    def add(self, data: bytes, *, pts: int, is_key: bool, duration: int = 0) -> None:
        """Write a packet.

        Raises:
            RenderError: The cache folder cannot be written, or the disk is full.
        """
        with _cache_errors(self._path, "written"):
            self._file.write(data)
        self._digest.update(data)
        self._packets.append(Packed(len(data), pts, is_key, duration))

    def finish(self) -> None:
        """Write the table."""
        table = SegmentTable(
            extradata=self.extradata,
            packets=tuple(self._packets),
            digest=self._digest.digest(),
            facts=self.facts,
        )
        data = msgspec.msgpack.encode(table)
        self._file.write(data)
        self._file.write(_END.pack(len(data), _MAGIC))


@contextmanager
def writing(path: Path) -> Iterator[SegmentWriter]:
    """Write a segment's file: it appears whole, or not at all.

    Raises:
        RenderError: The cache folder cannot be written, or the disk is full.
    """
    with ExitStack() as stack:
        with _cache_errors(path, "written"):
            path.parent.mkdir(parents=True, exist_ok=True)
            # Without fsync: what a crash leaves half written is found by its
            # digest, and encoded again.
            partial = stack.enter_context(replacing(path, flush=False))
            file = partial.open("wb")
            # What is still to be written may fail again, and hide the first error.
            stack.callback(_close_quietly, file)
            writer = SegmentWriter(path, file)
        yield writer
        with _cache_errors(path, "written"):
            writer.finish()
            file.close()
            stack.close()


def _close_quietly(file: BinaryIO) -> None:
    with suppress(OSError):
        file.close()


@contextmanager
def _cache_errors(path: Path, verb: str) -> Iterator[None]:
    """Turn errors of a segment's file into one that names the cache and a way out."""
    try:
        yield
    except (OSError, MemoryError) as error:
        # segments/ab/abc.seg in the cache folder
        raise RenderError(cache_refusal(path.parents[2], error, verb=verb)) from error


class SegmentFile:
    """A segment on disk.

    Args:
        path: The file.

    Raises:
        ValueError: It is not a complete segment.
        OSError: It cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _END.size))
            tail = file.read(_END.size)
            if len(tail) < _END.size or not tail.endswith(_MAGIC):
                raise ValueError(f"{path} is no whole segment")
            (length, _) = _END.unpack(tail)
            begin = size - _END.size - length
            file.seek(max(0, begin))
            try:
                table = msgspec.msgpack.decode(file.read(length), type=SegmentTable)
            except msgspec.MsgspecError as error:
                raise ValueError(f"{path} is damaged: {error}") from error
        if begin != sum(packet.size for packet in table.packets):
            raise ValueError(f"{path} is no whole segment")
        self.extradata, self.packets = table.extradata, table.packets
        self.facts = table.facts
        self._digest = table.digest
        self.size_bytes: int = begin

    def __iter__(self) -> Iterator[tuple[Packed, bytes]]:
        with _cache_errors(self.path, "read"):
            file = self.path.open("rb")
        with file:
            for packet in self.packets:
                with _cache_errors(self.path, "read"):
                    data = file.read(packet.size)
                yield packet, data

    def is_sound(self) -> bool:
        """Return whether its packets are those that were written."""
        digest = blake2b(digest_size=_DIGEST_BYTES)
        try:
            for _, data in self:
                digest.update(data)
        except RenderError:
            return False
        return digest.digest() == self._digest
