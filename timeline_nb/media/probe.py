"""Probing: what a media file holds, from its headers and first packets."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.container import InputContainer
from av.stream import Disposition, Stream

from timeline_nb.errors import MediaError
from timeline_nb.media._pillow import picture_format
from timeline_nb.media._pyav import (
    announced_rates,
    audio_stream,
    audio_streams,
    open_input,
    packets,
    reason,
    text,
    tick,
    video_stream,
    video_streams,
)
from timeline_nb.media.cadence import Cadence, cadence_of
from timeline_nb.media.fingerprint import fingerprint
from timeline_nb.media.info import (
    AudioStream,
    Chapter,
    MediaInfo,
    MediaKind,
    VideoStream,
)
from timeline_nb.media.naming import undecodable
from timeline_nb.media.picture_probe import probe_picture, probe_sequence
from timeline_nb.media.sequence import sequence_at
from timeline_nb.media.streams import by_use, title_of
from timeline_nb.timebase import TimeRange

__all__ = ["probe"]

# Anamorphic film has pixels of 2:1; damage would make a picture a million wide.
_LONGEST_PIXEL: Final = Fraction(16)
# Packets looked at for the pace of the frames.
_PACE_PACKETS: Final = 300
# Decoded, because PyAV tells a stream's rotation on its frames only.
_ROTATABLE: Final = {"mov", "matroska"}

_PRIMARIES: Final = {1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 9: "bt2020"}
_TRANSFERS: Final = {
    1: "bt709",
    4: "gamma22",
    5: "gamma28",
    6: "smpte170m",
    8: "linear",
    13: "iec61966-2-1",
    14: "bt2020-10",
    15: "bt2020-12",
    16: "smpte2084",
    18: "arib-std-b67",
}
_MATRICES: Final = {
    0: "gbr",
    1: "bt709",
    5: "bt470bg",
    6: "smpte170m",
    9: "bt2020nc",
    10: "bt2020c",
}
_RANGES: Final = {1: "tv", 2: "pc"}


def probe(path: Path | str) -> MediaInfo:
    """Tell what a media file holds.

    Raises:
        MediaError: There is no such file, or it is not media.
        UnsafeMediaError: It reaches outside itself, or is too large a picture.
    """
    sequence = sequence_at(path)
    if sequence is not None:
        return probe_sequence(path, sequence)
    path = Path(path)
    picture = probe_picture(path)
    if picture is not None:
        return picture
    with open_input(path) as container:
        try:
            return _probed(path, container)
        except (av.error.FFmpegError, ValueError, OverflowError) as error:
            raise MediaError(f"{path} cannot be probed: {reason(error)}") from error


def _probed(path: Path, container: InputContainer) -> MediaInfo:
    start = Fraction(container.start_time or 0, av.time_base)
    pictures = by_use(s for s in video_streams(container) if not _is_cover(s))
    audio = tuple(_audio(stream) for stream in by_use(audio_streams(container)))
    video = tuple(_video(path, container, stream) for stream in pictures)
    if not video and not audio:
        raise undecodable(path)
    kind: MediaKind = "audio"
    if video:
        kind = "image" if _is_still(path, container, video[0]) else "video"
    return MediaInfo(
        path=str(path),
        fingerprint=fingerprint(path),
        size_bytes=path.stat().st_size,
        kind=kind,
        container=container.format.name,
        start_time=start,
        duration=_duration(path, container, start) if kind != "image" else Fraction(0),
        bit_rate_bps=container.bit_rate or None,
        video=video,
        audio=audio,
        chapters=tuple(_chapters(container, start)),
        tags=_tags(container),
    )


def _is_cover(stream: Stream) -> bool:
    return bool(stream.disposition & Disposition.attached_pic)


def _is_still(path: Path, container: InputContainer, video: VideoStream) -> bool:
    name = container.format.name
    # Many JPEGs one behind another are a film.
    if name in {"gif", "apng", "webp_anim", "jpeg_pipe"}:
        return len(list(islice(_stamps(path, video.index), 2))) < 2
    if picture_format(path) in {"avif", "heif"}:
        return (video.frame_count or 1) == 1
    return name == "image2" or name.endswith("_pipe")


def _stamps(path: Path, index: int) -> Iterator[tuple[int, int]]:
    """PTS and duration of a stream's packets, read from the file's first byte."""
    with open_input(path) as container:
        for packet in packets(container, _stream(container, index)):
            stamp = packet.pts if packet.pts is not None else packet.dts
            if packet.size and stamp is not None:
                yield stamp, packet.duration or 0


def _stream(container: InputContainer, index: int) -> av.VideoStream | av.AudioStream:
    numbers = [stream.index for stream in video_streams(container)]
    return (video_stream if index in numbers else audio_stream)(container, index)


def _video(
    path: Path, container: InputContainer, stream: av.VideoStream
) -> VideoStream:
    context = stream.codec_context
    if not context.width or not context.height:
        # FFmpeg 8 decodes still WebP only; FFmpeg 9 (PyAV 19) animated ones too.
        raise MediaError(
            f"{path}: no size can be told of stream {stream.index}; if it is an "
            "animated WebP, save it as GIF or MP4"
        )
    rotation = _rotation(container, stream)
    pace = _pace(path, stream)
    duration = stream.duration
    return VideoStream(
        index=stream.index,
        codec=context.codec.canonical_name,
        width=context.width,
        height=context.height,
        sample_aspect_ratio=_pixel_aspect(stream),
        rotation_deg=rotation,
        pix_fmt=context.pix_fmt or "",
        color_range=_RANGES.get(context.color_range, ""),
        color_primaries=_PRIMARIES.get(context.color_primaries, ""),
        color_transfer=_TRANSFERS.get(context.color_trc, ""),
        color_space=_MATRICES.get(context.colorspace, ""),
        rate=pace.rate,
        is_vfr=pace.is_vfr,
        time_base=tick(stream),
        start_pts=stream.start_time or 0,
        frame_count=stream.frames or None,
        duration=duration * tick(stream) if duration else None,
    )


def _rotation(container: InputContainer, stream: av.VideoStream) -> int:
    if not _ROTATABLE & set(container.format.name.split(",")):
        return 0
    try:
        frame = next(container.decode(stream), None)
    except av.error.FFmpegError:
        return 0
    # FFmpeg counts counter-clockwise turns of the picture.
    return -round((frame.rotation if frame else 0) / 90) * 90 % 360


def _pixel_aspect(stream: av.VideoStream) -> Fraction:
    """Width of a pixel over its height; square where what is told cannot be meant."""
    told = Fraction(stream.sample_aspect_ratio or 1)
    return told if 1 / _LONGEST_PIXEL <= told <= _LONGEST_PIXEL else Fraction(1)


def _pace(path: Path, stream: av.VideoStream) -> Cadence:
    """At what rate frames come, by the container's table or the first packets."""
    times = [entry.timestamp for entry in stream.index_entries]
    if not stream.frames or len(times) < stream.frames:
        first = islice(_stamps(path, stream.index), _PACE_PACKETS)
        times = sorted(stamp for stamp, _ in first)
        # Frames still to come would stand between the last few.
        times = times[:-4] if len(times) == _PACE_PACKETS else times
    stamps = np.array(sorted(set(times)) or [0], np.int64)
    return cadence_of(stamps, 0, tick(stream), announced_rates(stream))


