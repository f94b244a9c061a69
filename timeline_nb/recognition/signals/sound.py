"""Loudness and silence."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

__all__ = ["LoudnessCurve", "loudness_of", "silence_of"]

SAMPLE_RATE_HZ: Final = 48_000
# ITU-R BS.1770-4: the two stages of K-weighting at 48 kHz.
_K_WEIGHTING: Final = np.array(
    [
        [
            1.53512485958697,
            -2.69169618940638,
            1.19839281085285,
            1.0,
            -1.69065929318241,
            0.73248077421585,
        ],
        [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
    ]
)
_OFFSET_LUFS: Final = -0.691
_STEP: Final = SAMPLE_RATE_HZ // 10
# Momentary loudness is over the last 400 ms.
_WINDOW_STEPS: Final = 4
_SILENT_LUFS: Final = -120.0
_PEAKS: Final = SAMPLE_RATE_HZ // 100


@dataclass(frozen=True, eq=False)
class LoudnessCurve:
    """Power and peaks of sound over time.

    Args:
        power: `(n,) float64`, K-weighted power of each 100 ms, summed over channels.
        peaks: `(m,) float32`, the greatest sample of each 10 ms.
    """

    power: NDArray[np.float64]
    peaks: NDArray[np.float32]

    def momentary(self) -> pd.DataFrame:
        """Compute momentary loudness (EBU R 128) every 100 ms: `time_s` and `lufs`.

        A row is the loudness of the 400 ms that end at its time.
        """
        whole = np.convolve(self.power, np.ones(_WINDOW_STEPS))[: len(self.power)]
        with np.errstate(divide="ignore"):
            lufs = _OFFSET_LUFS + 10 * np.log10(whole / _WINDOW_STEPS)
        times = (np.arange(len(lufs)) + 1) * (_STEP / SAMPLE_RATE_HZ)
        kept = slice(_WINDOW_STEPS - 1, None)
        return pd.DataFrame(
            {"time_s": times[kept], "lufs": np.maximum(lufs, _SILENT_LUFS)[kept]}
        )


def loudness_of(blocks: Iterable[NDArray[np.float32]]) -> LoudnessCurve:
    """Measure power and peaks of sound.

    Args:
        blocks: `(channels, n) float32` at 48 kHz, one after another, each but the
            last a whole number of tenths of a second.
    """
    state: NDArray[np.float64] | None = None
    powers: list[NDArray[np.float64]] = []
    peaks: list[NDArray[np.float32]] = []
    for block in blocks:
        if state is None:
            state = np.zeros((len(_K_WEIGHTING), len(block), 2))
        weighted, state = scipy.signal.sosfilt(_K_WEIGHTING, block, axis=1, zi=state)
        powers.append((_parts(weighted, _STEP) ** 2).mean(axis=2).sum(axis=0))
        peaks.append(np.abs(_parts(block, _PEAKS)).max(axis=(0, 2)).astype(np.float32))
    return LoudnessCurve(
        np.concatenate(powers or [np.zeros(0)]),
        np.concatenate(peaks or [np.zeros(0, np.float32)]),
    )


def _parts(samples: NDArray[np.floating], length: int) -> NDArray[np.floating]:
    """Split samples to `(channels, parts, length)`, the last part padded with 0."""
    missing = -samples.shape[1] % length
    padded = np.pad(samples, ((0, 0), (0, missing)))
    return padded.reshape(len(samples), -1, length)


def silence_of(
    loudness: LoudnessCurve, *, below_db: float = -60.0, min_duration_s: float = 0.5
) -> pd.DataFrame:
    """Return one row per range in which no sample is louder than `below_db`.

    Args:
        loudness: As measured.
        below_db: Decibels below full scale.
        min_duration_s: Shorter stretches are left out.
    """
    from timeline_nb.recognition.signals.stretches import runs_of

    runs = runs_of(loudness.peaks < 10 ** (below_db / 20))
    step = Fraction(_PEAKS, SAMPLE_RATE_HZ)
    long = [run for run in runs.tolist() if (run[1] - run[0]) * step >= min_duration_s]
    starts, ends = [run[0] * step for run in long], [run[1] * step for run in long]
    lengths = [end - start for start, end in zip(starts, ends, strict=True)]
    return pd.DataFrame(
        {
            "start": pd.Series(starts, dtype=object),
            "end": pd.Series(ends, dtype=object),
            "duration": pd.Series(lengths, dtype=object),
            "start_s": pd.Series([float(t) for t in starts], dtype="float64"),
            "end_s": pd.Series([float(t) for t in ends], dtype="float64"),
        }
    )
