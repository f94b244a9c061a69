"""Every lock of the package; tests watch the order in which they are taken.

A lock guards values and nothing else: no signal is emitted, no listener, post or other
foreign function called while one is held. With `TIMELINE_NB_WATCH_LOCKS` set when this
module is imported, the locks are those of `core/lock_order.py`, which record what
breaks this; otherwise they are those of `threading`, and cost nothing more. In a forked
process they are free, whichever thread of the parent held them.
"""

import os
import threading
from typing import Final, cast

from timeline_nb.core.forks import renewed_in_forks
from timeline_nb.core.lock_order import LockOrder, WatchedLock

__all__ = [
    "LOCK_ORDER",
    "LOCK_TYPES",
    "new_condition",
    "new_lock",
    "new_rlock",
    "refuse_if_locked",
]

# The record of the order in which locks are taken; None where nobody watches.
LOCK_ORDER: Final = LockOrder() if os.environ.get("TIMELINE_NB_WATCH_LOCKS") else None

# The types of all locks, for those who meet one as a value.
LOCK_TYPES: Final = (type(threading.Lock()), type(threading.RLock()), WatchedLock)


def new_lock(name: str) -> threading.Lock:
    """Return a lock that one thread holds at a time.

    Args:
        name: What it guards; all locks of one name have one place in the order.
    """
    if LOCK_ORDER is None:
        return renewed_in_forks(threading.Lock())
    watched = WatchedLock(name, renewed_in_forks(threading.Lock()), LOCK_ORDER)
    return cast("threading.Lock", watched)


def new_rlock(name: str) -> "threading.RLock":
    """Return a lock that the thread which holds it may take again."""
    if LOCK_ORDER is None:
        return renewed_in_forks(threading.RLock())
    watched = WatchedLock(name, renewed_in_forks(threading.RLock()), LOCK_ORDER)
    return cast("threading.RLock", watched)


def new_condition(name: str) -> threading.Condition:
    """Return a condition on a lock of its own."""
    return threading.Condition(new_rlock(name))


def refuse_if_locked(call: str) -> None:
    """Record that a foreign function is called next: no lock may be held.

    Args:
        call: What is called, for the record.
    """
    if LOCK_ORDER is not None:
        LOCK_ORDER.called_out(call)
