"""Convert decoded audio: to floats, to a channel layout, to a sample rate."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray

from timeline_nb.media.channels import LAYOUTS, fold, named

__all__ = ["Folded", "Resampled", "Samples", "floats", "sound_frame"]

Samples = NDArray[np.float32]

# What is taken from whole numbers, and what they are divided by.
_SCALES: Final[dict[str, tuple[int, float]]] = {
    "u8": (128, 1 / 128),
    "s16": (0, 1 / (1 << 15)),
    "s32": (0, 1 / (1 << 31)),
}
# Frames are resampled together: a call costs as much as some hundred samples.
_BATCH: Final = 8192
# PyAV 18 reads past the planes of frames that have eight or more.
_MOST_PLANES: Final = 7


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
        """Mix channels, added in an order that does not depend on the processor."""
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
        """Return a frame's samples: `(film channels, n) float32`."""
        source = frame.layout
        plan = _planned(source.name, source.nb_channels, self.layout, self._side)
        return plan.run(floats(frame))


@lru_cache(maxsize=64)
def _planned(source: str, count: int, layout: str, side: str) -> _Plan:
    # Files without a layout have "6 channels" and the like, which names none.
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


def floats(frame: av.AudioFrame) -> Samples:
    """Return a decoded frame's samples: `(channels, n) float32`, -1 to 1."""
    channels = frame.layout.nb_channels
    if frame.format.is_planar and channels > _MOST_PLANES:
        frame = _converted(frame, frame.format.packed.name)
    if frame.format.name == "fltp":
        return _planes(frame)
    try:
        plain: NDArray[Any] = frame.to_ndarray()
    except ValueError:
        # Whole numbers of 64 bits, which PyAV gives no NumPy type.
        frame = _converted(frame, "flt")
        plain = frame.to_ndarray()
    if frame.format.is_packed:
        plain = plain.reshape(-1, channels).T
    if plain.dtype == np.float32:
        return plain
    zero, scale = _SCALES.get(frame.format.packed.name, (0, 1.0))
    sound = plain.astype(np.float32)
    if zero:
        sound -= np.float32(zero)
    if scale != 1:
        sound *= np.float32(scale)
    return sound


def _planes(frame: av.AudioFrame) -> Samples:
    """Return planar floats as `to_ndarray` does, at half its cost."""
    count = frame.samples
    sound = np.empty((frame.layout.nb_channels, count), np.float32)
    plane: Any
    for row, plane in zip(sound, frame.planes, strict=True):
        np.copyto(row, np.frombuffer(plane, np.float32, count))
    return sound


def sound_frame(sound: Samples, layout: str, rate_hz: int) -> av.AudioFrame:
    """Return a frame of samples `(channels, n) float32`, for an encoder or a filter."""
    if len(sound) > _MOST_PLANES:
        packed = np.ascontiguousarray(sound.T, np.float32).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, "flt", layout)
    else:
        planes = np.ascontiguousarray(sound, np.float32)
        frame = av.AudioFrame.from_ndarray(planes, "fltp", layout)
    frame.sample_rate = rate_hz
    return frame


def _converted(frame: av.AudioFrame, sample_format: str) -> av.AudioFrame:
    stamp, frame.pts = frame.pts, None
    (made,) = av.AudioResampler(sample_format).resample(frame)
    frame.pts = stamp
    return made


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
            self._resampler = av.AudioResampler("flt", layout, rate_hz)
        self._waiting: list[Samples] = []
        self._held = 0

    def push(self, sound: Samples) -> Iterator[Samples]:
        """Yield what is ready after some more samples."""
        if self._resampler is None:
            yield sound
            return
        self._waiting.append(sound)
        self._held += sound.shape[1]
        if self._held >= _BATCH:
            yield from self._made(self._resampler)

    def rest(self) -> Iterator[Samples]:
        """Yield what is left at the end."""
        if self._resampler is None:
            return
        if self._held:
            yield from self._made(self._resampler)
            for frame in self._resampler.resample(None):
                yield floats(frame)

    def _made(self, resampler: av.AudioResampler) -> Iterator[Samples]:
        joined = np.concatenate(self._waiting, axis=1)
        self._waiting, self._held = [], 0
        frame = sound_frame(joined, self._layout, self._source_hz)
        frame.pts = None
        for made in resampler.resample(frame):
            yield floats(made)
