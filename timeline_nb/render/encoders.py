"""Which encoders work here, found out by encoding a frame with each."""

import os
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext

from timeline_nb.media._pyav import reason

__all__ = ["EncoderTrial", "try_encoder", "try_encoders"]

# Name and pixel format; hardware first.
_ENCODERS: Final = (
    ("h264_nvenc", "yuv420p"),
    ("h264_qsv", "nv12"),
    ("h264_videotoolbox", "yuv420p"),
    ("h264_amf", "yuv420p"),
    ("h264_vaapi", "vaapi"),
    ("libx264", "yuv420p"),
    ("libx265", "yuv420p"),
    ("libsvtav1", "yuv420p"),
    ("libvpx-vp9", "yuv420p"),
    ("prores_ks", "yuv422p10le"),
    ("dnxhd", "yuv422p"),
    ("ffv1", "yuv420p"),
)
# A size that every one of them takes.
_WIDTH, _HEIGHT = 1280, 720
_QUIET: Final = {"libx265": {"x265-params": "log-level=none"}}


@dataclass(frozen=True)
class EncoderTrial:
    """How an encoder did.

    Args:
        name: FFmpeg's.
        works: Whether it encoded a frame.
        verdict: `works`, or why not.
    """

    name: str
    works: bool
    verdict: str


def try_encoders() -> tuple[EncoderTrial, ...]:
    """Encode a frame with each encoder that the package knows of."""
    return tuple(try_encoder(name, pix_fmt) for name, pix_fmt in _ENCODERS)


def try_encoder(name: str, pix_fmt: str) -> EncoderTrial:
    """Encode a frame with one encoder; a failing hardware encoder costs 3 ms."""
    try:
        context = av.CodecContext.create(name, "w")
    except av.codec.codec.UnknownCodecError:
        return EncoderTrial(name, works=False, verdict="not in this build of FFmpeg")
    if not isinstance(context, VideoCodecContext):
        return EncoderTrial(name, works=False, verdict="not a video encoder")
    context.width, context.height, context.pix_fmt = _WIDTH, _HEIGHT, pix_fmt
    context.framerate = Fraction(25)
    if name == "dnxhd":
        context.bit_rate = 120_000_000
    context.options = _QUIET.get(name, {})
    # SVT-AV1 prints its settings unless its environment says otherwise.
    os.environ.setdefault("SVT_LOG", "-1")
    grey = np.full((_HEIGHT, _WIDTH, 3), 128, np.uint8)
    try:
        frame = av.VideoFrame.from_ndarray(grey, "rgb24").reformat(format=pix_fmt)
        frame.pts = 0
        packets = [*context.encode(frame), *context.encode()]
    except (av.error.FFmpegError, ValueError) as error:
        return EncoderTrial(name, works=False, verdict=f"fails: {reason(error)}")
    if not packets:
        return EncoderTrial(name, works=False, verdict="gives nothing")
    return EncoderTrial(name, works=True, verdict="works")
