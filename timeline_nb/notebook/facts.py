"""What a media file is, in a few words."""

from fractions import Fraction

from timeline_nb.media.info import MediaInfo
from timeline_nb.timebase import format_timecode, frame_count

__all__ = ["facts_of"]


def facts_of(info: MediaInfo, rate: Fraction | None) -> list[str]:
    """Kind, size, codec, fields, rate, length and sounds, and what is assumed.

    Args:
        info: The file, probed.
        rate: Frames a second, None without moving pictures.
    """
    facts: list[str] = [info.kind]
    if info.video:
        video = info.video[0]
        width, height = video.display_size
        facts += [f"{width}x{height}", video.codec]
        if video.is_interlaced:
            facts.append(f"interlaced ({video.field_order})")
        if info.assumed:
            facts.append(f"assumed {info.assumed}")
    if rate is not None:
        frames = frame_count(info.duration, rate)
        clock = format_timecode(info.duration, rate)
        facts += [f"{float(rate):.6g} fps", f"{frames} frames", clock]
    elif info.kind == "audio":
        facts.append(f"{float(info.duration):.2f} s")
    facts += [f"{s.codec} {s.sample_rate_hz} Hz {s.layout}" for s in info.audio]
    return facts
