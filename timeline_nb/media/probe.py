"""Probe media files: their headers and first packets."""

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.container import InputContainer
from av.stream import Disposition, Stream

from timeline_nb.errors import MediaError
from timeline_nb.i18n import Message
from timeline_nb.media import color
from timeline_nb.media._pillow import picture_format
from timeline_nb.media._pyav import (
    announced_rates,
    audio_stream,
    audio_streams,
    is_top_first,
    open_input,
    packets,
    picture_decoder,
    reason,
    side_data,
    text,
    tick,
    video_stream,
    video_streams,
)
from timeline_nb.media.cadence import Cadence, cadence_of
from timeline_nb.media.exif import exif_orientation
from timeline_nb.media.file_identification import undecodable
from timeline_nb.media.fingerprint import fingerprint
from timeline_nb.media.info import (
    AudioStream,
    Chapter,
    FieldOrder,
    HdrLight,
    MediaInfo,
    MediaKind,
    VideoStream,
)
from timeline_nb.media.orientation import UPRIGHT, Orientation
from timeline_nb.media.picture_probe import probe_image, probe_sequence
from timeline_nb.media.sequence import sequence_at
from timeline_nb.media.streams import by_use, stream_title
from timeline_nb.timebase import TimeRange

__all__ = ["probe"]

# Anamorphic film has pixels of 2:1; damage would make a picture a million wide.
_LONGEST_PIXEL: Final = Fraction(16)
# Sound without a container: FFmpeg guesses its length from the first packets' bit rate.
_GUESSES_LENGTH: Final = {
    *("aac", "ac3", "amr", "dts", "eac3", "loas", "mp3", "mlp", "truehd"),
}
# Headers with a longer duration are damaged: even silence takes more bytes.
_MOST_S_A_BYTE: Final = 10
# Longer ones are measured, whatever the headers say.
_LONGEST_BELIEVED_S: Final = 24 * 3600
# Packets looked at for the pace of the frames.
_PACE_PACKETS: Final = 300
# Packets in which the first picture that decodes is looked for.
_FIRST_PACKETS: Final = 100
# A still is shown as long as asked.
_STILL_PACE: Final = Cadence(
    np.zeros(1, np.int64), 1, Fraction(1, 25), Fraction(25), is_vfr=False
)
# FFmpeg's number of each, as in AVFieldOrder.
_FIELD_ORDERS: Final[dict[int, FieldOrder]] = {
    1: "progressive",
    2: "tt",
    3: "bb",
    4: "tb",
    5: "bt",
}


def probe(path: Path | str) -> MediaInfo:
    """Return what a media file holds.

    Raises:
        MediaError: There is no such file, or it is not media.
        UnsafeMediaError: It reaches outside itself, or is too large a picture.
    """
    sequence = sequence_at(path)
    if sequence is not None:
        return probe_sequence(path, sequence)
    path = Path(path)
    picture = probe_image(path)
    if picture is not None:
        return picture
    with open_input(path) as container:
        try:
            return _probed(path, container)
        except (av.error.FFmpegError, ValueError, OverflowError) as error:
            raise MediaError(
                Message("{path} cannot be probed: {why}", path=path, why=reason(error))
            ) from error


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
    # Many JPEGs one after another are a video.
    if name in {"gif", "apng", "webp_anim", "jpeg_pipe"}:
        return len(list(islice(_stamps(path, video.index), 2))) < 2
    if picture_format(path) in {"avif", "heif"}:
        return (video.frame_count or 1) == 1
    return _is_photo(name)


def _is_photo(name: str) -> bool:
    return name == "image2" or name.endswith("_pipe")


def _stamps(path: Path, index: int) -> Iterator[tuple[int, int]]:
    """Yield PTS and duration of a stream's packets, read from the file's first byte."""
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
            Message(
                "{path}: no size is known of stream {index}; if it is an "
                "animated WebP, save it as GIF or MP4",
                path=path,
                index=stream.index,
            )
        )
    header = color.tagged_colors(context)
    photo = _is_photo(container.format.name)
    # A photo's header has everything, and decoding one may take a second.
    first = None if photo else _first_picture(container, stream)
    tagged = color.tagged_colors(first) if first else header
    # Opening a picture of 16 bits again would decode it again.
    is_one = photo and container.format.name != "jpeg_pipe"
    pace = _STILL_PACE if is_one else _pace(path, stream)
    duration = stream.duration
    return VideoStream(
        index=stream.index,
        codec=context.codec.canonical_name,
        width=context.width,
        height=context.height,
        sample_aspect_ratio=_pixel_aspect(stream),
        orientation=_orientation(path, first, photo=photo),
        pix_fmt=first.format.name if first else context.pix_fmt or "",
        field_order="progressive" if photo else _field_order(stream, first),
        light=_light(first) if first else None,
        color_range=color.name_of(color.RANGES, tagged.range, header.range),
        color_primaries=color.name_of(
            color.PRIMARIES, tagged.primaries, header.primaries
        ),
        color_transfer=color.name_of(color.TRANSFERS, tagged.transfer, header.transfer),
        color_space=color.name_of(color.MATRICES, tagged.matrix, header.matrix),
        rate=pace.rate,
        is_vfr=pace.is_vfr,
        time_base=tick(stream),
        start_pts=stream.start_time or 0,
        frame_count=stream.frames or None,
        duration=duration * tick(stream) if duration else None,
    )


