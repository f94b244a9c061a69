"""Measure waveform peaks, for drawing."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from timeline_nb.media.decoder import SoundDecoder
from timeline_nb.timebase import TimeRange

__all__ = ["Waveform", "measure_waveform"]

# Ninety minutes at 48 kHz, which take some eight seconds to measure.
_MOST_SAMPLES: Final = 259_200_000
# Samples decoded at a time: 16 MB of float32 stereo.
_BLOCK: Final = 1 << 21


@dataclass(frozen=True, eq=False)
class Waveform:
    """The extremes of sound in equal bins.

    Args:
        range: The media time covered.
        low: `(channels, bins) float32`, the least sample of each bin.
        high: `(channels, bins) float32`, the greatest.
    """

    range: TimeRange
    low: NDArray[np.float32]
    high: NDArray[np.float32]


def measure_waveform(
    decoder: SoundDecoder, *, bins: int, time_range: TimeRange
) -> Waveform:
    """Measure the extremes in `bins` equal parts of a range; silence counts as 0.

    Of more than ninety minutes at 48 kHz, the first share of each part is measured
    that makes ninety minutes in all.

    Raises:
        MediaError: The sound does not decode.
    """
    rate = decoder.sample_rate_hz
    start, count = round(time_range.start * rate), round(time_range.duration * rate)
    # A bin has at least one sample, even when there are fewer samples than bins.
    edges = np.array([start + count * n // bins for n in range(bins)])
    ends = np.maximum(np.append(edges[1:], start + count), edges + 1)
    if count > _MOST_SAMPLES:
        share = _MOST_SAMPLES / count
        measured = np.maximum(((ends - edges) * share).astype(np.int64), 1)
        ends = edges + measured
    low = np.zeros((decoder.channels, bins), np.float32)
    high = np.zeros_like(low)
    first = 0
    while first < bins:
        last = int(np.searchsorted(ends, edges[first] + _BLOCK, side="right"))
        if last <= first or ends[first] < edges[min(first + 1, bins - 1)]:
            place = edges[first], ends[first]
            _measure_bin(decoder, *place, low[:, first], high[:, first])
            first += 1
            continue
        samples = decoder.read(int(edges[first]), int(ends[last - 1] - edges[first]))
        offsets = edges[first:last] - edges[first]
        low[:, first:last] = np.minimum.reduceat(samples, offsets, axis=1)
        high[:, first:last] = np.maximum.reduceat(samples, offsets, axis=1)
        first = last
    return Waveform(time_range, low, high)


def _measure_bin(
    decoder: SoundDecoder,
    begin: int,
    end: int,
    low: NDArray[np.float32],
    high: NDArray[np.float32],
) -> None:
    """Write the extremes of a bin, block by block, into `low` and `high`."""
    low[:], high[:] = np.inf, -np.inf
    for start in range(int(begin), int(end), _BLOCK):
        samples = decoder.read(start, min(_BLOCK, int(end) - start))
        np.minimum(low, samples.min(axis=1), out=low)
        np.maximum(high, samples.max(axis=1), out=high)
