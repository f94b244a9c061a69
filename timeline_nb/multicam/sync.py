"""Sync: the offset and clock drift between two recordings of one sound."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy
from numpy.typing import NDArray

from timeline_nb.errors import MediaError

__all__ = ["Sync", "synchronized"]

# Envelopes are compared first; 200 times a second is 5 ms, well within a frame.
_COARSE_HZ: Final = 200
# Short, so that clocks drift by less than a sound wave within one window.
_WINDOW_S: Final = 5.0
_WINDOWS: Final = 32
_SURE: Final = 13.0

Reader = Callable[[int, int], NDArray[np.float32]]


@dataclass(frozen=True)
class Sync:
    """The offset and drift of a recording against a reference.

    Args:
        offset_s: The second of the reference at which the recording begins.
        drift_ppm: Clock drift in parts per million: above 0 the recording lasts longer
            in the reference's time than in its own.
        confidence: Height of the correlation peak in standard deviations; above 13
            the match is sure.
    """

    offset_s: float
    drift_ppm: float
    confidence: float

    def time_in(self, reference_s: float) -> float:
        """Return the recording's second at a second of the reference."""
        return (reference_s - self.offset_s) / (1 + self.drift_ppm * 1e-6)


def synchronized(
    reference: Reader,
    reference_s: float,
    other: Reader,
    other_s: float,
    rate_hz: int,
) -> Sync:
    """Find the offset and drift of a recording against a reference, by their sound.

    Args:
        reference: Given a first sample and a count: `(channels, count)`.
        reference_s: Its duration in seconds.
        other: The other recording, likewise.
        other_s: Its duration in seconds.
        rate_hz: Samples a second of both.

    Raises:
        MediaError: No match was found, or a recording is silent.
    """
    first = _envelope(reference, reference_s, rate_hz)
    second = _envelope(other, other_s, rate_hz)
    if not first.any() or not second.any():
        raise MediaError("one of the recordings is silent: there is nothing to compare")
    lag, confidence = _matched(first, second)
    if confidence < _SURE:
        raise MediaError(
            f"the recordings have too little in common (confidence {confidence:.1f}, "
            f"{_SURE:g} is needed): synchronize them by timecode, or give the offset"
        )
    coarse = lag / _COARSE_HZ
    places, lags = _refined(reference, other, (reference_s, other_s), rate_hz, coarse)
    if len(places) < 2:
        offset = coarse if not len(lags) else float(lags[0])
        return Sync(float(offset), 0.0, confidence)
    slope, start = _line(places, lags)
    # An offset that grows: reference = start + slope * reference + own time.
    return Sync(
        float(start / (1 - slope)), float(slope / (1 - slope) * 1e6), confidence
    )


def _envelope(read: Reader, seconds: float, rate_hz: int) -> Any:
    """Return the change of loudness, 200 times a second."""
    step = rate_hz // _COARSE_HZ
    parts = []
    for start in range(0, int(seconds * rate_hz), rate_hz * 10):
        count = min(rate_hz * 10, int(seconds * rate_hz) - start) // step * step
        if count:
            block = read(start, count).mean(axis=0)
            parts.append(np.sqrt((block.reshape(-1, step) ** 2).mean(axis=1)))
    if not parts:
        return np.zeros(1)
    loud = np.log1p(np.concatenate(parts) * 1000)
    change = np.diff(loud, prepend=loud[0])
    return change - change.mean()


def _matched(first: Any, second: Any) -> tuple[float, float]:
    """Return the lag of the second in steps, and the peak in standard deviations."""
    found = scipy.signal.correlate(first, second, mode="full", method="fft")
    best = int(np.argmax(found))
    near = np.abs(np.arange(len(found)) - best) > _COARSE_HZ // 4
    spread = float(found[near].std()) if near.any() else 1.0
    return best - (len(second) - 1), float(found[best] / max(spread, 1e-12))


def _refined(
    reference: Reader,
    other: Reader,
    lengths: tuple[float, float],
    rate_hz: int,
    coarse: float,
) -> tuple[Any, Any]:
    """Return the times of windows along the overlap, and the exact lag in each."""
    begin = max(0.0, coarse)
    end = min(lengths[0], lengths[1] + coarse)
    window = min(_WINDOW_S, end - begin)
    if window < 0.5:
        return np.zeros(0), np.zeros(0)
    sections = scipy.signal.butter(
        2, (80, min(8000, rate_hz * 0.45)), "band", fs=rate_hz, output="sos"
    )
    starts = np.linspace(
        begin, end - window, _WINDOWS if end - begin > window * 2 else 1
    )
    # Clocks that drift by a thousandth are found.
    reach = 0.05 + (end - begin) * 1e-3
    places: list[float] = []
    lags: list[float] = []
    expected = coarse
    for start in starts:
        one = _sound(reference, start, window, rate_hz, sections)
        two = _sound(
            other, start - expected - reach, window + 2 * reach, rate_hz, sections
        )
        found = scipy.signal.correlate(two, one, mode="valid", method="fft")
        best = int(np.argmax(found))
        power = np.sqrt(float((one**2).sum()) * float((two**2).sum())) + 1e-12
        shift = best + _between(found, best)
        lag = expected + reach - shift / rate_hz
        if found[best] / power > 0.1:
            places.append(float(start + window / 2))
            lags.append(lag)
    return np.array(places), np.array(lags)


def _sound(
    read: Reader, start: float, seconds: float, rate_hz: int, sections: Any
) -> Any:
    block = read(round(start * rate_hz), round(seconds * rate_hz)).mean(axis=0)
    return scipy.signal.sosfilt(sections, block)


def _between(found: Any, best: int) -> float:
    """Return the offset of a parabola's peak between samples."""
    if not 0 < best < len(found) - 1:
        return 0.0
    left, top, right = (float(value) for value in found[best - 1 : best + 2])
    below = left - 2 * top + right
    return 0.0 if not below else 0.5 * (left - right) / below


def _line(places: Any, lags: Any) -> tuple[float, float]:
    """Return slope and intercept of a robust line through lags (Theil-Sen)."""
    rows, columns = np.triu_indices(len(places), 1)
    slopes = (lags[columns] - lags[rows]) / (places[columns] - places[rows])
    slope = float(np.median(slopes))
    return slope, float(np.median(lags - slope * places))
