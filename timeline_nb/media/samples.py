"""Samples of decoded frames: as floats, in the channels of a film, at its rate."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray

from timeline_nb.media.channels import LAYOUTS, fold, named

__all__ = ["Folded", "Resampled", "Samples"]

Samples = NDArray[np.float32]

# What is taken from whole numbers, and what they are divided by.
_SCALES: Final[dict[str, tuple[int, float]]] = {
    "u8": (128, 1 / 128),
    "s16": (0, 1 / (1 << 15)),
    "s32": (0, 1 / (1 << 31)),
}
# Frames are resampled together: a call costs as much as some hundred samples.
_BATCH: Final = 8192


@dataclass(frozen=True)
class _Plan:
    """How the channels of one layout become those of another.

    Args:
        rows: Of each film channel, the source channels in it with their factors.
        is_plain: Whether they are the same.
    """

    rows: tuple[tuple[tuple[int, float], ...], ...]
    is_plain: bool

    def run(self, sound: Samples) -> Samples:
        """Channels added up, in an order that does not depend on the processor."""
        if self.is_plain:
            return sound
        out = np.empty((len(self.rows), sound.shape[1]), np.float32)
        for made, parts in zip(out, self.rows, strict=True):
            made.fill(0)
            for column, factor in parts:
                np.add(made, sound[column] * np.float32(factor), out=made)
        return out


class Folded:
    """Turns decoded frames of any format and layout into a film's channels.

    Args:
        layout: The film's, one of `LAYOUTS`.
        side: The channel of the film that a source of one channel is heard in alone,
            by FFmpeg's name; its usual place if empty.
    """

    def __init__(self, layout: str, side: str = "") -> None:
        self.layout, self._side = layout, side
        self.channels = len(LAYOUTS[layout])

    def __call__(self, frame: av.AudioFrame) -> Samples:
        """A frame's samples: `(film channels, n) float32`."""
        source = frame.layout
        plan = _planned(source.name, source.nb_channels, self.layout, self._side)
        return plan.run(_floats(frame))


@lru_cache(maxsize=64)
def _planned(source: str, count: int, layout: str, side: str) -> _Plan:
    # Files that tell nothing have layouts such as "6 channels", which names none.
    channels = ["NONE"] * count
    if source != f"{count} channels":
        channels = [channel.name for channel in av.AudioLayout(source).channels]
    matrix = fold(named(channels), layout)
    if side and count == 1:
        wide = LAYOUTS[layout]
        # A film in mono has the mean of both sides.
        parts = [0.5] if len(wide) == 1 else [float(name == side) for name in wide]
        matrix = np.array(parts)[:, np.newaxis]
    rows = tuple(
        tuple((int(column), float(row[column])) for column in np.flatnonzero(row))
        for row in matrix
    )
    same = matrix.shape[0] == matrix.shape[1]
    return _Plan(rows, same and np.array_equal(matrix, np.eye(len(matrix))))


def _floats(frame: av.AudioFrame) -> Samples:
    """`(channels, n) float32`, -1 to 1."""
    sample = frame.format
    try:
        plain: NDArray[Any] = frame.to_ndarray()
    except ValueError:
        # Whole numbers of 64 bits, which NumPy is not given by PyAV.
        (frame,) = av.AudioResampler("fltp").resample(frame)
        sample, plain = frame.format, frame.to_ndarray()
    if sample.is_packed:
        plain = plain.reshape(-1, frame.layout.nb_channels).T
    if plain.dtype == np.float32:
        return plain
    zero, scale = _SCALES.get(sample.packed.name, (0, 1.0))
    sound = plain.astype(np.float32)
    if zero:
        sound -= np.float32(zero)
    if scale != 1:
        sound *= np.float32(scale)
    return sound


class Resampled:
    """Sound at another rate, without delay.

    Args:
        layout: One of `LAYOUTS`.
        source_hz: Of what is given.
        rate_hz: Of what is made.
    """

    def __init__(self, layout: str, source_hz: int, rate_hz: int) -> None:
        self._layout, self._source_hz, self._rate_hz = layout, source_hz, rate_hz
        self._resampler: av.AudioResampler | None = None
        if source_hz != rate_hz:
            self._resampler = av.AudioResampler("fltp", layout, rate_hz)
        self._waiting: list[Samples] = []
        self._held = 0

    def push(self, sound: Samples) -> Iterator[Samples]:
        """What is ready after some more samples."""
        if self._resampler is None:
            yield sound
            return
        self._waiting.append(sound)
        self._held += sound.shape[1]
        if self._held >= _BATCH:
            yield from self._made(self._resampler)

    def rest(self) -> Iterator[Samples]:
        """What is left at the end."""
        if self._resampler is None:
            return
        if self._held:
            yield from self._made(self._resampler)
            for frame in self._resampler.resample(None):
                yield _floats(frame)

    def _made(self, resampler: av.AudioResampler) -> Iterator[Samples]:
        joined = np.ascontiguousarray(np.concatenate(self._waiting, axis=1))
        self._waiting, self._held = [], 0
        frame = av.AudioFrame.from_ndarray(joined, "fltp", self._layout)
        frame.sample_rate = self._source_hz
        frame.pts = None
        for made in resampler.resample(frame):
            yield _floats(made)
