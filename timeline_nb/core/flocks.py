"""Locks of whole files, which the system releases when their process ends."""

import contextlib
import os
import sys
from typing import Literal, TypeAlias

if sys.platform != "win32":
    import fcntl

__all__ = ["FlockState", "close_unlocked", "try_flock"]

FlockState: TypeAlias = Literal["taken", "held", "unknown"]


def try_flock(descriptor: int, *, shared: bool = False) -> FlockState:
    """Try to lock a file.

    Args:
        descriptor: The file, open for writing, as NFS locks no others.
        shared: Whether others may have such a lock, too.

    Returns:
        Whether the lock was taken, another process holds it, or the file system has
        no locks.
    """
    if sys.platform == "win32":
        return "unknown"
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return "held"
    except OSError:
        return "unknown"
    return "taken"


def close_unlocked(descriptor: int) -> None:
    """Close a file, and end its lock at once.

    A process that is begun at the same moment has the open file, too, until its program
    runs; the file's lock would last as long if it was only closed here.
    """
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)
