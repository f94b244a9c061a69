"""Write files atomically: a reader sees the old one or the new one."""

import contextlib
import glob
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = ["partials", "replacing", "sweep", "write_atomic"]

# Age of partial files that a killed process left.
_ABANDONED_S = 86_400
# Bytes of the target's stem and suffix that a partial file's name keeps.
_STEM_BYTES = 64


@contextlib.contextmanager
def replacing(target: Path, *, flush: bool = True) -> Iterator[Path]:
    """Yield a new path beside `target`, and move it there when the block succeeds.

    The new file has the target's suffix, so that a muxer selects the container
    by it. When the block raises, it is removed and `target` stays as it was.

    Args:
        target: The file to be.
        flush: Whether it is flushed to disk before it gets its name; what can be
            made again need not be.
    """
    partial = _create_partial(target)
    try:
        yield partial
        with contextlib.suppress(FileNotFoundError):
            partial.chmod(target.stat().st_mode & 0o777)
        if flush:
            _flush_to_disk(partial)
        partial.replace(target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            partial.unlink()
        raise


def partials(target: Path) -> Iterator[Path]:
    """Yield the unfinished files that `replacing` left beside a target.

    Those of targets with the same beginning may be among them.
    """
    prefix, suffix = map(glob.escape, _around(target))
    return target.parent.glob(f"{prefix}*{suffix}")


def _around(target: Path) -> tuple[str, str]:
    """Return the prefix and suffix of the random part of a partial file's name."""
    stem, suffix = target.stem, target.suffix
    # A name of 255 bytes leaves no room for more.
    while len(os.fsencode(stem)) > _STEM_BYTES:
        stem = stem[:-1]
    if len(os.fsencode(suffix)) > _STEM_BYTES:
        suffix = ""
    return f".{stem}.", f".partial{suffix}"


def write_atomic(target: Path, data: bytes) -> None:
    """Write `data` to `target`, all of it or none."""
    with replacing(target) as partial:
        partial.write_bytes(data)


def sweep(paths: Iterable[Path]) -> None:
    """Remove files and folders that have not changed for a day."""
    for path in paths:
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _ABANDONED_S:
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()


def _create_partial(target: Path) -> Path:
    """Create an empty file of a new name beside `target`.

    Where there is no target, the permissions are 0666 less the umask, which the kernel
    applies: `tempfile` would give 0600, and reading the umask means to set it for the
    whole process, other threads included. Beside a target it is private until it gets
    the target's own permissions.
    """
    prefix, suffix = _around(target)
    mode = 0o600 if target.exists() else 0o666
    while True:
        partial = target.with_name(f"{prefix}{secrets.token_hex(4)}{suffix}")
        with contextlib.suppress(FileExistsError):
            handle = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
            os.close(handle)
            return partial


def _flush_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
