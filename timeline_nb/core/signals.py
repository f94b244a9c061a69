"""Signals: functions that are called when something has changed."""

import logging
import weakref
from collections.abc import Callable
from types import MethodType
from typing import Generic, TypeVarTuple

from timeline_nb.core.locks import new_lock, refuse_if_locked

__all__ = ["Signal"]

Ts = TypeVarTuple("Ts")
_log = logging.getLogger(__name__)


class Signal(Generic[*Ts]):
    """Functions that are called with the values of each `emit`, in the same thread.

    No lock is held while they are called, so that they may edit, connect or wait. When
    two threads emit at once, the calls of one may come before or after those of the
    other: read the current state where the order counts. A function that raises is
    logged, and the others are called all the same.

    Args:
        name: Of what has changed, for the log.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = new_lock("a signal's listeners")
        # Each returns its function, or None once its object is gone. They are replaced
        # as a whole, so that `emit` needs no lock.
        self._listeners: tuple[Callable[[], Callable[[*Ts], object] | None], ...] = ()

    def connect(self, listener: Callable[[*Ts], object]) -> None:
        """Call a function from now on.

        A bound method is called while its object lives, which the signal does not
        prolong; any other function until it is disconnected.
        """
        method = isinstance(listener, MethodType)
        kept = weakref.WeakMethod(listener) if method else lambda: listener
        with self._lock:
            living = (one for one in self._listeners if one() is not None)
            self._listeners = (*living, kept)

    def disconnect(self, listener: Callable[[*Ts], object]) -> None:
        """Call a function no longer; nothing happens if it is not connected."""
        with self._lock:
            others = (one for one in self._listeners if one() != listener)
            self._listeners = tuple(others)

    def emit(self, *values: *Ts) -> None:
        """Call each function with these values."""
        refuse_if_locked(f"the signal {self._name}")
        for one in self._listeners:
            listener = one()
            if listener is None:
                continue
            try:
                listener(*values)
            except Exception:  # noqa: BLE001 - a listener's fault is not the emitter's
                _log.exception("a listener of %s failed", self._name)

    def __len__(self) -> int:
        """Return how many functions are connected."""
        return sum(one() is not None for one in self._listeners)
