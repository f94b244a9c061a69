"""What is known of uploads that did not end, so that they go on after a kill.

An upload's session address lets anyone who has it send bytes to the account, so the
files are private (0600), lie in a private folder, and nothing prints what they hold.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import msgspec
from filelock import FileLock, Timeout
from msgspec.structs import replace

from timeline_nb.core.file_errors import file_errors, reason_of
from timeline_nb.core.files import write_private
from timeline_nb.core.partials import sweep
from timeline_nb.errors import PublishError
from timeline_nb.i18n import Message
from timeline_nb.publishing.settings import PublishSettings
from timeline_nb.security.secret import Secret

__all__ = ["Entry", "UploadEntry", "UploadJournal"]

# Google's sessions live for a week, TikTok's for an hour; what is older helps nobody.
_KEPT_S: Final = 8 * 86_400
_MOST_BYTES: Final = 100_000
# A cancelled upload ends within a part of a second, unless its server is silent.
_ENDS_WITHIN_S: Final = 5.0
_POLL_S: Final = 0.05
# It is held for as long as a file is opened or removed.
_GUARD_S: Final = 10.0
# The entries that this process holds; a set is changed at once for all threads.
_held: set[Path] = set()


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What is written of an upload.

    Args:
        session: The address that bytes are sent to; empty before there is one.
        id: What the platform calls the film; empty while it has no name.
        done: What was finished after the film was sent: `film`, `thumbnail` ...
    """

    session: str = ""
    id: str = ""
    done: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Entry(id={self.id!r}, done={self.done!r})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        # rich asks this of a struct, and not its repr.
        return [("id", self.id), ("done", self.done)]


class UploadEntry:
    """The entry of one upload, which this process alone writes.

    Args:
        path: Its file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entry = _read(path)

    def __repr__(self) -> str:
        return f"UploadEntry({self._path.name})"

    @property
    def session(self) -> Secret | None:
        """The address that bytes are sent to, None before there is one."""
        return Secret(self._entry.session) if self._entry.session else None

    @property
    def id(self) -> str:
        """What the platform calls the film; empty while it has no name."""
        return self._entry.id

    @property
    def done(self) -> tuple[str, ...]:
        """What is finished."""
        return self._entry.done

    def begin(self, session: Secret, film: str = "") -> None:
        """Keep the address of a session that was begun, and the film's id if known."""
        self._write(Entry(session=session.reveal(), id=film))

    def finish(self, step: str, film: str = "") -> None:
        """Keep that a step is finished, and the film's id."""
        done = (*self._entry.done, step)
        self._write(replace(self._entry, done=done, id=film or self._entry.id))

    def forget(self) -> None:
        """Forget the upload: it is whole, or cannot go on."""
        self._entry = Entry()
        with file_errors(self._path, PublishError, verb="removed"):
            self._path.unlink(missing_ok=True)

    def _write(self, entry: Entry) -> None:
        """Write the entry whole or not at all, readable by its owner alone."""
        fault = ""
        try:
            write_private(self._path, msgspec.json.encode(entry))
        except (OSError, MemoryError) as error:
            fault = reason_of(error)
        # Not in the block above: the frames of its error hold the address.
        if fault:
            raise PublishError(
                Message(
                    "{path} cannot be written: {fault}", path=self._path, fault=fault
                )
            )
        self._entry = entry


class UploadJournal:
    """The entries of uploads, each in a file of its own.

    Args:
        folder: Where they lie; made when it is needed, and private.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def entry(
        self,
        digest: str,
        settings: PublishSettings,
        check: Callable[[], None] = lambda: None,
    ) -> Iterator[UploadEntry]:
        """Hold the entry of a film and what is said of it.

        An upload of the same by this process is waited for, for a few seconds: it may
        have been cancelled just now.

        Args:
            digest: Of the film's bytes.
            settings: Those of the upload; other ones are another upload.
            check: Called while it waits; what it raises ends the wait.

        Raises:
            PublishError: The same is uploaded now, or the folder cannot be written.
        """
        key = blake2b(digest.encode(), digest_size=16)
        key.update(msgspec.json.encode(settings))
        path = self.folder / f"{key.hexdigest()}.upload"
        with file_errors(self.folder, PublishError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with suppress(OSError):  # a file system without permissions
                self.folder.chmod(0o700)
        self._drop_old()
        lock = FileLock(path.with_suffix(".lock"), mode=0o600)
        ends = time.monotonic() + _ENDS_WITHIN_S
        while not self._acquired(lock, path):
            if path not in _held or time.monotonic() > ends:
                raise PublishError(_busy(path))
            check()
            time.sleep(_POLL_S)
        try:
            yield UploadEntry(path)
        finally:
            self._release(lock, path)

    def _acquired(self, lock: FileLock, path: Path) -> bool:
        """Take the lock of an entry, if nobody has it; return whether it was taken."""
        with file_errors(path, PublishError):
            try:
                with self._guard():
                    lock.acquire(timeout=0)
                    _held.add(path)
            except Timeout:
                return False
        return True

    def _release(self, lock: FileLock, path: Path) -> None:
        """Let a lock go, and remove its file where no upload is left to go on."""
        try:
            with suppress(OSError, Timeout), self._guard():
                if not path.exists():
                    # Windows removes no open file; filelock does it afterwards.
                    with suppress(OSError):
                        path.with_suffix(".lock").unlink()
                lock.release()
        finally:
            lock.release()
            _held.discard(path)

    def _guard(self) -> FileLock:
        # Who opened a lock's file just before it is removed would lock a file without
        # a name, and another process a new one.
        return FileLock(self.folder / "guard.lock", timeout=_GUARD_S, mode=0o600)

    def _drop_old(self) -> None:
        """Remove entries whose sessions ended long ago."""
        sweep(self.folder)
        for path in self.folder.glob("*.upload"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _KEPT_S:
                    path.unlink()


def _busy(path: Path) -> str:
    if path in _held:
        return Message(
            "this film is being uploaded by this notebook or program, with the same "
            "title and settings: wait for it, or cancel it"
        )
    return Message(
        "this film is being uploaded by another notebook or program, with the same "
        "title and settings: wait for it, or cancel it there"
    )


def _read(path: Path) -> Entry:
    """Return an entry; an empty one where there is none, or it is damaged."""
    with suppress(OSError, msgspec.MsgspecError):
        if path.stat().st_size <= _MOST_BYTES:
            return msgspec.json.decode(path.read_bytes(), type=Entry)
    return Entry()
