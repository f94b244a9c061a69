"""Open pictures with Pillow, within the limits; nothing else does."""

import logging
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any, Final

from PIL import Image, ImageFile

from timeline_nb.core.file_errors import file_errors
from timeline_nb.errors import DamagedFrameError, MediaError, UnsafeMediaError
from timeline_nb.i18n import Message
from timeline_nb.media.picture_parts import check_parts
from timeline_nb.media.pixels import has_deep_colors
from timeline_nb.media.safety import check_pixels, open_media

__all__ = ["check_picture", "damage_context", "open_picture", "picture_format"]

# Warnings about damaged metadata; the errors raised here are enough.
logging.getLogger("PIL").setLevel(logging.CRITICAL)

# The bytes that files begin with, and what Pillow calls the format.
_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "jpeg2000"),
    (b"\xff\x4f\xff\x51", "jpeg2000"),
)
# Brands of ISO/IEC 23008-12 (HEIF) and AV1 in it; `hevc` and the like are sequences,
# which are films.
_BRANDS: Final = {
    b"avif": "avif",
    b"avis": "avif",
    b"heic": "heif",
    b"heix": "heif",
    b"heim": "heif",
    b"heis": "heif",
}
# Many JPEGs in one file: a film by the name, since the first bytes are the same.
_JPEG_FILMS: Final = {".mjpeg", ".mjpg", ".mjp"}
_HEAD_BYTES: Final = 64
# In a container like that of films, whose header FFmpeg reads without decoding.
_CONTAINED: Final = {"avif", "heif"}
# What Pillow's readers let through where a file is damaged, found by mutating files.
_DAMAGE: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    Image.DecompressionBombError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


def picture_format(path: Path) -> str:
    """Return what kind of picture a file is by its first bytes; empty where it is none.

    Returns:
        `png`, `jpeg`, `gif`, `bmp`, `tiff`, `jpeg2000`, `webp`, `avif` or `heif`.

    Raises:
        MediaError: It cannot be read.
    """
    with open_media(path) as file:
        return _format_of(path, file)


def _format_of(path: Path, file: IO[bytes]) -> str:
    with file_errors(path, MediaError, verb="read"):
        file.seek(0)
        head = file.read(_HEAD_BYTES)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return _format_of_brands(head)
    found = next((name for magic, name in _MAGIC if head.startswith(magic)), "")
    return "" if found == "jpeg" and path.suffix.lower() in _JPEG_FILMS else found


def _format_of_brands(head: bytes) -> str:
    """Return the format that the major brand names, or where it is neutral, another."""
    size = min(int.from_bytes(head[:4], "big"), len(head))
    major, *others = (head[8:12], *(head[i : i + 4] for i in range(16, size, 4)))
    if major not in {b"mif1", b"miaf"}:
        return _BRANDS.get(major, "")
    return next((_BRANDS[brand] for brand in others if brand in _BRANDS), "")


@contextmanager
def open_picture(path: Path, kind: str) -> Iterator[ImageFile.ImageFile]:
    """Open a picture; only its header is read until it is loaded.

    Args:
        path: The file.
        kind: Of `picture_format`.

    Raises:
        MediaError: It is damaged.
        UnsafeMediaError: It is too large, or of too many parts.
    """
    with open_media(path) as file, _opened_picture(path, file, kind) as image:
        yield image


@contextmanager
def _opened_picture(
    path: Path, file: IO[bytes], kind: str
) -> Iterator[ImageFile.ImageFile]:
    check_parts(path, file, kind)
    with damage_context(path):
        file.seek(0)
        image = _plugins()[kind](file)
    with image:
        check_pixels(path, *image.size)
        yield image


def check_picture(path: Path, file: IO[bytes]) -> None:
    """Check the header of a file that is a picture, before FFmpeg decodes it.

    Args:
        path: The file, for the error.
        file: It, open.

    Raises:
        MediaError: It cannot be read.
        UnsafeMediaError: It is too large, or of too many parts.
    """
    kind = _format_of(path, file)
    if not kind or kind in _CONTAINED:
        return
    try:
        with _opened_picture(path, file, kind) as image:
            check_pixels(path, *image.size, depth=2 if has_deep_colors(image) else 1)
    except UnsafeMediaError:
        raise
    except MediaError:
        # FFmpeg may know better, and says what is wrong if not.
        return


@contextmanager
def damage_context(path: Path) -> Iterator[None]:
    """Turn what Pillow raises in the block into an error that names the file.

    Raises:
        DamagedFrameError: The block raised.
    """
    try:
        yield
    except MediaError:
        raise
    except _DAMAGE as error:
        why = str(error) or type(error).__name__
        raise DamagedFrameError(
            Message("{path}: the picture is damaged: {why}", path=path, why=why)
        ) from error


@cache
def _plugins() -> dict[str, Any]:
    """Return Pillow's readers by format: `Image.open` would try others, too."""
    from pi_heif import HeifImageFile
    from PIL.AvifImagePlugin import AvifImageFile
    from PIL.BmpImagePlugin import BmpImageFile
    from PIL.GifImagePlugin import GifImageFile
    from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile
    from PIL.JpegImagePlugin import JpegImageFile
    from PIL.PngImagePlugin import PngImageFile
    from PIL.TiffImagePlugin import TiffImageFile
    from PIL.WebPImagePlugin import WebPImageFile

    return {
        "avif": AvifImageFile,
        "bmp": BmpImageFile,
        "gif": GifImageFile,
        "heif": HeifImageFile,
        "jpeg": JpegImageFile,
        "jpeg2000": Jpeg2KImageFile,
        "png": PngImageFile,
        "tiff": TiffImageFile,
        "webp": WebPImageFile,
    }
