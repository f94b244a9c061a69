"""Limits of the parts that picture files are made of, beside their pixels.

A PNG of a million empty chunks, or a JPEG of a thousand scans of one bit each, is small
and legal, and takes minutes to read.
"""

import mmap
from pathlib import Path
from typing import IO, Final

from timeline_nb.core.file_limits import MAX_JPEG_SCANS, MAX_PNG_CHUNKS
from timeline_nb.errors import MediaError, UnsafeMediaError
from timeline_nb.i18n import Message

__all__ = ["check_parts"]

_PNG_SIGNATURE_BYTES: Final = 8
# Length, name and checksum of a chunk, beside its data.
_CHUNK_BYTES: Final = 12
# The marker of a scan; FF is followed by 00 in a scan's data (ITU-T T.81, B.1.1.5).
_SCAN: Final = b"\xff\xda"


def check_parts(path: Path, file: IO[bytes], kind: str) -> None:
    """Count the chunks of a PNG and the scans of a JPEG.

    Args:
        path: The file, for the error.
        file: It, open.
        kind: Of `picture_format`.

    Raises:
        MediaError: It cannot be read.
        UnsafeMediaError: There are too many.
    """
    if kind not in {"png", "jpeg"}:
        return
    limit = MAX_PNG_CHUNKS if kind == "png" else MAX_JPEG_SCANS
    count = _chunks if kind == "png" else _scans
    try:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            has_more = count(data, limit.value) > limit.value
    except (OSError, ValueError) as error:
        raise MediaError(
            Message("{path} cannot be read: {why}", path=path, why=error)
        ) from error
    if has_more:
        excess = limit.excess
        raise UnsafeMediaError(
            Message("{path}, a picture, has chunks, {excess}", path=path, excess=excess)
            if kind == "png"
            else Message(
                "{path}, a picture, has scans, {excess}", path=path, excess=excess
            )
        )


def _chunks(data: mmap.mmap, most: int) -> int:
    """Return how many chunks a PNG has, counted up to one beyond `most`."""
    count, place = 0, _PNG_SIGNATURE_BYTES
    while place + _CHUNK_BYTES <= len(data) and count <= most:
        place += int.from_bytes(data[place : place + 4], "big") + _CHUNK_BYTES
        count += 1
    return count


def _scans(data: mmap.mmap, most: int) -> int:
    """Return how many scans a JPEG has, counted up to one beyond `most`."""
    count, place = 0, data.find(_SCAN)
    while place >= 0 and count <= most:
        place = data.find(_SCAN, place + len(_SCAN))
        count += 1
    return count
