"""Loudness measured by ITU-R BS.1770-5 and EBU R 128."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy

from timeline_nb.effects.sound.readers import Samples

__all__ = ["Loudness", "measure"]

_BLOCK_S: Final = 0.4
_STEP_S: Final = 0.1
_SHORT_S: Final = 3.0
_EDGE: Final = 64
# Channel weights by number of channels (BS.1770-5, annexes 1 and 3): channels at 60 to
# 120 degrees count more, the low frequency effects do not count.
_WEIGHTS: Final = {
    1: (1.0,),
    2: (1.0, 1.0),
    6: (1.0, 1.0, 1.0, 0.0, 1.41, 1.41),
    8: (1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.41, 1.41),
}


@dataclass(frozen=True)
class Loudness:
    """The measured loudness of a sound.

    Args:
        integrated_lufs: Gated loudness of the whole; -inf for silence.
        range_lu: Loudness range (EBU Tech 3342).
        true_peak_dbtp: Largest level of the oversampled signal.
        momentary_lufs: Loudness of 400 ms windows, ten a second.
    """

    integrated_lufs: float
    range_lu: float
    true_peak_dbtp: float
    momentary_lufs: tuple[float, ...]

    def __repr__(self) -> str:
        return (
            f"<Loudness {self.integrated_lufs:.1f} LUFS, range {self.range_lu:.1f} LU, "
            f"true peak {self.true_peak_dbtp:.1f} dBTP>"
        )


def measure(blocks: Iterable[Samples], rate_hz: int) -> Loudness:
    """Measure a sound.

    Args:
        blocks: `(channels, n) float32` each: mono, stereo, 5.1 or 7.1, with channels in
            FFmpeg's order.
        rate_hz: Samples a second.
    """
    step = round(_STEP_S * rate_hz)
    sections = _k_weighting(rate_hz)
    powers: list[float] = []
    peak = 0.0
    state: Any = None
    before = np.zeros((2, 2 * _EDGE), np.float32)
    for block in blocks:
        channels = block.shape[0]
        if state is None:
            state = np.zeros((len(sections), channels, 2))
            rest = np.zeros((channels, 0))
            before = np.zeros((channels, 2 * _EDGE), np.float32)
            weights = np.array(_WEIGHTS[channels])[:, np.newaxis]
        joined = np.concatenate([before, block], axis=1)
        # The last samples are measured with the next block, which oversampling needs.
        between = scipy.signal.resample_poly(joined, 4, 1, axis=1)
        inner = np.abs(between[:, 4 * _EDGE : -4 * _EDGE])
        peak = max(peak, float(inner.max(initial=0)))
        before = joined[:, -2 * _EDGE :]
        weighted, state = scipy.signal.sosfilt(
            sections, block.astype(np.float64), axis=1, zi=state
        )
        rest = np.concatenate([rest, weighted], axis=1)
        count = rest.shape[1] // step
        if count:
            parts = rest[:, : count * step].reshape(channels, count, step)
            powers += list(((parts**2).mean(axis=2) * weights).sum(axis=0))
            rest = rest[:, count * step :]
    peak = max(peak, float(np.abs(before).max()))
    power = np.array(powers)
    momentary = _windows(power, round(_BLOCK_S / _STEP_S))
    short = _windows(power, round(_SHORT_S / _STEP_S))
    return Loudness(
        integrated_lufs=_gated(momentary),
        range_lu=_range(short),
        true_peak_dbtp=float(20 * np.log10(max(peak, 1e-10))),
        momentary_lufs=tuple(_lufs(momentary).tolist()),
    )


def _k_weighting(rate_hz: int) -> Any:
    """Return the two K-weighting stages of BS.1770 for any sample rate."""
    # A shelf and a high pass, from their analog prototypes (constants of libebur128).
    f0, gain, q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
    k, vh = np.tan(np.pi * f0 / rate_hz), 10 ** (gain / 20)
    vb = vh**0.4996667741545416
    a0 = 1 + k / q + k * k
    shelf = [
        (vh + vb * k / q + k * k) / a0,
        2 * (k * k - vh) / a0,
        (vh - vb * k / q + k * k) / a0,
        1,
        2 * (k * k - 1) / a0,
        (1 - k / q + k * k) / a0,
    ]
    f0, q = 38.13547087602444, 0.5003270373238773
    k = np.tan(np.pi * f0 / rate_hz)
    a0 = 1 + k / q + k * k
    cut = [1, -2, 1, 1, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]
    return np.array([shelf, cut])


def _windows(power: Any, length: int) -> Any:
    if len(power) < length:
        return np.zeros(0)
    sums = np.cumsum(np.concatenate([[0.0], power]))
    return (sums[length:] - sums[:-length]) / length


def _lufs(power: Any) -> Any:
    return -0.691 + 10 * np.log10(np.maximum(power, 1e-12))


def _gated(power: Any) -> float:
    loud = power[_lufs(power) > -70]
    if not len(loud):
        return float("-inf")
    limit = _lufs(loud.mean()) - 10
    return float(_lufs(loud[_lufs(loud) > limit].mean()))


def _range(power: Any) -> float:
    loud = power[_lufs(power) > -70]
    if not len(loud):
        return 0.0
    kept = _lufs(loud[_lufs(loud) > _lufs(loud.mean()) - 20])
    low, high = np.percentile(kept, [10, 95])
    return float(high - low)
