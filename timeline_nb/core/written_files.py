"""Which files were written here, so that only those are replaced without a question.

A person renders to one name again and again; a file of that name which something else
wrote must stay. For each file written, its size and time of change are kept in the data
folder, under a hash of its path. A file that has them still is ours; one that another
program wrote or changed is not.

The state of a new file is kept before the file gets its name, beside that of the old
one: whichever of them a kill leaves, it is recognized.
"""

import contextlib
import os
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import quote_from_bytes

import msgspec

from timeline_nb.core.app_dirs import data_dir
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.files import replacing
from timeline_nb.core.records import Records
from timeline_nb.core.user_warnings import warn_user
from timeline_nb.errors import TimelineNbError
from timeline_nb.i18n import Message

__all__ = ["WrittenFiles", "written_files"]

# Of files, or of sequences of pictures; the oldest are forgotten.
_MOST_RECORDS: Final = 4_000
# States of one name: the file there, one that was to replace it, and one before.
_MOST_STATES: Final = 3
# The folders that a warning was given for.
_warned: set[Path] = set()
_State: TypeAlias = tuple[int, int]
_Record: TypeAlias = dict[str, list[_State]]


class WrittenFiles:
    """The files that were written on this machine, kept in a folder.

    Args:
        data_dir: The folder of user data; made when something is kept.
    """

    def __init__(self, data_dir: Path) -> None:
        self._records = Records(data_dir / "written", _MOST_RECORDS)

    def check(
        self,
        target: Path,
        kind: type[TimelineNbError],
        *,
        overwrite: bool,
        names: Iterable[str] | None = None,
    ) -> None:
        """Check that files may be written: they are new, or were written here.

        Args:
            target: The file, or the pattern of a sequence.
            kind: The error's.
            overwrite: Whether others may be replaced.
            names: The names of a sequence's files; the target's own if not given.

        Raises:
            TimelineNbError: Of that kind: another program's file is there, or what is
                there cannot be looked at.
        """
        if overwrite:
            return
        record: _Record | None = None
        for name in (target.name,) if names is None else names:
            path = target.with_name(name)
            with file_errors(path, kind):
                state = _state_of(path)
            if state is None:
                continue
            if record is None:
                record = self._record(target)
            if state not in record.get(_plain(name), []):
                raise kind(
                    Message(
                        "{path} is there already, and timeline_nb did not write it "
                        "here, or it was changed since{hint}: choose another name, or "
                        "replace it with overwrite=True (--overwrite)",
                        path=path,
                        hint=self._hint(),
                    )
                )

    def is_own(self, path: Path) -> bool:
        """Return whether a file was written here, and was not changed since."""
        try:
            state = _state_of(path)
        except OSError:
            return False
        return state in self._record(path).get(_plain(path.name), [])

    @contextlib.contextmanager
    def replacing(
        self,
        target: Path,
        kind: type[TimelineNbError],
        *,
        overwrite: bool,
    ) -> Iterator[Path]:
        """Yield a new path beside `target`, and move it there if the target is ours.

        As `files.replacing`, and the file is known as one of ours from then on.

        Raises:
            TimelineNbError: Of that kind: another program's file is there, now or when
                the block ends.
            OSError: The file cannot be written.
        """
        self.check(target, kind, overwrite=overwrite)
        noted = _Noted(self, target, kind, overwrite=overwrite)
        with replacing(target, while_replaced=noted) as partial:
            noted.partial = partial
            yield partial

    def write(
        self, target: Path, data: bytes, kind: type[TimelineNbError], *, overwrite: bool
    ) -> None:
        """Write `data` to `target`, all of it or none; as `replacing`."""
        with self.replacing(target, kind, overwrite=overwrite) as partial:
            partial.write_bytes(data)

    def note(self, target: Path, files: Iterable[tuple[str, Path]]) -> None:
        """Keep the states of files that are about to get their names.

        Args:
            target: The file, or the pattern of a sequence.
            files: Each name, and the file that gets it.

        Raises:
            OSError: One cannot be looked at, and so would not be known as ours.
        """
        record = self._record(target)
        for name, path in files:
            state = _state(path.lstat())
            old = record.get(_plain(name), [])
            others = [own for own in old if own != state]
            record[_plain(name)] = [state, *others][:_MOST_STATES]
        if not self._records.keep(_key(target), msgspec.msgpack.encode(record)):
            self._warn()

    def _warn(self) -> None:
        """Warn once in a session that no record of written files can be kept."""
        folder = self._records.folder
        if folder not in _warned:
            _warned.add(folder)
            warn_user(
                f"the record of written files cannot be kept in {folder}: later "
                "sessions will not know that timeline_nb wrote this file, and replace "
                "it only with overwrite=True (--overwrite)"
            )

    def _hint(self) -> str:
        """Return what to know where earlier records could not be kept."""
        folder = self._records.folder
        places = (folder, *folder.parents)
        # Unlike Path.exists, it raises nothing for what may not be looked at.
        there = next(place for place in places if os.path.exists(place))  # noqa: PTH110
        if there.is_dir() and os.access(there, os.W_OK):
            return ""
        return f" (records of written files cannot be kept in {folder})"

    def _record(self, target: Path) -> _Record:
        data = self._records.get(_key(target))
        try:
            return msgspec.msgpack.decode(data, type=_Record) if data else {}
        except msgspec.MsgspecError:
            return {}


class _Noted(contextlib.AbstractContextManager[None]):
    """Checks a target again, and keeps the new file's state, before it is replaced."""

    def __init__(
        self,
        files: WrittenFiles,
        target: Path,
        kind: type[TimelineNbError],
        *,
        overwrite: bool,
    ) -> None:
        self._files, self._target = files, target
        self._kind, self._overwrite = kind, overwrite
        self.partial = target

    def __enter__(self) -> None:
        self._files.check(self._target, self._kind, overwrite=self._overwrite)
        self._files.note(self._target, [(self._target.name, self.partial)])

    def __exit__(self, *_: object) -> None:
        pass


def written_files() -> WrittenFiles:
    """Return the files written on this machine by what has no studio."""
    return WrittenFiles(data_dir())


def _state_of(path: Path) -> _State | None:
    """Return the state of a file, or of a link itself; None if there is none.

    Raises:
        OSError: It cannot be looked at.
    """
    try:
        return _state(path.lstat())
    except (FileNotFoundError, NotADirectoryError):
        return None


def _state(status: os.stat_result) -> _State:
    return status.st_size, status.st_mtime_ns


def _plain(name: str) -> str:
    """Return a file's name, which need not be text (PEP 383), as text."""
    return quote_from_bytes(os.fsencode(name), safe=" ")


def _key(target: Path) -> str:
    """Return the name of the record of a path; the path is not kept."""
    try:
        whole = target.parent.resolve() / target.name
    except (OSError, RuntimeError):
        whole = target.absolute()
    return blake2b(os.fsencode(whole), digest_size=16).hexdigest()
