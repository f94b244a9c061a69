"""Readers of sound: what an effect reads from, and is."""

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
# The left and the right channels of stereo, 5.1 and 7.1, pair by pair.
PAIRS: Final = ((0, 1), (4, 5), (6, 7))
# FFmpeg's layouts of so many channels.
_LAYOUTS: Final = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}
_BLOCK: Final = 1024


class Reader(Protocol):
    """Sound, read from a sample on."""

    def read(self, count: int) -> Samples:
        """The next samples: `(channels, count) float32`; silence behind the end."""


@dataclass
class Context:
    """What an effect is put into.

    Args:
        rate_hz: Samples a second.
        start: Of the first sample that is read, in seconds of the owner's time.
        values: The effect's values.
        track: Reads another track from the same moment on, without its effects.
    """

    rate_hz: int
    start: Fraction
    values: Values
    track: Callable[[str], Reader]

    @property
    def settings(self) -> dict[str, Any]:
        """What does not change while it is heard: the values at the start."""
        return self.values.at(self.start)

    def times(self, read: int, count: int) -> NDArray[np.float64]:
        """Seconds of `count` samples, `read` samples after the first."""
        return float(self.start) + (read + np.arange(count)) / self.rate_hz


def pairs_of(channels: int) -> list[tuple[int, int]]:
    """The left and right channels among so many; the center and the low are none."""
    return [pair for pair in PAIRS if pair[1] < channels]


def decibels(value: float) -> float:
    """A factor of so many decibels."""
    return float(10 ** (value / 20))


class FilterReader:
    """Sound through a chain of libavfilter, whose delay is taken back.

    Args:
        readers: What is read: one, or a second for a side chain.
        rate_hz: Samples a second.
        chain: Filters with their options.
        delay: Samples by which the chain is late.
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
        """The next samples."""
        while self._held < count:
            self._push()
        whole = np.concatenate(self._ready, axis=1)
        self._ready = [whole[:, count:]]
        self._held = whole.shape[1] - count
        return whole[:, :count]

    def _open(self, layout: str, form: str) -> None:
        """Make the graph, when it is known how many channels there are."""
        rate = self._rate
        # A graph that nothing holds takes its filters with it.
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
        for given, buffer in zip(frames, self._buffers, strict=True):
            given.pts = self._at
            given.time_base = Fraction(1, self._rate)
            buffer.push(given)
        self._at += _BLOCK
        while True:
            try:
                frame = cast("av.AudioFrame", self._sink.pull())
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            made = floats(frame)
            drop = min(self._skip, made.shape[1])
            self._skip -= drop
            self._ready.append(made[:, drop:])
            self._held += made.shape[1] - drop
