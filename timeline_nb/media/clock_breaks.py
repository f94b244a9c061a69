"""Clocks that begin again within a file, as in recordings joined end to end."""

from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from timeline_nb.media.clock import JOINED_FORMATS, LEAP_S, STEP_BACK_S
from timeline_nb.media.packets import UNKNOWN, PacketTable

__all__ = ["clock_parts", "joined"]

# Presentation stamps step back within a group of pictures, by less than this: in
# seconds, and in frames.
_BACK_SHOWN_S: Final = 2.0
_BACK_SHOWN_STEPS: Final = 20


def clock_parts(
    table: PacketTable, tick: Fraction, formats: frozenset[str]
) -> NDArray[np.int64]:
    """Return `(m,) int64`: which run of its clock each packet belongs to, from 0."""
    decoding = bool((table.dts != UNKNOWN).mean() > 0.5)
    stamps = table.dts if decoding else table.pts
    known = np.flatnonzero(stamps != UNKNOWN)
    steps = np.diff(stamps[known]) * float(tick)
    back = float(STEP_BACK_S)
    if not decoding and len(steps):
        back = max(_BACK_SHOWN_S, _BACK_SHOWN_STEPS * float(np.median(np.abs(steps))))
    breaks = steps < -back
    if formats & JOINED_FORMATS:
        breaks |= steps > LEAP_S
    parts = np.zeros(len(table), np.int64)
    parts[known[1:][breaks]] = 1
    return np.cumsum(parts)


def joined(
    stamps: NDArray[np.int64], parts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], tuple[int, ...]]:
    """Return one rising clock for pictures whose own begins again.

    Args:
        stamps: `(n,) int64`, in the order shown.
        parts: `(n,) int64`: which run of the clock each belongs to, rising.

    Returns:
        Stamps on the first run's clock, and the ticks that were added to each run but
        the first.
    """
    stamps = stamps.copy()
    shifts = []
    steps = np.diff(stamps)[np.diff(parts) == 0]
    step = max(1, int(np.median(steps))) if len(steps) else 1
    for part in np.unique(parts)[1:]:
        first, last = np.searchsorted(parts, [part, part + 1])
        due = int(stamps[first - 1]) + step
        shift = due - int(stamps[first:last].min())
        stamps[first:last] += shift
        shifts.append(shift)
    return stamps, tuple(shifts)
