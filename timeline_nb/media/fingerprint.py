"""Identify files by content, wherever they are and whatever their names."""

from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

from timeline_nb.access.use import open_file
from timeline_nb.core.file_errors import file_errors
from timeline_nb.errors import MediaError
from timeline_nb.media.file_state import FileState, file_state

__all__ = ["fingerprint"]

_CHUNK_BYTES: Final = 1 << 16
# 64 samples of 64 KiB: 4 MiB read of a film of any length, 2 ms from a warm disk.
_SAMPLES: Final = 64
# Attempts to read a file that does not change meanwhile.
_TRIES: Final = 3


def fingerprint(path: Path | str) -> str:
    """Return 32 hex digits from the size and 64 evenly spaced samples of the content.

    Files up to 4 MiB are read whole. Edits in place between the samples of a larger
    file are not seen; media files are not edited in place.

    Raises:
        MediaError: The file cannot be read.
    """
    path = Path(path)
    with file_errors(path, MediaError, verb="read"):
        for _ in range(_TRIES):
            state = file_state(path)
            try:
                return _fingerprint(path, state)
            except _ChangedError:
                continue
        # It is being written: what it holds now is all that can be said.
        return _digest(path, file_state(path).size_bytes)


class _ChangedError(Exception):
    """A file changed while it was read."""


@lru_cache(maxsize=4096)
def _fingerprint(path: Path, state: FileState) -> str:
    """Return the fingerprint of a file in a state; nothing is kept of another."""
    digest = _digest(path, state.size_bytes)
    if file_state(path) != state:
        raise _ChangedError
    return digest


def _digest(path: Path, size: int) -> str:
    digest = blake2b(str(size).encode(), digest_size=16)
    with open_file(path) as file:
        for number in range(_SAMPLES):
            offset = (size - _CHUNK_BYTES) * number // (_SAMPLES - 1)
            if size <= _SAMPLES * _CHUNK_BYTES:
                offset = number * _CHUNK_BYTES
            file.seek(max(0, offset))
            digest.update(file.read(_CHUNK_BYTES))
    return digest.hexdigest()
