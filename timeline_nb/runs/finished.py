"""Films that batches finished on this machine, so that they are not made again."""

import hashlib
import os
from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec

from timeline_nb.core.app_dirs import data_dir
from timeline_nb.core.records import Records

__all__ = ["Finished", "FinishedFilms"]

# The oldest are forgotten, and their films made again.
_MOST: Final = 20_000


class Finished(msgspec.Struct, frozen=True):
    """A film of a batch.

    Args:
        key: The hash of all that it was made by.
        sha256: Of the film.
        size_bytes: Its size.
        changed_ns: When it was written.
        seconds: How long it took.
    """

    key: str
    sha256: str
    size_bytes: int
    changed_ns: int
    seconds: float


class FinishedFilms:
    """What batches made, by the film's path, in the data folder.

    Args:
        folder: The folder of user data; this machine's if not given.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._records = Records((folder or data_dir()) / "batches", _MOST)

    def get(self, film: Path, key: str) -> Finished | None:
        """Return what is known of a film that is there as it was made by this key.

        A film that was moved or touched is read; one with other bytes is not known.
        """
        data = self._records.get(_name(film))
        try:
            known = msgspec.msgpack.decode(data, type=Finished) if data else None
        except msgspec.MsgspecError:
            known = None
        if known is None or known.key != key:
            return None
        try:
            state = film.stat()
            if state.st_size != known.size_bytes:
                return None
            if state.st_mtime_ns != known.changed_ns and _sha256(film) != known.sha256:
                return None
        except OSError:
            return None
        return known

    def keep(self, film: Path, key: str, seconds: float) -> Finished:
        """Read a film that was made, and note it.

        Raises:
            OSError: There is none, or it cannot be read.
        """
        state = film.stat()
        made = Finished(key, _sha256(film), state.st_size, state.st_mtime_ns, seconds)
        self._records.keep(_name(film), msgspec.msgpack.encode(made))
        return made


def _sha256(film: Path) -> str:
    with film.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _name(film: Path) -> str:
    return blake2b(os.fsencode(film.absolute()), digest_size=16).hexdigest()
