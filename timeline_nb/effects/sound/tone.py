"""ColorPipeline: bands of frequencies raised, lowered and cut; noise and pitch."""

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
    """Sound through second-order sections that remember.

    Args:
        reader: What is read.
        sections: `(n, 6)`, as `scipy.signal.sosfilt` takes them.
    """

    def __init__(self, reader: Reader, sections: Any) -> None:
        self._reader, self._sections = reader, np.asarray(sections, np.float64)
        self._state: Any = None

    def read(self, count: int) -> Samples:
        """The next samples."""
        block = self._reader.read(count).astype(np.float64)
        if self._state is None:
            self._state = np.zeros((len(self._sections), block.shape[0], 2))
        made, self._state = scipy.signal.sosfilt(
            self._sections, block, axis=1, zi=self._state
        )
        return np.asarray(made, np.float32)


def peaking(frequency: float, gain_db: float, q: float, rate_hz: int) -> Any:
    """A bell: one section (Audio EQ Cookbook, R. Bristow-Johnson)."""
    a = 10 ** (gain_db / 40)
    omega = 2 * np.pi * frequency / rate_hz
    alpha, cos = np.sin(omega) / (2 * q), np.cos(omega)
    b = np.array([1 + alpha * a, -2 * cos, 1 - alpha * a])
    own = np.array([1 + alpha / a, -2 * cos, 1 - alpha / a])
    return np.concatenate([b, own]) / own[0]


def shelf(frequency: float, gain_db: float, rate_hz: int, *, high: bool) -> Any:
    """A shelf of slope 1: one section (Audio EQ Cookbook)."""
    a = 10 ** (gain_db / 40)
    omega = 2 * np.pi * frequency / rate_hz
    cos = np.cos(omega) * (-1 if high else 1)
    way = -1 if high else 1
    root = 2 * np.sqrt(a) * np.sin(omega) / 2 * np.sqrt(2)
    b = np.array(
        [
            a * ((a + 1) - (a - 1) * cos + root),
            way * 2 * a * ((a - 1) - (a + 1) * cos),
            a * ((a + 1) - (a - 1) * cos - root),
        ]
    )
    own = np.array(
        [
            (a + 1) + (a - 1) * cos + root,
            way * -2 * ((a - 1) + (a + 1) * cos),
            (a + 1) + (a - 1) * cos - root,
        ]
    )
    return np.concatenate([b, own]) / own[0]


@sound(
    "tone",
    low_db=number(0.0, -24, 24, "dB"),
    low_hz=number(120.0, 20, 1000, "Hz"),
    mid_db=number(0.0, -24, 24, "dB"),
    mid_hz=number(1000.0, 100, 10_000, "Hz"),
    mid_q=number(1.0, 0.1, 20),
    high_db=number(0.0, -24, 24, "dB"),
    high_hz=number(8000.0, 1000, 20_000, "Hz"),
)
def equalizer(reader: Reader, context: Context) -> Reader:
    """Lows, one band of the middle, and highs."""
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


@sound("tone", frequency=number(80.0, 10, 20_000, "Hz"), order=integer(2, 1, 8))
def high_pass(reader: Reader, context: Context) -> Reader:
    """Lows cut away: rumble, wind."""
    return _cut(reader, context, "highpass")


@sound("tone", frequency=number(8000.0, 20, 22_000, "Hz"), order=integer(2, 1, 8))
def low_pass(reader: Reader, context: Context) -> Reader:
    """Highs cut away: hiss, or as through a wall."""
    return _cut(reader, context, "lowpass")


def _cut(reader: Reader, context: Context, kind: Any) -> Reader:
    v, rate = context.settings, context.rate_hz
    edge = min(v["frequency"], rate * 0.49)
    made = scipy.signal.butter(v["order"], edge, kind, fs=rate, output="sos")
    return BiquadReader(reader, made)


@sound(
    "repair",
    reduction_db=number(12.0, 0.01, 97, "dB"),
    floor_db=number(-50.0, -80, -20, "dB", "The level of the noise."),
)
def noise_reduction(reader: Reader, context: Context) -> Reader:
    """Stabilize noise taken away, band by band."""
    v = context.settings
    options = f"nr={v['reduction_db']}:nf={v['floor_db']}"
    return FilterReader([reader], context.rate_hz, [("afftdn", options)])


@sound("tone", semitones=number(0.0, -24, 24, "semitones"))
def pitch(reader: Reader, context: Context) -> Reader:
    """Higher or lower, at the same tempo."""
    v = context.settings
    factor = 2 ** (v["semitones"] / 12)
    if factor == 1:
        return reader
    rate = context.rate_hz
    chain = [
        ("asetrate", str(round(rate * factor))),
        ("aresample", str(rate)),
    ]
    # One step of atempo goes from a half to twice.
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
    source=choice("stereo", "mono", "left", "right", "swap", "side"),
)
def channel_map(reader: Reader, context: Context) -> Reader:
    """Which channel is heard where: of the left and right ones, pair by pair."""
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
