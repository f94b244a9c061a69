"""Merge lists whose parts have keys: effects, markers; and what is in them."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import TypeVar

from msgspec.structs import replace

from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.comparing.changes import quote
from timeline_nb.timeline.comparing.effect_pairs import pair_effects
from timeline_nb.timeline.comparing.marks import match_markers
from timeline_nb.timeline.merging.questions import Ask, joined
from timeline_nb.timeline.merging.sequences import align, clusters, hunks
from timeline_nb.timeline.model import Effect, Marker

__all__ = ["merge_effect", "merge_effects", "merge_keyed", "merge_markers"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def merge_keyed(  # noqa: PLR0913 - what is merged, how, and how it is called
    ask: Ask,
    base: Mapping[K, V],
    ours: Mapping[K, V],
    theirs: Mapping[K, V],
    merge_one: Callable[[V | None, V, V], V],
    *,
    name: Callable[[V], str],
    order: str,
) -> dict[K, V]:
    """Merge lists whose parts have keys.

    What one side added is there, what one side removed is not, unless the other side
    changed it: then it is asked.

    Args:
        ask: Asks what cannot be joined.
        base: The parts before, in order.
        ours: Those of ours.
        theirs: Those of theirs.
        merge_one: Merges a part that both have; the first is None if both added it.
        name: Names a part.
        order: How the order of all is called in a question; empty if it is of no
            account.
    """
    kept: dict[K, V] = {}
    for key in dict.fromkeys([*base, *ours, *theirs]):
        before, one, other = base.get(key), ours.get(key), theirs.get(key)
        if one is not None and other is not None:
            kept[key] = one if one == other else merge_one(before, one, other)
            continue
        there = one if one is not None else other
        if there is None or there == before:
            continue
        if before is not None:
            words = ("changed", "removed") if other is None else ("removed", "changed")
            if ask.side(name(there), "", *words) != ("ours", "theirs")[one is None]:
                continue
        kept[key] = there
    first, *sides = ([k for k in side if k in kept] for side in (base, ours, theirs))
    # What a side removed and is kept all the same is where it was.
    orders = [first, *(_filled(side, first) for side in sides)]
    return {key: kept[key] for key in _order(ask, order, orders, kept)}


def _order(
    ask: Ask, what: str, orders: Sequence[Sequence[K]], kept: Collection[K]
) -> list[K]:
    base, ours, theirs = orders
    made: list[K] = []
    place, is_clear = 0, True
    found = clusters(hunks(base, ours), hunks(base, theirs), matters=bool)
    for cluster in found:
        made += base[place : cluster.first]
        place = cluster.last
        one = cluster.shown_by(base, cluster.ours)
        other = cluster.shown_by(base, cluster.theirs)
        if not cluster.theirs or not cluster.ours:
            made += one if cluster.ours else other
            continue
        both = _interleaved(one, other)
        is_insertion = cluster.first == cluster.last
        is_clear = is_clear and (one == other or (is_insertion and both is not None))
        made += both or []
    made += base[place:]
    if is_clear and len(made) == len(set(made)) == len(kept):
        return made
    side = "ours"
    if what:
        side = ask.side(what, *(", ".join(map(str, order)) for order in orders))
    first, second = (theirs, ours) if side == "theirs" else (ours, theirs)
    return _filled(_filled(list(first), second), base)


def _interleaved(one: Sequence[K], other: Sequence[K]) -> list[K] | None:
    """Return two orders as one, ours first; None if they are tangled."""
    pairs = align(one, other)
    if len(pairs) < len(set(one) & set(other)):
        return None
    made: list[K] = []
    here, there = 0, 0
    for first, second in [*pairs, (len(one), len(other))]:
        made += one[here:first]
        made += other[there:second]
        made += one[first : first + 1]
        here, there = first + 1, second + 1
    return made


def _filled(order: list[K], other: Sequence[K]) -> list[K]:
    """Return an order with what it lacks of another, each after the one before it."""
    known = set(order)
    # What is new, by the one that it follows; None of the first.
    following: dict[K | None, list[K]] = {}
    before: K | None = None
    for key in other:
        if key in known:
            before = key
        else:
            following.setdefault(before, []).append(key)
    made = list(following.get(None, []))
    for key in order:
        made.append(key)
        made += following.get(key, [])
    return made


def merge_effects(
    ask: Ask,
    base: Sequence[Effect],
    ours: Sequence[Effect],
    theirs: Sequence[Effect],
) -> tuple[Effect, ...]:
    """Merge lists of effects: matched as `pair_effects`, parameters one by one."""
    is_clear, whole = joined(tuple(base), tuple(ours), tuple(theirs))
    if is_clear:
        return whole
    made = merge_keyed(
        ask,
        _effects_by_base(base, base),
        _effects_by_base(base, ours),
        _effects_by_base(base, theirs),
        lambda one, two, three: merge_effect(ask, one, two, three),
        name=lambda effect: f"effect {effect.kind}",
        order="order of effects",
    )
    return tuple(made.values())


def _effects_by_base(
    base: Sequence[Effect], side: Sequence[Effect]
) -> dict[str, Effect]:
    """Return effects by their kinds and the numbers that the base gives them.

    New ones of a kind are numbered after those of the base.
    """
    counts: dict[str, int] = {}
    names = [_numbered(effect.kind, counts) for effect in base]
    same = {other: names[one] for one, other in pair_effects(base, side)}
    return {
        same.get(place) or _numbered(effect.kind, counts): effect
        for place, effect in enumerate(side)
    }


def _numbered(kind: str, counts: dict[str, int]) -> str:
    number = counts[kind] = counts.get(kind, 0) + 1
    return f"{kind} {number}" if number > 1 else kind


def merge_effect(ask: Ask, base: Effect | None, ours: Effect, theirs: Effect) -> Effect:
    """Merge an effect that both sides have."""
    base = base or Effect(kind=ours.kind)
    what = f"effect {ours.kind}"
    is_clear, whole = joined(base, ours, theirs)
    if is_clear:
        return whole
    if ours.kind == "speed":
        # Its parameters mean nothing without each other.
        return ask.value("speed", base, ours, theirs)
    return replace(
        ours,
        parameters=ask.mapping(
            f"{what}: ", base.parameters, ours.parameters, theirs.parameters
        ),
        keyframes=ask.mapping(
            f"{what}: keyframes of ", base.keyframes, ours.keyframes, theirs.keyframes
        ),
        enabled=ask.value(f"{what}: on", base.enabled, ours.enabled, theirs.enabled),
    )


def merge_markers(
    ask: Ask,
    base: Sequence[Marker],
    ours: Sequence[Marker],
    theirs: Sequence[Marker],
) -> tuple[Marker, ...]:
    """Merge lists of markers; the result is in order of time."""
    is_clear, whole = joined(tuple(base), tuple(ours), tuple(theirs))
    if is_clear:
        return whole
    made = merge_keyed(
        ask,
        {f"base {number}": marker for number, marker in enumerate(base)},
        _by_base(base, ours),
        _by_base(base, theirs),
        lambda one, two, three: _marker(ask, one, two, three),
        name=lambda marker: f"marker {quote(marker.name)}",
        order="",
    )
    return tuple(sorted(made.values(), key=lambda marker: marker.marked_range.start))


def _by_base(base: Sequence[Marker], side: Sequence[Marker]) -> dict[str, Marker]:
    numbers = {id(marker): number for number, marker in enumerate(base)}
    known = {id(other): numbers[id(one)] for one, other in match_markers(base, side)}
    found: dict[str, Marker] = {}
    counts: dict[str, int] = {}
    for marker in side:
        key = f"base {known[id(marker)]}" if id(marker) in known else repr(marker)
        number = counts[key] = counts.get(key, 0) + 1
        found[f"{key} {number}" if number > 1 else key] = marker
    return found


def _marker(ask: Ask, base: Marker | None, ours: Marker, theirs: Marker) -> Marker:
    if base is None:
        return ours
    inner = ask.at(f"marker {base.name}", f"marker {quote(ours.name)}")
    spans = [marker.marked_range for marker in (base, ours, theirs)]
    return replace(
        ours,
        name=inner.value("name", base.name, ours.name, theirs.name),
        marked_range=TimeRange(
            inner.value("time", *(span.start for span in spans)),
            inner.value("length", *(span.duration for span in spans)),
        ),
        color=inner.value("color", base.color, ours.color, theirs.color),
        note=inner.value("note", base.note, ours.note, theirs.note),
        metadata=inner.mapping(
            "metadata: ", base.metadata, ours.metadata, theirs.metadata
        ),
    )
