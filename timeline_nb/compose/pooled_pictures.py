"""Decoders that stay open from one composed frame to the next."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from threading import Lock
from typing import Final, Self, TypeAlias

from timeline_nb.compose.sources import MediaOpener
from timeline_nb.core.assumption import AS_TOLD, Assumption
from timeline_nb.media.decoder import Decoder
from timeline_nb.media.frame import Frame
from timeline_nb.media.info import MediaInfo

__all__ = ["PooledPictures"]

# Each holds eight frames and the pictures that its threads decode into: about 60 MB
# of 1080p on four cores.
_MOST_IDLE: Final = 4
_Key: TypeAlias = tuple[str, str, Assumption]


class PooledPictures:
    """Lends decoders of files, and keeps those that come back; thread-safe.

    A decoder is lent to one borrower at a time. Of those that nobody uses the ones
    that came back last are kept open.

    Args:
        pictures: Opens the files.
    """

    def __init__(self, pictures: MediaOpener) -> None:
        self._pictures = pictures
        self._lock = Lock()
        self._idle: OrderedDict[int, tuple[_Key, Decoder]] = OrderedDict()
        self._is_closed = False

    def probe(self, path: str, *, assumed: Assumption = AS_TOLD) -> MediaInfo:
        """Return what a media file holds."""
        return self._pictures.probe(path, assumed=assumed)

    def video(self, path: str, *, assumed: Assumption = AS_TOLD) -> Decoder:
        """Lend a decoder of a file's pictures; closing it gives it back.

        Raises:
            MediaError: The file cannot be opened, or has no pictures.
        """
        info = self._pictures.probe(path, assumed=assumed)
        key = (path, info.fingerprint, assumed)
        with self._lock:
            place = next((n for n, (own, _) in self._idle.items() if own == key), None)
            known = None if place is None else self._idle.pop(place)[1]
        decoder = known or self._pictures.video(path, assumed=assumed)
        return _LentDecoder(decoder, key, self)

    def give_back(self, key: _Key, decoder: Decoder) -> None:
        """Keep a decoder for the next borrower, and close the one idle the longest."""
        dropped = [decoder]
        with self._lock:
            if not self._is_closed:
                self._idle[id(decoder)] = (key, decoder)
                dropped = []
                while len(self._idle) > _MOST_IDLE:
                    dropped.append(self._idle.popitem(last=False)[1][1])
        for one in dropped:
            one.close()

    def close(self) -> None:
        """Close what is idle now, and what comes back later."""
        with self._lock:
            self._is_closed = True
            idle = [decoder for _, decoder in self._idle.values()]
            self._idle.clear()
        for decoder in idle:
            decoder.close()


class _LentDecoder:
    """A decoder that goes back to its pool when it is closed."""

    def __init__(self, decoder: Decoder, key: _Key, pool: PooledPictures) -> None:
        self.info, self.index = decoder.info, decoder.index
        self._decoder, self._key, self._pool = decoder, key, pool
        self._is_open = True

    def frame(self, number: int) -> Frame:
        return self._decoder.frame(number)

    def frame_or_held(self, number: int) -> Frame:
        return self._decoder.frame_or_held(number)

    def frame_at(self, time: Fraction) -> Frame:
        return self._decoder.frame_at(time)

    def frames(self, numbers: Iterable[int]) -> Iterator[Frame]:
        return self._decoder.frames(numbers)

    @property
    def is_open(self) -> bool:
        return self._is_open

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            self._pool.give_back(self._key, self._decoder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
