"""Stream playback, as far ahead as the player allows."""

import logging
from collections.abc import Callable
from fractions import Fraction
from threading import Thread

from timeline_nb.core.locks import new_condition
from timeline_nb.errors import TimelineNbError
from timeline_nb.preview.player_source import PlayerSource
from timeline_nb.preview.proxies import ProxyStore
from timeline_nb.preview.stream import Chunk, SoundCodec, stream

__all__ = ["PlaybackStreamer"]

_log = logging.getLogger(__name__)


class PlaybackStreamer:
    """Streams a player source from a frame on, on a thread, until it is stopped.

    Args:
        film: What is played.
        first: The number of the first frame.
        sound: The audio codec that the browser plays.
        deliver: Called with each chunk; None at the end; a message on failure.
        proxies: Paused while a chunk is encoded.
    """

    def __init__(
        self,
        film: PlayerSource,
        first: int,
        *,
        sound: SoundCodec,
        deliver: Callable[[Chunk | str | None], None],
        proxies: ProxyStore,
    ) -> None:
        self._chunks = stream(film, first, sound=sound)
        self._deliver = deliver
        self._proxies = proxies
        self._state = new_condition("a stream")
        self._until = film.time_of(first)
        self._stopped = False
        self._thread = Thread(target=self._work, name="timeline_nb play", daemon=True)
        self._thread.start()

    def allow(self, until: Fraction) -> None:
        """Allow streaming up to a time of the source."""
        with self._state:
            self._until = max(self._until, until)
            self._state.notify_all()

    def stop(self) -> None:
        """Stop streaming; the thread closes its files and ends."""
        with self._state:
            self._stopped = True
            self._state.notify_all()

    def join(self, timeout_s: float) -> None:
        """Wait for the end of the thread."""
        self._thread.join(timeout_s)

    def _work(self) -> None:
        made: Fraction | None = None
        try:
            while self._may_go_on(made):
                with self._proxies.paused():
                    chunk = next(self._chunks, None)
                if self._stopped:
                    return
                self._deliver(chunk)
                if chunk is None:
                    return
                made = chunk.until
        except TimelineNbError as error:
            self._deliver(str(error))
        except Exception:  # noqa: BLE001 - a thread ends here, and the view shows it
            _log.exception("playback broke off")
            self._deliver("playback broke off: see the kernel's log")
        finally:
            self._chunks.close()

    def _may_go_on(self, made: Fraction | None) -> bool:
        """Wait until more is allowed; False once stopped."""
        with self._state:
            while not self._stopped and made is not None and made >= self._until:
                self._state.wait()
            return not self._stopped
