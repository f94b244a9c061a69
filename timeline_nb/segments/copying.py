"""Copy stretches of a source packet by packet."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final

import numpy as np
from msgspec.structs import replace

from timeline_nb.compose.layers import Shot
from timeline_nb.compose.placement import Canvas, place
from timeline_nb.effects.chain import Chain
from timeline_nb.errors import MediaError
from timeline_nb.i18n import Message
from timeline_nb.media.color import stream_colors
from timeline_nb.media.convert import SDR
from timeline_nb.media.file_state import state_of
from timeline_nb.media.index import FrameIndex
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.library import MediaLibrary
from timeline_nb.segments.encoding import Encoding
from timeline_nb.segments.h264 import (
    is_idr,
    is_progressive,
    parameter_sets,
    set_ids,
    without_sets,
)
from timeline_nb.segments.segment import Copied
from timeline_nb.timebase import frame_time
from timeline_nb.timeline.speed import speed_of

__all__ = ["find_copied", "matched", "read_copied"]

# The id of the parameter sets of what is encoded between copied packets.
OWN_SET_ID: Final = 1
# Fewer frames are not worth another keyframe.
_LEAST: Final = 8
_WHOLE: Final = (0.0, 0.0, 1.0, 1.0)


def find_copied(
    shot: Shot, span: range, library: MediaLibrary, encoding: Encoding
) -> Copied | None:
    """Return the frames of a span that can be copied; None if too few can.

    They begin at a keyframe after which decoders need nothing before it, and end
    where no packet that follows is shown earlier.
    """
    media = shot.clip.media
    info = library.probe(media.path, assumed=media.assumed)
    if not _fits(shot, info, encoding):
        return None
    index = library.index(info)
    source = index.frame_at(shot.media_time(frame_time(span.start, encoding.rate)))
    if not _runs_alike(shot, span, source, index, encoding.rate):
        return None
    if any(source <= n < source + len(span) for n in library.damaged(info)):
        return None
    clean = index.clean_cuts[source : source + len(span) + 1]
    keys = np.flatnonzero(index.keyframe[source : source + len(span)] & clean[:-1])
    stops = np.flatnonzero(clean)
    if not len(keys) or stops[-1] - keys[0] < _LEAST:
        return None
    begin, stop = int(keys[0]), int(stops[-1])
    sets = _sets_at(library, info.path, info.fingerprint, source + begin)
    if sets is None:
        return None
    return Copied(
        first=span.start + begin,
        last=span.start + stop,
        path=info.path,
        source=source + begin,
        sets=sets,
        depth=_depth(index),
    )


def matched(encoding: Encoding, copies: Sequence[Copied]) -> Encoding:
    """Return the encoding between copied packets, with parameter sets of its own."""
    if not copies:
        return replace(encoding, copies=False)
    depth = max(copied.depth for copied in copies)
    parameters = {"sps-id": str(OWN_SET_ID)}
    if not depth:
        parameters["bframes"] = "0"
    elif depth == 1:
        parameters["b-pyramid"] = "none"
    own = encoding.options.get("x264-params", "")
    joined = ":".join(
        [*filter(None, [own]), *(f"{k}={v}" for k, v in parameters.items())]
    )
    return replace(encoding, options={**encoding.options, "x264-params": joined})


def _depth(index: FrameIndex) -> int:
    places = np.arange(len(index.rank))
    return int(max(0, (index.rank - places).max(initial=0)))


def _fits(shot: Shot, info: MediaInfo, encoding: Encoding) -> bool:
    """Return whether a shot shows its file unchanged, coded as the film is."""
    clip = shot.clip
    if not clip.media.is_file or not info.video or info.kind != "video":
        return False
    video = info.video[0]
    if shot.fades or clip.keyframes or speed_of(clip) is not None:
        return False
    if Chain(clip.effects):
        return False
    size = (video.width, video.height)
    colors = stream_colors(info)
    spot = place(clip.transform, video.display_size, Canvas(*encoding.size))
    return (
        video.codec == "h264"
        and encoding.encoder == "libx264"
        and video.pix_fmt == encoding.pix_fmt
        and size == encoding.size == video.display_size
        and video.orientation.is_upright
        and (colors.matrix, colors.range) == (SDR.matrix, SDR.range)
        and not colors.is_wide
        and encoding.color == "sdr"
        and clip.media.assumed.fields in {"", "progressive"}
        and clip.transform.opacity == 1
        and clip.transform.blend == "normal"
        and spot.covers
        and spot.crop == _WHOLE
        and (spot.width, spot.height) == size
    )


def _runs_alike(
    shot: Shot, span: range, source: int, index: FrameIndex, rate: Fraction
) -> bool:
    """Return whether every frame of the film is the next one of the file."""
    first, count = span.start, len(span)
    if source + count > len(index):
        return False
    begin = (shot.media_time(frame_time(first, rate)) + index.start_time) / (
        index.time_base
    )
    step = 1 / rate / index.time_base
    unit = begin.denominator * step.denominator
    whole, part = int(begin * unit), int(step * unit)
    if max(abs(whole), abs(part) * count) > 1 << 62:
        return False
    ticks = (whole + part * np.arange(count, dtype=np.int64)) // unit
    shown = index.pts[source : source + count]
    after = np.append(index.pts[source + 1 : source + count], ticks[-1] + 1)
    return bool(((shown <= ticks) & (ticks < after)).all())


# Safe between threads: the content of a file is in the key, by its fingerprint.
@lru_cache(maxsize=1024)
def _sets_at(
    library: MediaLibrary, path: str, fingerprint: str, frame: int
) -> tuple[bytes, ...] | None:
    """Return the parameter sets of a file, if a decoder can begin at this frame."""
    before = state_of(path)
    if library.probe(path).fingerprint != fingerprint:
        raise MediaError(
            Message("{path} changed while it was planned with: try again", path=path)
        )
    found = _read_sets(library, path, frame)
    if state_of(path) != before:
        raise MediaError(
            Message("{path} changed while it was planned with: try again", path=path)
        )
    return found


def _read_sets(
    library: MediaLibrary, path: str, frame: int
) -> tuple[bytes, ...] | None:
    info = library.probe(path)
    wanted = int(library.index(info).packet[frame])
    try:
        stored = library.stored_packets(info, frame, most_bytes=1)
        sets, length = parameter_sets(stored.extradata)
        if not is_progressive(sets) or OWN_SET_ID in set_ids(sets):
            return None
        first = stored.packets[0]
        begins = first.number == wanted and is_idr(first.data, length)
    except (MediaError, IndexError):
        return None
    return sets if begins else None


def read_copied(
    copied: Copied, library: MediaLibrary
) -> Iterator[tuple[bytes, int, bool]]:
    """Yield packets in decoding order: bytes, frame of the film, is a keyframe.

    Raises:
        MediaError: The file is gone, or has changed.
    """
    info = library.probe(copied.path)
    index = library.index(info)
    wanted, given = copied.last - copied.first, 0
    frame, last = copied.source, int(index.packet[copied.source]) - 1
    while given < wanted:
        stored = library.stored_packets(info, frame)
        sets, length = parameter_sets(stored.extradata)
        if sets != copied.sets:
            raise MediaError(
                Message(
                    "{path} has changed since the render was planned", path=copied.path
                )
            )
        fresh = [packet for packet in stored.packets if packet.number > last]
        if not fresh:
            break
        for packet in fresh:
            last = packet.number
            number = index.number_of_packet(last)
            if number is None:
                continue
            frame = number
            data = without_sets(packet.data, length, sets)
            yield data, copied.first + frame - copied.source, packet.is_keyframe
            given += 1
            if given == wanted:
                return
    raise MediaError(
        Message(
            "{path} ends before the frames that are copied from it", path=copied.path
        )
    )
