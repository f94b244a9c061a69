"""A queue of requests of which only each requester's latest list counts."""

import logging
from collections.abc import Callable, Hashable, Iterable
from threading import Thread
from typing import Final, Generic, TypeVar

from timeline_nb.core.locks import new_condition

__all__ = ["LatestQueue"]

K = TypeVar("K", bound=Hashable)
I = TypeVar("I")  # noqa: E741 - an item
_log = logging.getLogger(__name__)
# The thread ends after so long without a request; the next begins a new one.
_IDLE_S: Final = 5.0


class LatestQueue(Generic[K, I]):
    """Lists of items worked on by one thread; each requester has one list.

    A new list replaces the requester's last, so that outdated items are not
    worked on. Requesters take turns, item by item.

    Args:
        name: Of the thread.
        work: Called with the requester and an item.
    """

    def __init__(self, name: str, work: Callable[[K, I], None]) -> None:
        self._name = name
        self._work = work
        self._state = new_condition("a queue of latest requests")
        self._lists: dict[K, list[I]] = {}
        self._thread: Thread | None = None

    def put(self, asker: K, items: Iterable[I]) -> None:
        """Replace the requester's list; returns at once."""
        wanted = list(items)
        with self._state:
            self._lists.pop(asker, None)
            if not wanted:
                return
            self._lists[asker] = wanted
            if self._thread is None:
                self._thread = Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._state.notify_all()

    def drop(self, matches: Callable[[K], bool]) -> None:
        """Drop the lists of the requesters that match."""
        with self._state:
            for asker in [asker for asker in self._lists if matches(asker)]:
                del self._lists[asker]

    def clear(self) -> None:
        """Drop all lists; the thread ends after its current item."""
        with self._state:
            self._lists.clear()
            self._state.notify_all()

    def _run(self) -> None:
        while (found := self._next()) is not None:
            try:
                self._work(*found)
            except Exception:  # noqa: BLE001 - the thread lives on for the others
                _log.exception("%s: an item failed", self._name)

    def _next(self) -> tuple[K, I] | None:
        with self._state:
            if not self._lists:
                self._state.wait(_IDLE_S)
            if not self._lists:
                self._thread = None
                return None
            asker = next(iter(self._lists))
            left = self._lists.pop(asker)
            item = left.pop(0)
            if left:
                # At the end, so that no requester waits for another's whole list.
                self._lists[asker] = left
            return asker, item
