"""Limits of media files: each is read by itself, within a size.

FFmpeg follows references: a playlist named `holiday.mp4` would have it open other
files and addresses. So only container formats that hold their own media are allowed,
through the plain file protocol, and pictures beyond any camera's are refused before
memory is asked for.
"""

import stat
from pathlib import Path
from typing import Final

from PIL import Image, UnidentifiedImageError

from timeline_nb.errors import MediaError, UnsafeMediaError

__all__ = ["FORMATS", "MAX_PIXELS", "check_file", "check_pixels"]

# 16384 x 8192: above 8K in both directions.
MAX_PIXELS: Final = 134_217_728

# Demuxers whose files are whole in themselves: no playlists. The one for pictures,
# image2, is kept from reading a name as a pattern where files are opened.
FORMATS: Final = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mxf,flv,asf,nut,ivf,"
    "mp3,wav,w64,flac,ogg,aac,loas,aiff,caf,au,wv,ape,tta,tak,dsf,"
    "ac3,eac3,dts,dtshd,truehd,mlp,amr,amrnb,amrwb,"
    "gif,apng,webp_anim,image2,png_pipe,jpeg_pipe,webp_pipe,bmp_pipe,tiff_pipe,"
    "h264,hevc,obu,mpegvideo,m4v,mjpeg,yuv4mpegpipe,dv"
)
_STILL_SUFFIXES: Final = {
    ".apng",
    ".bmp",
    ".gif",
    ".jpeg",
    ".jpg",
    ".png",
    ".tif",
    ".tiff",
    ".webp",
}


def check_file(path: Path) -> None:
    """Check that a file is an ordinary one of a sensible picture size.

    Raises:
        MediaError: There is no such file, or it is no ordinary file.
        UnsafeMediaError: It announces more pixels than any camera makes.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise MediaError(f"{path} cannot be opened: {error.strerror}") from error
    except ValueError as error:
        raise MediaError(f"{path!s} is no path: {error}") from error
    if not stat.S_ISREG(mode):
        kind = "a folder" if stat.S_ISDIR(mode) else "not an ordinary file"
        raise MediaError(f"{path} is {kind}: give a media file")
    if path.suffix.lower() in _STILL_SUFFIXES:
        _check_still(path)


def check_pixels(path: Path, width: int, height: int) -> None:
    """Refuse pictures beyond `MAX_PIXELS`.

    Raises:
        UnsafeMediaError: They are.
    """
    if width * height > MAX_PIXELS:
        raise UnsafeMediaError(
            f"{path} announces {width} x {height} pixels, more than {MAX_PIXELS:,}: "
            "it would exhaust memory, and is not opened"
        )


def _check_still(path: Path) -> None:
    """Read a picture's size from its header, which decodes nothing."""
    previous = Image.MAX_IMAGE_PIXELS
    try:
        with Image.open(path) as image:
            width, height = image.size
    except Image.DecompressionBombError as error:
        raise UnsafeMediaError(
            f"{path} announces more than {previous} pixels and is not opened"
        ) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return
    check_pixels(path, width, height)
