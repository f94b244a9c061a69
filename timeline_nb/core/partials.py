"""Name unfinished files and folders, and remove those that dead processes left.

A name is `.STEM.HOST-RANDOM.partial.SUFFIX`. The process at work on it holds a lock
(flock) on the file, or on a file in the folder. The system releases it when the
process ends, however that happens, and a lock has no number that another process could
get. Locks are only trusted on the machine they were taken on: HOST identifies it.
"""

import contextlib
import os
import re
import secrets
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path
from socket import gethostname
from typing import Final

from timeline_nb.core.flocks import close_unlocked, try_flock
from timeline_nb.core.interrupts import interrupts_held

__all__ = [
    "let_go",
    "locked_partial",
    "partial_file",
    "partial_folder",
    "sweep",
    "temporary_folder",
]

_NAME: Final = re.compile(
    r"\..*\.([0-9a-f]{8})-[0-9a-f]{8}\.partial(?:\..+)?", re.DOTALL
)
# Age at which what no lock says anything about is abandoned: that of other machines,
# and all on file systems without locks.
_ABANDONED_S: Final = 86_400
# Bytes of the target's stem and suffix that a partial file's name keeps.
_STEM_BYTES: Final = 64
# The file in a folder that is locked.
_OWNER: Final = ".owner"
# Descriptors whose locks this process holds.
_held: set[int] = set()


@contextlib.contextmanager
def partial_file(target: Path, *, mode: int = 0o666) -> Iterator[Path]:
    """Yield a new empty file beside `target`, with its suffix; it is removed after.

    Where there is no target, the permissions are `mode` less the umask, which the
    kernel applies: `tempfile` would give 0600, and reading the umask means to set it
    for the whole process, other threads included. Beside a target it is private until
    it gets the target's own permissions.

    Args:
        target: The file to be.
        mode: Permissions where there is no target yet.

    Raises:
        OSError: It cannot be created.
    """
    stem, suffix = target.stem, target.suffix
    # A name of 255 bytes leaves no room for more.
    while len(os.fsencode(stem)) > _STEM_BYTES:
        stem = stem[:-1]
    if len(os.fsencode(suffix)) > _STEM_BYTES:
        suffix = ""
    mode = 0o600 if target.exists() else mode
    owner = os.getpid()
    created: tuple[Path, int] | None = None
    try:
        # An interrupt in between would leave the file.
        with interrupts_held():
            while created is None:
                path = target.with_name(f"{_unique(stem)}{suffix}")
                with contextlib.suppress(FileExistsError):
                    descriptor = _owned(path, mode)
                    if descriptor is not None:
                        created = path, descriptor
        if sys.platform == "win32":
            _release(created[1])  # an open file gets no other name there
        yield created[0]
    finally:
        with interrupts_held():
            if created is not None:
                if os.getpid() == owner:  # and not in a fork of it
                    with contextlib.suppress(OSError):
                        created[0].unlink()
                _release(created[1])


def locked_partial(target: Path) -> tuple[Path, int]:
    """Create a private empty file beside `target`, and keep its lock.

    For files that are locked for as long as they are written, also under the name of
    `target`, which the caller gives it.

    Returns:
        The file, and its descriptor, which `let_go` closes.

    Raises:
        OSError: It cannot be created.
    """
    stem = target.name
    while len(os.fsencode(stem)) > _STEM_BYTES:
        stem = stem[:-1]
    while True:
        path = target.with_name(_unique(stem))
        with contextlib.suppress(FileExistsError):
            descriptor = _owned(path, 0o600)
            if descriptor is not None:
                return path, descriptor


def let_go(descriptor: int) -> None:
    """Close a file that `locked_partial` made, which ends its lock."""
    _release(descriptor)


