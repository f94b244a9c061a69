"""A decoded frame, and its identity."""

from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

from timeline_nb.media.color import tagged_colors
from timeline_nb.media.convert import converted
from timeline_nb.media.orientation import Orientation

__all__ = ["Frame", "FrameId", "Planes", "has_alpha"]


@dataclass(frozen=True, slots=True)
class FrameId:
    """The identity of a frame, in players, tables and renders alike.

    Args:
        fingerprint: Of the file.
        stream: The stream's number in the file.
        pts: Presentation time stamp, in the stream's ticks.
    """

    fingerprint: str
    stream: int
    pts: int


@dataclass(frozen=True, slots=True)
class Planes:
    """An upright picture in eight-bit planes, chroma at half the size; not copied.

    Args:
        luma: `(H, W) uint8`.
        blue: `(H / 2, W / 2) uint8`, rounded up.
        red: The same.
        to_rgb: `(3, 4) float32`: full-range RGB from luma, blue, red and 1.
    """

    luma: NDArray[np.uint8]
    blue: NDArray[np.uint8]
    red: NDArray[np.uint8]
    to_rgb: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame of a film.

    Args:
        id: Its identity.
        number: Its place among the frames shown, from 0.
        time: Media seconds at which it is first shown.
        duration: Seconds until the next.
        picture: As coded: not turned, in the source's pixel format.
        orientation: What makes the picture upright.
        sample_aspect_ratio: Width of a pixel over its height.

    Example:
        >>> frame = src.read_frame("2s")
        >>> frame.number, frame.time, frame.size
        (50, Fraction(2, 1), (640, 272))
    """

    id: FrameId
    number: int
    time: Fraction
    duration: Fraction
    picture: av.VideoFrame
    orientation: Orientation
    sample_aspect_ratio: Fraction

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in square pixels, upright."""
        width = max(1, round(self.picture.width * self.sample_aspect_ratio))
        height = self.picture.height
        return self.orientation.size((width, height))

    def to_rgb(self, size: tuple[int, int] | None = None) -> NDArray[np.uint8]:
        """Return the upright picture in square pixels: `(H, W, 3) uint8 RGB`.

        HDR and wide colors are mapped to BT.709, as previews and films of SDR have
        them.

        Args:
            size: Width and height wanted; the frame's own if not given.

        Example:
            >>> src.read_frame("2s").to_rgb((320, 136)).shape
            (136, 320, 3)
        """
        width, height = self.orientation.size(size or self.size)
        picture = converted(self.picture, "rgb24", size=(width, height))
        return np.asarray(self.orientation.upright(picture.to_ndarray()), np.uint8)

    def planes(self) -> Planes | None:
        """Return the planes of an upright 8-bit 4:2:0 picture of square pixels.

        :meta private:
        """
        upright = self.orientation.is_upright and self.sample_aspect_ratio == 1
        plain = self.picture.format.name in {"yuv420p", "yuvj420p"}
        if not (upright and plain) or tagged_colors(self.picture).is_wide:
            return None
        luma, blue, red = (
            np.frombuffer(memoryview(plane), np.uint8).reshape(
                plane.height, plane.line_size
            )
            for plane in self.picture.planes
        )
        half = (self.picture.width + 1) // 2
        return Planes(
            luma[:, : self.picture.width],
            blue[:, :half],
            red[:, :half],
            _rgb_matrix(self.picture),
        )


def has_alpha(pix_fmt: str) -> bool:
    """Return whether a pixel format carries opacity."""
    return pix_fmt.startswith(
        ("yuva", "rgba", "bgra", "argb", "abgr", "gbrap", "ya")
    ) or (pix_fmt == "pal8")


# The share of red and blue in luma, by FFmpeg's number of the matrix.
_WEIGHTS = {
    1: (0.2126, 0.0722),
    4: (0.30, 0.11),
    7: (0.212, 0.087),
    9: (0.2627, 0.0593),
    10: (0.2627, 0.0593),
}
_BT601 = (0.299, 0.114)


def _rgb_matrix(picture: av.VideoFrame) -> NDArray[np.float32]:
    """Return RGB 0 to 255 from luma, blue and red difference, and 1."""
    red, blue = _WEIGHTS.get(int(picture.colorspace), _BT601)
    green = 1 - red - blue
    is_full = int(picture.color_range) == 2 or picture.format.name == "yuvj420p"
    luma, chroma, black = (1.0, 1.0, 0.0) if is_full else (255 / 219, 255 / 224, 16.0)
    from_red, from_blue = 2 * (1 - red) * chroma, 2 * (1 - blue) * chroma
    matrix = np.array(
        [
            [luma, 0, from_red],
            [luma, -from_blue * blue / green, -from_red * red / green],
            [luma, from_blue, 0],
        ]
    )
    shift = -matrix @ [black, 128, 128]
    return np.concatenate([matrix, shift[:, None]], axis=1).astype(np.float32)
