"""The folder beside a project in which several kernels lay their steps for each other.

It has a file with the timeline that all began with, and one of each who edits, with
updates of the shared document. Each is written by its owner alone, who holds its lock:
so nobody waits for anybody, and who is there is known, also after a kill.
"""

import contextlib
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from timeline_nb.access.scope import Scope
from timeline_nb.access.use import open_file, use_scope
from timeline_nb.collaboration.elsewhere import Elsewhere, elsewhere_of, own_writer
from timeline_nb.collaboration.journal_file import JournalFile, holder_of
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.files import write_private
from timeline_nb.core.framing import framed, records_in
from timeline_nb.errors import ProjectError
from timeline_nb.project.document import locked
from timeline_nb.project.journal import (
    Begin,
    Replay,
    Snapshot,
    Writer,
    begin_record,
    read_journal,
    snapshot_record,
)
from timeline_nb.timeline.model import Timeline

__all__ = ["Base", "SharedFolder"]

_BASE: Final = "base"
_SUFFIX: Final = ".steps"
_MOST_FILES: Final = 1_000


@dataclass(frozen=True)
class Base:
    """What all who share an edit began with.

    Args:
        timeline: The timeline.
        digest: Of the project's file that holds it.
        key: Names the shared document.
    """

    timeline: Timeline
    digest: str
    key: str


