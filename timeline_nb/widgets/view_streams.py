"""The stream of each view of a player: messages of a view may come in any order."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from timeline_nb.core.locks import new_rlock
from timeline_nb.preview.playback import PlaybackStreamer, StreamSlots
from timeline_nb.preview.player_source import PlayerSource
from timeline_nb.preview.proxies import ProxyStore
from timeline_nb.preview.stream import Chunk, SoundCodec

__all__ = ["ViewStreams", "WantedStream"]

Deliver: TypeAlias = Callable[[Chunk | str | None], None]

# Views of one player that play at once: each has its decoders and its encoder.
_MOST_STREAMS: Final = 4


@dataclass(frozen=True, kw_only=True)
class WantedStream:
    """A stream as a view asks for it.

    Args:
        number: The stream's; each of a view is above the last.
        film: What is played.
        first: The number of the first frame.
        sound: The audio codec that the browser plays.
        until: The time up to which it may go.
        deliver: Called with each chunk; None at the end; a message on failure.
    """

    number: int
    film: PlayerSource
    first: int
    sound: SoundCodec
    until: Fraction
    deliver: Deliver


class ViewStreams:
    """Streams to the views of a player, one to each.

    Two threads read a page's messages, and so a request for more may come before the
    stream it is of, and the end of a stream after the next one has begun. Streams have
    numbers that rise: what is of an older one changes nothing, and what is of a later
    one is kept until it comes.

    Args:
        proxies: Paused while a chunk is encoded.
    """

    def __init__(self, proxies: ProxyStore) -> None:
        self._proxies = proxies
        self._slots = StreamSlots(_MOST_STREAMS)
        self._is_open = False
        self._lock = new_rlock("streams of views")
        # In the order in which their views played last.
        self._streams: dict[str, tuple[WantedStream, PlaybackStreamer]] = {}
        # What views have stopped, and what they have allowed beforehand.
        self._stopped: dict[str, int] = {}
        self._allowed: dict[str, tuple[int, Fraction]] = {}

    def open(self) -> None:
        """Let views play from now on."""
        with self._lock:
            self._is_open = True

    def play(self, view: str, wanted: WantedStream) -> None:
        """Begin a view's stream, unless a later one has begun or it was stopped."""
        number = wanted.number
        with self._lock:
            newest = max(self._number(view), self._stopped.get(view, -1))
            if number <= newest or not self._is_open:
                return
            # Put last: this view has played last.
            _, streamer = self._streams.pop(view, (None, None))
            streamer = streamer or PlaybackStreamer(self._proxies, self._slots)
            self._streams[view] = (wanted, streamer)
            early, allowed = self._allowed.get(view, (number, wanted.until))
        streamer.play(
            wanted.film, wanted.first, sound=wanted.sound, deliver=wanted.deliver
        )
        until = max(wanted.until, allowed) if early == number else wanted.until
        streamer.allow(until)
        self._end_surplus()

    def _number(self, view: str) -> int:
        """Return the number of a view's stream; -1 if it has none."""
        known = self._streams.get(view)
        return known[0].number if known else -1

    def allow(self, view: str, number: int, until: Fraction) -> None:
        """Let a stream go on up to a time."""
        with self._lock:
            wanted, streamer = self._streams.get(view, (None, None))
            if self._allowed.get(view, (-1, until))[0] <= number:
                self._allowed[view] = (number, until)
        if streamer is not None and wanted is not None and wanted.number == number:
            streamer.allow(until)

    def stop(self, view: str, number: int) -> None:
        """End a stream, and those before it."""
        with self._lock:
            _, streamer = self._streams.get(view, (None, None))
            self._stopped[view] = max(number, self._stopped.get(view, -1))
            is_last = self._number(view) <= number
        if streamer is not None and is_last:
            streamer.stop()

    def close_view(self, view: str) -> None:
        """End what is streamed to a view that has closed."""
        with self._lock:
            _, streamer = self._streams.pop(view, (None, None))
            self._stopped.pop(view, None)
            self._allowed.pop(view, None)
        if streamer is not None:
            streamer.close()

    def close(self) -> None:
        """End all streams; none begins until it is opened."""
        with self._lock:
            self._is_open = False
            views = list(self._streams)
        for view in views:
            self.close_view(view)

    def _end_surplus(self) -> None:
        """End the streams that began first, if more views play than may at once."""
        with self._lock:
            playing = [one for one in self._streams.values() if one[1].is_streaming]
        for wanted, streamer in playing[: max(0, len(playing) - _MOST_STREAMS)]:
            streamer.stop()
            wanted.deliver(
                f"{_MOST_STREAMS} other views play: pause one, and play again"
            )
