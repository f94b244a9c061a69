"""One scale of quality for all encoders: 0 to 100."""

from typing import Final

import numpy as np

__all__ = ["GPU_MARKS", "crf_of"]

_SCALE: Final = (0, 25, 50, 75, 100)
_X264: Final = (44, 36, 28, 20, 12)
# The values of each encoder's own scale at these marks. Software encoders: what looks
# like x264 at crf 44, 36, 28, 20 and 12, by SSIM of luma over three real films, as
# tests/bench/quality.py prints it.
_MARKS: Final = {
    "libx264": _X264,
    "libx265": (44, 38, 29.4, 20.3, 12),
    "libsvtav1": (63, 60, 48.2, 19, 6),
    "libvpx-vp9": (63, 57.9, 41.5, 24.1, 9.6),
    "mjpeg": (31, 18.2, 6.9, 2.8, 2),
    "libwebp_anim": (12.1, 37.7, 72.1, 87.5, 95.4),
}
# Hardware encoders, by the end of FFmpeg's name. All count in the quantizer of H.264
# and HEVC, 0 to 51, of which x264's crf is a mean, and take its marks unmeasured; but
# VideoToolbox, whose scale is 1 to 100 and rises with quality. An encoder that was
# measured gets marks of its own here.
GPU_MARKS: Final = {
    "nvenc": _X264,  # -cq of rate control vbr
    "qsv": _X264,  # -global_quality (ICQ)
    "amf": _X264,  # -qp_i and -qp_p of constant QP
    "vaapi": _X264,  # -qp of constant QP
    "videotoolbox": _SCALE,  # -q:v
}


def crf_of(encoder: str, quality: float) -> float:
    """Return the value of an encoder's own scale for a quality of 0 to 100.

    Args:
        encoder: FFmpeg's name; of a hardware encoder its end alone, such as `nvenc`.
        quality: 0 to 100; what lies between two marks is interpolated.
    """
    marks = _MARKS.get(encoder) or GPU_MARKS[encoder]
    return round(float(np.interp(quality, _SCALE, marks)), 1)
