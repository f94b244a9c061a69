"""A media opener for compositors whose decoders stay open between frames."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from fractions import Fraction
from typing import Self

from timeline_nb.access.scope import Scope
from timeline_nb.core.assumption import AS_TOLD, Assumption
from timeline_nb.media.decoder import Decoder
from timeline_nb.media.decoder_pool import DecoderPool
from timeline_nb.media.frame import Frame
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.library import MediaLibrary

__all__ = ["PooledPictures"]


class PooledPictures:
    """Opens media through a pool: a decoder that is closed goes back to it.

    Args:
        library: Probes files.
        decoders: Lends their decoders.
    """

    def __init__(self, library: MediaLibrary, decoders: DecoderPool) -> None:
        self._library, self._decoders = library, decoders

    @property
    def scope(self) -> Scope | None:
        """What may be read."""
        return self._library.scope

    def probe(self, path: str, *, assumed: Assumption = AS_TOLD) -> MediaInfo:
        """Return what a media file holds."""
        return self._library.probe(path, assumed=assumed)

    def video(self, path: str, *, assumed: Assumption = AS_TOLD) -> Decoder:
        """Borrow a decoder of a file's pictures; closing it gives it back.

        Raises:
            MediaError: The file cannot be opened, or has no pictures.
        """
        loan = ExitStack()
        lent = self._decoders.decoder(path, assumed=assumed)
        return _LentDecoder(loan.enter_context(lent), loan)


class _LentDecoder:
    """A decoder that goes back to its pool when it is closed."""

    def __init__(self, decoder: Decoder, loan: ExitStack) -> None:
        self.info, self.index = decoder.info, decoder.index
        self._decoder, self._loan = decoder, loan
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
        self._is_open = False
        self._loan.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
