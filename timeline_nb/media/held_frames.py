"""Frames that are kept, and those in place of others that do not decode."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Final

from cachetools import LRUCache

from timeline_nb.errors import DamagedFrameError
from timeline_nb.media.frame import Frame

__all__ = [
    "HELD_REACH",
    "KEPT_FRAMES",
    "KeptFrames",
    "decodable_frames",
    "held_frame",
]

# For steps back and repeats; 3 MB each at 1080p.
KEPT_FRAMES: Final = 8
# Of one decoder: eight frames of 2160p in ten bits take 200 MB.
_KEPT_BYTES: Final = 256_000_000
_LEAST_KEPT: Final = 2
# Frames around one that does not decode, among which another is looked for.
HELD_REACH: Final = 600


class KeptFrames(LRUCache[int, Frame]):
    """The frames that a decoder gave last, by number; large ones are fewer.

    Args:
        kept_bytes: What their pictures may take; two are kept whatever they take.
    """

    def __init__(self, kept_bytes: int = _KEPT_BYTES) -> None:
        super().__init__(KEPT_FRAMES)
        self._kept_bytes = kept_bytes
        self._sizes: dict[int, int] = {}

    def __setitem__(self, number: int, frame: Frame) -> None:
        super().__setitem__(number, frame)
        planes = frame.picture.planes
        self._sizes[number] = sum(plane.buffer_size for plane in planes)
        while len(self) > _LEAST_KEPT and sum(self._sizes.values()) > self._kept_bytes:
            self.popitem()

    def __delitem__(self, number: int) -> None:
        super().__delitem__(number)
        self._sizes.pop(number, None)


def held_frame(
    frame: Callable[[int], Frame], number: int, count: int, *, reach: int | None = None
) -> Frame:
    """Return frame `number`, or the last before it that decodes.

    Args:
        frame: Gives a frame by its number.
        number: The requested one; the first that decodes replaces those before it.
        count: How many there are.
        reach: Only frames nearer than this are tried; all if not given.

    Raises:
        DamagedFrameError: None decodes.
    """
    try:
        return frame(number)
    except DamagedFrameError as error:
        damage = error
    reach = count if reach is None else reach
    behind = range(number - 1, max(-1, number - reach), -1)
    ahead = range(number + 1, min(number + reach, count))
    for other in (*behind, *ahead):
        with suppress(DamagedFrameError):
            return frame(other)
    raise damage


def decodable_frames(
    frame: Callable[[int], Frame], numbers: Iterable[int]
) -> Iterator[Frame]:
    """Yield the frames of numbers that decode.

    Raises:
        DamagedFrameError: None of them decodes.
    """
    damage: DamagedFrameError | None = None
    given = False
    for number in numbers:
        try:
            found = frame(number)
        except DamagedFrameError as error:
            damage = error
            continue
        given = True
        yield found
    if damage is not None and not given:
        raise damage
