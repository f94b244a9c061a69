"""The file of a journal that this process writes, and the lock that says so."""

import contextlib
import errno
import os
import stat
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from timeline_nb.collaboration.keeper import SYNCER
from timeline_nb.core.files import give_new_name
from timeline_nb.core.flocks import close_unlocked, try_flock
from timeline_nb.core.framing import records_in
from timeline_nb.core.partials import let_go, locked_partial
from timeline_nb.errors import ProjectError
from timeline_nb.project.journal import Begin, Replay, Writer, begin_record

__all__ = [
    "FileMark",
    "JournalFile",
    "begin_of",
    "holder_of",
    "mark_of",
    "remove_journal",
]

_FLAGS: Final = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
_FIRST_BYTES: Final = 40_000
# The age at which a journal that cannot be read says nothing any more.
_ABANDONED_S: Final = 86_400
# Who only looks whether a lock is held takes it for an instant.
_TRIES: Final = 6
_PAUSE_S: Final = 0.01


@dataclass(frozen=True)
class FileMark:
    """What differs between two states of a file: it was replaced, or written to.

    Args:
        device: Of the file.
        number: The file's on it.
        size_bytes: Its size.
        changed_ns: When it was written to last.
    """

    device: int
    number: int
    size_bytes: int
    changed_ns: int


class JournalFile:
    """A journal that this process writes, whose lock it holds.

    Args:
        path: Its name.
        descriptor: It, open for writing and locked.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self.size_bytes = 0
        self.records = 0
        self._is_synced = True

    @classmethod
    def take(cls, path: Path, records: Iterable[bytes]) -> Self | None:
        """Put a new journal in place of one that nobody writes.

        Returns:
            The journal; None if another process writes it, or another person owns it.

        Raises:
            OSError: It cannot be written.
        """
        if sys.platform == "win32":
            raise OSError(errno.ENOTSUP, "Windows replaces no open file", str(path))
        for number in range(_TRIES):
            if number:
                time.sleep(_PAUSE_S)
            partial, descriptor = locked_partial(path)
            made = cls(path, descriptor)
            taken = False
            try:
                for record in records:
                    made._write(record)
                taken = _put_in_place(partial, path)
            finally:
                if not taken:
                    let_go(descriptor)
                with contextlib.suppress(OSError):
                    partial.unlink()
            if taken:
                made._sync_soon()
                return made
        return None

    def append(self, records: Iterable[bytes]) -> bool:
        """Write records at the end.

        Returns:
            Whether they are there: not if the journal was removed or replaced.

        Raises:
            OSError: It cannot be written; the journal is as it was.
        """
        if not self.is_in_place():
            return False
        size, count = self.size_bytes, self.records
        try:
            for record in records:
                self._write(record)
        except OSError:
            self.size_bytes, self.records = size, count
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, size)
                os.lseek(self._descriptor, size, os.SEEK_SET)
            raise
        self._sync_soon()
        return True

    def replace(self, records: Iterable[bytes]) -> None:
        """Put a new file in its place, and keep the lock all the time.

        Raises:
            OSError: It cannot be written; the journal is as it was.
        """
        partial, descriptor = locked_partial(self.path)
        made = JournalFile(self.path, descriptor)
        try:
            for record in records:
                made._write(record)
            partial.replace(self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                partial.unlink()
            let_go(descriptor)
            raise
        let_go(self._descriptor)
        self._descriptor = descriptor
        self.size_bytes, self.records = made.size_bytes, made.records
        self._sync_soon()

    def leave(self, *, remove: bool) -> None:
        """End the lock; others may read or replace what is left."""
        if remove and self.is_in_place():
            with contextlib.suppress(OSError):
                self.path.unlink()
        let_go(self._descriptor)
        self._descriptor = -1

    @property
    def mark(self) -> FileMark | None:
        """The mark of the file as it is now."""
        try:
            return _mark(os.fstat(self._descriptor))
        except OSError:
            return None

    def sync(self) -> None:
        """Wait until the disk has what was written."""
        self._is_synced, descriptor = True, self._descriptor
        if descriptor >= 0:
            with contextlib.suppress(OSError):
                os.fsync(descriptor)

    def _sync_soon(self) -> None:
        if self._is_synced:
            self._is_synced = False
            SYNCER.put(self.sync)

    def _write(self, record: bytes) -> None:
        left = memoryview(record)
        while left:
            left = left[os.write(self._descriptor, left) :]
        self.size_bytes += len(record)
        self.records += 1

    def is_in_place(self) -> bool:
        """Return whether nobody has removed or replaced it."""
        try:
            return os.path.samestat(self.path.lstat(), os.fstat(self._descriptor))
        except OSError:
            return False


def mark_of(path: Path) -> FileMark | None:
    """Return the mark of a journal as it is now; None if there is none."""
    try:
        return _mark(path.lstat())
    except OSError:
        return None


def _mark(found: os.stat_result) -> FileMark:
    return FileMark(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def holder_of(path: Path) -> Writer | None:
    """Return who writes a journal now; None if nobody does, or there is none."""
    try:
        descriptor = os.open(path, os.O_RDWR | _FLAGS)
    except PermissionError:
        return _owner(path)
    except OSError:
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        if try_flock(descriptor, shared=True) != "held":
            return None
        begin = _begin_in(os.pread(descriptor, _FIRST_BYTES, 0), path)
        return Writer() if begin is None else begin.writer
    except OSError:
        return None
    finally:
        close_unlocked(descriptor)


def begin_of(path: Path) -> Begin | None:
    """Return the first record of a journal; None if it has none."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _FLAGS)
    except OSError:
        return None
    try:
        return _begin_in(os.read(descriptor, _FIRST_BYTES), path)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def remove_journal(path: Path) -> None:
    """Remove a journal, unless somebody writes it."""
    with contextlib.suppress(OSError):
        taken = JournalFile.take(path, [begin_record(Begin())])
        if taken is not None:
            taken.leave(remove=True)


def _begin_in(data: bytes, path: Path) -> Begin | None:
    record = next(records_in(data), None)
    if record is None:
        return None
    replay = Replay(path)
    with contextlib.suppress(ProjectError):
        replay.take(record[0])
    return replay.begin


def _owner(path: Path) -> Writer | None:
    """Return whose a journal is that only its owner may read; None of an old one.

    Whether its writer still lives cannot be seen.
    """
    try:
        status = path.lstat()
    except OSError:
        return None
    is_own = hasattr(os, "geteuid") and status.st_uid == os.geteuid()
    if is_own or time.time() - status.st_mtime > _ABANDONED_S:
        return None
    name = f"user {status.st_uid}"
    with contextlib.suppress(ImportError, KeyError):
        import pwd

        name = pwd.getpwuid(status.st_uid).pw_name
    return Writer(user=name, since_s=max(0.0, status.st_mtime))


def _put_in_place(partial: Path, path: Path) -> bool:
    """Give a new journal its name, unless somebody writes that which has it.

    Raises:
        OSError: It cannot have the name.
    """
    try:
        old = os.open(path, os.O_RDWR | _FLAGS)
    except FileNotFoundError:
        return give_new_name(partial, path)
    except PermissionError:
        return False
    try:
        status = os.fstat(old)
        is_own = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
        is_free = stat.S_ISREG(status.st_mode) and is_own and try_flock(old) != "held"
        # Another process may have put its own there before this had the lock.
        is_free = is_free and os.path.samestat(path.lstat(), status)
        if is_free:
            partial.replace(path)
        return is_free
    finally:
        close_unlocked(old)
