"""How alike two films look and sound, where their bytes differ."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from math import inf, log10
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from timeline_nb.errors import MediaError
from timeline_nb.media._pyav import audio_streams, open_input, reason, video_streams
from timeline_nb.media.samples import floats
from timeline_nb.media.stream_hashes import planes_of

__all__ = ["Similarity", "similarity"]

_BLOCK: Final = 1 << 15


@dataclass(frozen=True)
class Similarity:
    """The peak signal-to-noise ratios of a film against another.

    Args:
        picture_db: The lowest of all pictures, over all their planes; infinite where
            all are equal, and minus infinite where one is missing or of another size.
        sound_db: Of the block of 32,768 samples that differs most, against full scale.
    """

    picture_db: float
    sound_db: float

    @property
    def lowest_db(self) -> float:
        """The lower of the two."""
        return min(self.picture_db, self.sound_db)


def similarity(
    one: Path, other: Path, check: Callable[[], object] = lambda: None
) -> Similarity:
    """Compare the first pictures and the first sound of two films.

    Args:
        one: A film.
        other: Another one.
        check: Called for each picture and block; what it raises ends the comparison.

    Raises:
        MediaError: One does not open, or does not decode.
    """
    return Similarity(
        _lowest(one, other, _pictures, check), _lowest(one, other, _blocks, check)
    )


def _lowest(
    one: Path,
    other: Path,
    parts_of: Callable[[Path], "Iterator[list[NDArray[Any]]]"],
    check: Callable[[], object],
) -> float:
    lowest = inf
    for first, second in zip_longest(parts_of(one), parts_of(other)):
        check()
        if first is None or second is None:
            return -inf
        lowest = min(lowest, _ratio_db(first, second))
        if lowest == -inf:
            return lowest
    return lowest


def _ratio_db(one: list[NDArray[Any]], other: list[NDArray[Any]]) -> float:
    if [(a.shape, a.dtype) for a in one] != [(b.shape, b.dtype) for b in other]:
        return -inf
    wide = [
        a.astype(np.float64) - b.astype(np.float64)
        for a, b in zip(one, other, strict=True)
    ]
    count = sum(part.size for part in wide)
    noise = sum(float(np.square(part).sum()) for part in wide)
    return -10 * log10(noise / count) if noise and count else inf


def _pictures(path: Path) -> Iterator[list[NDArray[Any]]]:
    """Yield each picture's planes, 0 to 1."""
    for picture in _frames(path, video_streams):
        deepest = max(part.bits for part in picture.format.components)
        most = np.float32((1 << deepest) - 1)
        yield [plane.astype(np.float32) / most for plane in planes_of(picture)]


def _blocks(path: Path) -> Iterator[list[NDArray[Any]]]:
    """Yield the samples in blocks of one length, but for the last: -1 to 1."""
    kept: list[NDArray[Any]] = []
    count = 0
    for frame in _frames(path, audio_streams):
        kept.append(floats(frame))
        count += frame.samples
        while count >= _BLOCK:
            whole = np.concatenate(kept, axis=1)
            yield [whole[:, :_BLOCK]]
            kept, count = [whole[:, _BLOCK:]], count - _BLOCK
    if count:
        yield [np.concatenate(kept, axis=1)]


def _frames(
    path: Path, streams_of: Callable[[InputContainer], list[Any]]
) -> Iterator[Any]:
    try:
        with open_input(path) as container:
            streams = streams_of(container)[:1]
            if streams:
                yield from container.decode(*streams)
    except av.error.FFmpegError as error:
        raise MediaError(f"{path} does not decode: {reason(error)}") from error
