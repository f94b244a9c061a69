"""Dynamics: louder, softer, evener; and one sound giving way to another."""

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
    """Sound changed by values that may change from sample to sample.

    Args:
        reader: What is read.
        context: What it is put into.
        change: Given a block and, by name, each value at each of its samples.
    """

    def __init__(self, reader: Reader, context: Context, change: Any) -> None:
        self._reader, self._context, self._change = reader, context, change
        self._read = 0

    def read(self, count: int) -> Samples:
        """The next samples."""
        context = self._context
        times = context.times(self._read, count)
        self._read += count
        told: dict[str, Any] = dict(context.values.constant)
        for name, keys in context.values.keyframes.items():
            told[name] = values_at(keys, times)
        block = self._reader.read(count)
        return np.asarray(self._change(block, **told), np.float32)


@sound("level", gain_db=number(0.0, -100, 60, "dB"))
def gain(reader: Reader, context: Context) -> Reader:
    """Louder or softer; keyframes make an envelope, exact to the sample."""
    return AutomatedReader(
        reader, context, lambda block, gain_db: block * 10 ** (np.asarray(gain_db) / 20)
    )


@sound("level", position=number(0.0, -1, 1, doc="-1 is left, 1 is right."))
def pan(reader: Reader, context: Context) -> Reader:
    """From side to side; what is in the middle keeps its level."""

    def change(block: Samples, position: Any) -> Any:
        place = np.broadcast_to(np.asarray(position, np.float64), block.shape[1:])
        return panned(block, place)

    return AutomatedReader(reader, context, change)


def panned(block: Samples, place: Any) -> Any:
    """Balance of equal power, 1 in the middle: `place` is -1 to 1, or many of them.

    Of more than two channels each pair is balanced; what is in the center stays there.
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
    threshold_db=number(-18.0, -60, 0, "dB"),
    ratio=number(3.0, 1, 20),
    attack_ms=number(10.0, 0.01, 2000, "ms"),
    release_ms=number(150.0, 0.01, 9000, "ms"),
    makeup_db=number(0.0, 0, 36, "dB"),
    knee_db=number(6.0, 0, 18, "dB"),
)
def compressor(reader: Reader, context: Context) -> Reader:
    """What is louder than a threshold becomes less so."""
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
    limit_db=number(-1.0, -24, 0, "dB"),
    attack_ms=number(5.0, 0.1, 80, "ms"),
    release_ms=number(50.0, 1, 8000, "ms"),
)
def limiter(reader: Reader, context: Context) -> Reader:
    """Nothing is louder than a limit."""
    v = context.settings
    options = (
        f"limit={decibels(v['limit_db']):.6f}:attack={v['attack_ms']}:"
        f"release={v['release_ms']}:level=0:latency=1"
    )
    return FilterReader([reader], context.rate_hz, [("alimiter", options)])


@sound(
    "dynamics",
    threshold_db=number(-40.0, -90, 0, "dB"),
    range_db=number(-60.0, -90, 0, "dB", "How much softer it becomes."),
    ratio=number(4.0, 1, 50),
    attack_ms=number(5.0, 0.01, 2000, "ms"),
    release_ms=number(200.0, 0.01, 9000, "ms"),
)
def gate(reader: Reader, context: Context) -> Reader:
    """What is softer than a threshold becomes silent."""
    v = context.settings
    options = (
        f"threshold={decibels(v['threshold_db']):.6f}:ratio={v['ratio']}:"
        f"range={decibels(v['range_db']):.6f}:attack={v['attack_ms']}:"
        f"release={v['release_ms']}"
    )
    return FilterReader([reader], context.rate_hz, [("agate", options)])


@sound(
    "dynamics",
    under=text("A1", "The track that is to be heard."),
    threshold_db=number(-30.0, -60, 0, "dB", "From which level on it counts."),
    ratio=number(8.0, 1, 20),
    attack_ms=number(20.0, 0.01, 2000, "ms"),
    release_ms=number(400.0, 0.01, 9000, "ms"),
)
def duck(reader: Reader, context: Context) -> Reader:
    """Softer while another track sounds: music under a voice."""
    v = context.settings
    options = (
        f"threshold={decibels(v['threshold_db']):.6f}:ratio={v['ratio']}:"
        f"attack={v['attack_ms']}:release={v['release_ms']}"
    )
    readers = [reader, context.track(v["under"])]
    return FilterReader(readers, context.rate_hz, [("sidechaincompress", options)])
