"""Level and dynamics: gain, pan, compressor, limiter, gate and ducking."""

from typing import Any

import numpy as np

from timeline_nb.effects.parameters import number, text
from timeline_nb.effects.registry import sound
from timeline_nb.effects.sound.readers import (
    Context,
    FilterReader,
    Reader,
    Samples,
    decibels,
    pairs_of,
)
from timeline_nb.timeline.keyframes import values_at

__all__ = ["AutomatedReader"]


class AutomatedReader:
    """Applies a function whose values may change from sample to sample.

    Args:
        reader: The input.
        context: The effect's values and sample rate.
        change: Called with a block and, by name, the values at each of its samples.
    """

    def __init__(self, reader: Reader, context: Context, change: Any) -> None:
        self._reader, self._context, self._change = reader, context, change
        self._read = 0

    def read(self, count: int) -> Samples:
        """Read the next samples."""
        context = self._context
        times = context.times(self._read, count)
        self._read += count
        values: dict[str, Any] = dict(context.values.constant)
        for name, keys in context.values.keyframes.items():
            values[name] = values_at(keys, times)
        block = self._reader.read(count)
        return np.asarray(self._change(block, **values), np.float32)


@sound(
    "level",
    gain_db=number(
        0.0, -100, 60, "dB", "Change of the level; keyframes are exact to the sample."
    ),
)
def gain(reader: Reader, context: Context) -> Reader:
    """Make the sound louder or softer."""
    return AutomatedReader(
        reader, context, lambda block, gain_db: block * 10 ** (np.asarray(gain_db) / 20)
    )


@sound(
    "level", position=number(0.0, -1, 1, doc="-1 is left, 0 is the center, 1 is right.")
)
def pan(reader: Reader, context: Context) -> Reader:
    """Move the sound to the left or right (equal power)."""

    def change(block: Samples, position: Any) -> Any:
        place = np.broadcast_to(np.asarray(position, np.float64), block.shape[1:])
        return panned(block, place)

    return AutomatedReader(reader, context, change)


def panned(block: Samples, place: Any) -> Any:
    """Balance left and right with equal power and gain 1 in the center.

    With more than two channels each pair is balanced; center and low channels stay.

    Args:
        block: `(channels, n)`.
        place: -1 (left) to 1 (right), one value or one for each sample.
    """
    angle = (np.clip(place, -1, 1) + 1) * np.pi / 4
    factors = np.sqrt(2) * np.stack([np.cos(angle), np.sin(angle)])
    factors = np.minimum(factors, np.sqrt(2)).reshape(2, -1)
    if block.shape[0] == 2:
        return block * factors
    out = np.array(block, np.float32)
    for left, right in pairs_of(block.shape[0]):
        out[left] *= factors[0]
        out[right] *= factors[1]
    return out


@sound(
    "dynamics",
    threshold_db=number(-18.0, -60, 0, "dB", "Level above which the sound is reduced."),
    ratio=number(
        3.0, 1, 20, doc="Input change over output change above the threshold."
    ),
    attack_ms=number(10.0, 0.01, 2000, "ms", "Time until the reduction takes effect."),
    release_ms=number(150.0, 0.01, 9000, "ms", "Time until the reduction ends."),
    makeup_db=number(0.0, 0, 36, "dB", "Gain after the compression."),
    knee_db=number(6.0, 0, 18, "dB", "Range of levels over which the ratio sets in."),
)
def compressor(reader: Reader, context: Context) -> Reader:
    """Reduce the level of sound above a threshold."""
    v = context.settings
    options = (
        f"threshold={decibels(v['threshold_db']):.6f}:ratio={v['ratio']}:"
        f"attack={v['attack_ms']}:release={v['release_ms']}:"
        f"makeup={decibels(v['makeup_db']):.6f}:"
        f"knee={min(8.0, max(1.0, decibels(v['knee_db']))):.6f}"
    )
    return FilterReader([reader], context.rate_hz, [("acompressor", options)])


@sound(
    "dynamics",
    limit_db=number(-1.0, -24, 0, "dB", "Highest level that passes."),
    attack_ms=number(5.0, 0.1, 80, "ms", "Time until the reduction takes effect."),
    release_ms=number(50.0, 1, 8000, "ms", "Time until the reduction ends."),
)
def limiter(reader: Reader, context: Context) -> Reader:
    """Keep the sound below a level."""
    v = context.settings
    options = (
        f"limit={decibels(v['limit_db']):.6f}:attack={v['attack_ms']}:"
        f"release={v['release_ms']}:level=0:latency=1"
    )
    return FilterReader([reader], context.rate_hz, [("alimiter", options)])


@sound(
    "dynamics",
    threshold_db=number(-40.0, -90, 0, "dB", "Level below which the sound is reduced."),
    range_db=number(-60.0, -90, 0, "dB", "Largest reduction."),
    ratio=number(
        4.0, 1, 50, doc="Output change over input change below the threshold."
    ),
    attack_ms=number(5.0, 0.01, 2000, "ms", "Time until the gate opens."),
    release_ms=number(200.0, 0.01, 9000, "ms", "Time until the gate closes."),
)
def gate(reader: Reader, context: Context) -> Reader:
    """Silence sound below a threshold."""
    v = context.settings
    options = (
        f"threshold={decibels(v['threshold_db']):.6f}:ratio={v['ratio']}:"
        f"range={decibels(v['range_db']):.6f}:attack={v['attack_ms']}:"
        f"release={v['release_ms']}"
    )
    return FilterReader([reader], context.rate_hz, [("agate", options)])


@sound(
    "dynamics",
    under=text("A1", "Name of the audio track that stays audible."),
    threshold_db=number(
        -30.0, -60, 0, "dB", "Level of that track above which the sound is lowered."
    ),
    ratio=number(8.0, 1, 20, doc="Strength of the reduction."),
    attack_ms=number(20.0, 0.01, 2000, "ms", "Time until the sound is lowered."),
    release_ms=number(400.0, 0.01, 9000, "ms", "Time until the sound is back."),
)
def duck(reader: Reader, context: Context) -> Reader:
    """Lower the sound while another track is heard."""
    v = context.settings
    options = (
        f"threshold={decibels(v['threshold_db']):.6f}:ratio={v['ratio']}:"
        f"attack={v['attack_ms']}:release={v['release_ms']}"
    )
    readers = [reader, context.track(v["under"])]
    return FilterReader(readers, context.rate_hz, [("sidechaincompress", options)])
