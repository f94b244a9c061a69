"""Transfer functions and primaries of cameras and displays, from their standards.

Code values are from 0 to 1; linear light is 1 at diffuse white.
"""

from typing import Any, Final

import numpy as np

from timeline_nb.effects.color_pipeline import Matrix, Values
from timeline_nb.media.transfer_functions import (
    BT709,
    BT2020,
    eetf,
    from_hlg,
    from_pq,
    gamut,
    to_pq,
)

__all__ = [
    "BT709",
    "BT2020",
    "DLOG_GAMUT",
    "SGAMUT3_CINE",
    "VGAMUT",
    "between",
    "eetf",
    "from_bt709",
    "from_dlog",
    "from_hlg",
    "from_pq",
    "from_slog3",
    "from_srgb",
    "from_vlog",
    "mobius",
    "to_bt709",
    "to_pq",
]

# Sony, Technical Summary for S-Gamut3.Cine/S-Log3.
SGAMUT3_CINE: Final = ((0.766, 0.275), (0.225, 0.800), (0.089, -0.087))
# Panasonic, V-Log/V-Gamut Reference Manual.
VGAMUT: Final = ((0.730, 0.280), (0.165, 0.840), (0.100, -0.030))
# DJI, White Paper on D-Log and D-Gamut.
DLOG_GAMUT: Final = ((0.71, 0.31), (0.21, 0.88), (0.09, -0.08))


def between(source: Any, target: Any) -> Matrix:
    """Return the matrix between linear RGB of two sets of primaries with white D65."""
    return Matrix(np.hstack([gamut(source, target), np.zeros((3, 1))]))


def to_bt709(light: Values) -> Any:
    """Encode scene light (ITU-R BT.709)."""
    light = np.clip(light, 0, None)
    return np.where(light < 0.018, 4.5 * light, 1.099 * light**0.45 - 0.099)


def from_bt709(code: Values) -> Any:
    """Decode to scene light (ITU-R BT.709)."""
    return np.where(code < 0.081, code / 4.5, ((code + 0.099) / 1.099) ** (1 / 0.45))


def from_srgb(code: Values) -> Any:
    """Decode to light (IEC 61966-2-1)."""
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


def from_slog3(code: Values) -> Any:
    """Decode S-Log3 to scene light, in which a gray card is 0.18."""
    high = 10 ** ((code * 1023 - 420) / 261.5) * 0.19 - 0.01
    low = (code * 1023 - 95) * 0.01125 / (171.2102946929 - 95)
    return np.where(code >= 171.2102946929 / 1023, high, low)


def from_vlog(code: Values) -> Any:
    """Decode V-Log to scene light."""
    high = 10 ** ((code - 0.598206) / 0.241514) - 0.00873
    return np.where(code < 0.181, (code - 0.125) / 5.6, high)


def from_dlog(code: Values) -> Any:
    """Decode D-Log to scene light."""
    high = (10 ** (3.89616 * code - 2.27752) - 0.0108) / 0.9892
    return np.where(code <= 0.14, (code - 0.0929) / 6.025, high)


def mobius(light: Values, peak: float, *, linear: float = 0.3) -> Any:
    """Compress light up to `peak` into 0..1, unchanged up to `linear` (Moebius)."""
    if peak <= 1:
        return light
    j = linear
    a = -j * j * (peak - 1) / (j * j - 2 * j + peak)
    b = (j * j - 2 * j * peak + peak) / (peak - 1)
    apply_stages = (b * b + 2 * b * j + j * j) / (b - a) * (light + a) / (light + b)
    return np.where(light <= j, light, apply_stages)
