"""Copies of pictures whose planes can be written, and pictures made of planes."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

from timeline_nb.effects.frames import views_of
from timeline_nb.media.color import tagged_colors
from timeline_nb.media.convert import converted, rgb_picture, tag_colors
from timeline_nb.media.frame import Frame, has_alpha
from timeline_nb.media.orientation import UPRIGHT

__all__ = ["planes_of", "upright", "with_planes"]

_PLANAR = {"yuv420p", "yuvj420p"}


def planes_of(frame: Frame) -> tuple[Frame, list[NDArray[np.uint8]]]:
    """A frame, and copies of its planes, to be written and given to `with_planes`.

    Pictures of eight bits in 4:2:0 stay as they are: three planes, two of them at half
    the size. All others become RGB, with opacity where they have it: one plane
    `(H, W, 3 or 4)`.
    """
    picture = frame.picture
    if picture.format.name in _PLANAR:
        return frame, [plane.copy() for plane in views_of(picture)]
    kind = "rgba" if has_alpha(picture.format.name) else "rgb24"
    plain = converted(picture, kind)
    return replace(frame, picture=plain), [np.array(plain.to_ndarray(), np.uint8)]


def with_planes(frame: Frame, planes: Sequence[NDArray[np.uint8]]) -> Frame:
    """The frame with another picture of the same kind, of the planes' own size."""
    old = frame.picture
    height, width = planes[0].shape[:2]
    new = av.VideoFrame(width, height, old.format.name)
    for plane, values in zip(new.planes, planes, strict=True):
        row = values.shape[1] * (values.shape[2] if values.ndim == 3 else 1)
        padded = np.zeros((plane.height, plane.line_size), np.uint8)
        padded[:, :row] = values.reshape(values.shape[0], row)
        plane.update(padded.tobytes())
    new.pts, new.time_base = old.pts, old.time_base
    tag_colors(new, tagged_colors(old))
    return replace(frame, picture=new)


def upright(frame: Frame) -> Frame:
    """The frame turned, in square pixels."""
    if frame.orientation.is_upright and frame.sample_aspect_ratio == 1:
        return frame
    rgb: NDArray[np.uint8] = frame.to_rgb()
    picture = rgb_picture(rgb)
    picture.pts, picture.time_base = frame.picture.pts, frame.picture.time_base
    return replace(
        frame, picture=picture, orientation=UPRIGHT, sample_aspect_ratio=Fraction(1)
    )
