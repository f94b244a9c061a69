"""Limits of media files: each is read by itself, within a size.

FFmpeg follows references: a playlist named `holiday.mp4` would have it open other
files and addresses. So only container formats that hold their own media are allowed,
through the plain file protocol, and pictures beyond any camera's are refused before
memory is asked for.
"""

from pathlib import Path
from typing import IO, Final

from timeline_nb.access.use import open_file
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.file_limits import (
    MAX_ANIMATION_FRAMES,
    MAX_ANIMATION_PIXELS,
    MAX_PICTURE_PIXELS,
)
from timeline_nb.errors import MediaError, UnsafeMediaError
from timeline_nb.i18n import Message

__all__ = [
    "FORMATS",
    "check_animation",
    "check_pixels",
    "check_sample_rate",
    "open_media",
]

# Demuxers whose files are whole in themselves: no playlists. The one for pictures,
# image2, is kept from reading a name as a pattern where files are opened.
FORMATS: Final = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mxf,flv,asf,nut,ivf,"
    "mp3,wav,w64,flac,ogg,aac,loas,aiff,caf,au,wv,ape,tta,tak,dsf,"
    "ac3,eac3,dts,dtshd,truehd,mlp,amr,amrnb,amrwb,"
    "gif,apng,webp_anim,image2,png_pipe,jpeg_pipe,webp_pipe,bmp_pipe,tiff_pipe,"
    "h264,hevc,obu,mpegvideo,m4v,mjpeg,yuv4mpegpipe,dv"
)
# From the slowest telephone's to that of DSD512 in bytes.
_LEAST_HZ, _MOST_HZ = 1_000, 3_000_000
# JPEG's longest side; FFmpeg fails where a row takes more memory than an int counts.
_LONGEST_SIDE_PX: Final = 65_535


def open_media(path: Path | str) -> IO[bytes]:
    """Open a media file for reading bytes, under the scope in use.

    Raises:
        MediaError: There is no such file, it is no ordinary file, or it may not be
            read.
    """
    with file_errors(path, MediaError, verb="opened"):
        return open_file(path)


def check_pixels(path: Path, width: int, height: int, *, depth: int = 1) -> None:
    """Refuse pictures beyond `MAX_PICTURE_PIXELS`, or with a side of 65,536 or more.

    Args:
        path: The file, for the error.
        width: Pixels.
        height: Pixels.
        depth: Bytes a color.

    Raises:
        UnsafeMediaError: It is larger.
    """
    if width * height * depth > MAX_PICTURE_PIXELS.value:
        raise UnsafeMediaError(
            Message(
                "{path} announces {width} x {height} pixels of {bits} bits, {excess}",
                path=path,
                width=width,
                height=height,
                bits=8 * depth,
                excess=MAX_PICTURE_PIXELS.excess,
            )
        )
    if max(width, height) > _LONGEST_SIDE_PX:
        raise UnsafeMediaError(
            Message(
                "{path} announces {width} x {height} pixels: a side has at most {most}",
                path=path,
                width=width,
                height=height,
                most=f"{_LONGEST_SIDE_PX:,}",
            )
        )


def check_sample_rate(path: str, rate_hz: int) -> None:
    """Refuse sound of a rate at which nothing records, and a second takes minutes.

    Raises:
        UnsafeMediaError: It is.
    """
    if rate_hz and not _LEAST_HZ <= rate_hz <= _MOST_HZ:
        raise UnsafeMediaError(
            Message(
                "{path} has sound of {rate_hz} Hz: rates are from {least} to {most} Hz",
                path=path,
                rate_hz=f"{rate_hz:,}",
                least=f"{_LEAST_HZ:,}",
                most=f"{_MOST_HZ:,}",
            )
        )


def check_animation(path: Path, frames: int, width: int, height: int) -> None:
    """Refuse animations that would take minutes to read up to their last frame.

    Raises:
        UnsafeMediaError: It has too many frames, or too many pixels in all.
    """
    for count, limit, what in (
        (frames, MAX_ANIMATION_FRAMES, Message("frames")),
        (
            frames * width * height,
            MAX_ANIMATION_PIXELS,
            Message("pixels in all its frames"),
        ),
        # Several frames are held at once.
        (4 * width * height, MAX_PICTURE_PIXELS, Message("pixels in four frames")),
    ):
        if count > limit.value:
            raise UnsafeMediaError(
                Message(
                    "{path}, an animation, has {count} {what}, {excess}",
                    path=path,
                    count=f"{count:,}",
                    what=what,
                    excess=limit.excess,
                )
            )
