"""JPEG for the browser: full range, BT.601, as JFIF has it."""

from base64 import b64encode
from fractions import Fraction
from typing import Final

import av
from av.video.reformatter import Interpolation

from timeline_nb.core.locks import new_lock
from timeline_nb.errors import MediaError
from timeline_nb.media.color import FULL, Colors
from timeline_nb.media.convert import SDR, Rescaler, converted, rgb_picture, tag_colors
from timeline_nb.media.frame import Frame

__all__ = ["JpegDecoder", "JpegEncoder", "poster"]

# At 360 lines a frame takes some 25 KB.
_QUANTISER: Final = 4
_POSTER_PX: Final = 480
_POSTER_QUANTISER: Final = 9
_TICK: Final = Fraction(1, 25)
# BT.601 in full range (JFIF 1.02), of the primaries and the transfer of the canvas.
_JFIF: Final = Colors(5, FULL, SDR.primaries, SDR.transfer)
# Area averaging; as fast as the others once its tables are made.
_AREA: Final = Interpolation.AREA | Interpolation.ACCURATE_RND


class JpegEncoder:
    """Makes JPEGs of one size; thread-safe.

    Args:
        size: Width and height in pixels, both even.
        quantizer: 2 (best) to 31.
    """

    def __init__(self, size: tuple[int, int], quantizer: int = _QUANTISER) -> None:
        self.size = size
        self._lock = new_lock("a JPEG encoder")
        self._context = av.CodecContext.create("mjpeg", "w")
        self._context.width, self._context.height = size
        self._context.pix_fmt = "yuvj420p"
        self._context.time_base = _TICK
        self._context.thread_count = 1
        self._context.options = {"qmin": f"{quantizer}", "qmax": f"{quantizer}"}
        self._rescaler = Rescaler()
        self._count = 0

    def encode(self, picture: av.VideoFrame) -> bytes:
        """Encode a picture, scaled to the size."""
        with self._lock:
            scaled = converted(
                picture,
                "yuvj420p",
                size=self.size,
                to=_JFIF,
                interpolation=_AREA,
                rescaler=self._rescaler,
            )
            self._count += 1
            scaled.pts, scaled.time_base = self._count, _TICK
            (packet,) = self._context.encode(scaled)
        return bytes(packet)

    def encode_upright(self, frame: Frame) -> bytes:
        """Encode a decoded frame, upright and scaled to the size."""
        if frame.orientation.is_upright:
            return self.encode(frame.picture)
        rgb = frame.to_rgb(self.size)
        return self.encode(rgb_picture(rgb))


class JpegDecoder:
    """Reads JPEGs; thread-safe."""

    def __init__(self) -> None:
        self._lock = new_lock("a JPEG decoder")
        self._context = av.CodecContext.create("mjpeg", "r")

    def decode(self, data: bytes) -> av.VideoFrame:
        """Decode a JPEG: yuvj420p, tagged BT.601 and full range.

        Raises:
            MediaError: It is none.
        """
        picture = self.decode_kept(data)
        if picture is None:
            raise MediaError("a small picture is no JPEG")
        return picture

    def decode_kept(self, data: bytes) -> av.VideoFrame | None:
        """Decode a JPEG of the cache; None for what is none, as where it is cut off."""
        if not data:
            # To a decoder this is the end: it would take no more.
            return None
        try:
            with self._lock:
                (picture,) = self._context.decode(av.Packet(data))
        except ValueError:
            # Those of FFmpeg are such, too.
            return None
        tag_colors(picture, _JFIF)
        return picture


def poster(jpeg: bytes) -> str:
    """Return a JPEG as a data URL of about 15 KB; empty for what is no JPEG."""
    picture = JpegDecoder().decode_kept(jpeg)
    if picture is None:
        return ""
    factor = min(1.0, _POSTER_PX / picture.width)
    size = (
        max(2, round(picture.width * factor / 2) * 2),
        max(2, round(picture.height * factor / 2) * 2),
    )
    small = JpegEncoder(size, _POSTER_QUANTISER).encode(picture)
    return f"data:image/jpeg;base64,{b64encode(small).decode()}"
