"""Keyframes as points at whole frames, with straight lines between them.

MLT's own curves differ from ours: what is curved here becomes as many straight lines as
make no difference that is seen or heard.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final, TypeAlias

from timeline_nb.interchange.flat import FlatKey
from timeline_nb.timeline.keyframes import value_at

__all__ = ["Curve", "Point", "curve_of", "edges_of", "points_of"]

# Values at a frame, counted from the clip's start.
Curve: TypeAlias = Callable[[Fraction], tuple[float, ...]]
Point: TypeAlias = tuple[int, tuple[float, ...]]
Error: TypeAlias = Callable[[tuple[float, ...], tuple[float, ...]], float]
_TOLERANCE: Final = 0.002


def curve_of(keys: Iterable[FlatKey]) -> Curve:
    """Return the values of keyframes, which are numbers or lists of them."""
    own = [key.at(key.frame) for key in keys]

    def at(frame: Fraction) -> tuple[float, ...]:
        value: Any = value_at(own, frame)
        parts = value if isinstance(value, (list, tuple)) else (value,)
        return tuple(map(float, parts))

    return at


def edges_of(keys: Iterable[FlatKey]) -> set[int]:
    """Return the whole frames around each keyframe, from the clip's start."""
    edges: set[int] = set()
    for key in keys:
        low = key.frame // 1
        # What holds its value jumps between a frame and the one before.
        edges |= {low - 1, low, low + 1}
    return edges


def _difference(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def points_of(
    curve: Curve,
    first: int,
    last: int,
    edges: Iterable[int] = (),
    *,
    error: Error = _difference,
) -> list[Point]:
    """Return points from which straight lines give a curve at each whole frame.

    Args:
        curve: The values.
        first: The first frame.
        last: The last one.
        edges: Frames at which the curve may turn.
        error: The difference of two values, in parts of what is noticed at all.
    """
    stops = sorted({first, last, *(edge for edge in edges if first < edge < last)})
    values = {frame: curve(Fraction(frame)) for frame in stops}
    open_ = list(pairwise(stops))
    while open_:
        low, high = open_.pop()
        if high - low < 2:
            continue
        middle = (low + high) // 2
        # A symmetric curve crosses its chord at the middle, but not before it.
        for frame in {middle, (low + middle) // 2} - {low}:
            share = (frame - low) / (high - low)
            chord = tuple(
                a + (b - a) * share
                for a, b in zip(values[low], values[high], strict=True)
            )
            exact = curve(Fraction(frame))
            if error(chord, exact) > _TOLERANCE:
                values[frame] = exact
                open_ += [(low, frame), (frame, high)]
                break
    return _thinned(sorted(values.items()), error)


def _thinned(points: list[Point], error: Error) -> list[Point]:
    """Return points without those on the straight line between their neighbors."""
    kept: list[Point] = []
    for number, (frame, value) in enumerate(points):
        if kept and number + 1 < len(points):
            (low, before), (high, after) = kept[-1], points[number + 1]
            share = (frame - low) / (high - low)
            line = tuple(
                a + (b - a) * share for a, b in zip(before, after, strict=True)
            )
            if error(line, value) <= 1e-9:
                continue
        kept.append((frame, value))
    if len(kept) == 2 and error(kept[0][1], kept[1][1]) <= 1e-9:
        return kept[:1]
    return kept