def _first_picture(
    container: InputContainer, stream: av.VideoStream
) -> av.VideoFrame | None:
    """Return the first picture that decodes: frames have what PyAV's streams lack."""
    decoder = picture_decoder(stream)
    decoder.thread_count = 1
    # Encrypted and truncated files raise where their pictures are decoded.
    with suppress(MediaError):
        for packet in islice(packets(container, stream), _FIRST_PACKETS):
            try:
                pictures = decoder.decode(packet if packet.size else None)
            except (av.error.FFmpegError, ValueError):
                continue
            if pictures:
                return pictures[0]
    return None


def _orientation(
    path: Path, first: av.VideoFrame | None, *, photo: bool
) -> Orientation:
    if photo:
        return exif_orientation(path)
    matrix = side_data(first, "DISPLAYMATRIX") if first else None
    if matrix is None:
        return UPRIGHT
    return Orientation.of_matrix(np.frombuffer(matrix, np.int32).tolist())


def _light(first: av.VideoFrame) -> HdrLight | None:
    """Read AVMasteringDisplayMetadata and AVContentLightMetadata of a picture.

    The first is ten fractions, and whether chromaticities and luminance are known.
    """
    display = side_data(first, "MASTERING_DISPLAY_METADATA")
    if display is None:
        return None
    *numbers, has_places, has_light = np.frombuffer(display, np.int32).tolist()
    tops, bottoms = numbers[0::2], numbers[1::2]
    if not (has_places and has_light and all(bottoms)):
        return None
    rx, ry, gx, gy, bx, by, wx, wy, least, most = (
        top / bottom for top, bottom in zip(tops, bottoms, strict=True)
    )
    content = side_data(first, "CONTENT_LIGHT_LEVEL") or bytes(8)
    most_content, most_average = np.frombuffer(content, np.uint32).tolist()[:2]
    return HdrLight(
        primaries=((rx, ry), (gx, gy), (bx, by)),
        white=(wx, wy),
        min_nits=least,
        max_nits=most,
        max_content_nits=most_content,
        max_average_nits=most_average,
    )


def _field_order(stream: av.VideoStream, first: av.VideoFrame | None) -> FieldOrder:
    """Return FFmpeg's word: which field comes first, in the file and on a screen."""
    tagged = _FIELD_ORDERS.get(int(stream.codec_context.field_order))
    if tagged is not None or first is None:
        return tagged or "unknown"
    if not first.interlaced_frame:
        return "progressive"
    return "tt" if is_top_first(first) else "bb"


def _pixel_aspect(stream: av.VideoStream) -> Fraction:
    """Return the sample aspect ratio; 1 where the tagged one is implausible."""
    tagged = Fraction(stream.sample_aspect_ratio or 1)
    return tagged if 1 / _LONGEST_PIXEL <= tagged <= _LONGEST_PIXEL else Fraction(1)


def _pace(path: Path, stream: av.VideoStream) -> Cadence:
    """Return the frame rate by the container's table or the first packets."""
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
        title=stream_title(stream),
    )


def _duration(path: Path, container: InputContainer, start: Fraction) -> Fraction:
    """Return the end of the stream that ends last, exact where streams have one."""
    ends = [
        ((stream.start_time or 0) + stream.duration) * tick(stream) - start
        for stream in (*video_streams(container), *audio_streams(container))
        if stream.duration and not _is_cover(stream)
    ]
    if not ends and container.duration:
        ends = [Fraction(container.duration, av.time_base)]
    tagged = max([Fraction(0), *ends])
    if container.format.name in _GUESSES_LENGTH:
        return _demuxed_duration(path, container, start) or tagged
    plausible = min(path.stat().st_size * _MOST_S_A_BYTE, _LONGEST_BELIEVED_S)
    if not 0 < tagged <= plausible:
        return _demuxed_duration(path, container, start)
    return tagged


def _demuxed_duration(
    path: Path, container: InputContainer, start: Fraction
) -> Fraction:
    """Return the end of the last packet, for headers without a plausible duration."""
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
    """Return the container's metadata, with the timecode of any of its streams."""
    tags = {text(k): text(str(v)) for k, v in container.metadata.items()}
    for stream in container.streams:
        if "timecode" in stream.metadata:
            tags.setdefault("timecode", text(str(stream.metadata["timecode"])))
    return tags
