"""Animated WebP, told by Pillow: FFmpeg 8 writes it and does not read it."""

from fractions import Fraction
from pathlib import Path

from PIL import Image, ImageSequence

from timeline_nb.media.fingerprint import fingerprint
from timeline_nb.media.info import MediaInfo, VideoStream
from timeline_nb.media.orientation import UPRIGHT

__all__ = ["webp_info"]

_TICK = Fraction(1, 1000)


def webp_info(path: Path, rate: Fraction) -> MediaInfo:
    """What a film of this kind holds; its pictures are counted.

    Raises:
        OSError: It is none.
    """
    with Image.open(path) as picture:
        size = picture.size
        lengths = [
            page.info.get("duration", 0) for page in ImageSequence.Iterator(picture)
        ]
    duration = sum(lengths) * _TICK
    video = VideoStream(
        index=0,
        codec="webp",
        width=size[0],
        height=size[1],
        sample_aspect_ratio=Fraction(1),
        orientation=UPRIGHT,
        pix_fmt="yuv420p",
        color_range="tv",
        color_primaries="",
        color_transfer="",
        color_space="",
        rate=rate,
        is_vfr=False,
        time_base=_TICK,
        start_pts=0,
        frame_count=len(lengths),
        duration=duration,
    )
    return MediaInfo(
        path=str(path),
        fingerprint=fingerprint(path),
        size_bytes=path.stat().st_size,
        kind="video",
        container="webp",
        start_time=Fraction(0),
        duration=duration,
        bit_rate_bps=None,
        video=(video,),
        audio=(),
        chapters=(),
        tags={},
    )
