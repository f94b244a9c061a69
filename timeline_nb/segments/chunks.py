"""Cut stretches into chunks, at places that move with their clips."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from timeline_nb.compose.layers import Layer, shots_of
from timeline_nb.timebase import frame_at, frame_time

__all__ = ["anchor_of", "chunks"]


def anchor_of(layers: Sequence[Layer], first: int, rate: Fraction) -> int:
    """Return the frame of the timeline at which the lowest clip's own time is 0.

    Cuts counted from there stay on the same pictures when the clip is moved or its
    ends are trimmed.
    """
    for layer in layers:
        for shot in shots_of(layer):
            return first - frame_at(shot.clip_time(frame_time(first, rate)), rate)
    return first


def chunks(
    first: int, last: int, *, anchor: int, length: int
) -> Iterator[tuple[int, int]]:
    """Cut `first:last` every `length` frames, counted from `anchor`.

    A rest of less than a quarter stays with its neighbor.
    """
    least = max(1, length // 4)
    begin = first
    if length:
        cut = first + (anchor - first) % length
        for place in range(cut, last, length):
            if place - begin >= least and last - place >= least:
                yield begin, place
                begin = place
    yield begin, last
