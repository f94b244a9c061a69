"""A media file as the source of a player."""

from collections.abc import Generator
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.locks import new_rlock
from timeline_nb.media.convert import Rescaler, converted, rgb_picture
from timeline_nb.media.decoder import Decoder, SoundDecoder
from timeline_nb.media.deinterlace import Deinterlacer
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.library import MediaLibrary
from timeline_nb.preview.encoded_packet import EncodedPacket, encode, playback_encoding
from timeline_nb.preview.jpeg import JpegEncoder
from timeline_nb.preview.player_source import SOUND_HZ, ShownFrame, SoundReader
from timeline_nb.preview.proxies import ProxyFile, ProxyStore, proxy_size
from timeline_nb.preview.proxy_library import ProxyLibrary, takes_proxies
from timeline_nb.segments.encoding import Encoding

__all__ = ["MediaPlayerSource"]


class MediaPlayerSource:
    """A media file with pictures, deinterlaced where it is interlaced.

    Args:
        info: The file, probed.
        library: Opens the file.
        proxies: Holds its proxies.
    """

    def __init__(
        self, info: MediaInfo, library: MediaLibrary, proxies: ProxyStore
    ) -> None:
        self.info = info
        self.size = info.video[0].display_size
        self.rate = library.index(info).rate
        self.has_sound = bool(info.audio)
        self._library = library
        self._proxies = proxies
        self._index = library.index(info)
        self._lock = new_rlock("a player source of media")
        self._decoder: Decoder | None = None
        self._whole: Deinterlacer | None = None
        self._encoder = JpegEncoder(proxy_size(self.size))

    def __len__(self) -> int:
        return len(self._index)

    @property
    def is_uneven(self) -> bool:
        """Whether frames differ in duration, or do not begin at 0."""
        last = len(self._index) - 1
        tick = self._index.time_base
        return any(
            abs(self._index.time_of(n) - n / self.rate) > tick
            for n in {0, last // 3, last // 2, last}
        ) or bool(np.ptp(np.diff(self._index.pts)) > 1 if last > 1 else 0)

    def time_of(self, number: int) -> Fraction:
        """Return the media time at which a frame is first shown; of `len`, the end."""
        if number >= len(self._index):
            return self._index.end_of(len(self._index) - 1)
        return self._index.time_of(number)

    def cached_jpeg(self, number: int) -> bytes | None:
        """Return a frame's proxy; None if it was not made."""
        if not takes_proxies(self.info):
            return None
        return self._proxies.frame(self.info, number)

    def proxy_file(self, number: int) -> ProxyFile | None:
        """Return the file with a frame's proxy; None if it was not made."""
        if not takes_proxies(self.info):
            return None
        return self._proxies.file_of(self.info, number)

    def draft_jpeg(self, number: int) -> bytes:
        """Return a frame as a small JPEG, from its proxy if it was made.

        Raises:
            MediaError: The frame does not decode.
        """
        return self.cached_jpeg(number) or self._encoded(number, self._encoder)

    def exact_jpeg(self, number: int, size: tuple[int, int]) -> bytes:
        """Return a frame as a JPEG made of the file itself.

        Raises:
            MediaError: The frame does not decode.
        """
        return self._encoded(number, JpegEncoder(size))

    @property
    def encoding(self) -> Encoding:
        """The encoding of its pictures for playback."""
        return playback_encoding(self._encoder.size, self.rate)

    def encoded_packets(self, first: int) -> Generator[EncodedPacket, None, None]:
        """Yield frames from `first` on, small, encoded as they are watched."""
        yield from encode(self._pictures(first), first, self.encoding)

    def _pictures(self, first: int) -> Generator[av.VideoFrame, None, None]:
        """Yield frames from `first` on, small, in BT.709 and limited range."""
        pictures, rescaler = ProxyLibrary(self._library, self._proxies), Rescaler()
        width, height = self._encoder.size
        path, assumed = self.info.path, self.info.assumed
        with pictures.video(path, assumed=assumed) as decoder:
            for frame in Deinterlacer(decoder).frames(first, len(self._index)):
                picture = frame.picture
                if not frame.orientation.is_upright:
                    picture = rgb_picture(frame.to_rgb((width, height)))
                yield converted(
                    picture, "yuv420p", size=(width, height), rescaler=rescaler
                )

    def open_sound(self, start: int) -> SoundReader:
        """Return the sound from sample `start` on, at 48 kHz."""
        decoder = self._library.audio(self.info.path, sample_rate_hz=SOUND_HZ)
        return _Reader(decoder, start)

    def source_frames(self, number: int) -> list[ShownFrame]:
        """Return the frame itself."""
        pts = int(self._index.pts[number])
        area = (0.0, 0.0, float(self.size[0]), float(self.size[1]))
        return [ShownFrame(self.info.fingerprint, pts, area, None)]

    def request_proxies(self, number: int) -> None:
        """Request the proxies near a frame."""
        if takes_proxies(self.info):
            self._proxies.request(self.info, number)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._decoder is not None:
                self._decoder.close()
            self._decoder = self._whole = None

    def _encoded(self, number: int, encoder: JpegEncoder) -> bytes:
        with self._lock, self._proxies.paused():
            if self._decoder is None or self._whole is None:
                path, assumed = self.info.path, self.info.assumed
                self._decoder = self._library.video(path, assumed=assumed)
                self._whole = Deinterlacer(self._decoder)
            return encoder.encode_upright(self._whole.frame(number))


class _Reader:
    """Reads the sound of a file in order, from a sample on."""

    def __init__(self, decoder: SoundDecoder, start: int) -> None:
        self._decoder = decoder
        self._at = start

    def read(self, count: int) -> NDArray[np.float32]:
        samples = self._decoder.read(self._at, count)
        self._at += count
        return samples

    def close(self) -> None:
        self._decoder.close()