def _audio(stream: av.AudioStream) -> AudioStream:
    duration = stream.duration
    return AudioStream(
        index=stream.index,
        codec=stream.codec_context.codec.canonical_name,
        sample_rate_hz=stream.codec_context.sample_rate,
        channels=stream.codec_context.channels,
        layout=stream.codec_context.layout.name,
        time_base=tick(stream),
        start_pts=stream.start_time or 0,
        duration=duration * tick(stream) if duration else None,
        language=text(stream.language or ""),
        title=title_of(stream),
    )


def _duration(path: Path, container: InputContainer, start: Fraction) -> Fraction:
    """The end of the stream that ends last, exact where the streams tell."""
    ends = [
        ((stream.start_time or 0) + stream.duration) * tick(stream) - start
        for stream in (*video_streams(container), *audio_streams(container))
        if stream.duration and not _is_cover(stream)
    ]
    if ends:
        return max(Fraction(0), *ends)
    if container.duration:
        return Fraction(container.duration, av.time_base)
    return _demuxed_duration(path, container, start)


def _demuxed_duration(
    path: Path, container: InputContainer, start: Fraction
) -> Fraction:
    """The end of the last packet, for files whose headers tell nothing."""
    stream = [*video_streams(container), *audio_streams(container)][0]
    ends = [pts + length for pts, length in _stamps(path, stream.index)]
    return max(ends) * tick(stream) - start if ends else Fraction(0)


def _chapters(container: InputContainer, start: Fraction) -> Iterator[Chapter]:
    for chapter in container.chapters():
        base = Fraction(chapter["time_base"] or 1)
        first, last = chapter["start"] * base, chapter["end"] * base
        if last >= first:
            title = text(chapter["metadata"].get("title", ""))
            yield Chapter(
                title=title, range=TimeRange.between(first - start, last - start)
            )


def _tags(container: InputContainer) -> dict[str, str]:
    """The container's metadata, with the timecode that any of its streams carries."""
    tags = {text(k): text(str(v)) for k, v in container.metadata.items()}
    for stream in container.streams:
        if "timecode" in stream.metadata:
            tags.setdefault("timecode", text(str(stream.metadata["timecode"])))
    return tags
