"""Locks of whole files, which the system releases when their process ends."""

import sys
from typing import Literal, TypeAlias

if sys.platform != "win32":
    import fcntl

__all__ = ["FlockState", "try_flock"]

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
