"""Writable copies of a frame's planes, and frames made of planes."""

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
    """Return a frame and writable copies of its planes, for `with_planes`.

    Pictures of 8 bits in 4:2:0 keep their three planes, two of them at half the size.
    All others become RGB, or RGBA where they have opacity: one plane
    `(H, W, 3 or 4)`.
    """
    picture = frame.picture
    if picture.format.name in _PLANAR:
        return frame, [plane.copy() for plane in views_of(picture)]
    kind = "rgba" if has_alpha(picture.format.name) else "rgb24"
    plain = converted(picture, kind)
    return replace(frame, picture=plain), [np.array(plain.to_ndarray(), np.uint8)]


def with_planes(frame: Frame, planes: Sequence[NDArray[np.uint8]]) -> Frame:
    """Return a frame with other planes in the same pixel format."""
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
    """Return a frame upright, with square pixels."""
    if frame.orientation.is_upright and frame.sample_aspect_ratio == 1:
        return frame
    rgb: NDArray[np.uint8] = frame.to_rgb()
    picture = rgb_picture(rgb)
    picture.pts, picture.time_base = frame.picture.pts, frame.picture.time_base
    return replace(
        frame, picture=picture, orientation=UPRIGHT, sample_aspect_ratio=Fraction(1)
    )
