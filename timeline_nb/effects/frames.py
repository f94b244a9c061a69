"""Conversion of decoded frames to pictures for effects, and back."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.telemetry.stages import staged
from timeline_nb.effects.picture import Bytes, Moment, Picture, u8
from timeline_nb.media.color import Colors, tagged_colors
from timeline_nb.media.convert import SDR, converted, tag_colors
from timeline_nb.media.frame import Frame, has_alpha
from timeline_nb.media.orientation import UPRIGHT

__all__ = ["canvas_picture", "frame_of", "picture_of", "views_of"]


@staged("convert", "for effects")
def picture_of(
    frame: Frame, moment: Moment, *, deep: bool = False, coded: bool = False
) -> Picture:
    """Convert a frame to an upright picture of square pixels in BT.709.

    HDR and wide gamuts are mapped.

    Args:
        frame: The frame.
        moment: The moment at which it is shown.
        deep: Whether to keep 16 bits where the frame has more than 8.
        coded: Whether to leave HDR as it is coded, for effects that map it.
    """
    picture = frame.picture
    colors = tagged_colors(picture)
    to = replace(SDR, primaries=colors.primaries, transfer=colors.transfer)
    to = to if coded else SDR
    width, height = (max(2, side // 2 * 2) for side in frame.size)
    size = frame.orientation.size((width, height))
    alpha = _alpha_of(picture, size)
    fine = _deep_of(picture, size, to) if deep else None
    if fine is not None:
        fine = frame.orientation.upright(fine)
    if not _is_plain(picture) or (picture.width, picture.height) != size:
        picture = converted(picture, "yuv420p", size=size, to=to)
    planes = [_upright(plane, frame) for plane in views_of(picture)]
    if alpha is not None:
        alpha = _upright(alpha, frame)
    return Picture(
        moment=moment,
        planes=(planes[0], planes[1], planes[2]),
        alpha=alpha,
        deep=fine,
    )


def _deep_of(
    picture: av.VideoFrame, size: tuple[int, int], to: Colors
) -> NDArray[np.uint16] | None:
    """Return RGB of 16 bits; None if the picture has 8 bits."""
    if max(component.bits for component in picture.format.components) <= 8:
        return None
    # Planar: swscale gets colors wrong when it packs 16 bits.
    rgb = converted(picture, "gbrp16le", size=size, to=to)
    return np.asarray(rgb.to_ndarray(), np.uint16)


def _is_plain(picture: av.VideoFrame) -> bool:
    return (
        picture.format.name == "yuv420p"
        and int(picture.colorspace) == SDR.matrix
        and int(picture.color_range) == SDR.range
        and not tagged_colors(picture).is_wide
    )


def views_of(picture: av.VideoFrame) -> list[Bytes]:
    """Return the planes of a picture of 8 bits as views, without copying."""
    return [
        np.frombuffer(memoryview(plane), np.uint8).reshape(
            plane.height, plane.line_size
        )[:, : plane.width]
        for plane in picture.planes
    ]


def _alpha_of(picture: av.VideoFrame, size: tuple[int, int]) -> Bytes | None:
    if not has_alpha(picture.format.name):
        return None
    if picture.format.name == "yuva420p":
        alpha = views_of(picture)[3]
    else:
        alpha = u8(picture.reformat(format="rgba").to_ndarray()[..., 3])
    if alpha.shape[::-1] != size:
        alpha = u8(cv2.resize(alpha, size, interpolation=cv2.INTER_AREA))
    return np.ascontiguousarray(alpha)


def _upright(plane: Bytes, frame: Frame) -> Bytes:
    """Return a plane upright; it is only copied if it has to be turned."""
    if frame.orientation.is_upright:
        return plane
    return u8(frame.orientation.upright(plane))


@staged("convert", "for effects")
def frame_of(picture: Picture, like: Frame) -> Frame:
    """Return a picture as a frame with the identity of `like`."""
    planes: list[NDArray[Any]] = list(picture.planes)
    kind = "yuv420p"
    if picture.alpha is not None:
        planes.append(picture.alpha)
        kind = "yuva420p"
    return replace(
        like,
        picture=canvas_picture(planes, kind),
        orientation=UPRIGHT,
        sample_aspect_ratio=Fraction(1),
    )


def canvas_picture(planes: list[Bytes], kind: str) -> av.VideoFrame:
    """Return planes as a video frame in BT.709 and limited range."""
    height, width = planes[0].shape
    frame = av.VideoFrame(width, height, kind)
    for target, values in zip(frame.planes, planes, strict=True):
        rows = np.frombuffer(memoryview(target), np.uint8)
        lines = rows.reshape(target.height, target.line_size)
        np.copyto(lines[:, : target.width], values)
    tag_colors(frame, SDR)
    return frame
