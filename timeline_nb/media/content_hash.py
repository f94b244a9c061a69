"""The SHA-256 of whole files, for proof: a fingerprint is of samples alone."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias

from timeline_nb.access.use import open_file
from timeline_nb.core.file_errors import file_errors
from timeline_nb.errors import MediaError
from timeline_nb.media.sequence import files_at, sequence_at

__all__ = ["Algorithm", "ContentHash", "content_hash"]

Algorithm: TypeAlias = Literal["sha256", "md5"]
_CHUNK_BYTES: Final = 1 << 20


class ContentHash(NamedTuple):
    """What a file holds.

    Args:
        digest: 64 hex digits, as `sha256sum` prints them; of an image sequence, the
            SHA-256 of those of its files, one a line, in their order.
        size_bytes: Of all files.
    """

    digest: str
    size_bytes: int


def content_hash(
    path: Path | str,
    check: Callable[[], object] = lambda: None,
    *,
    algorithm: Algorithm = "sha256",
) -> ContentHash:
    """Read a file, or every file of a sequence, whole.

    Args:
        path: A file, or an image sequence.
        check: Called for each megabyte; what it raises ends the reading.
        algorithm: `sha256`, or `md5` as DVC has it.

    Raises:
        MediaError: A file is not there, or cannot be read.
    """
    if sequence_at(path) is None:
        return _of_file(Path(path), check, algorithm)
    parts = [_of_file(file, check, algorithm) for file in files_at(path)]
    lines = "".join(f"{part.digest}\n" for part in parts)
    size = sum(part.size_bytes for part in parts)
    return ContentHash(hashlib.sha256(lines.encode()).hexdigest(), size)


def _of_file(
    path: Path, check: Callable[[], object], algorithm: Algorithm
) -> ContentHash:
    digest, size = hashlib.new(algorithm, usedforsecurity=False), 0
    with file_errors(path, MediaError, verb="read"), open_file(path) as file:
        while data := file.read(_CHUNK_BYTES):
            check()
            digest.update(data)
            size += len(data)
    return ContentHash(digest.hexdigest(), size)
