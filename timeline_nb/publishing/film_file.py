"""A film that is uploaded: an open file that must stay what it is meanwhile."""

import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Final, NamedTuple, Self

from timeline_nb.access.use import open_descriptor
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import PublishError
from timeline_nb.i18n import Message

__all__ = ["FilmFile"]

_CHUNK_BYTES: Final = 1 << 20


class _State(NamedTuple):
    """What the system says of a file; a change of its contents changes this."""

    device: int
    inode: int
    size_bytes: int
    changed_ns: int


class FilmFile:
    """A film on disk, read from one descriptor; a context manager.

    Args:
        path: The film.

    Attributes:
        path: As given.
        size_bytes: Of the file.

    Raises:
        PublishError: It cannot be opened, is no ordinary file, or is empty.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with file_errors(path, PublishError, verb="opened"):
            self._descriptor = open_descriptor(path)
            self._state = self._now()
        self.size_bytes = self._state.size_bytes
        if not self.size_bytes:
            self.close()
            raise PublishError(
                Message("{path} is empty: there is nothing to upload", path=path)
            )

    def digest(self, reporter: Reporter) -> str:
        """Return 32 hex digits of all bytes: two films with one digest are the same.

        All are read, unlike those of a fingerprint: an upload that goes on after a kill
        must not continue another film.

        Raises:
            PublishError: It cannot be read, or changed meanwhile.
        """
        digest = blake2b(digest_size=16)
        done = 0
        while done < self.size_bytes:
            chunk = self.read(done, _CHUNK_BYTES)
            digest.update(chunk)
            done += len(chunk)
            reporter.report("check", done, self.size_bytes, unit="B")
        self.check()
        return digest.hexdigest()

    def read(self, offset: int, most: int) -> bytes:
        """Return bytes of the film, at most so many, and at least one.

        Raises:
            PublishError: It cannot be read, or became shorter.
        """
        with file_errors(self.path, PublishError, verb="read"):
            wanted = min(most, self.size_bytes - offset)
            os.lseek(self._descriptor, offset, os.SEEK_SET)
            found = os.read(self._descriptor, wanted)
        if not found:
            raise self._changed()
        return found

    def check(self) -> None:
        """Check that the film is what it was when it was opened.

        Raises:
            PublishError: It was written, or another file has its name now.
        """
        with file_errors(self.path, PublishError, verb="read"):
            now = self._now()
        if now != self._state:
            raise self._changed()

    def _changed(self) -> PublishError:
        return PublishError(
            Message(
                "{path} was changed during the upload: publish it again, once it is "
                "finished",
                path=self.path,
            )
        )

    def _now(self) -> _State:
        status = os.fstat(self._descriptor)
        return _State(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)

    def close(self) -> None:
        """Close the file."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            with suppress(OSError):
                os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
