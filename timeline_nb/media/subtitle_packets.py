"""Read embedded text subtitles, as events of SubStation Alpha.

FFmpeg's decoders turn timed text of MP4, SubRip, WebVTT and ASS alike into such events
(libavcodec/ass.c). Subtitles that are pictures (PGS, DVD, DVB) hold no text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import av
from av.container import InputContainer
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle

from timeline_nb.core.file_limits import (
    MAX_CUES,
    MAX_SUBTITLE_BYTES,
    MAX_SUBTITLE_TAGS,
)
from timeline_nb.errors import MediaError
from timeline_nb.media._pyav import open_input, reason
from timeline_nb.media.info import MediaInfo

__all__ = ["SubtitlePackets", "read_subtitle_packets"]

_PICTURES: Final = {
    "pgssub": "PGS",
    "hdmv_pgs_subtitle": "PGS",
    "dvdsub": "DVD",
    "dvd_subtitle": "DVD",
    "dvbsub": "DVB",
    "dvb_subtitle": "DVB",
    "xsub": "XSUB",
}
# Fields of an event before its text: order, layer, style, name, margins, effect.
_FIELDS: Final = 8


@dataclass(frozen=True)
class SubtitlePackets:
    """A stream of text.

    Args:
        codec: FFmpeg's name of it.
        language: ISO 639 code, or empty.
        header: Of a script of ASS; empty for other codecs.
        events: Start and end in media seconds, and the event's fields, text last.
    """

    codec: str
    language: str
    header: str
    events: tuple[tuple[Fraction, Fraction, tuple[str, ...]], ...]


def read_subtitle_packets(
    info: MediaInfo, number: int, *, start: Fraction
) -> SubtitlePackets:
    """Read all of a text stream.

    Args:
        info: The medium.
        number: Of the stream among the medium's subtitles, from 0.
        start: Media time 0, in seconds on the clock of the PTS.

    Raises:
        MediaError: There is no such stream, it holds pictures, or cannot be read.
    """
    with open_input(info.path) as container:
        try:
            stream = _stream(container, info.path, number)
            events = tuple(_bounded(_events(container, stream, start), info.path))
        except (av.error.FFmpegError, ValueError, OverflowError) as error:
            message = f"{info.path}: its subtitles {number} cannot be read"
            raise MediaError(f"{message}: {reason(error)}") from error
        codec = stream.codec_context
        header = codec.extradata if codec.name in {"ass", "ssa"} else None
        return SubtitlePackets(
            codec.name,
            stream.language or "",
            (header or b"").decode("utf-8", errors="replace"),
            events,
        )


def _stream(container: InputContainer, path: str, number: int) -> SubtitleStream:
    streams = list(container.streams.subtitles)
    if not 0 <= number < len(streams):
        count = len(streams) or "no"
        raise MediaError(f"{path} has {count} subtitles: there is no stream {number}")
    stream = streams[number]
    codec = stream.codec_context.name
    if codec in _PICTURES:
        raise MediaError(
            f"{path}: its subtitles {number} are pictures ({_PICTURES[codec]}), no "
            "text: read them by a program that recognizes letters"
        )
    return stream


def _bounded(
    events: Iterator[tuple[Fraction, Fraction, tuple[str, ...]]], path: str
) -> Iterator[tuple[Fraction, Fraction, tuple[str, ...]]]:
    """Yield events up to the limits of subtitle files.

    Raises:
        MediaError: There are more of them, or they are longer.
    """
    letters = tags = 0
    for count, event in enumerate(events, 1):
        text = event[-1][-1]
        letters += len(text)
        tags += sum(map(text.count, "<{&"))
        for number, limit, what in (
            (count, MAX_CUES, "cues"),
            (letters, MAX_SUBTITLE_BYTES, "letters"),
            (tags, MAX_SUBTITLE_TAGS, "tags"),
        ):
            if number > limit.value:
                raise MediaError(f"{path}: its subtitles have {what}, {limit.excess}")
        yield event


def _events(
    container: InputContainer, stream: SubtitleStream, start: Fraction
) -> Iterator[tuple[Fraction, Fraction, tuple[str, ...]]]:
    for packet in container.demux(stream):
        if packet.pts is None or not packet.size or packet.time_base is None:
            continue
        found = stream.codec_context.decode2(packet)
        begin = packet.pts * packet.time_base - start
        length = (packet.duration or 0) * packet.time_base
        for rect in found or ():
            if isinstance(rect, AssSubtitle):
                event = bytes(rect.ass).decode("utf-8", errors="replace")
                fields = tuple(event.split(",", _FIELDS))
                if len(fields) > _FIELDS:
                    yield begin, begin + length, fields
