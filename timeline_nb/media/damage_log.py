"""A log of frames that are known not to decode, beside the frame indexes."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from timeline_nb.core.app_dirs import cached_if_possible
from timeline_nb.core.locks import new_lock

__all__ = ["DamageLog"]

# Of one file; more are a file that does not decode at all.
_MOST_BYTES: Final = 1_000_000


class DamageLog:
    """The numbers of frames that do not decode, by file; thread-safe.

    Each is a line appended to a text file, so that processes that share the folder
    lose nothing of each other's.

    Args:
        folder: Of the files, in the cache folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = new_lock("frames that do not decode")
        self._added: dict[str, set[int]] = {}

    def frames(self, fingerprint: str) -> frozenset[int]:
        """Return the frames of a file that are known not to decode."""
        found: set[int] = set()
        try:
            with self._path(fingerprint).open("rb") as file:
                lines = file.read(_MOST_BYTES).split()
            found = {int(line) for line in lines if line.isdigit()}
        except OSError:
            pass  # none is known, or the folder cannot be read
        with self._lock:
            return frozenset(found | self._added.get(fingerprint, set()))

    def add(self, fingerprint: str, numbers: Iterable[int]) -> None:
        """Remember that frames do not decode."""
        with self._lock:
            known = self._added.setdefault(fingerprint, set())
            fresh = set(numbers) - known
            known |= fresh
        if not fresh:
            return
        path = self._path(fingerprint)
        with cached_if_possible(self._folder.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(file, "".join(f"{n}\n" for n in sorted(fresh)).encode())
            finally:
                os.close(file)

    def _path(self, fingerprint: str) -> Path:
        return self._folder / f"{fingerprint}.damaged"
