"""Files that only their owner reads and writes."""

import secrets
from pathlib import Path

from timeline_nb.core.files import replacing

__all__ = ["private_folder", "private_key", "write_private"]


def private_folder(path: Path) -> Path:
    """Return a folder that only its owner enters; it is created if need be.

    Raises:
        OSError: It cannot be created.
    """
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def write_private(path: Path, data: bytes) -> None:
    """Write a file, all of it or none, for its owner alone.

    Raises:
        OSError: It cannot be written.
    """
    private_folder(path.parent)
    if path.exists():
        # What replaces it gets its permissions.
        path.chmod(0o600)
    with replacing(path) as partial:
        partial.chmod(0o600)
        partial.write_bytes(data)


def private_key(path: Path) -> bytes:
    """Return 32 random bytes, which are kept in a file.

    Raises:
        OSError: The file cannot be read or written.
    """
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        key = b""
    if len(key) == 32:
        return key
    write_private(path, secrets.token_bytes(32))
    # Of two processes that write at once, the last one's is the key of both.
    return path.read_bytes()
