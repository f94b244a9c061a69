"""Which media files a browser plays itself, with all at the times that we give it."""

from typing import Final

from timeline_nb.access.media_types import media_type_of
from timeline_nb.core.assumption import AS_TOLD
from timeline_nb.media.info import MediaInfo

__all__ = ["browser_sound_type", "browser_type", "is_light"]

# What every browser that plays the container decodes as well.
_CODECS: Final = {
    "video/mp4": frozenset({"h264", "av1"}),
    "video/webm": frozenset({"vp8", "vp9", "av1"}),
}
# The same of sounds.
_SOUND_CODECS: Final = {
    "audio/mpeg": frozenset({"mp3"}),
    "audio/mp4": frozenset({"aac", "flac"}),
    "audio/aac": frozenset({"aac"}),
    "audio/wav": frozenset({"pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_f32le"}),
    "audio/flac": frozenset({"flac"}),
    "audio/ogg": frozenset({"vorbis", "opus", "flac"}),
    "video/mp4": frozenset({"aac", "mp3", "flac"}),
    "video/webm": frozenset({"vorbis", "opus"}),
}
# What an encoder adds before the first sample; browsers cut it off, or play silence.
_MOST_DELAY_S: Final = 0.06
_STEREO: Final = 2
# What browsers decode in time without hardware, and most networks carry: Full HD, with
# the rows that H.264 adds, at 60 frames and 20 Mb a second.
_LIGHT_PIXELS: Final = 1920 * 1088
_LIGHT_FRAMES_HZ: Final = 60
_LIGHT_BPS: Final = 20_000_000


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


def is_light(info: MediaInfo) -> bool:
    """Return whether a film is played at its full size where nobody asked for it."""
    video = info.video[0] if info.video else None
    if video is None or info.bit_rate_bps is None:
        return False
    width, height = video.display_size
    return (
        width * height <= _LIGHT_PIXELS
        and video.rate <= _LIGHT_FRAMES_HZ
        and info.bit_rate_bps <= _LIGHT_BPS
    )


def browser_sound_type(info: MediaInfo) -> str:
    """Return the media type of a file whose sound a browser plays as we would.

    Empty where it may not: of several streams it would take one that it likes.
    """
    kind = media_type_of(info.path)
    if len(info.audio) != 1:
        return ""
    [sound] = info.audio
    starts_s = float(sound.start_pts * sound.time_base)
    if sound.channels > _STEREO or not 0 <= starts_s <= _MOST_DELAY_S:
        return ""
    # With pictures, a browser counts from the first sample of either.
    if info.video and info.kind == "video" and info.video[0].start_pts != 0:
        return ""
    return kind if sound.codec in _SOUND_CODECS.get(kind, ()) else ""
