"""Frames that are kept, and those in place of others that do not decode."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Final

from timeline_nb.errors import DamagedFrameError
from timeline_nb.media.frame import Frame

__all__ = ["HELD_REACH", "KEPT_FRAMES", "decodable_frames", "held_frame"]

# For steps back and repeats; 3 MB each at 1080p.
KEPT_FRAMES: Final = 8
# Frames around one that does not decode, among which another is looked for.
HELD_REACH: Final = 600


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
