"""Transfer functions of SDR and HDR, and the mapping from each to the other.

Values are arrays of 0 to 1; light is 1 at a diffuse white, which HDR shows at 203 cd/m2
(ITU-R BT.2408) and SDR as its brightest (ITU-R BT.1886, a gamma of 2.4).

HDR becomes SDR: the code of PQ goes through the EETF of ITU-R BT.2390 (5.4.1), red,
green and blue each by itself, which leaves the dark as it is and rolls off what is
near to and above a diffuse white; then BT.2020's light becomes BT.709's, and what that
cannot show is clipped. HLG is first the light of a display of 1,000 cd/m2. SDR becomes
HDR unrolled: its white is the diffuse white.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BT709",
    "BT2020",
    "HDR_PEAK",
    "WHITE",
    "eetf",
    "from_hlg",
    "from_pq",
    "gamut",
    "mapped",
    "to_hlg",
    "to_pq",
]

Values: TypeAlias = NDArray[np.float64]
Primaries: TypeAlias = Sequence[tuple[float, float]]

_D65: Final = (0.3127, 0.3290)
# x and y of red, green and blue.
BT709: Final = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
BT2020: Final = ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046))
_P3: Final = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
# In cd/m2: a diffuse white, and the brightest of most HDR, and of a display of HLG.
WHITE: Final = 203.0
HDR_PEAK: Final = 1000.0
# A display's exponent (ITU-R BT.1886).
_GAMMA: Final = 2.4
# By the numbers of ITU-T H.273; others are BT.709's.
_PRIMARIES: Final[dict[int, Primaries]] = {9: BT2020, 11: _P3, 12: _P3}
_PQ, _HLG = 16, 18
# ITU-R BT.2100, table 4: PQ.
_M1, _M2 = 2610 / 16384, 2523 / 4096 * 128
_C1, _C2, _C3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
# ITU-R BT.2100, table 5: HLG.
_A, _B, _C = 0.17883277, 0.28466892, 0.55991073
_SYSTEM_GAMMA: Final = 1.2


def from_pq(code: Values) -> Any:
    """Convert PQ to the light of a display (SMPTE ST 2084)."""
    root = np.clip(code, 0, 1) ** (1 / _M2)
    light = (np.clip(root - _C1, 0, None) / (_C2 - _C3 * root)) ** (1 / _M1)
    return light * 10_000 / WHITE


def to_pq(light: Values | float) -> Any:
    """Convert the light of a display to PQ (SMPTE ST 2084)."""
    power = np.clip(np.asarray(light) * WHITE / 10_000, 0, 1) ** _M1
    return ((_C1 + _C2 * power) / (1 + _C3 * power)) ** _M2


def from_hlg(code: Values) -> Any:
    """Convert HLG to the light of a display of 1,000 cd/m2, by channel (BT.2100)."""
    scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - _C) / _A) + _B) / 12)
    return np.clip(scene, 0, None) ** _SYSTEM_GAMMA * HDR_PEAK / WHITE


def to_hlg(light: Values) -> Any:
    """Convert the light of a display of 1,000 cd/m2 to HLG (BT.2100)."""
    scene = np.clip(light * WHITE / HDR_PEAK, 0, 1) ** (1 / _SYSTEM_GAMMA)
    high = _A * np.log(np.maximum(12 * scene, _B + 1e-9) - _B) + _C
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), high)


def eetf(code: Values, peak: float = HDR_PEAK, target: float = WHITE) -> Any:
    """Map PQ from a peak of light to a lower one (the EETF of ITU-R BT.2390, 5.4.1).

    Args:
        code: PQ.
        peak: The brightest there is, in cd/m2.
        target: The brightest that can be shown, in cd/m2.
    """
    if peak <= target:
        return code
    top = float(to_pq(peak / WHITE))
    most = float(to_pq(target / WHITE)) / top
    knee = 1.5 * most - 0.5
    share = np.clip(np.asarray(code) / top, 0, 1)
    t = np.clip((share - knee) / (1 - knee), 0, 1)
    rolled = (
        (2 * t**3 - 3 * t**2 + 1) * knee
        + (t**3 - 2 * t**2 + t) * (1 - knee)
        + (-2 * t**3 + 3 * t**2) * most
    )
    return np.where(share < knee, share, rolled) * top


def gamut(source: Primaries, target: Primaries) -> Values:
    """Return the matrix between linear RGB of two primaries, white D65: `(3, 3)`."""
    return np.asarray(np.linalg.inv(_to_xyz(target)) @ _to_xyz(source))


def _to_xyz(primaries: Primaries) -> Values:
    """Return the matrix from linear RGB to XYZ (SMPTE RP 177)."""
    columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in primaries]).T
    x, y = _D65
    white = np.array([x / y, 1, (1 - x - y) / y])
    return np.asarray(columns * np.linalg.solve(columns, white))


def mapped(rgb: Values, source: tuple[int, int], target: tuple[int, int]) -> Values:
    """Convert colors of some primaries and transfer to those of others.

    Args:
        rgb: `(..., 3)` code values, 0 to 1.
        source: The numbers of primaries and transfer (ITU-T H.273).
        target: The same. SDR shows up to a diffuse white, HDR up to 1,000 cd/m2.
    """
    rolls = target[1] not in {_PQ, _HLG}
    light = _light(np.clip(rgb, 0, 1), source[1], rolls=rolls)
    between = gamut(_primaries(source[0]), _primaries(target[0]))
    return np.asarray(_code(np.clip(light @ between.T, 0, None), target[1]))


def _primaries(number: int) -> Primaries:
    return _PRIMARIES.get(number, BT709)


def _light(code: Values, transfer: int, *, rolls: bool) -> Any:
    if transfer not in {_PQ, _HLG}:
        return code**_GAMMA
    if not rolls:
        return from_pq(code) if transfer == _PQ else from_hlg(code)
    coded = code if transfer == _PQ else to_pq(from_hlg(code))
    return from_pq(eetf(coded))


def _code(light: Values, transfer: int) -> Any:
    if transfer == _PQ:
        return to_pq(light)
    if transfer == _HLG:
        # What is brighter than a display of HLG is rolled off to it.
        return to_hlg(from_pq(eetf(to_pq(light), 10_000, HDR_PEAK)))
    return np.clip(light, 0, 1) ** (1 / _GAMMA)


@lru_cache(maxsize=16)
def table(source: tuple[int, int], target: tuple[int, int], size: int) -> Values:
    """Return `mapped` as a table: `(size, size, size, 3)`, red first, blue fastest."""
    steps = np.linspace(0, 1, size)
    grid = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1)
    return mapped(grid, source, target)
