"""Channels: how the channels of a source are mixed to those of a film.

Sources of more channels than the film come down by Recommendation ITU-R BS.775-4,
annex 4: the center and the surrounds go to both sides, and to their side, 3 dB softer,
and the low frequency effects are left out. The sums are not scaled down: what is at the
left of a 5.1 source is as loud as it is in a stereo one, and a mix of floats has room
above 1. A film that is too loud for its codec says so when it is rendered.

A source of one channel is heard on both sides as loud as it is, so that a film in mono
made of it, and a film of that, are as loud as the first. FFmpeg's resampler takes 3 dB
off it instead.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["LAYOUTS", "fold", "named"]

# The channels of what can be asked for, in FFmpeg's order and names.
LAYOUTS: Final[Mapping[str, tuple[str, ...]]] = {
    "mono": ("FC",),
    "stereo": ("FL", "FR"),
    "5.1": ("FL", "FR", "FC", "LFE", "BL", "BR"),
    "7.1": ("FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR"),
}
# Of files without a layout: in the order of the bits of WAVE_FORMAT_EXTENSIBLE's mask.
_UNTOLD: Final[Mapping[int, tuple[str, ...]]] = {
    1: ("FC",),
    2: ("FL", "FR"),
    3: ("FL", "FR", "FC"),
    4: ("FL", "FR", "BL", "BR"),
    5: ("FL", "FR", "FC", "BL", "BR"),
    6: ("FL", "FR", "FC", "LFE", "BL", "BR"),
    7: ("FL", "FR", "FC", "LFE", "BC", "SL", "SR"),
    8: ("FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR"),
}
_HALF: Final = 0.5**0.5
# Left out of all but what has a channel for them.
_LOW: Final = frozenset({"LFE", "LFE2"})
# Behind, or at the sides.
_SURROUNDS: Final = {
    "BL": "L",
    "SL": "L",
    "SDL": "L",
    "TBL": "L",
    "TSL": "L",
    "BR": "R",
    "SR": "R",
    "SDR": "R",
    "TBR": "R",
    "TSR": "R",
    "BC": "C",
    "TBC": "C",
}
# Before, and above.
_FRONTS: Final = {
    "FL": ("L", 1.0),
    "DL": ("L", 1.0),
    "FLC": ("L", 1.0),
    "WL": ("L", 1.0),
    "TFL": ("L", _HALF),
    "BFL": ("L", _HALF),
    "FR": ("R", 1.0),
    "DR": ("R", 1.0),
    "FRC": ("R", 1.0),
    "WR": ("R", 1.0),
    "TFR": ("R", _HALF),
    "BFR": ("R", _HALF),
}


def named(channels: Sequence[str]) -> tuple[str, ...]:
    """Return the channels of a source by name, assumed where the file has no layout.

    Args:
        channels: FFmpeg's names; `NONE` and others it does not know are unnamed.

    Returns:
        As many names; more than eight unnamed channels keep theirs, and are heard on
        both sides.
    """
    if all(name in {"NONE", "UNK"} for name in channels):
        return _UNTOLD.get(len(channels), tuple(channels))
    return tuple(channels)


@lru_cache(maxsize=256)
def fold(channels: tuple[str, ...], layout: str) -> NDArray[np.float32]:
    """Return how loud each channel of a source is in each channel of a film.

    Args:
        channels: The source's, by `named`.
        layout: One of `LAYOUTS`.

    Returns:
        `(film channels, source channels) float32`, factors.
    """
    wide = LAYOUTS[layout]
    if len(wide) < 2:
        # The mean of both sides: what is in the middle keeps its level.
        sides: NDArray[np.float32] = fold(channels, "stereo").mean(axis=0)
        return sides[np.newaxis]
    matrix = np.zeros((len(wide), len(channels)), np.float32)
    for column, name in enumerate(channels):
        for place, factor in _places(name, channels, wide):
            matrix[wide.index(place), column] += factor
    matrix.flags.writeable = False
    return matrix


def _places(
    name: str, channels: tuple[str, ...], wide: tuple[str, ...]
) -> list[tuple[str, float]]:
    """Return where a channel of a source is heard in a film, and by which factors."""
    if len(channels) == 1 or name.startswith("AMBI"):
        # The first component of ambisonics is what all directions have in common.
        return [("FL", 1.0), ("FR", 1.0)] if name in {channels[0], "AMBI0"} else []
    if name in _LOW:
        return [("LFE", 1.0)] if "LFE" in wide else []
    if name in _FRONTS:
        side, factor = _FRONTS[name]
        return [(f"F{side}", factor)]
    if name in _SURROUNDS:
        return _surround(name, channels, wide)
    if "FC" in wide and name in {"FC", "TC", "TFC", "BFC"}:
        return [("FC", 1.0 if name == "FC" else _HALF)]
    return [("FL", _HALF), ("FR", _HALF)]


def _surround(
    name: str, channels: tuple[str, ...], wide: tuple[str, ...]
) -> list[tuple[str, float]]:
    """Return the channel of a surround: itself, a near one, or that in front."""
    side = _SURROUNDS[name]
    sides = ("L", "R") if side == "C" else (side,)
    # Of one channel behind, each side has its half.
    factor = _HALF if side == "C" else 1.0
    if "BL" not in wide:
        return [(f"F{one}", factor * _HALF) for one in sides]
    pairs = {"B" if "B" in own else "S" for own in channels if own in _SURROUNDS}
    if name.startswith("T"):
        factor *= _HALF
    if "SL" in wide:
        # The one pair of 5.1 stands where 7.1 has its sides (BS.775 and BS.2051).
        row = "S" if len(pairs) < 2 or "S" in name else "B"
    else:
        row = "B"
        factor *= _HALF if len(pairs) > 1 else 1.0
    return [(f"{row}{one}", factor) for one in sides]
