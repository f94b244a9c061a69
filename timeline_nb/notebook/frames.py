"""Frames of a media file one after another, and as files."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.output_names import output_path
from timeline_nb.core.written_files import WrittenFiles
from timeline_nb.errors import MediaError
from timeline_nb.media.decoder import Decoder

__all__ = ["FrameSequence", "checked_size", "png_path", "save_png"]

_SOFTWARE: Final = "timeline_nb"
_MOST_PX: Final = 16_384

_Lend: TypeAlias = Callable[[], AbstractContextManager[Decoder]]


class FrameSequence:
    """Frames that are decoded as a loop asks for them; its length is known before.

    Each is `(H, W, 3) uint8 RGB`, upright. One that does not decode is shown as the
    last before it that does, so that the count stays right.

    Args:
        numbers: Of the frames, from 0 in the order shown.
        decoder: Lends a decoder.
        size: Width and height; the file's own if None.

    Example:
        >>> frames = src.frames("2s", "3s", every=5)
        >>> len(frames), frames.numbers
        (5, range(50, 75, 5))
        >>> for frame in frames:
        ...     last = frame
        >>> last.shape, last.dtype
        ((272, 640, 3), dtype('uint8'))
    """

    def __init__(
        self, numbers: Sequence[int], decoder: _Lend, size: tuple[int, int] | None
    ) -> None:
        self.numbers = numbers
        self._decoder = decoder
        self._size = size

    def __len__(self) -> int:
        """Return how many frames there are."""
        return len(self.numbers)

    def __iter__(self) -> Iterator[NDArray[np.uint8]]:
        """Decode the frames, from the first."""
        with self._decoder() as decoder:
            for number in self.numbers:
                yield decoder.frame_or_held(number).to_rgb(self._size)

    def __repr__(self) -> str:
        size = "" if self._size is None else " of {}x{}".format(*self._size)
        return f"<FrameSequence {len(self)} frames{size}>"


def checked_size(size: tuple[int, int] | None) -> tuple[int, int] | None:
    """Return the width and height of a picture, in pixels.

    Raises:
        MediaError: They are not two whole numbers from 1 to 16,384.
    """
    if size is None:
        return None
    try:
        width, height = (int(side) for side in size if side == int(side))
    except (TypeError, ValueError) as error:
        raise _not_a_size(size) from error
    if not (1 <= width <= _MOST_PX and 1 <= height <= _MOST_PX):
        raise _not_a_size(size)
    return width, height


def _not_a_size(size: object) -> MediaError:
    return MediaError(
        f"size={size!r}: give width and height in pixels, as in size=(640, 360), "
        f"each up to {_MOST_PX:,}"
    )


def png_path(path: Any) -> Path:
    """Return the path of a PNG file to be written.

    Raises:
        MediaError: No file can have the name, or it has another suffix.
    """
    target = output_path(path, MediaError, what="the picture, such as 'frame.png'")
    if target.suffix.lower() != ".png":
        raise MediaError(
            f"{path} does not end in .png: for other kinds of file use "
            "PIL.Image.fromarray(src.frame(...)).save(...)"
        )
    return target


def save_png(
    rgb: NDArray[np.uint8],
    path: Path,
    *,
    written: WrittenFiles,
    overwrite: bool = False,
) -> Path:
    """Write a picture to a PNG file, all of it or nothing.

    A PNG that this function wrote is replaced; any other file only with `overwrite`.

    Args:
        rgb: `(H, W, 3) uint8 RGB`.
        path: As `png_path` returns it.
        written: The files that were written here, of which it will be one.
        overwrite: Replace a file that something else wrote.

    Raises:
        MediaError: Another program's file is there, or the file cannot be written.
    """
    origin = PngImagePlugin.PngInfo()
    origin.add_text("Software", _SOFTWARE)
    # What another machine's `save_png` wrote says so itself.
    mine = overwrite or (path.exists() and _is_ours(path))
    with (
        file_errors(path, MediaError),
        written.replacing(path, MediaError, overwrite=mine) as partial,
    ):
        Image.fromarray(rgb).save(partial, "PNG", pnginfo=origin)
    return path


def _is_ours(path: Path) -> bool:
    """Return whether a file is a PNG that `save_png` wrote."""
    try:
        with Image.open(path, formats=["PNG"]) as image:
            return bool(image.info.get("Software") == _SOFTWARE)
    # Pillow raises SyntaxError at a PNG that is broken off.
    except (OSError, SyntaxError, ValueError):
        return False
