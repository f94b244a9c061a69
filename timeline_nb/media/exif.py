"""The orientation of a still from its EXIF, without decoding it."""

import warnings
from pathlib import Path
from typing import Final

from PIL import Image

from timeline_nb.access.use import open_file
from timeline_nb.media.orientation import UPRIGHT, Orientation

__all__ = ["exif_orientation"]

_TAG: Final = 0x0112
_PNG: Final = b"\x89PNG\r\n\x1a\n"
# Far more than an EXIF chunk of a photo takes.
_MAX_BYTES: Final = 1_000_000
# Before or after the picture's, which are of 8 KiB.
_MOST_CHUNKS: Final = 100_000


def exif_orientation(path: Path) -> Orientation:
    """Return the orientation of a still's EXIF; upright without one."""
    try:
        exif = _png_exif(path)
        if exif is None:
            exif = _pillow_exif(path)
        return Orientation.of_exif(int(exif.get(_TAG, 1)))
    except (OSError, ValueError, TypeError, SyntaxError, Image.DecompressionBombError):
        return UPRIGHT


def _pillow_exif(path: Path) -> Image.Exif:
    with warnings.catch_warnings():
        # Nothing is decoded: how large the picture is does not matter.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with open_file(path) as file, Image.open(file) as image:
            return image.getexif()


def _png_exif(path: Path) -> Image.Exif | None:
    """Return the EXIF of a PNG, for which Pillow decodes it; None for other files."""
    with open_file(path) as file:
        if file.read(len(_PNG)) != _PNG:
            return None
        exif = Image.Exif()
        for _ in range(_MOST_CHUNKS):
            head = file.read(8)
            if len(head) < 8:
                break
            size, name = int.from_bytes(head[:4], "big"), head[4:]
            if name == b"eXIf" and size <= _MAX_BYTES:
                exif.load(file.read(size))
                break
            file.seek(size + 4, 1)
        return exif
