"""Open files with PyAV, within the limits; nothing else does."""

import contextlib
import logging
import os
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import IO, Any, Final, Self, TypeVar, cast

import av
from av.codec.hwaccel import HWAccel
from av.container import InputContainer
from av.sidedata.sidedata import Type as SideDataType
from av.video.codeccontext import VideoCodecContext

from timeline_nb.core.file_limits import MAX_PICTURE_PIXELS
from timeline_nb.core.forks import keep_in_forks
from timeline_nb.errors import MediaError, UnsafeMediaError
from timeline_nb.i18n import Message
from timeline_nb.media._pillow import check_picture
from timeline_nb.media.file_identification import no_media
from timeline_nb.media.safety import FORMATS, check_pixels, open_media

__all__ = [
    "announced_rates",
    "audio_stream",
    "audio_streams",
    "check_encryption",
    "is_top_first",
    "open_input",
    "packets",
    "picture_decoder",
    "reason",
    "side_data",
    "text",
    "tick",
    "video_stream",
    "video_streams",
]

S = TypeVar("S", bound=av.stream.Stream)

# Codecs, and graphs of filters, have threads that they wait for when they are freed.
keep_in_forks(av.codec.context.CodecContext, av.filter.Graph, av.VideoFrame)

# PyAV passes FFmpeg's messages to `logging`; the errors raised here are enough.
logging.getLogger("libav").setLevel(logging.CRITICAL)

# FFmpeg 8.1 puts EXIF (AV_FRAME_DATA_EXIF) on frames, and PyAV 18, which has no name
# for it, then raises when any side data is read.
_EXIF: Final = 31
if _EXIF not in SideDataType._value2member_map_:
    _exif: Any = object.__new__(SideDataType)
    _exif._name_, _exif._value_ = "EXIF", _EXIF
    SideDataType._value2member_map_[_EXIF] = _exif

# FFmpeg's own decoders ignore the alpha of VP8 and VP9.
_WITH_ALPHA: Final = {"vp8": "libvpx", "vp9": "libvpx-vp9"}

_OPTIONS: Final = {
    "protocol_whitelist": "file",
    "format_whitelist": FORMATS,
    # "shot%03d.jpg" is the name of one file.
    "pattern_type": "none",
}

# FFmpeg's libraries for Windows have descriptors of their own.
_BY_DESCRIPTOR: Final = os.name != "nt"


class _Name(str):
    """What FFmpeg is to open, which PyAV keeps as the container's name.

    Args:
        text: A name of FFmpeg; `fd:` for all that is opened by descriptor.
        path: The file behind it.
    """

    __slots__ = ("path",)
    path: Path

    def __new__(cls, text: str, path: Path) -> Self:
        made = super().__new__(cls, text)
        made.path = path
        return made


# Streams of a file that are looked into within the limits.
_MOST_STREAMS: Final = 64

# Asking a packet costs 3 us; the first is asked, as films may begin in the clear.
_ENCRYPTION_EVERY: Final = 32


def open_input(path: Path | str, device: str | None = None) -> InputContainer:
    """Open a media file for reading, and nothing but that file.

    Args:
        path: The file.
        device: What decodes, by FFmpeg's name; what it cannot decode, and all where
            there is no such device, is decoded in software.

    Raises:
        MediaError: There is no such file, or it is not media.
        UnsafeMediaError: It reaches outside itself, or is too large a picture.
    """
    path = Path(path)
    with open_media(path) as file:
        check_picture(path, file)
        try:
            container = _opened(path, file, device)
        except (av.error.FFmpegError, UnicodeError) as error:
            why = "" if isinstance(error, av.error.ArgumentError) else reason(error)
            raise no_media(path, why) from error
    try:
        for stream in video_streams(container):
            check_pixels(path, stream.codec_context.width, stream.codec_context.height)
    except UnsafeMediaError:
        container.close()
        raise
    return container


