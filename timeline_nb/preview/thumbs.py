"""Thumbnails and waveform peaks for the clips of a timeline."""

from fractions import Fraction
from typing import Final

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from timeline_nb.core.assumption import AS_TOLD, Assumption
from timeline_nb.core.locks import new_lock
from timeline_nb.core.telemetry.metrics import count_look
from timeline_nb.media.convert import rgb_picture
from timeline_nb.media.file_state import state_of
from timeline_nb.media.library import MediaLibrary
from timeline_nb.preview.jpeg import JpegDecoder, JpegEncoder
from timeline_nb.preview.proxies import ProxyStore
from timeline_nb.preview.proxy_library import takes_proxies
from timeline_nb.timebase import TimeRange

__all__ = ["PEAKS_HZ", "ThumbMaker", "peaks"]

_THUMB_PX: Final = 48
_KEPT_BYTES: Final = 16_000_000
_MINUTE_S: Final = 60
PEAKS_HZ: Final = 50


class ThumbMaker:
    """Makes thumbnails as JPEGs, from proxies where there are any; thread-safe.

    Args:
        library: Opens media files.
        proxies: Holds the proxies of files.
        height_px: Of each thumbnail.
    """

    def __init__(
        self, library: MediaLibrary, proxies: ProxyStore, *, height_px: int = _THUMB_PX
    ) -> None:
        self._library = library
        self._height_px = height_px
        self._proxies = proxies
        self._jpegs = JpegDecoder()
        self._lock = new_lock("thumbnails")
        self._kept: LRUCache[tuple[str, int, Assumption], bytes] = LRUCache(
            _KEPT_BYTES, getsizeof=len
        )

    def thumb(self, path: str, time: Fraction, assumed: Assumption = AS_TOLD) -> bytes:
        """Return the frame shown at a media time as a small JPEG.

        Raises:
            MediaError: The file has no pictures, or the frame does not decode.
        """
        before = state_of(path)
        info = self._library.probe(path, assumed=assumed)
        number = self._library.index(info).frame_at(time)
        key = (info.fingerprint, number, assumed)
        with self._lock:
            kept = self._kept.get(key)
        count_look("thumbnails", hit=kept is not None)
        if kept is not None:
            return kept
        width, height = info.video[0].display_size
        height_px = self._height_px
        size = (max(2, round(width * height_px / height / 2) * 2), height_px)
        proxy = self._proxies.frame(info, number) if takes_proxies(info) else None
        picture = None if proxy is None else self._jpegs.decode_kept(proxy)
        if picture is None:
            (rgb,) = self._library.thumbnails(
                path, [time], height_px=height_px, assumed=assumed
            )
            picture = rgb_picture(rgb)
        data = JpegEncoder(size).encode(picture)
        if state_of(path) == before:
            with self._lock:
                self._kept[key] = data
        return data


def peaks(library: MediaLibrary, path: str, minute: int) -> NDArray[np.int8]:
    """Return the waveform peaks of a minute of sound, all channels together.

    Returns:
        `(n, 2) int8`: least and greatest, -127 to 127, 50 a second; fewer at the end.

    Raises:
        MediaError: The file has no sound.
    """
    info = library.probe(path)
    start = Fraction(minute * _MINUTE_S)
    length = min(Fraction(_MINUTE_S), max(Fraction(0), info.duration - start))
    bins = int(length * PEAKS_HZ)
    if not bins:
        return np.zeros((0, 2), np.int8)
    wave = library.waveform(
        path, bins=bins, time_range=TimeRange(start, Fraction(bins, PEAKS_HZ))
    )
    both = np.stack([wave.low.min(axis=0), wave.high.max(axis=0)], axis=1)
    return np.asarray(np.round(np.clip(both, -1, 1) * 127), np.int8)
