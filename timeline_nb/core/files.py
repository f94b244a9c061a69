"""Write files atomically: a reader sees the old one or the new one."""

import contextlib
import errno
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Final

from timeline_nb.core.partials import partial_file, sweep

__all__ = ["give_new_name", "replacing", "write_all", "write_atomic", "write_private"]

# What file systems answer that cannot flush a folder to disk (CIFS, some of FUSE).
_FLUSHES_NO_FOLDERS: Final = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EBADF})


@contextlib.contextmanager
def replacing(
    target: Path,
    *,
    flush: bool = True,
    while_replaced: AbstractContextManager[None] | None = None,
) -> Iterator[Path]:
    """Yield a new path beside `target`, and move it there when the block succeeds.

    The new file has the target's suffix, so that a muxer selects the container
    by it. When the block raises, it is removed and `target` stays as it was. What
    dead processes left in the folder is removed first.

    Args:
        target: The file to be.
        flush: Whether it is flushed to disk before it gets its name; what can be
            made again need not be.
        while_replaced: Entered only while the file gets its name: a lock is not held
            during the writing.

    Raises:
        OSError: The file cannot be written.
    """
    sweep(target.parent)
    with _replacing(target, flush=flush, while_replaced=while_replaced) as partial:
        yield partial


def write_atomic(
    target: Path,
    data: bytes,
    *,
    while_replaced: AbstractContextManager[None] | None = None,
) -> None:
    """Write `data` to `target`, all of it or none.

    Raises:
        OSError: The file cannot be written.
    """
    with replacing(target, while_replaced=while_replaced) as partial:
        partial.write_bytes(data)


def give_new_name(partial: Path, target: Path) -> bool:
    """Give a file a name that no other file has; return whether it was free.

    Unlike a renaming, this never replaces a file. `partial` is removed by who made it.

    Raises:
        OSError: No file can have the name.
    """
    try:
        os.link(partial, target)
    except FileExistsError:
        return False
    except OSError:
        # A file system without links: an empty file of our own holds the name.
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            return False
        partial.replace(target)
    return True


def write_private(target: Path, data: bytes) -> None:
    """Write `data` to a file that only its owner may read, all of it or none.

    The permissions are 0600, whatever those of the file before. The folder is flushed
    to disk, too: after a loss of power the name stands for the new contents.

    Raises:
        OSError: The file cannot be written.
    """
    sweep(target.parent)
    with partial_file(target, mode=0o600) as partial:
        partial.write_bytes(data)
        _flush_to_disk(partial)
        partial.replace(target)
    # Windows opens no folders.
    if sys.platform != "win32":
        try:
            _flush_to_disk(target.parent)
        except OSError as error:
            if error.errno not in _FLUSHES_NO_FOLDERS:
                raise


def write_all(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write many files to a folder, each by its name, all of it or none.

    Raises:
        OSError: One cannot be written; those before it are.
    """
    sweep(folder)
    for name, data in files:
        with _replacing(folder / name, flush=True) as partial:
            partial.write_bytes(data)


@contextlib.contextmanager
def _replacing(
    target: Path,
    *,
    flush: bool,
    while_replaced: AbstractContextManager[None] | None = None,
) -> Iterator[Path]:
    with partial_file(target) as partial:
        yield partial
        # Some file systems have no permissions; it stays private there.
        with contextlib.suppress(OSError):
            partial.chmod(target.stat().st_mode & 0o777)
        if flush:
            _flush_to_disk(partial)
        with while_replaced or nullcontext():
            partial.replace(target)


def _flush_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
