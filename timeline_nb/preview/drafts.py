"""The draft library: small pictures from proxies, where there are any."""

from fractions import Fraction
from pathlib import Path

from timeline_nb.core.assumption import AS_TOLD, Assumption
from timeline_nb.media.damage import DamageLog
from timeline_nb.media.decode import VideoDecoder
from timeline_nb.media.frame import Frame, FrameId, has_alpha
from timeline_nb.media.index import FrameIndex
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.orientation import UPRIGHT
from timeline_nb.preview.jpeg import JpegDecoder
from timeline_nb.preview.proxies import ProxyStore

__all__ = ["DraftLibrary", "takes_proxies"]

_SQUARE = Fraction(1)


def takes_proxies(info: MediaInfo) -> bool:
    """Whether a film can be shown by proxies: it moves, nothing shines through.

    Proxies are of files as they tell of themselves, with nothing assumed.
    """
    moves = info.kind == "video" and not has_alpha(info.video[0].pix_fmt)
    return moves and not info.assumed


class DraftLibrary:
    """Gives decoders that prefer proxies.

    Args:
        library: Where films come from.
        proxies: Where their proxies are.
    """

    def __init__(self, library: MediaLibrary, proxies: ProxyStore) -> None:
        self._library = library
        self._proxies = proxies

    def probe(self, path: Path | str, *, assumed: Assumption = AS_TOLD) -> MediaInfo:
        """Tell what a media file holds."""
        return self._library.probe(path, assumed=assumed)

    def video(self, path: Path | str, *, assumed: Assumption = AS_TOLD) -> VideoDecoder:
        """A new decoder, for the caller to close."""
        info = self._library.probe(path, assumed=assumed)
        index = self._library.index(info)
        if not takes_proxies(info):
            return self._library.video(path, assumed=assumed)
        return _DraftDecoder(info, index, self._library.damage, self._proxies)


class _DraftDecoder(VideoDecoder):
    """A decoder that reads a frame's proxy if it was made, else the film."""

    def __init__(
        self,
        info: MediaInfo,
        index: FrameIndex,
        damage: DamageLog,
        proxies: ProxyStore,
    ) -> None:
        super().__init__(info, index, damage=damage)
        self._proxies = proxies
        self._jpegs = JpegDecoder()

    def frame(self, number: int) -> Frame:
        data = self._proxies.frame(self.info, number)
        if data is None:
            return super().frame(number)
        time = self.index.time_of(number)
        pts = int(self.index.pts[number])
        return Frame(
            id=FrameId(self.info.fingerprint, self.index.stream, pts),
            number=number,
            time=time,
            duration=self.index.end_of(number) - time,
            picture=self._jpegs.decode(data),
            orientation=UPRIGHT,
            sample_aspect_ratio=_SQUARE,
        )