class SharedFolder:
    """The folder of one project, as one of those who share it sees it.

    Args:
        project: The project's file.
        author: The id of who looks; new for each opening of a project.
        scope: What may be read.
        max_bytes: The memory that what is read may take.
    """

    def __init__(
        self, project: Path, author: str, *, scope: Scope | None, max_bytes: int
    ) -> None:
        # Links are followed, as for the project's journal.
        self.project = Path(os.path.realpath(project))
        self.path = self.project.with_name(f".{self.project.name}.shared")
        self._author = author
        self._scope, self._max_bytes = scope, max_bytes
        self._file: JournalFile | None = None
        self._key = ""
        # How much of each file was read, of which file that was.
        self._read: dict[str, tuple[os.stat_result, int]] = {}
        self.faults: dict[str, str] = {}

    @property
    def exists(self) -> bool:
        """Whether there is one, of this account: nobody else reads or writes steps."""
        try:
            status = self.path.lstat()
        except OSError:
            return False
        is_own = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
        return stat.S_ISDIR(status.st_mode) and is_own

    def enter(self, timeline: Timeline, digest: str) -> Base:
        """Begin to share; return what all began with.

        Args:
            timeline: What they begin with if nobody is there yet.
            digest: Of the project's file that holds it.

        Raises:
            ProjectError: What is there cannot be read, or nothing can be written.
        """
        with file_errors(self.path, ProjectError), locked(self.path):
            self.path.mkdir(mode=0o700, exist_ok=True)
            if not self.exists:
                raise ProjectError(
                    f"{self.path} belongs to another account, or is no folder: remove "
                    "it to share the edit"
                )
            if not self.members():
                self._clear()
            base = self._base()
            if base is None:
                begin = Begin(
                    base=digest, name=timeline.name, key=secrets.token_hex(16)
                )
                whole = snapshot_record(Snapshot(), timeline, self._base_path)
                write_private(self._base_path, begin_record(begin) + whole)
                # As all others read it.
                base = self._base()
            if base is None:
                raise ProjectError(f"{self._base_path} was removed")
            own = begin_record(Begin(key=base.key, writer=own_writer()))
            self._file = JournalFile.take(self._path_of(self._author), [own])
            if self._file is None:
                raise ProjectError(f"{self.path} cannot be written by this account")
            self._key = base.key
            self._read.clear()
            self.faults.clear()
        return base

    @property
    def is_entered(self) -> bool:
        """Whether steps can be laid down: not where somebody removed the folder."""
        return self._file is not None and self._file.is_in_place()

    def append(self, update: bytes) -> bool:
        """Lay an update down; return whether the folder still is there.

        Raises:
            OSError: It cannot be written.
        """
        return self._file is not None and self._file.append([framed(update)])

    def updates(self) -> Iterator[tuple[str, bytes]]:
        """Yield the updates of others that were not read yet, and their files' names.

        A file that cannot be read is left out, and noted in `faults`.
        """
        for path in self._files():
            if path.stem != self._author and path.name not in self.faults:
                try:
                    yield from self._new_of(path)
                except ProjectError as error:
                    self.faults[path.name] = str(error)
                except OSError:
                    continue

    def _new_of(self, path: Path) -> Iterator[tuple[str, bytes]]:
        with use_scope(None), open_file(path) as file:
            status = os.fstat(file.fileno())
            known, place = self._read.get(path.name, (status, 0))
            if not os.path.samestat(known, status):
                place = 0
            if status.st_size > self._max_bytes // 2:
                raise ProjectError(f"{path} is too large: {status.st_size:,} bytes")
            file.seek(place)
            data = file.read(status.st_size - place)
        is_first = not place
        read = 0
        for record, end in records_in(data):
            read = end
            if is_first:
                is_first = False
                if not self._is_of_this(record, path):
                    return
                continue
            yield path.name, record
        if is_first and data and not data.startswith(b"TNR1"[: len(data)]):
            raise ProjectError(f"{path} has no steps")
        self._read[path.name] = status, place + read

    def _is_of_this(self, record: bytes, path: Path) -> bool:
        """Return whether a file that begins so has steps of this shared edit.

        Another one may just begin, since somebody removed this one.
        """
        replay = Replay(path)
        replay.take(record)
        return replay.begin is not None and replay.begin.key == self._key

    def members(self) -> dict[str, Writer]:
        """Return who else shares the edit now, by their ids."""
        found: dict[str, Writer] = {}
        for path in self._files() if self.exists else ():
            if path.stem != self._author:
                holder = holder_of(path)
                if holder is not None:
                    found[path.stem] = holder
        return found

    def people(self) -> tuple[Elsewhere, ...]:
        """Return in words who else shares the edit now."""
        members = self.members()
        return tuple(
            elsewhere_of(members[who], is_followed=True, follow=None, is_shared=True)
            for who in sorted(members)
        )

    def leave(self, *, remove: bool) -> None:
        """Share no more.

        Args:
            remove: Whether to remove the folder if nobody else is there: nothing in it
                is needed.

        Raises:
            ProjectError: It cannot be locked.
        """
        file, self._file = self._file, None
        if file is not None:
            file.leave(remove=False)
        if remove and self.exists:
            with file_errors(self.path, ProjectError), locked(self.path):
                if not self.members():
                    with contextlib.suppress(FileNotFoundError):
                        self._clear()
                        self.path.rmdir()

    def remove(self) -> None:
        """Remove the folder, also while others share: all lay down anew what they have.

        Raises:
            ProjectError: It cannot be removed.
        """
        with file_errors(self.path, ProjectError), locked(self.path):
            self._clear()
            self.path.rmdir()

    def look(self) -> Base | None:
        """Return what all began with, without a part in it; None if there is nothing.

        Raises:
            ProjectError: It cannot be read.
        """
        base = self._base() if self.exists else None
        if base is not None:
            self._key = base.key
        return base

    def _base(self) -> Base | None:
        replay = read_journal(
            self._base_path, scope=self._scope, max_bytes=self._max_bytes
        )
        if replay is None:
            return None
        if replay.begin is None or replay.timeline is None:
            raise ProjectError(f"{self._base_path} has no timeline")
        return Base(replay.timeline, replay.begin.base, replay.begin.key)

    def _clear(self) -> None:
        for path in self.path.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        try:
            with os.scandir(self.path) as found:
                names = [one.name for one in found if one.name.endswith(_SUFFIX)]
        except OSError:
            return []
        names = [name for name in names if not name.startswith(".")]
        return [self.path / name for name in sorted(names)[:_MOST_FILES]]

    @property
    def _base_path(self) -> Path:
        return self.path / _BASE

    def _path_of(self, author: str) -> Path:
        return self.path / f"{author}{_SUFFIX}"
