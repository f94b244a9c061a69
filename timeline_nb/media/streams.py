"""The streams of a file, and which of them are used."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import av
from av.container import InputContainer
from av.stream import Disposition, Stream

from timeline_nb.core.audio_choice import AudioChoice
from timeline_nb.errors import MediaError
from timeline_nb.i18n import Message
from timeline_nb.media._pyav import open_input, reason, text, tick
from timeline_nb.media.info import AudioStream, MediaInfo

__all__ = [
    "StreamFacts",
    "by_use",
    "list_streams",
    "sounding",
    "stream_title",
    "unheard",
]

S = TypeVar("S", bound=Stream)


@dataclass(frozen=True)
class StreamFacts:
    """A stream of any kind.

    Args:
        kind: `video`, `cover` (a still beside the film), `audio`, `subtitle`, `data`
            or `attachment`.
        number: Its place among those of its kind in the order of the file, from 0: what
            `media.clip(audio=...)` takes.
        index: Its number in the file.
        codec: FFmpeg's name, empty if FFmpeg has no decoder.
        language: ISO 639 code, or empty.
        title: Of the file's metadata, or empty.
        default: Whether it has FFmpeg's `default` disposition.
        rate: Frames or samples a second; None where there is none.
        layout: FFmpeg's name of the channels, or `1920x1080`; or empty.
        start: Seconds on the PTS clock, None if unknown.
        duration: Seconds, None if unknown.
    """

    kind: str
    number: int
    index: int
    codec: str
    language: str
    title: str
    default: bool
    rate: Fraction | None
    layout: str
    start: Fraction | None
    duration: Fraction | None


def by_use(streams: Iterable[S]) -> list[S]:
    """Return streams of one kind, those of the `default` disposition first.

    Among these, and among the others, the order is the file's.
    """
    return sorted(streams, key=lambda stream: not is_default(stream))


def is_default(stream: Stream) -> bool:
    """Return whether a stream has FFmpeg's `default` disposition."""
    return bool(stream.disposition & Disposition.default)


def stream_title(stream: Stream) -> str:
    """Return a stream's title, or empty."""
    return text(str(stream.metadata.get("title", "")))


def sounding(info: MediaInfo, audio: AudioChoice) -> list[tuple[AudioStream, str]]:
    """Return the streams that are heard, each with its output channel, if it has one.

    Raises:
        MediaError: The file has no sound, or not those streams.
    """
    if not info.audio:
        raise MediaError(Message("{path} has no sound", path=info.path))
    streams = sorted(info.audio, key=lambda stream: stream.index)
    if audio == "default":
        return [(info.audio[0], "")]
    if audio == "all":
        return [(stream, "") for stream in streams]
    if audio == "dual_mono":
        pair = [stream for stream in streams if stream.channels == 1][:2]
        if len(pair) < 2:
            raise MediaError(
                Message(
                    "{path} has no two streams of one channel to be heard "
                    "left and right: it has {streams}",
                    path=info.path,
                    streams=_told(streams),
                )
            )
        return list(zip(pair, ("FL", "FR"), strict=True))
    for place in audio:
        if not 0 <= place < len(streams):
            raise MediaError(
                Message(
                    "{path} has no sound stream {place}: it has {streams}",
                    path=info.path,
                    place=place,
                    streams=_told(streams),
                )
            )
    return [(streams[place], "") for place in audio]


def unheard(info: MediaInfo, choices: Iterable[AudioChoice]) -> str:
    """Name the audio streams that none of these choices hears; empty if none."""
    heard = {s.index for choice in choices for s, _ in sounding(info, choice)}
    streams = sorted(info.audio, key=lambda stream: stream.index)
    left = [n for n, stream in enumerate(streams) if stream.index not in heard]
    return ", ".join(_named(n, streams[n]) for n in left)


def _told(streams: list[AudioStream]) -> str:
    return ", ".join(_named(place, stream) for place, stream in enumerate(streams))


def _named(place: int, stream: AudioStream) -> str:
    facts = [stream.layout, stream.language, stream.title]
    return f"{place} ({', '.join(filter(None, facts))})"


def list_streams(path: Path | str) -> list[StreamFacts]:
    """Return all streams of a file, in its order.

    Raises:
        MediaError: There is no such file, or it is not media.
    """
    with open_input(path) as container:
        try:
            return list(_facts(container))
        except (av.error.FFmpegError, ValueError) as error:
            raise MediaError(
                Message("{path} cannot be probed: {why}", path=path, why=reason(error))
            ) from error


def _facts(container: InputContainer) -> Iterable[StreamFacts]:
    counts: dict[str, int] = {}
    for stream in container.streams:
        kind: str = stream.type
        if stream.disposition & Disposition.attached_pic:
            kind = "redaction"
        number = counts[kind] = counts.get(kind, -1) + 1
        context = getattr(stream, "codec_context", None)
        rate, layout = _pace(stream) if context is not None else (None, "")
        start, length = stream.start_time, stream.duration
        yield StreamFacts(
            kind=kind,
            number=number,
            index=stream.index,
            codec=context.codec.canonical_name if context is not None else "",
            language=text(getattr(stream, "language", None) or ""),
            title=stream_title(stream),
            default=is_default(stream),
            rate=rate,
            layout=layout,
            start=start * tick(stream) if start is not None else None,
            duration=length * tick(stream) if length else None,
        )


def _pace(stream: Stream) -> tuple[Fraction | None, str]:
    """Return the rate and the layout, or size, of a stream that has any."""
    if isinstance(stream, av.AudioStream):
        return Fraction(stream.rate or 0), stream.layout.name
    if isinstance(stream, av.VideoStream):
        rate = stream.average_rate or stream.guessed_rate
        size = f"{stream.codec_context.width}x{stream.codec_context.height}"
        return Fraction(rate) if rate else None, size
    return None, ""
