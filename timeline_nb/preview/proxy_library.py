"""A media library that prefers proxies."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Self

from timeline_nb.access.scope import Scope
from timeline_nb.core.assumption import AS_TOLD, Assumption
from timeline_nb.media.decoder import Decoder
from timeline_nb.media.frame import Frame, FrameId, has_alpha
from timeline_nb.media.held_frames import decodable_frames, held_frame
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.orientation import UPRIGHT
from timeline_nb.preview.jpeg import JpegDecoder
from timeline_nb.preview.proxies import ProxyStore

__all__ = ["ProxyLibrary", "takes_proxies"]

_SQUARE = Fraction(1)


def takes_proxies(info: MediaInfo) -> bool:
    """Return whether a file has proxies: it is video without transparency.

    Proxies are made of files as tagged, with nothing assumed.
    """
    moves = info.kind == "video" and not has_alpha(info.video[0].pix_fmt)
    return moves and not info.assumed


class ProxyLibrary:
    """Opens decoders that prefer proxies.

    Args:
        library: Opens media files.
        proxies: Holds the proxies of files.
    """

    def __init__(self, library: MediaLibrary, proxies: ProxyStore) -> None:
        self._library = library
        self._proxies = proxies

    @property
    def scope(self) -> Scope | None:
        """What may be read."""
        return self._library.scope

    def probe(self, path: Path | str, *, assumed: Assumption = AS_TOLD) -> MediaInfo:
        """Return what a media file holds."""
        return self._library.probe(path, assumed=assumed)

    def video(self, path: Path | str, *, assumed: Assumption = AS_TOLD) -> Decoder:
        """Open a decoder, for the caller to close."""
        info = self._library.probe(path, assumed=assumed)
        film = self._library.video(path, assumed=assumed)
        return _ProxyDecoder(film, self._proxies) if takes_proxies(info) else film


class _ProxyDecoder:
    """A decoder that reads a frame's proxy if there is one, else the file."""

    def __init__(self, film: Decoder, proxies: ProxyStore) -> None:
        self.info, self.index = film.info, film.index
        self._film = film
        self._proxies = proxies
        self._jpegs = JpegDecoder()

    def frame_or_held(self, number: int) -> Frame:
        return held_frame(self.frame, number, len(self.index))

    def frame_at(self, time: Fraction) -> Frame:
        return self.frame(self.index.frame_at(time))

    def frames(self, numbers: Iterable[int]) -> Iterator[Frame]:
        return decodable_frames(self.frame, numbers)

    @property
    def is_open(self) -> bool:
        return self._film.is_open

    def close(self) -> None:
        self._film.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def frame(self, number: int) -> Frame:
        data = self._proxies.frame(self.info, number)
        picture = None if data is None else self._jpegs.decode_kept(data)
        if picture is None:
            return self._film.frame(number)
        time = self.index.time_of(number)
        pts = int(self.index.pts[number])
        return Frame(
            id=FrameId(self.info.fingerprint, self.index.stream, pts),
            number=number,
            time=time,
            duration=self.index.end_of(number) - time,
            picture=picture,
            orientation=UPRIGHT,
            sample_aspect_ratio=_SQUARE,
        )