def _opened(path: Path, file: IO[bytes], device: str | None) -> InputContainer:
    if device is not None:
        # Without such a device FFmpeg is denied it, whatever may stand in.
        with contextlib.suppress(PermissionError, av.error.ExternalError):
            accelerated = HWAccel(device, allow_software_fallback=True)
            return _opened_with(path, file, hwaccel=accelerated)
    if _has_header(file):
        # FFmpeg may decode a picture to learn of a stream, before its size is known.
        limit = {"max_pixels": str(MAX_PICTURE_PIXELS.value)}
        # PyAV refuses such options where streams are found one by one.
        with contextlib.suppress(ValueError):
            return _opened_with(path, file, stream_options=[limit] * _MOST_STREAMS)
    try:
        return _opened_with(path, file)
    except av.error.InvalidDataError:
        # By its name, FFmpeg would know a file too short to be known by its content.
        named = _demuxers().get(path.suffix.lower().removeprefix("."))
        if named is None:
            raise
    return _opened_with(path, file, format=named)


@cache
def _demuxers() -> dict[str, str]:
    """Return the demuxers that are let in, by the suffixes that FFmpeg gives them."""
    found: dict[str, str] = {}
    for name in FORMATS.split(","):
        with contextlib.suppress(ValueError):
            for suffix in av.ContainerFormat(name, "r").extensions:
                found.setdefault(suffix, name)
    return found


def _opened_with(path: Path, file: IO[bytes], **more: Any) -> InputContainer:
    """Open what is open already, so that FFmpeg looks at no name.

    FFmpeg duplicates the descriptor, and closes its own with the container. By name
    it would choose the same demuxers, but for JPEG, which Pillow reads.
    """
    options = dict(_OPTIONS)
    if _BY_DESCRIPTOR:
        # Duplicates share the place; `file.seek` may only move within its buffer.
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        name = _Name("fd:", path)
        options |= {"fd": str(file.fileno()), "protocol_whitelist": "fd"}
    else:
        # The prefix keeps names such as "concat:a" or "-" from meaning anything else.
        name = _Name(f"file:{os.fspath(path)}", path)
    container: InputContainer = av.open(
        name, options=options, metadata_errors="surrogateescape", **more
    )
    if not _BY_DESCRIPTOR and not _is_still(path, file):
        container.close()
        raise MediaError(
            Message("{path} changed while it was opened: open it again", path=path)
        )
    return container


def _path_of(container: InputContainer) -> str:
    """Return the path of the file that a container of `open_input` reads."""
    return str(getattr(container.name, "path", container.name))


def _is_still(path: Path, file: IO[bytes]) -> bool:
    """Return whether a name still is that of an open file."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except OSError:
        return False


def _has_header(file: IO[bytes]) -> bool:
    """Return whether a file begins as MP4, Matroska and AVI do, which list streams."""
    file.seek(0)
    head = file.read(8)
    return head[4:] == b"ftyp" or head[:4] in {b"\x1aE\xdf\xa3", b"RIFF"}


def text(value: str) -> str:
    """Return a tag decoded as UTF-8, or else as Windows-1252.

    Files are opened so that bytes which are not UTF-8 come as lone surrogates.
    """
    try:
        value.encode()
    except UnicodeEncodeError:
        plain = value.encode("utf-8", "surrogateescape")
        try:
            return plain.decode("cp1252")
        except UnicodeDecodeError:
            return plain.decode("latin-1")
    return value


def reason(error: Exception) -> str:
    """Return FFmpeg's reason in words, without its number and path."""
    return getattr(error, "strerror", None) or str(error)


def video_streams(container: InputContainer) -> list[av.VideoStream]:
    """Return the streams of pictures whose codec FFmpeg knows."""
    streams = container.streams.video
    return [s for s in streams if getattr(s, "codec_context", None) is not None]


def audio_streams(container: InputContainer) -> list[av.AudioStream]:
    """Return the streams of sound whose codec FFmpeg knows."""
    streams = container.streams.audio
    return [s for s in streams if getattr(s, "codec_context", None) is not None]


def video_stream(container: InputContainer, index: int) -> av.VideoStream:
    """Return the stream with this number in the file, which is one of pictures.

    Raises:
        MediaError: The file has it no more: damage hides it, or the file changed.
    """
    return _numbered(container, video_streams(container), index)


def audio_stream(container: InputContainer, index: int) -> av.AudioStream:
    """Return the stream with this number in the file, which is one of sound.

    Raises:
        MediaError: The file has it no more: damage hides it, or the file changed.
    """
    return _numbered(container, audio_streams(container), index)


