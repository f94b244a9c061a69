"""Changes of effects: which was added, and which parameter from what to what."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from timeline_nb.core.and_more import and_more
from timeline_nb.i18n import Message
from timeline_nb.timeline.comparing.changes import (
    NO_KEYS,
    Change,
    Keys,
    changed,
    in_words,
    mapping_changes,
)
from timeline_nb.timeline.comparing.effect_pairs import pair_effects
from timeline_nb.timeline.model import Effect, Keyframe, Keyframes

__all__ = ["effect_changes", "keyframe_changes", "parameter_changes"]

# That are shown.
_MOST_KEYS: Final = 4


def effect_changes(
    where: str,
    old: Sequence[Effect],
    new: Sequence[Effect],
    keys: Keys = NO_KEYS,
) -> Iterator[Change]:
    """Yield what changed of a list of effects, which are matched by their values.

    Args:
        where: Whose effects they are.
        old: The effects before.
        new: The effects after.
        keys: The ids of their owner.
    """
    if old == new:
        return
    pairs = sorted(pair_effects(old, new), key=lambda pair: pair[1])
    before = {one for one, _ in pairs}
    after = {other for _, other in pairs}
    for place, effect in enumerate(new):
        if place not in after:
            shown = in_words(effect.parameters) if effect.parameters else ""
            what = Message("effect {effect} added", effect=effect.kind)
            yield Change(where, what, "", shown, keys=keys)
    for place, effect in enumerate(old):
        if place not in before:
            shown = in_words(effect.parameters) if effect.parameters else ""
            what = Message("effect {effect} removed", effect=effect.kind)
            yield Change(where, what, shown, "", keys=keys)
    for one, other in pairs:
        what = Message("effect {effect}", effect=new[other].kind)
        yield from parameter_changes(where, what, old[one], new[other], keys)
    order = [one for one, _ in pairs]
    if order != sorted(order):
        names = _names_of(old, sorted(order))
        orders = [" > ".join(names[one] for one in own) for own in (names, order)]
        yield changed(where, Message("order of effects"), orders, keys)


def _names_of(effects: Sequence[Effect], places: Sequence[int]) -> dict[int, str]:
    """Return what effects at some places are called: those of one kind by numbers."""
    totals = Counter(effects[place].kind for place in places)
    seen: Counter[str] = Counter()
    names = {}
    for place in places:
        kind = effects[place].kind
        seen[kind] += 1
        names[place] = kind if totals[kind] == 1 else f"{kind} {seen[kind]}"
    return names


def parameter_changes(
    where: str,
    what: str,
    old: Effect,
    new: Effect,
    keys: Keys = NO_KEYS,
) -> Iterator[Change]:
    """Yield what changed of an effect: parameters, keyframes, on or off."""
    if old.kind != new.kind:
        kind = Message("{owner}: kind", owner=what)
        yield Change(where, kind, old.kind, new.kind, keys=keys)

    def parameter(name: str) -> str:
        return Message("{owner}: {parameter}", owner=what, parameter=name)

    def keyframes(name: str) -> str:
        return Message("{owner}: keyframes of {parameter}", owner=what, parameter=name)

    yield from mapping_changes(where, parameter, old.parameters, new.parameters, keys)
    yield from keyframe_changes(where, keyframes, old.keyframes, new.keyframes, keys)
    if old.enabled != new.enabled:
        states = Message("off"), Message("on")
        shown = [states[effect.enabled] for effect in (old, new)]
        yield changed(where, what, shown, keys)


def keyframe_changes(
    where: str,
    what: Callable[[str], str],
    old: Keyframes,
    new: Keyframes,
    keys: Keys = NO_KEYS,
) -> Iterator[Change]:
    """Yield the parameters whose keyframes differ, with the first ones.

    `what` names a parameter.
    """
    for name in dict.fromkeys([*new, *old]):
        before, after = old.get(name, ()), new.get(name, ())
        if before == after:
            continue
        shown = list(map(_first_keys, (before, after)))
        yield changed(where, what(name), shown, keys)


def _first_keys(keys: Sequence[Keyframe]) -> str:
    if not keys:
        return Message("none")
    shown = ", ".join(
        f"{float(key.time):.4g} s {in_words(key.value)}" for key in keys[:_MOST_KEYS]
    )
    return and_more(shown, len(keys) - _MOST_KEYS)