@contextlib.contextmanager
def partial_folder(parent: Path, stem: str) -> Iterator[Path]:
    """Yield a new private folder in `parent`; it is removed after, with its contents.

    Raises:
        OSError: It cannot be created.
    """
    while True:
        folder = parent / _unique(stem)
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            try:
                descriptor = _owned(folder / _OWNER, 0o600)
            except FileNotFoundError:
                continue  # another process swept it before it had an owner
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            if descriptor is not None:
                break
    owner = os.getpid()
    try:
        yield folder
    finally:
        if os.getpid() == owner:
            _remove_folder(folder)
        _release(descriptor)


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a new private folder for temporary files; it is removed after.

    Raises:
        OSError: It cannot be created.
    """
    parent = Path(tempfile.gettempdir())
    sweep(parent)
    with partial_folder(parent, "timeline_nb") as folder:
        yield folder


def sweep(folder: Path) -> None:
    """Remove what dead processes left unfinished in a folder.

    Only this user's files and folders under the names of this module are removed, and
    only if nobody holds their lock. Those of another machine, or where the file system
    has no locks, are removed a day after their last change.
    """
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.startswith(".")]
    except OSError:
        return  # there is no such folder, or it cannot be read
    for name in names:
        found = _NAME.fullmatch(name)
        if found:
            with contextlib.suppress(OSError):
                _remove_dead(folder / name, is_local=found[1] == _host())


def _unique(stem: str) -> str:
    return f".{stem}.{_host()}-{secrets.token_hex(4)}.partial"


@cache
def _host() -> str:
    """Return what identifies the running system, within which locks are seen.

    It is the boot of the kernel where that is known: containers of one machine see
    each other's locks, and machines of the same name do not.
    """
    name = gethostname()
    with contextlib.suppress(OSError):
        name = Path("/proc/sys/kernel/random/boot_id").read_text("ascii")
    return blake2b(name.encode(errors="replace"), digest_size=4).hexdigest()


def _owned(path: Path, mode: int) -> int | None:
    """Create a file and lock it; return its descriptor, to be released.

    None if another process swept it in between.
    """
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, mode)
    _held.add(descriptor)
    try:
        if try_flock(descriptor) != "held":
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(path.lstat(), os.fstat(descriptor)):
                    return descriptor
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        _release(descriptor)
        raise
    _release(descriptor)
    return None


def _release(descriptor: int) -> None:
    if descriptor in _held:
        _held.discard(descriptor)
        with contextlib.suppress(OSError):
            close_unlocked(descriptor)


def _disown() -> None:
    """Close what the parent of a forked process holds: its death is to release it."""
    for descriptor in list(_held):
        _held.discard(descriptor)
        with contextlib.suppress(OSError):
            os.close(descriptor)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_disown)


def _remove_dead(path: Path, *, is_local: bool) -> None:
    """Remove a file or folder unless it may be in use.

    Raises:
        OSError: It cannot be read or removed.
    """
    status = path.lstat()
    if hasattr(os, "geteuid") and status.st_uid != os.geteuid():
        return
    if stat.S_ISREG(status.st_mode):
        with _dead(path, is_local=is_local, changed=status.st_mtime):
            path.unlink()
    elif stat.S_ISDIR(status.st_mode):
        changed = max(part.lstat().st_mtime for part in (path, *path.iterdir()))
        owner = path / _OWNER
        if owner.exists():
            with _dead(owner, is_local=is_local, changed=changed):
                _remove_folder(path)
        elif _is_old(changed):
            _remove_folder(path)
        else:
            # Only if it is empty: its owner ended before it had a lock, or finds it
            # gone and creates another.
            path.rmdir()


@contextlib.contextmanager
def _dead(path: Path, *, is_local: bool, changed: float) -> Iterator[None]:
    """Check that the owner of a file ended, and hold its lock in the block.

    An owner that did not lock it yet finds it locked or gone, and creates another.

    Raises:
        OSError: The owner is alive, or may be.
    """
    # Writable, as NFS locks no others. What became a pipe or a link is not followed.
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags)
    try:
        state = try_flock(descriptor) if is_local else "unknown"
        if state == "held" or (state == "unknown" and not _is_old(changed)):
            raise BlockingIOError(f"{path} may be in use")
        yield
    finally:
        close_unlocked(descriptor)


def _is_old(changed: float) -> bool:
    return time.time() - changed > _ABANDONED_S


def _remove_folder(folder: Path) -> None:
    """Remove a folder; its owner's file last, so that a kill leaves it recognizable."""
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if path.name != _OWNER:
                shutil.rmtree(path, ignore_errors=True)
                path.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
