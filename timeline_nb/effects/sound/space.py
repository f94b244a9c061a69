"""Space effects: echo and reverberation."""

from functools import lru_cache, partial
from typing import Any, Final

import numpy as np
import scipy

from timeline_nb.effects.parameters import number
from timeline_nb.effects.registry import sound
from timeline_nb.effects.sound.readers import Context, Reader, Samples

__all__ = ["impulse_response"]

# Index of the low frequency effects in 5.1 and 7.1.
_LOW_CHANNEL: Final = 3


class _DelayReader:
    """Sound with its echoes, fed back from a delay line."""

    def __init__(
        self, reader: Reader, samples: int, feedback: float, mix: float
    ) -> None:
        self._reader, self._feedback, self._mix = reader, feedback, mix
        self._samples = max(1, samples)
        self._line: Samples | None = None

    def read(self, count: int) -> Samples:
        """Read the next samples."""
        block = self._reader.read(count)
        out = np.empty_like(block)
        line = self._line
        if line is None:
            line = np.zeros((block.shape[0], self._samples), np.float32)
        done = 0
        # At most one delay's length at once, as the echoes are fed back.
        while done < count:
            step = min(count - done, line.shape[1])
            old = line[:, :step]
            new = block[:, done : done + step]
            out[:, done : done + step] = new + old * self._mix
            back = new + old * self._feedback
            line = np.concatenate([line[:, step:], back], axis=1)
            done += step
        self._line = line
        return out


@sound(
    "space",
    time_ms=number(350.0, 1, 5000, "ms", "Time from one echo to the next."),
    feedback=number(
        0.35, 0, 0.95, doc="Level of each echo relative to the one before it."
    ),
    mix=number(0.4, 0, 1, doc="Level of the first echo relative to the sound."),
)
def delay(reader: Reader, context: Context) -> Reader:
    """Repeat the sound as echoes."""
    v = context.settings
    samples = round(v["time_ms"] / 1000 * context.rate_hz)
    return _DelayReader(reader, samples, v["feedback"], v["mix"])


@lru_cache(maxsize=8)
def impulse_response(
    seconds: float, damping: float, rate_hz: int, channels: int = 2
) -> Any:
    """Return the impulse response of a room: `(channels, n)`, of energy 1.

    It is noise that falls by 60 dB in `seconds`; damping removes high frequencies.
    """
    count = round(seconds * rate_hz)
    generator = np.random.default_rng(1)
    time = np.arange(count) / rate_hz
    tail = generator.standard_normal((channels, count)) * 10 ** (-3 * time / seconds)
    edge = min(0.45 * rate_hz, 18_000 * (1 - damping) + 1500)
    sections = scipy.signal.butter(1, edge, fs=rate_hz, output="sos")
    tail = scipy.signal.sosfilt(sections, tail, axis=1)
    onset = np.minimum(1, time / 0.01)
    tail *= onset
    tail /= np.sqrt((tail**2).sum(axis=1, keepdims=True))
    if channels > _LOW_CHANNEL:
        # The low frequency effects get no reverberation.
        tail[_LOW_CHANNEL] = 0
    return tail


class _ConvolutionReader:
    """Sound convolved with an impulse response, by overlap-add of block tails."""

    def __init__(self, reader: Reader, response: Any, mix: float) -> None:
        self._reader, self._response, self._mix = reader, response, mix
        self._tail: Any = None

    def read(self, count: int) -> Samples:
        """Read the next samples."""
        block = self._reader.read(count)
        response = self._response(block.shape[0])
        if self._tail is None:
            self._tail = np.zeros_like(response)
        wet = scipy.signal.oaconvolve(block, response, axes=1)
        length = max(wet.shape[1], self._tail.shape[1])
        whole = np.zeros((block.shape[0], length))
        whole[:, : wet.shape[1]] += wet
        whole[:, : self._tail.shape[1]] += self._tail
        self._tail = whole[:, count:]
        return np.asarray(block + whole[:, :count] * self._mix, np.float32)


@sound(
    "space",
    seconds=number(
        1.5, 0.1, 10, "s", "Time until the reverberation has fallen by 60 dB."
    ),
    damping=number(0.5, 0, 1, doc="Loss of high frequencies, from 0 to 1."),
    mix=number(0.3, 0, 1, doc="Level of the reverberation relative to the sound."),
)
def reverb(reader: Reader, context: Context) -> Reader:
    """Add the reverberation of a room."""
    v = context.settings
    response = partial(impulse_response, v["seconds"], v["damping"], context.rate_hz)
    return _ConvolutionReader(reader, response, v["mix"])
