"""Opening files with PyAV: the one place, so that no other can forget the limits."""

import logging
import os
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer

from timeline_nb.errors import MediaError, UnsafeMediaError
from timeline_nb.media.safety import FORMATS, check_file, check_pixels

__all__ = ["audio_stream", "open_input", "reason", "tick", "video_stream"]

# PyAV hands FFmpeg's complaints to `logging`; the errors raised here tell enough.
logging.getLogger("libav").setLevel(logging.CRITICAL)

_OPTIONS: Final = {
    "protocol_whitelist": "file",
    "format_whitelist": FORMATS,
    # "shot%03d.jpg" is the name of one file.
    "pattern_type": "none",
}


def open_input(path: Path | str) -> InputContainer:
    """Open a media file for reading, and nothing but that file.

    Raises:
        MediaError: There is no such file, or it is not media.
        UnsafeMediaError: It reaches outside itself, or is too large a picture.
    """
    path = Path(path)
    check_file(path)
    try:
        # The prefix keeps names such as "concat:a" or "-" from meaning anything else.
        container = av.open(f"file:{os.fspath(path)}", options=dict(_OPTIONS))
    except av.error.ArgumentError as error:
        raise UnsafeMediaError(
            f"{path} is a playlist, or of a format that is not let in: "
            "open the media it names"
        ) from error
    except (av.error.FFmpegError, UnicodeError) as error:
        raise MediaError(f"{path} is not a media file: {reason(error)}") from error
    try:
        for stream in container.streams.video:
            check_pixels(path, stream.codec_context.width, stream.codec_context.height)
    except UnsafeMediaError:
        container.close()
        raise
    return container


def reason(error: Exception) -> str:
    """FFmpeg's reason in words, without its number and path."""
    return getattr(error, "strerror", None) or str(error)


def video_stream(container: InputContainer, index: int) -> av.VideoStream:
    """The stream with this number in the file, which is one of pictures."""
    return next(s for s in container.streams.video if s.index == index)


def audio_stream(container: InputContainer, index: int) -> av.AudioStream:
    """The stream with this number in the file, which is one of sound."""
    return next(s for s in container.streams.audio if s.index == index)


def tick(stream: av.stream.Stream) -> Fraction:
    """Seconds a tick of the stream's clock; FFmpeg's own clock where it tells none."""
    return Fraction(stream.time_base or Fraction(1, av.time_base))
