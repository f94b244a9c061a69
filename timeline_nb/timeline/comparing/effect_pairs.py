"""Which effects of two lists are the same: they have no ids, only kinds and values."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from timeline_nb.timeline.model import Effect

__all__ = ["pair_effects"]

# Comparisons of effects of one kind; more of them are paired in their order.
_MOST_COMPARED: Final = 10_000


def pair_effects(old: Sequence[Effect], new: Sequence[Effect]) -> list[tuple[int, int]]:
    """Return the places of effects that are in both lists, before and after.

    Of one kind, equal ones are pairs first. Those that are left keep their order, and
    if one list has more of them, those are pairs that have most in common.
    """
    places = _by_kind(old), _by_kind(new)
    return [
        pair
        for kind, there in places[1].items()
        if (here := places[0].get(kind))
        for pair in _pairs(old, new, here, there)
    ]


def _by_kind(effects: Sequence[Effect]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place, effect in enumerate(effects):
        found[effect.kind].append(place)
    return found


def _pairs(
    old: Sequence[Effect], new: Sequence[Effect], here: list[int], there: list[int]
) -> Iterator[tuple[int, int]]:
    if len(here) * len(there) > _MOST_COMPARED:
        yield from zip(here, there, strict=False)
        return
    left, added = list(here), []
    for place in there:
        same = next((one for one in left if old[one] == new[place]), None)
        if same is None:
            added.append(place)
        else:
            left.remove(same)
            yield same, place
    if len(left) == len(added):
        yield from zip(left, added, strict=True)
    elif len(left) < len(added):
        yield from _aligned([old[one] for one in left], left, new, added)
    else:
        found = _aligned([new[one] for one in added], added, old, left)
        yield from ((one, other) for other, one in found)


def _aligned(
    fewer: Sequence[Effect], names: Sequence[int], more: Sequence[Effect], of: list[int]
) -> Iterator[tuple[int, int]]:
    """Yield a partner for each of the fewer, in order, with most in common in all."""
    # The best of the first n with the first m, and whether these two are a pair in it.
    worth = [[0.0] * (len(of) + 1) for _ in range(len(fewer) + 1)]
    for n, effect in enumerate(fewer):
        for m in range(n, len(of) - len(fewer) + n + 1):
            paired = worth[n][m] + _in_common(effect, more[of[m]])
            skipped = worth[n + 1][m] if m > n else -1.0
            worth[n + 1][m + 1] = max(paired, skipped)
    n, m = len(fewer), len(of)
    while n:
        if m > n and worth[n][m] == worth[n][m - 1]:
            m -= 1
            continue
        n, m = n - 1, m - 1
        yield names[n], of[m]


def _in_common(one: Effect, other: Effect) -> float:
    """Return how much of two effects of one kind is equal, from 0 to 1."""
    parts = [one.enabled == other.enabled]
    for first, second in (
        (one.parameters, other.parameters),
        (one.keyframes, other.keyframes),
    ):
        names = {*first, *second}
        parts += [first.get(name) == second.get(name) for name in names]
    return sum(parts) / len(parts)
