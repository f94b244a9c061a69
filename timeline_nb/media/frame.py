"""A decoded frame, and the identity by which all floors know it."""

from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray

__all__ = ["Frame", "FrameId", "color_space_of"]


@dataclass(frozen=True, slots=True)
class FrameId:
    """What a frame is, in the player, a table and a render alike.

    Args:
        fingerprint: Of the file.
        stream: The stream's number in the file.
        pts: Presentation time stamp, in the stream's ticks.
    """

    fingerprint: str
    stream: int
    pts: int


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame of a film.

    Args:
        id: Its identity.
        number: Its place among the frames shown, from 0.
        time: Media seconds at which it is first shown.
        duration: Seconds until the next.
        picture: As coded: not turned, in the source's pixel format.
        rotation_deg: Clockwise turn that makes the picture upright.
        sample_aspect_ratio: Width of a pixel over its height.
    """

    id: FrameId
    number: int
    time: Fraction
    duration: Fraction
    picture: av.VideoFrame
    rotation_deg: int
    sample_aspect_ratio: Fraction

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in square pixels, upright."""
        width = max(1, round(self.picture.width * self.sample_aspect_ratio))
        height = self.picture.height
        return (height, width) if self.rotation_deg % 180 else (width, height)

    def to_rgb(self, size: tuple[int, int] | None = None) -> NDArray[np.uint8]:
        """The picture upright, in square pixels: `(H, W, 3) uint8 RGB`, full range.

        Args:
            size: Width and height wanted; the frame's own if not given.
        """
        width, height = size or self.size
        if self.rotation_deg % 180:
            width, height = height, width
        picture = self.picture.reformat(
            width=width,
            height=height,
            format="rgb24",
            src_colorspace=color_space_of(self.picture),
            dst_color_range=ColorRange.JPEG,
        )
        turned = np.rot90(picture.to_ndarray(), -(self.rotation_deg // 90))
        return np.ascontiguousarray(turned)


def color_space_of(picture: av.VideoFrame) -> Colorspace:
    """The picture's matrix; ITU-R BT.601 where it tells none, as FFmpeg assumes."""
    known = {1: Colorspace.ITU709, 4: Colorspace.FCC, 7: Colorspace.SMPTE240M}
    return known.get(int(picture.colorspace), Colorspace.ITU601)
