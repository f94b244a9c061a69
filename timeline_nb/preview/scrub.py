"""Scrubbing: the frames that views want now, on a thread of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

from cachetools import LRUCache

from timeline_nb.core.latest_queue import LatestQueue
from timeline_nb.errors import TimelineNbError
from timeline_nb.preview.player_source import PlayerSource

__all__ = ["Scrubber", "Want"]

_KEPT_BYTES: Final = 32_000_000

_Key = tuple[int, int, tuple[int, int] | None]


@dataclass(frozen=True)
class Want:
    """A frame that a view wants.

    Args:
        film: What is shown.
        version: The film's number, which goes back with the frame.
        number: The frame.
        size: Exactly as the source shows it, in these pixels; None for a draft.
    """

    film: PlayerSource
    version: int
    number: int
    size: tuple[int, int] | None


class Scrubber:
    """Makes the frames that views want; what is no longer wanted is not made.

    Args:
        deliver: Given the view, what it wanted, and the JPEG or what went wrong.
    """

    def __init__(self, deliver: Callable[[str, Want, bytes | str], None]) -> None:
        self._deliver = deliver
        self._queue: LatestQueue[str, Want] = LatestQueue(
            "timeline_nb scrub", self._answer
        )
        self._lock = Lock()
        self._kept: LRUCache[_Key, bytes] = LRUCache(_KEPT_BYTES, getsizeof=len)

    def want(self, view: str, wants: list[Want]) -> None:
        """Take a view's list in place of its last, the first one first.

        The first is delivered at once, by this thread, if it need not be made.
        """
        if wants and (data := self._at_hand(wants[0])) is not None:
            self._deliver(view, wants[0], data)
            wants = wants[1:]
        self._queue.put(view, wants)

    def _at_hand(self, want: Want) -> bytes | None:
        with self._lock:
            data = self._kept.get((want.version, want.number, want.size))
        if data is None and want.size is None:
            return want.film.ready(want.number)
        return data

    def clear(self) -> None:
        """Forget what is wanted, and all frames."""
        self._queue.clear()
        with self._lock:
            self._kept.clear()

    def _answer(self, view: str, want: Want) -> None:
        key = (want.version, want.number, want.size)
        with self._lock:
            data = self._kept.get(key)
        if data is None:
            try:
                data = _made(want)
            except TimelineNbError as error:
                self._deliver(view, want, str(error))
                return
            with self._lock:
                self._kept[key] = data
        self._deliver(view, want, data)


def _made(want: Want) -> bytes:
    if want.size is None:
        return want.film.draft(want.number)
    return want.film.exact(want.number, want.size)
