"""What two sides did to one order: hunks that join, and clusters that overlap.

An order is a list of tokens, none of which stands twice. Both sides are aligned with
the base by a longest common subsequence, which among such lists is a longest
increasing one (Schensted 1961), found in n log n.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Cluster", "Hunk", "align", "clusters", "hunks"]

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Hunk(Generic[K]):
    """A stretch of the base that a side replaced.

    Args:
        first: The first token that it replaced.
        last: The first one kept behind them.
        tokens: What stands there instead.
    """

    first: int
    last: int
    tokens: tuple[K, ...]

    @property
    def is_insertion(self) -> bool:
        """Whether it replaced nothing."""
        return self.first == self.last


@dataclass(frozen=True)
class Cluster(Generic[K]):
    """Hunks that overlap.

    Args:
        first: The first token of the base that they replaced.
        last: The first one kept behind them.
        ours: Hunks of ours.
        theirs: Hunks of theirs.
    """

    first: int
    last: int
    ours: tuple[Hunk[K], ...]
    theirs: tuple[Hunk[K], ...]

    def shown_by(self, base: Sequence[K], side: Sequence[Hunk[K]]) -> tuple[K, ...]:
        """Return what a side has in place of the stretch."""
        made: list[K] = []
        place = self.first
        for hunk in side:
            made += base[place : hunk.first]
            made += hunk.tokens
            place = hunk.last
        made += base[place : self.last]
        return tuple(made)


def align(base: Sequence[K], side: Sequence[K]) -> list[tuple[int, int]]:
    """Return the places of the tokens that a side kept in order, in both lists."""
    places = {token: place for place, token in enumerate(side)}
    pairs = [
        (number, places[token]) for number, token in enumerate(base) if token in places
    ]
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(tails, place)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [place]
        ends[length : length + 1] = [number]
    kept: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        kept.append(pairs[number])
        number = before[number]
    return kept[::-1]


def hunks(
    base: Sequence[K], side: Sequence[K], touched: Collection[K] = ()
) -> list[Hunk[K]]:
    """Return what a side replaced, in order.

    Args:
        base: The order before.
        side: The order after.
        touched: Tokens that count as replaced by themselves.
    """
    found: list[Hunk[K]] = []
    here, there = 0, 0
    for number, place in [*align(base, side), (len(base), len(side))]:
        if here < number or there < place:
            found.append(Hunk(here, number, tuple(side[there:place])))
        if number < len(base) and base[number] in touched:
            found.append(Hunk(number, number + 1, (base[number],)))
        here, there = number + 1, place + 1
    return found


def clusters(
    ours: Sequence[Hunk[K]],
    theirs: Sequence[Hunk[K]],
    *,
    matters: Callable[[K], bool],
) -> Iterator[Cluster[K]]:
    """Yield hunks in order, those that overlap together.

    Args:
        ours: Hunks of one side, in order.
        theirs: Hunks of the other, in order.
        matters: Whether the order of a token and one inserted beside it is of account.
    """
    in_order = sorted(
        [*((hunk, 0) for hunk in ours), *((hunk, 1) for hunk in theirs)],
        key=lambda entry: (entry[0].first, entry[0].last),
    )
    held: tuple[list[Hunk[K]], list[Hunk[K]]] = ([], [])
    for hunk, side in in_order:
        other = held[1 - side]
        if any(held) and not (other and _overlap(other[-1], hunk, matters)):
            yield _cluster(held)
            held = ([], [])
        held[side].append(hunk)
    if any(held):
        yield _cluster(held)


def _cluster(held: tuple[list[Hunk[K]], list[Hunk[K]]]) -> Cluster[K]:
    both = [*held[0], *held[1]]
    return Cluster(
        min(hunk.first for hunk in both),
        max(hunk.last for hunk in both),
        tuple(held[0]),
        tuple(held[1]),
    )


def _overlap(one: Hunk[K], other: Hunk[K], matters: Callable[[K], bool]) -> bool:
    """Tell whether two hunks cannot both be applied; `one` begins first."""
    if one.is_insertion:
        # What is inserted where the other replaced something: which is first?
        has_own = other.is_insertion or any(map(matters, other.tokens))
        return one.first == other.first and has_own
    return other.first < one.last
