"""One scale of quality for all encoders: 0 to 100."""

from typing import Final

import numpy as np

__all__ = ["crf_of"]

_SCALE: Final = (0, 25, 50, 75, 100)
# What each must be told at these marks to look like x264 at crf 44, 36, 28, 20 and 12:
# by SSIM of luma over three real films, as tests/bench/quality.py prints it.
_MARKS: Final = {
    "libx264": (44, 36, 28, 20, 12),
    "libx265": (44, 38, 29.4, 20.3, 12),
    "libsvtav1": (63, 60, 48.2, 19, 6),
    "libvpx-vp9": (63, 57.9, 41.5, 24.1, 9.6),
    "mjpeg": (31, 18.2, 6.9, 2.8, 2),
    "libwebp_anim": (12.1, 37.7, 72.1, 87.5, 95.4),
}


def crf_of(encoder: str, quality: float) -> float:
    """The value of an encoder's own scale for a quality of 0 to 100."""
    return round(float(np.interp(quality, _SCALE, _MARKS[encoder])), 1)
