"""Keep what was found in the items of a track, which never change.

A timeline shares the tracks that an edit left as they were with the one before, so what
is asked of a timeline costs as much as the tracks that changed.
"""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from cachetools import LRUCache

from timeline_nb.core.locks import new_lock
from timeline_nb.timeline.model import Item

__all__ = ["KeptByItems"]

T = TypeVar("T")

# Of the tracks in use and of a few steps of their history.
_KEPT: Final = 256


class KeptByItems(Generic[T]):
    """Looks at the items of each track once.

    Args:
        name: What is found, as the lock is called.
        look: Finds it; it depends on the items alone, and nobody changes it.
    """

    def __init__(self, name: str, look: Callable[[tuple[Item, ...]], T]) -> None:
        self._look = look
        self._lock = new_lock(name)
        self._kept: LRUCache[int, tuple[tuple[Item, ...], T]] = LRUCache(_KEPT)

    def of(self, items: tuple[Item, ...]) -> T:
        """Return what is found in the items of a track."""
        with self._lock:
            entry = self._kept.get(id(items))
        if entry is not None and entry[0] is items:
            return entry[1]
        found = self._look(items)
        with self._lock:
            # The items are kept too, so that their id() is not reused.
            self._kept[id(items)] = (items, found)
        return found
