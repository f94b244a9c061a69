"""Whether git tracks a file, read from its index.

Git itself is not run: a repository of a stranger may name programs that git starts
(`core.fsmonitor`). The format is that of git's `index-format` documentation.
"""

import os
import struct
from pathlib import Path
from typing import Final

__all__ = ["git_tracks", "repository_of"]

_MOST_BYTES: Final = 64 << 20
_HEADER: Final = struct.Struct(">4sII")
# What stands before an entry's object name: times, device, mode, owner, size.
_STAT_BYTES: Final = 40
_EXTENDED: Final = 0x4000
_HASH_BYTES: Final = (20, 32)  # SHA-1, SHA-256


def repository_of(folder: Path) -> Path | None:
    """Return the root of the repository that a folder is in; None if in none."""
    return next(
        (one for one in (folder, *folder.parents) if os.path.lexists(one / ".git")),
        None,
    )


def git_tracks(path: Path) -> bool:
    """Return whether a file is in the index of the repository around it.

    An index that cannot be read has no files.

    Args:
        path: The file, with its folders resolved.
    """
    root = repository_of(path.parent)
    if root is None:
        return False
    try:
        data = _index_of(root)
    except (OSError, UnicodeDecodeError):
        return False
    wanted = os.fsencode(path.relative_to(root).as_posix())
    # An entry's name ends with NUL; this saves reading an index without it.
    if wanted.rpartition(b"/")[2] + b"\0" not in data:
        return False
    for hash_bytes in _HASH_BYTES:
        try:
            names = _names(data, hash_bytes)
        except (struct.error, IndexError, ValueError):
            continue
        return wanted in names
    return False


def _index_of(root: Path) -> bytes:
    folder = root / ".git"
    if folder.is_file():  # a worktree or a submodule: "gitdir: PATH"
        with folder.open(encoding="utf-8") as file:
            folder = root / file.read(4096).partition("gitdir:")[2].strip()
    index = folder / "index"
    if not index.is_file() or index.stat().st_size > _MOST_BYTES:
        return b""
    return index.read_bytes()


def _names(data: bytes, hash_bytes: int) -> set[bytes]:
    """Return the names in an index whose object names have so many bytes."""
    mark, version, count = _HEADER.unpack_from(data)
    if mark != b"DIRC" or version not in {2, 3, 4}:
        raise ValueError("no index that is known")
    names, at, last = set(), _HEADER.size, b""
    for _ in range(count):
        start = at
        at += _STAT_BYTES + hash_bytes
        (flags,) = struct.unpack_from(">H", data, at)
        at += 4 if flags & _EXTENDED and version > 2 else 2
        kept = 0
        if version == 4:
            cut, at = _variable_length(data, at)
            kept = len(last) - cut
            if kept < 0:
                raise ValueError("a name that is cut by more than it has")
        end = data.index(b"\0", at)
        last = last[:kept] + data[at:end]
        if flags & 0xFFF != min(len(last), 0xFFF):
            raise ValueError("an entry of another length: not this kind of hash")
        names.add(last)
        # Entries are padded to 8 bytes by 1 to 8 NULs, but for version 4.
        at = end + 1 if version == 4 else start + ((end - start + 8) & ~7)
    return names


def _variable_length(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of git's OFFSET encoding, and where it ends."""
    byte = data[at]
    value = byte & 0x7F
    while byte & 0x80:
        at += 1
        byte = data[at]
        value = ((value + 1) << 7) | (byte & 0x7F)
    return value, at + 1
