"""Decoders that stay open between requests for single frames."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from timeline_nb.core.assumption import AS_TOLD, Assumption
from timeline_nb.core.locks import new_lock
from timeline_nb.core.telemetry.metrics import count_look
from timeline_nb.errors import MediaError
from timeline_nb.media.decoder import Decoder
from timeline_nb.media.file_state import MediaState, state_of

if TYPE_CHECKING:
    from timeline_nb.media.library import MediaLibrary

__all__ = ["DecoderPool"]

# Each holds up to 8 decoded frames, and those that its threads work on: about 50 MB of
# 1080p, 200 MB of 2160p.
_MOST_IDLE: Final = 4

_Key: TypeAlias = tuple[str, str, Assumption]


class DecoderPool:
    """Keeps the decoders used last open for their next frames; thread-safe.

    A decoder is taken out while it is used, so that two threads never make each other
    seek, and none is closed under the other.

    Args:
        library: Opens the files.
        most_idle: Decoders kept open at once.
    """

    def __init__(self, library: "MediaLibrary", *, most_idle: int = _MOST_IDLE) -> None:
        self._library = library
        self._most_idle = most_idle
        self._lock = new_lock("a pool of decoders")
        # The one used last stands last.
        self._idle: list[tuple[_Key, Decoder]] = []
        self._closed = False

    def __len__(self) -> int:
        """Return how many decoders are open and not in use."""
        return len(self._idle)

    @contextmanager
    def decoder(
        self, path: Path | str, *, assumed: Assumption = AS_TOLD
    ) -> Iterator[Decoder]:
        """Lend a decoder of a file, an open one if there is one.

        Args:
            path: The file; if it changed on disk, it is opened anew.
            assumed: What is said of its pictures, over what it tells itself.

        Raises:
            MediaError: The file has no pictures.
        """
        before = state_of(path)
        info = self._library.probe(path, assumed=assumed)
        key = (info.path, info.fingerprint, assumed)
        decoder = self._take(key)
        count_look("decoders", hit=decoder is not None)
        decoder = decoder or self._library.video(path, assumed=assumed)
        try:
            yield decoder
        except MediaError:
            # A frame that does not decode may leave the decoder in any state.
            decoder.close()
            raise
        finally:
            if not _is_still(path, before):
                # It may hold frames of what the file was in between.
                decoder.close()
            if decoder.is_open:
                self._give_back(key, decoder)

    def close(self) -> None:
        """Close all decoders; one in use is closed when it is returned."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for _, decoder in idle:
            decoder.close()

    def _take(self, key: _Key) -> Decoder | None:
        with self._lock:
            for place, (other, decoder) in enumerate(self._idle):
                if other == key:
                    del self._idle[place]
                    return decoder
        return None

    def _give_back(self, key: _Key, decoder: Decoder) -> None:
        with self._lock:
            self._idle.append((key, decoder))
            surplus = len(self._idle) - (0 if self._closed else self._most_idle)
            closing = self._idle[: max(0, surplus)]
            del self._idle[: max(0, surplus)]
        for _, unused in closing:
            unused.close()


def _is_still(path: Path | str, before: MediaState) -> bool:
    try:
        return state_of(path) == before
    except MediaError:
        return False
