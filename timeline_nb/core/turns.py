"""What runs one at a time, without a lock held meanwhile."""

import logging
from collections.abc import Callable, Hashable
from threading import get_ident
from typing import Generic, Self, TypeVar

from timeline_nb.core.forks import watch_forks
from timeline_nb.core.locks import new_condition, new_lock, refuse_if_locked

__all__ = ["Turn", "Turns"]

K = TypeVar("K", bound=Hashable)
_log = logging.getLogger(__name__)


class Turns(Generic[K]):
    """Runs functions in the order in which they are put, one at a time.

    The thread that finds none running runs them, those that other threads put
    meanwhile included; the others return at once. So what the functions share needs no
    lock, and none is held while they call other code. A function that puts another has
    it run after its own end.

    Args:
        name: Of what runs, for the log.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = new_lock("functions in turn")
        self._waiting: dict[K, Callable[[], object]] = {}
        self._is_running = False

    def run(self, key: K, work: Callable[[], object]) -> None:
        """Run a function in its turn.

        Nothing is added if one of the same key waits for its turn: it will see the
        current state too. An error is logged.
        """
        refuse_if_locked(f"the turn of {self._name}")
        with self._lock:
            self._waiting.setdefault(key, work)
            if self._is_running:
                return
            self._is_running = True
        while (waiting := self._next()) is not None:
            try:
                waiting()
            except Exception:  # noqa: BLE001 - it may be another thread's
                _log.exception("%s failed", self._name)
            except BaseException:
                with self._lock:
                    self._is_running = False
                raise

    def _next(self) -> Callable[[], object] | None:
        with self._lock:
            if not self._waiting:
                self._is_running = False
                return None
            return self._waiting.pop(next(iter(self._waiting)))


class Turn:
    """A `with` block that one thread is in at a time, without a lock held meanwhile.

    So what it calls may emit, edit and wait, and the thread may enter again from there.

    Args:
        name: Of what is done in the block, for the record of locks.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        # Guards all below; it is free while a thread is in the block.
        self._state = new_condition("a turn")
        self._owner: int | None = None
        self._depth = 0
        watch_forks(self)

    def begin_anew(self) -> None:
        """End another thread's turn in a forked process, where that thread is not."""
        if self._owner != get_ident():
            self._owner, self._depth = None, 0

    def __enter__(self) -> Self:
        """Wait until no other thread is in the block."""
        refuse_if_locked(f"the turn of {self._name}")
        with self._state:
            while self._owner not in {None, get_ident()}:
                self._state.wait()
            self._owner = get_ident()
            self._depth += 1
        return self

    def __exit__(self, *_: object) -> None:
        """Let another thread in."""
        with self._state:
            self._depth -= 1
            if not self._depth:
                self._owner = None
                self._state.notify()
