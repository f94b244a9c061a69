"""Tone effects: equalizer, filters, noise reduction, pitch and channels."""

from typing import Any

import numpy as np
import scipy

from timeline_nb.effects.parameters import choice, integer, number
from timeline_nb.effects.registry import sound
from timeline_nb.effects.sound.readers import (
    Context,
    FilterReader,
    Reader,
    Samples,
    pairs_of,
)

__all__ = ["BiquadReader", "peaking", "shelf"]


class BiquadReader:
    """Sound through second-order filter sections that keep their state.

    Args:
        reader: The input.
        sections: `(n, 6)`, as `scipy.signal.sosfilt` takes them.
    """

    def __init__(self, reader: Reader, sections: Any) -> None:
        self._reader, self._sections = reader, np.asarray(sections, np.float64)
        self._state: Any = None

    def read(self, count: int) -> Samples:
        """Read the next samples."""
        block = self._reader.read(count).astype(np.float64)
        if self._state is None:
            self._state = np.zeros((len(self._sections), block.shape[0], 2))
        filtered, self._state = scipy.signal.sosfilt(
            self._sections, block, axis=1, zi=self._state
        )
        return np.asarray(filtered, np.float32)


def peaking(frequency: float, gain_db: float, q: float, rate_hz: int) -> Any:
    """Return a peaking section (Audio EQ Cookbook, R. Bristow-Johnson)."""
    a = 10 ** (gain_db / 40)
    omega = 2 * np.pi * frequency / rate_hz
    alpha, cos = np.sin(omega) / (2 * q), np.cos(omega)
    b = np.array([1 + alpha * a, -2 * cos, 1 - alpha * a])
    own = np.array([1 + alpha / a, -2 * cos, 1 - alpha / a])
    return np.concatenate([b, own]) / own[0]


def shelf(frequency: float, gain_db: float, rate_hz: int, *, high: bool) -> Any:
    """Return a shelving section of slope 1 (Audio EQ Cookbook)."""
    a = 10 ** (gain_db / 40)
    omega = 2 * np.pi * frequency / rate_hz
    cos = np.cos(omega) * (-1 if high else 1)
    sign = -1 if high else 1
    root = 2 * np.sqrt(a) * np.sin(omega) / 2 * np.sqrt(2)
    b = np.array(
        [
            a * ((a + 1) - (a - 1) * cos + root),
            sign * 2 * a * ((a - 1) - (a + 1) * cos),
            a * ((a + 1) - (a - 1) * cos - root),
        ]
    )
    own = np.array(
        [
            (a + 1) + (a - 1) * cos + root,
            sign * -2 * ((a - 1) + (a + 1) * cos),
            (a + 1) + (a - 1) * cos - root,
        ]
    )
    return np.concatenate([b, own]) / own[0]


@sound(
    "tone",
    low_db=number(0.0, -24, 24, "dB", "Gain of the low shelf."),
    low_hz=number(120.0, 20, 1000, "Hz", "Corner frequency of the low shelf."),
    mid_db=number(0.0, -24, 24, "dB", "Gain of the middle band."),
    mid_hz=number(1000.0, 100, 10_000, "Hz", "Center frequency of the middle band."),
    mid_q=number(
        1.0, 0.1, 20, doc="Quality factor of the middle band: higher is narrower."
    ),
    high_db=number(0.0, -24, 24, "dB", "Gain of the high shelf."),
    high_hz=number(8000.0, 1000, 20_000, "Hz", "Corner frequency of the high shelf."),
)
def equalizer(reader: Reader, context: Context) -> Reader:
    """Raise or lower the low, middle and high frequencies."""
    v, rate = context.settings, context.rate_hz
    top = rate * 0.45
    return BiquadReader(
        reader,
        [
            shelf(v["low_hz"], v["low_db"], rate, high=False),
            peaking(min(v["mid_hz"], top), v["mid_db"], v["mid_q"], rate),
            shelf(min(v["high_hz"], top), v["high_db"], rate, high=True),
        ],
    )


@sound(
    "tone",
    frequency=number(80.0, 10, 20_000, "Hz", "Cut-off frequency."),
    order=integer(2, 1, 8, "Filter order: 6 dB per octave each."),
)
def high_pass(reader: Reader, context: Context) -> Reader:
    """Remove low frequencies, such as rumble and wind."""
    return _cut(reader, context, "highpass")


@sound(
    "tone",
    frequency=number(8000.0, 20, 22_000, "Hz", "Cut-off frequency."),
    order=integer(2, 1, 8, "Filter order: 6 dB per octave each."),
)
def low_pass(reader: Reader, context: Context) -> Reader:
    """Remove high frequencies, such as hiss."""
    return _cut(reader, context, "lowpass")


def _cut(reader: Reader, context: Context, kind: Any) -> Reader:
    v, rate = context.settings, context.rate_hz
    edge = min(v["frequency"], rate * 0.49)
    sections = scipy.signal.butter(v["order"], edge, kind, fs=rate, output="sos")
    return BiquadReader(reader, sections)


@sound(
    "repair",
    reduction_db=number(12.0, 0.01, 97, "dB", "Reduction of the noise."),
    floor_db=number(-50.0, -80, -20, "dB", "Level of the noise."),
)
def noise_reduction(reader: Reader, context: Context) -> Reader:
    """Reduce steady background noise by frequency band."""
    v = context.settings
    options = f"nr={v['reduction_db']}:nf={v['floor_db']}"
    return FilterReader([reader], context.rate_hz, [("afftdn", options)])


@sound(
    "tone", semitones=number(0.0, -24, 24, "semitones", "Pitch shift; 12 is an octave.")
)
def pitch(reader: Reader, context: Context) -> Reader:
    """Shift the pitch and keep the tempo."""
    v = context.settings
    factor = 2 ** (v["semitones"] / 12)
    if factor == 1:
        return reader
    rate = context.rate_hz
    chain = [
        ("asetrate", str(round(rate * factor))),
        ("aresample", str(rate)),
    ]
    # One atempo filter takes factors from 0.5 to 2.
    left = 1 / factor
    while left < 0.5:
        chain.append(("atempo", "0.5"))
        left /= 0.5
    while left > 2:
        chain.append(("atempo", "2"))
        left /= 2
    chain.append(("atempo", f"{left:.9f}"))
    return FilterReader([reader], rate, chain)


@sound(
    "level",
    source=choice(
        "stereo",
        "mono",
        "left",
        "right",
        "swap",
        "side",
        doc="`swap` exchanges the sides, `side` is their difference.",
    ),
)
def channel_map(reader: Reader, context: Context) -> Reader:
    """Choose which channel is heard on the left and on the right."""
    rows = {
        "stereo": [[1, 0], [0, 1]],
        "mono": [[0.5, 0.5], [0.5, 0.5]],
        "left": [[1, 0], [1, 0]],
        "right": [[0, 1], [0, 1]],
        "swap": [[0, 1], [1, 0]],
        "side": [[0.5, -0.5], [-0.5, 0.5]],
    }
    matrix = np.array(rows[context.settings["source"]], np.float32)

    class _Mapped:
        def read(self, count: int) -> Samples:
            block = reader.read(count)
            out = np.array(block, np.float32)
            for pair in pairs_of(block.shape[0]):
                out[list(pair)] = matrix @ block[list(pair)]
            return out

    return _Mapped()
