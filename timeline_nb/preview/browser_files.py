"""Which media files a browser plays itself, with every frame at the time we give it."""

from typing import Final

from timeline_nb.access.media_types import media_type_of
from timeline_nb.core.assumption import AS_TOLD
from timeline_nb.media.info import MediaInfo

__all__ = ["browser_type"]

# What every browser that plays the container decodes as well.
_CODECS: Final = {
    "video/mp4": frozenset({"h264", "av1"}),
    "video/webm": frozenset({"vp8", "vp9", "av1"}),
}


def browser_type(info: MediaInfo) -> str:
    """Return the media type of a file that a browser plays as we would; else empty.

    Left out are files whose pictures we change (turned, interlaced, HDR, assumed to be
    of other color) or whose clock does not begin with the first picture: browsers count
    from the first sample of any stream.
    """
    kind = media_type_of(info.path)
    video = info.video[0] if info.video else None
    if video is None or info.kind != "video" or info.assumed != AS_TOLD:
        return ""
    is_plain = (
        video.codec in _CODECS.get(kind, ())
        and video.pix_fmt == "yuv420p"
        and video.orientation.is_upright
        and video.sample_aspect_ratio == 1
        and not video.is_interlaced
        and not video.is_hdr
    )
    begins_at_zero = video.start_pts == 0 and all(
        sound.start_pts >= 0 for sound in info.audio
    )
    return kind if is_plain and begins_at_zero else ""
