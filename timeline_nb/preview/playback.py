"""Stream playback, as far ahead as the player allows."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from threading import Thread
from typing import Final

from timeline_nb.core.locks import new_condition
from timeline_nb.errors import TimelineNbError
from timeline_nb.i18n import message_of
from timeline_nb.preview.player_source import PlayerSource
from timeline_nb.preview.proxies import ProxyStore
from timeline_nb.preview.stream import Chunk, SoundCodec, stream

__all__ = ["PlaybackStreamer", "StreamSlots"]

_log = logging.getLogger(__name__)
# How soon a stream that waits for a slot sees that it is not wanted any more.
_SLOT_WAIT_S: Final = 0.05


@dataclass(eq=False)
class _Stream:
    """What is streamed, and the time up to which it may be."""

    film: PlayerSource
    first: int
    sound: SoundCodec
    deliver: Callable[[Chunk | str | None], None]
    until: Fraction


class StreamSlots:
    """How many streams have files open at once, those that are closing included.

    Args:
        count: How many.
    """

    def __init__(self, count: int) -> None:
        self._state = new_condition("slots of streams")
        self._free = count

    @contextmanager
    def taken(self, is_wanted: Callable[[], bool]) -> Iterator[bool]:
        """Wait for a slot while the stream is wanted; yield whether it is and has one.

        Args:
            is_wanted: Returns whether the stream is still wanted.
        """
        with self._state:
            while not self._free and is_wanted():
                self._state.wait(_SLOT_WAIT_S)
            has_slot = bool(self._free) and is_wanted()
            self._free -= has_slot
        try:
            yield has_slot
        finally:
            with self._state:
                self._free += has_slot
                self._state.notify()


class PlaybackStreamer:
    """Streams player sources, one at a time: a new stream ends the one before.

    All run on one thread, so that a view that asks for stream after stream has no more
    than one. The thread begins with a stream and ends with it.

    Args:
        proxies: Paused while a chunk is encoded.
        slots: Shared with other streamers; a slot of its own if not given.
    """

    def __init__(self, proxies: ProxyStore, slots: StreamSlots | None = None) -> None:
        self._proxies = proxies
        self._slots = slots or StreamSlots(1)
        self._state = new_condition("a stream")
        self._current: _Stream | None = None
        # The current one, until the thread has begun it.
        self._next: _Stream | None = None
        self._thread: Thread | None = None
        self._is_closed = False

    def play(
        self,
        film: PlayerSource,
        first: int,
        *,
        sound: SoundCodec,
        deliver: Callable[[Chunk | str | None], None],
    ) -> None:
        """Stream a player source from a frame on.

        Args:
            film: What is played.
            first: The number of the first frame.
            sound: The audio codec that the browser plays.
            deliver: Called with each chunk; None at the end; a message on failure.
        """
        wanted = _Stream(film, first, sound, deliver, film.time_of(first))
        with self._state:
            if self._is_closed:
                return
            self._current = self._next = wanted
            self._state.notify_all()
            if self._thread is None:
                self._thread = Thread(
                    target=self._run, name="timeline_nb play", daemon=True
                )
                self._thread.start()

    @property
    def is_streaming(self) -> bool:
        """Whether a stream has begun or is to begin, and has not ended."""
        return self._current is not None

    def allow(self, until: Fraction) -> None:
        """Allow streaming up to a time of the source."""
        with self._state:
            if self._current is not None:
                self._current.until = max(self._current.until, until)
                self._state.notify_all()

    def stop(self) -> None:
        """Stop streaming; the thread closes its files and ends."""
        with self._state:
            self._current = self._next = None
            self._state.notify_all()

    def close(self) -> None:
        """Stop streaming, now and for good."""
        with self._state:
            self._is_closed = True
        self.stop()

    def join(self, timeout_s: float) -> None:
        """Wait for the end of the thread."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout_s)

    def _run(self) -> None:
        while (wanted := self._begin()) is not None:
            with self._slots.taken(lambda: self._current is wanted) as has_slot:
                if has_slot:
                    self._send(wanted)
            with self._state:
                if self._current is wanted:
                    self._current = None

    def _begin(self) -> _Stream | None:
        """Take the next stream; None, and no thread any more, if there is none."""
        with self._state:
            wanted, self._next = self._next, None
            if wanted is None:
                self._thread = None
            return wanted

    def _send(self, wanted: _Stream) -> None:
        """Stream until the end, or until another stream is wanted or none."""
        made: Fraction | None = None
        try:
            ready = stream(wanted.film, wanted.first, sound=wanted.sound)
            with closing(ready) as chunks:
                while self._may_go_on(wanted, made):
                    with self._proxies.paused():
                        chunk = next(chunks, None)
                    if self._current is not wanted:
                        return
                    wanted.deliver(chunk)
                    if chunk is None:
                        return
                    made = chunk.until
        except TimelineNbError as error:
            wanted.deliver(message_of(error))
        except Exception:  # noqa: BLE001 - a thread ends here, and the view shows it
            _log.exception("playback broke off")
            wanted.deliver("playback broke off: see the kernel's log")

    def _may_go_on(self, wanted: _Stream, made: Fraction | None) -> bool:
        """Wait until more is allowed; False once another stream is wanted, or none."""
        with self._state:
            while self._current is wanted and made is not None and made >= wanted.until:
                self._state.wait()
            return self._current is wanted
