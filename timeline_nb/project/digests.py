"""The digest of a project's file, by which a later change is seen."""

import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from timeline_nb.access.use import open_file, use_scope
from timeline_nb.core.bounded_json import MAX_PROJECT_BYTES
from timeline_nb.errors import TimelineNbError

__all__ = ["digest_of", "digest_of_file"]


def digest_of(data: bytes) -> str:
    """Return the digest of what a file holds."""
    return blake2b(data, digest_size=16).hexdigest()


def digest_of_file(path: Path) -> str:
    """Return the digest of a file as it is now; empty if it cannot be read."""
    with suppress(OSError, TimelineNbError), use_scope(None), open_file(path) as file:
        if os.fstat(file.fileno()).st_size <= MAX_PROJECT_BYTES:
            return digest_of(file.read(MAX_PROJECT_BYTES))
    return ""
