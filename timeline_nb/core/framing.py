"""Records one after another in a file, each with its length and a checksum.

A record is read whole or not at all: the first that was cut off or damaged ends what
is read, since a process may be killed while it writes the last one.
"""

import struct
from collections.abc import Iterator
from hashlib import blake2b
from typing import Final

__all__ = ["MAX_RECORD_BYTES", "framed", "records_in"]

MAX_RECORD_BYTES: Final = 2**30
_MARK: Final = b"TNR1"
_DIGEST_BYTES: Final = 8
# The mark, the length of the record, and its checksum.
_HEAD: Final = struct.Struct(f">4sI{_DIGEST_BYTES}s")


def framed(record: bytes) -> bytes:
    """Return a record as it lies in a file.

    >>> list(records_in(framed(b"one") + framed(b"two") + b"TNR1"))
    [(b'one', 19), (b'two', 38)]
    """
    return _HEAD.pack(_MARK, len(record), _digest(record)) + record


def records_in(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield each whole record, and where it ends, up to the first that is not."""
    place = 0
    while len(data) - place >= _HEAD.size:
        mark, length, digest = _HEAD.unpack_from(data, place)
        begin = place + _HEAD.size
        if mark != _MARK or length > min(MAX_RECORD_BYTES, len(data) - begin):
            return
        record = data[begin : begin + length]
        if _digest(record) != digest:
            return
        place = begin + length
        yield record, place


def _digest(record: bytes) -> bytes:
    return blake2b(record, digest_size=_DIGEST_BYTES).digest()
