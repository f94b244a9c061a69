"""Sound at another speed, with or without its pitch.

Pitch is kept by WSOLA (Verhelst and Roelands, 1993): windows of the media's sound are
overlapped where their waveforms correlate best.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

import numpy as np
import scipy

from timeline_nb.effects.sound.readers import Samples
from timeline_nb.timeline.speed import Speed

__all__ = ["TimeStretcher"]

_WINDOW_S: Final = 0.04
_SEARCH_S: Final = 0.012
_KEPT_BLOCKS: Final = 8


class BlockCache:
    """Random access to samples, in blocks of which the last eight are cached.

    Args:
        source: Returns the media's samples for a first sample and a count.
        size: Samples in a block.
    """

    def __init__(self, source: Callable[[int, int], Samples], size: int) -> None:
        self._source, self._size = source, size
        self._kept: dict[int, Samples] = {}

    def read(self, start: int, count: int) -> Samples:
        """Return samples `start` to `start + count`."""
        first, last = start // self._size, (start + count - 1) // self._size
        parts = [self._block(number) for number in range(first, last + 1)]
        begin = start - first * self._size
        return np.concatenate(parts, axis=1)[:, begin : begin + count]

    def _block(self, number: int) -> Samples:
        if number not in self._kept:
            while len(self._kept) >= _KEPT_BLOCKS:
                del self._kept[next(iter(self._kept))]
            self._kept[number] = self._source(number * self._size, self._size)
        return self._kept[number]


class TimeStretcher:
    """A reader of a media's sound at a clip's speed.

    Args:
        source: Returns the media's samples for a first sample and a count.
        speed: Maps the clip's time to media time.
        rate_hz: Samples a second.
        start: The first sample that is read, in the clip's time.
        keep_pitch: Whether the pitch is kept.
    """

    def __init__(
        self,
        source: Callable[[int, int], Samples],
        speed: Speed,
        rate_hz: int,
        start: int,
        *,
        keep_pitch: bool,
    ) -> None:
        self._source, self._speed, self._rate = (
            BlockCache(source, rate_hz // 2),
            speed,
            rate_hz,
        )
        self._at, self._keep = start, keep_pitch
        self._hop = round(_WINDOW_S * rate_hz / 2)
        self._reach = round(_SEARCH_S * rate_hz)
        window = np.hanning(2 * self._hop + 1)[:-1]
        self._window = window.astype(np.float32)
        # The second half of the last window, and the waveform that should follow it.
        self._half = np.zeros((1, self._hop), np.float32)
        self._wanted: Any = None
        self._ready = np.zeros((1, 0), np.float32)
        if keep_pitch:
            # The first window only fades in, so it begins half a window early.
            self._grid = start - self._hop
            self._step()
            self._ready = self._ready[:, self._hop :]

    def read(self, count: int) -> Samples:
        """Read the next samples."""
        if not self._keep:
            return self._resampled(count)
        while self._ready.shape[1] < count:
            self._step()
        out, self._ready = self._ready[:, :count], self._ready[:, count:]
        return out

    def _place(self, sample: int) -> float:
        time = self._speed.media_time(Fraction(sample, self._rate))
        return float(time) * self._rate

    def _step(self) -> None:
        """Append one more window."""
        hop, reach = self._hop, self._reach
        middle = self._grid + hop
        backwards = self._speed.rate_at(Fraction(middle, self._rate)) < 0
        place = round(self._place(middle))
        wide = self._taken(place - hop - reach, 2 * (hop + reach), place, backwards)
        offset = reach
        if self._wanted is not None and self._wanted.any():
            similarity = scipy.signal.correlate(
                wide.mean(axis=0)[: 2 * reach + hop], self._wanted, mode="valid"
            )
            offset = int(np.argmax(similarity))
        taken = wide[:, offset : offset + 2 * hop]
        windowed = taken * self._window
        finished = self._half + windowed[:, :hop]
        self._half = windowed[:, hop:]
        following = wide[:, offset + hop : offset + 2 * hop]
        self._wanted = following.mean(axis=0)
        waiting = [self._ready, finished] if self._ready.shape[1] else [finished]
        self._ready = np.concatenate(waiting, axis=1)
        self._grid += hop

    def _taken(self, first: int, count: int, place: int, backwards: bool) -> Samples:  # noqa: FBT001
        if not backwards:
            return self._source.read(first, count)
        # The same samples, mirrored about the place.
        mirrored = 2 * place - first - count
        return np.ascontiguousarray(self._source.read(mirrored, count)[:, ::-1])

    def _resampled(self, count: int) -> Samples:
        """Interpolate between samples, which changes the pitch as tape does."""
        places = np.array(
            [self._place(self._at + n) for n in (0, count // 2, count)], np.float64
        )
        steps = np.arange(count)
        if count < 4 or abs(places[2] - 2 * places[1] + places[0]) < 2:
            where = places[0] + (places[2] - places[0]) / max(count, 1) * steps
        else:
            where = np.array([self._place(self._at + int(n)) for n in steps])
        self._at += count
        low, high = int(np.floor(where.min())) - 1, int(np.ceil(where.max())) + 2
        block = self._source.read(low, high - low)
        grid = np.arange(low, high)
        return np.stack([np.interp(where, grid, one) for one in block]).astype(
            np.float32
        )
