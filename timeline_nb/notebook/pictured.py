"""Small pictures of a whole media file, its waveform, and frames as files."""

import builtins
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from timeline_nb.media.waveform import Waveform
from timeline_nb.notebook.drawing import contact_sheet
from timeline_nb.notebook.frames import png_path, save_png
from timeline_nb.notebook.media_file import MediaFile
from timeline_nb.timebase import TimeLike

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["PicturedMedia"]


class PicturedMedia(MediaFile):
    """Media that is drawn in small: frames of all of it, and the shape of its sound."""

    def thumbnails(
        self, count: int = 8, *, height_px: int = 90, exact: bool = True
    ) -> list[NDArray[np.uint8]]:
        """Decode small frames from the middles of `count` equal parts of the file.

        Args:
            count: How many.
            height_px: Their height.
            exact: False takes the keyframe before each time instead, which is decoded
                in a fraction of the time.

        Returns:
            `(height_px, W, 3) uint8 RGB` each; fewer if the file has fewer frames.

        Raises:
            MediaError: The file has no pictures, or a frame does not decode.

        Example:
            >>> pictures = src.thumbnails(5, height_px=60)
            >>> len(pictures), pictures[0].shape
            (5, (60, 141, 3))
        """
        times = self._middles(count)
        return self.studio.library.thumbnails(
            self.path,
            times,
            height_px=height_px,
            exact=exact,
            assumed=self.info.assumed,
        )

    def contact_sheet(
        self, count: int = 12, *, columns: int = 4, height_px: int = 120
    ) -> "Image":
        """Draw frames of the whole file in rows, each over its time.

        Args:
            count: How many frames: from the middles of so many equal parts.
            columns: Frames per row.
            height_px: The height of each.

        Returns:
            A Pillow image: a cell shows it, and `save` writes it to a file.

        Raises:
            MediaError: The file has no pictures, or a frame does not decode.

        Example:
            >>> sheet = src.contact_sheet(8, columns=4, height_px=90)
            >>> sheet.size
            (888, 248)
        """
        frames = self.thumbnails(count, height_px=height_px)
        times = self._middles(count)
        captions = [f"{float(time):.2f} s" for time in times] if len(times) > 1 else []
        return contact_sheet(frames, captions, columns=columns)

    def save_frame(  # noqa: PLR0913 - three ways to name a frame
        self,
        path: Path | str,
        at: TimeLike | None = None,
        *,
        number: SupportsIndex | None = None,
        pts: SupportsIndex | None = None,
        size: tuple[int, int] | None = None,
        overwrite: bool = False,
    ) -> Path:
        """Write a frame to a PNG file, all of it or nothing.

        Args:
            path: The file, which ends in `.png`. One that `save_frame` wrote is
                replaced; any other only with `overwrite`.
            at: The frame shown at this media time; see `frame`.
            number: Or the frame of this number.
            pts: Or the frame of this presentation time stamp.
            size: Width and height in pixels; the file's own if not given.
            overwrite: Replace a file that something else wrote.

        Raises:
            MediaError: There is no such frame, or the file cannot be written.
            TimeError: The time lies outside the file, or more than one is named.

        Example:
            >>> src.save_frame("frame.png", "2s", size=(320, 136))
            PosixPath('frame.png')
        """
        target = png_path(path)
        picture = self.frame(at, number=number, pts=pts, size=size)
        return save_png(
            picture, target, written=self.studio.written, overwrite=overwrite
        )

    def waveform(self, bins: int = 1000) -> Waveform:
        """Compute the least and greatest sample in `bins` equal parts of the sound.

        Raises:
            MediaError: The file has no sound.

        Example:
            >>> wave = tl.open("bunny.mp4").waveform(bins=100)
            >>> wave.low.shape, wave.range.duration
            ((2, 100), Fraction(132, 25))
        """
        return self.studio.library.waveform(self.path, bins=bins)

    def _middles(self, count: int) -> list[Fraction]:
        """Return the middles of so many equal parts, at most one per frame."""
        if self.info.kind == "image":
            return [Fraction(0)]
        count = max(1, min(count, len(self.index)))
        step = self.range.duration / count
        halves = (n + Fraction(1, 2) for n in builtins.range(count))
        return [self.range.start + step * half for half in halves]
