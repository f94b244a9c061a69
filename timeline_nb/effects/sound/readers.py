"""Readers of sound: the protocol of sound effects, and libavfilter as a reader."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Protocol, TypeAlias, cast

import av
import numpy as np
from av.filter import Graph
from numpy.typing import NDArray

from timeline_nb.effects.spec import Values
from timeline_nb.media.samples import floats, sound_frame

__all__ = [
    "PAIRS",
    "Context",
    "FilterReader",
    "Reader",
    "Samples",
    "decibels",
    "pairs_of",
]

Samples: TypeAlias = NDArray[np.float32]
# Left and right channels of stereo, 5.1 and 7.1, in pairs.
PAIRS: Final = ((0, 1), (4, 5), (6, 7))
# FFmpeg's layouts by number of channels.
_LAYOUTS: Final = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}
_BLOCK: Final = 1024


class Reader(Protocol):
    """A source of consecutive samples."""

    def read(self, count: int) -> Samples:
        """Read the next samples: `(channels, count) float32`, zero after the end."""


@dataclass
class Context:
    """The values and surroundings of a sound effect.

    Args:
        rate_hz: Samples a second.
        start: The time of the first sample that is read, in seconds of the owner.
        values: The effect's values.
        track: Returns a reader of another track from the same time on, without that
            track's effects.
    """

    rate_hz: int
    start: Fraction
    values: Values
    track: Callable[[str], Reader]

    @property
    def settings(self) -> dict[str, Any]:
        """The values at the start, for parameters that do not change while reading."""
        return self.values.at(self.start)

    def times(self, read: int, count: int) -> NDArray[np.float64]:
        """Return the seconds of `count` samples, `read` samples after the first."""
        return float(self.start) + (read + np.arange(count)) / self.rate_hz


def pairs_of(channels: int) -> list[tuple[int, int]]:
    """Return the pairs of left and right channels; center and low are in none."""
    return [pair for pair in PAIRS if pair[1] < channels]


def decibels(value: float) -> float:
    """Return the amplitude factor of a level in decibels."""
    return float(10 ** (value / 20))


class FilterReader:
    """Sound through a chain of libavfilter filters, with its delay removed.

    Args:
        readers: The input, and a second one for a side chain.
        rate_hz: Samples a second.
        chain: Names of filters with their options.
        delay: Samples by which the chain delays the sound.
    """

    def __init__(
        self,
        readers: "list[Reader]",
        rate_hz: int,
        chain: list[tuple[str, str]],
        delay: int = 0,
    ) -> None:
        self._readers, self._chain = readers, chain
        self._rate = rate_hz
        self._buffers: list[Any] = []
        self._graph: Graph | None = None
        self._sink: Any = None
        self._at = 0
        self._skip = delay
        self._ready: list[Samples] = []
        self._held = 0

    def read(self, count: int) -> Samples:
        """Read the next samples."""
        while self._held < count:
            self._push()
        whole = np.concatenate(self._ready, axis=1)
        self._ready = [whole[:, count:]]
        self._held = whole.shape[1] - count
        return whole[:, :count]

    def _open(self, layout: str, form: str) -> None:
        """Build the graph once the number of channels is known."""
        rate = self._rate
        # Filters are freed with a graph that nothing references.
        self._graph = graph = Graph()
        plain = f"sample_fmts=flt:sample_rates={rate}:channel_layouts={layout}"
        self._buffers = [
            graph.add(
                "abuffer",
                f"sample_rate={rate}:sample_fmt={form}:channel_layout={layout}:"
                f"time_base=1/{rate}",
            )
            for _ in self._readers
        ]
        last: Any = None
        for name, args in [*self._chain, ("aformat", plain)]:
            node = graph.add(name, args or None)
            if last is None:
                for port, buffer in enumerate(self._buffers):
                    buffer.link_to(node, 0, port)
            else:
                last.link_to(node)
            last = node
        self._sink = graph.add("abuffersink")
        last.link_to(self._sink)
        graph.configure()

    def _push(self) -> None:
        blocks = [reader.read(_BLOCK) for reader in self._readers]
        layout = _LAYOUTS[blocks[0].shape[0]]
        frames = [sound_frame(block, layout, self._rate) for block in blocks]
        if self._graph is None:
            self._open(layout, frames[0].format.name)
        for pushed, buffer in zip(frames, self._buffers, strict=True):
            pushed.pts = self._at
            pushed.time_base = Fraction(1, self._rate)
            buffer.push(pushed)
        self._at += _BLOCK
        while True:
            try:
                frame = cast("av.AudioFrame", self._sink.pull())
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            samples = floats(frame)
            drop = min(self._skip, samples.shape[1])
            self._skip -= drop
            self._ready.append(samples[:, drop:])
            self._held += samples.shape[1] - drop
