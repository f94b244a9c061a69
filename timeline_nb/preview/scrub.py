"""Make the frames that views ask for while scrubbing, on a thread of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cachetools import LRUCache

from timeline_nb.core.latest_queue import LatestQueue
from timeline_nb.core.locks import new_lock
from timeline_nb.core.telemetry.metrics import count_look
from timeline_nb.errors import TimelineNbError
from timeline_nb.i18n import message_of
from timeline_nb.preview.player_source import PlayerSource

__all__ = ["JpegRequest", "Scrubber"]

_KEPT_BYTES: Final = 32_000_000

_Key = tuple[int, int, tuple[int, int] | None]


@dataclass(frozen=True)
class JpegRequest:
    """A frame that a view asks for.

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
    """Makes the frames that views ask for; outdated requests are dropped.

    Args:
        deliver: Called with the view, its request, and the JPEG or an error message.
    """

    def __init__(
        self, deliver: Callable[[str, JpegRequest, bytes | str], None]
    ) -> None:
        self._deliver = deliver
        self._queue: LatestQueue[str, JpegRequest] = LatestQueue(
            "timeline_nb scrub", self._answer
        )
        self._lock = new_lock("frames of a scrubber")
        self._kept: LRUCache[_Key, bytes] = LRUCache(_KEPT_BYTES, getsizeof=len)

    def request(self, view: str, requests: list[JpegRequest]) -> None:
        """Replace a view's requests; the first is served first.

        The first is delivered at once, by this thread, if its JPEG exists already.
        """
        if requests and (data := self._existing(requests[0])) is not None:
            self._deliver(view, requests[0], data)
            requests = requests[1:]
        self._queue.put(view, requests)

    def _existing(self, request: JpegRequest) -> bytes | None:
        with self._lock:
            data = self._kept.get((request.version, request.number, request.size))
        if data is not None:
            count_look("scrubbed", hit=True)
        if data is None and request.size is None:
            return request.film.cached_jpeg(request.number)
        return data

    def clear(self) -> None:
        """Drop all requests and all kept frames."""
        self._queue.clear()
        with self._lock:
            self._kept.clear()

    def _answer(self, view: str, request: JpegRequest) -> None:
        key = (request.version, request.number, request.size)
        with self._lock:
            data = self._kept.get(key)
        count_look("scrubbed", hit=data is not None)
        if data is None:
            try:
                data = _made(request)
            except TimelineNbError as error:
                self._deliver(view, request, message_of(error))
                return
            with self._lock:
                self._kept[key] = data
        self._deliver(view, request, data)


def _made(request: JpegRequest) -> bytes:
    if request.size is None:
        return request.film.draft_jpeg(request.number)
    return request.film.exact_jpeg(request.number, request.size)