def _numbered(container: InputContainer, streams: list[S], index: int) -> S:
    for stream in streams:
        if stream.index == index:
            return stream
    name = _path_of(container)
    container.close()
    raise MediaError(
        Message(
            "{name} has no readable stream {index}: it is damaged or changed",
            name=name,
            index=index,
        )
    )


def picture_decoder(stream: av.VideoStream) -> VideoCodecContext:
    """Return the decoder of a stream; where it has opacity, one that decodes that.

    Frames count time in the stream's ticks with either.
    """
    own = stream.codec_context
    name = _WITH_ALPHA.get(own.codec.canonical_name)
    if name is None or stream.metadata.get("alpha_mode") != "1":
        return own
    try:
        other = cast("VideoCodecContext", av.CodecContext.create(name, "r"))
    except (av.codec.codec.UnknownCodecError, ValueError):
        return own
    other.width, other.height = own.width, own.height
    other.extradata = own.extradata
    return other


def is_top_first(picture: av.VideoFrame) -> bool:
    """Return whether an interlaced picture's top field is first."""
    graph = av.filter.Graph()
    source = graph.add(
        "buffer",
        f"video_size={picture.width}x{picture.height}:pix_fmt={picture.format.name}:"
        "pixel_aspect=1/1:time_base=1/25",
    )
    # PyAV exposes that a picture is interlaced, not its field order.
    chosen = graph.add("select", r"eq(interlace_type\,TOPFIRST)")
    sink = graph.add("buffersink")
    source.link_to(chosen)
    chosen.link_to(sink)
    graph.configure()
    source.push(picture)
    try:
        sink.pull()
    except (av.error.BlockingIOError, av.error.EOFError):
        return False
    return True


def side_data(picture: av.VideoFrame, name: str) -> bytes | None:
    """Return a decoded picture's side data, by FFmpeg's name; None if it has none."""
    try:
        # An older stub calls them text.
        beside: list[Any] = list(picture.side_data)
    except ValueError:
        return None
    return next((bytes(data) for data in beside if data.type.name == name), None)


def packets(
    container: InputContainer, stream: av.VideoStream | av.AudioStream
) -> "Iterator[av.Packet[Any]]":
    """Yield the packets of a stream from where the file is read; the last one is empty.

    Raises:
        MediaError: The file is damaged there.
    """
    try:
        for number, packet in enumerate(container.demux(stream)):
            if number % _ENCRYPTION_EVERY == 0:
                check_encryption(container, stream, packet)
            yield packet
    except (av.error.FFmpegError, IndexError) as error:
        # PyAV has no place for streams that damage makes appear in mid-file.
        name = _path_of(container)
        raise MediaError(
            Message("{name} is damaged: {why}", name=name, why=reason(error))
        ) from error


def announced_rates(stream: av.VideoStream) -> list[Fraction]:
    """Return the rates that a file's headers allow, the likeliest first."""
    rates: list[Fraction | None] = [
        stream.average_rate,
        stream.guessed_rate,
        stream.codec_context.framerate,
        stream.base_rate,
    ]
    if stream.start_time is None and not stream.duration:
        # A stream without a container: FFmpeg's average is a mere default.
        rates.append(rates.pop(0))
    return [Fraction(rate) for rate in rates if rate]


def check_encryption(
    container: InputContainer,
    stream: av.VideoStream | av.AudioStream,
    packet: "av.Packet[Any]",
) -> None:
    """Raise a MediaError where a packet, or all of its stream, is encrypted.

    MP4 marks each packet (ISO/IEC 23001-7), Matroska has a key of the stream.
    """
    if packet.has_sidedata("encryption_info") or "enc_key_id" in stream.metadata:
        name = _path_of(container)
        codec = stream.codec_context.name
        raise MediaError(
            Message(
                "{name}: stream {index} ({codec}) is encrypted: decrypt "
                "the file with its key first",
                name=name,
                index=stream.index,
                codec=codec,
            )
        )


def tick(stream: av.stream.Stream) -> Fraction:
    """Return the stream's time base; FFmpeg's own where it has none."""
    return Fraction(stream.time_base or Fraction(1, av.time_base))
