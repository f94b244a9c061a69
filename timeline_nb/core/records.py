"""Small private records in the data folder, each a file under a hash."""

import contextlib
import os
from pathlib import Path
from typing import Final

from cachetools import LRUCache

from timeline_nb.core.locks import new_lock
from timeline_nb.core.partials import partial_file, sweep

__all__ = ["Records"]

_MOST_IN_MEMORY: Final = 4_000
_lock = new_lock("records that could not be written")
# Where the folder cannot be written, a session still has its own.
_unwritten: LRUCache[Path, bytes] = LRUCache(_MOST_IN_MEMORY)


class Records:
    """Records by key: whole or not at all, readable by this person alone.

    Processes may write at once: each record is a file of its own, and the last one of
    a key stays.

    Args:
        folder: Made when something is kept, with the permissions 0700.
        most: How many are kept; the oldest are forgotten.
    """

    def __init__(self, folder: Path, most: int) -> None:
        self._folder, self._most = folder, most

    @property
    def folder(self) -> Path:
        """Where the records lie."""
        return self._folder

    def get(self, key: str) -> bytes | None:
        """Return a record; None if there is none, or it cannot be read."""
        path = self._folder / key
        with _lock:
            unwritten = _unwritten.get(path)
        if unwritten is not None:
            return unwritten
        try:
            return path.read_bytes()
        except OSError:
            return None

    def keep(self, key: str, data: bytes) -> bool:
        """Keep a record, in this session alone if the folder cannot be written.

        Args:
            key: Letters that a file's name may have.
            data: The record, in place of one that is there.

        Returns:
            Whether it was written.
        """
        path = self._folder / key
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sweep(self._folder)
            with partial_file(path) as partial:
                partial.chmod(0o600)
                partial.write_bytes(data)
                partial.replace(path)
        except OSError:
            with _lock:
                _unwritten[path] = data
            return False
        with _lock:
            _unwritten.pop(path, None)
        with contextlib.suppress(OSError):
            self._forget_oldest()
        return True

    def _forget_oldest(self) -> None:
        with os.scandir(self._folder) as entries:
            names = [entry.name for entry in entries if not entry.name.startswith(".")]
        if len(names) <= self._most:
            return
        paths = sorted(
            (self._folder / name for name in names),
            key=lambda path: path.stat().st_mtime_ns,
        )
        for path in paths[: len(paths) - self._most * 9 // 10]:
            path.unlink(missing_ok=True)
