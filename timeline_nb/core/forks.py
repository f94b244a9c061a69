"""What a process that was forked does with what it inherits.

A fork has one thread, and copies of all objects. Locks that other threads held stay
locked, so they are made anew. Native objects whose threads are not there would be
waited for when they are freed, so they are never freed. Files share their place with
the parent, so decoders open theirs again; and work that other threads did is not done
here, so each `Inheritor` begins anew.
"""

import ctypes
import gc
import os
from typing import Any, Final, Protocol, TypeVar
from weakref import WeakSet

__all__ = [
    "Inheritor",
    "forks_seen",
    "keep_in_forks",
    "renewed_in_forks",
    "watch_forks",
]

L = TypeVar("L")


class Inheritor(Protocol):
    """What changes in a process that was forked."""

    def begin_anew(self) -> None:
        """Replace what belongs to threads and files of the parent process."""


_locks: Final[WeakSet[Any]] = WeakSet()
_inheritors: Final[WeakSet[Any]] = WeakSet()
_kept_kinds: Final[set[type]] = set()
_forks = 0


def forks_seen() -> int:
    """Return how many forks lie between the first process and this one.

    What was opened at another count belongs to a parent process.
    """
    return _forks


def renewed_in_forks(lock: L) -> L:
    """Return a lock that is free in a forked process, whoever held it."""
    _locks.add(lock)
    return lock


def watch_forks(inheritor: Inheritor) -> None:
    """Call `begin_anew` in each forked process, as long as the object lives."""
    _inheritors.add(inheritor)


def keep_in_forks(*kinds: type) -> None:
    """Never free inherited objects of these types, or of types below them.

    Args:
        kinds: Types of native objects that wait for their own threads when they are
            freed: codecs, filter graphs, neural networks.
    """
    _kept_kinds.update(kinds)


def _begin_anew() -> None:
    global _forks  # noqa: PLW0603 - one count for the process
    _forks += 1
    for lock in list(_locks):
        # One that is held by this very thread is released by it.
        is_owned = getattr(lock, "_is_owned", None)
        if is_owned is None or not is_owned():
            lock._at_fork_reinit()  # noqa: SLF001 - as `threading` does with its own
    _keep(tuple(_kept_kinds))
    for inheritor in list(_inheritors):
        inheritor.begin_anew()


def _keep(kinds: tuple[type, ...]) -> None:
    kept = [one for one in gc.get_objects() if issubclass(type(one), kinds)]
    for thing in kept:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(thing))
    if kept:
        # Libraries free more at the exit of the process (onnxruntime hangs or crashes):
        # end it when Python has ended. Only glibc passes the exit code on.
        libc = ctypes.CDLL(None)
        if hasattr(libc, "on_exit"):
            libc.on_exit(libc["_exit"], None)


# Windows has no forks.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
