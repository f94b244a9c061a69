"""A media file described in a line."""

from timeline_nb.media.index import FrameIndex
from timeline_nb.media.info import MediaInfo
from timeline_nb.timebase import format_timecode

__all__ = ["facts_of"]


def facts_of(info: MediaInfo, index: FrameIndex | None) -> list[str]:
    """List kind, size, codec, fields, rate, length, sound, and assumed properties.

    Also where the file's time stamps start over, and whether its rate is variable.

    Args:
        info: The file, probed.
        index: Its frames, None without moving pictures.
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
    if index is not None:
        varies = " for most frames, variable" if index.is_vfr else ""
        end = index.end_of(len(index) - 1)
        # Timecode counts frames, of which a slow film has less than one a second.
        clock = (
            format_timecode(end, index.rate) if index.rate >= 1 else f"{float(end)} s"
        )
        facts += [f"{float(index.rate):.6g} fps{varies}", f"{len(index)} frames", clock]
        facts += [
            f"its time stamps start over at {float(index.time_of(part.frame)):.2f} s"
            for part in index.breaks
        ]
    elif info.kind == "audio":
        facts.append(f"{float(info.duration):.2f} s")
    facts += [f"{s.codec} {s.sample_rate_hz} Hz {s.layout}" for s in info.audio]
    return facts
