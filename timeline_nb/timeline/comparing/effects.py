"""Changes of effects: which was added, and which parameter from what to what."""

from collections.abc import Iterator, Sequence

from timeline_nb.timeline.comparing.changes import (
    NO_KEYS,
    Change,
    Keys,
    changed,
    in_words,
    mapping_changes,
)
from timeline_nb.timeline.comparing.matching import by_key
from timeline_nb.timeline.model import Effect, Keyframes

__all__ = ["effect_changes", "keyframe_changes", "parameter_changes"]


def effect_changes(
    where: str,
    old: Sequence[Effect],
    new: Sequence[Effect],
    keys: Keys = NO_KEYS,
) -> Iterator[Change]:
    """Yield what changed from one list of effects to another, matched by their kinds.

    Args:
        where: Whose effects they are.
        old: The effects before.
        new: The effects after.
        keys: The ids of their owner.
    """
    if old == new:
        return
    pairs = list(by_key(old, new, lambda effect: effect.kind))
    before = {id(one) for one, _ in pairs}
    after = {id(other) for _, other in pairs}
    for effect in new:
        if id(effect) not in after:
            shown = in_words(effect.parameters) if effect.parameters else ""
            what = f"effect {effect.kind} added"
            yield Change(where, what, "", shown, keys=keys)
    for effect in old:
        if id(effect) not in before:
            shown = in_words(effect.parameters) if effect.parameters else ""
            what = f"effect {effect.kind} removed"
            yield Change(where, what, shown, "", keys=keys)
    for one, other in pairs:
        yield from parameter_changes(where, f"effect {other.kind}", one, other, keys)
    orders = [
        [effect.kind for effect in side if id(effect) in both]
        for side, both in ((old, before), (new, after))
    ]
    if orders[0] != orders[1]:
        yield changed(where, "order of effects", list(map(" > ".join, orders)), keys)


def parameter_changes(
    where: str,
    what: str,
    old: Effect,
    new: Effect,
    keys: Keys = NO_KEYS,
) -> Iterator[Change]:
    """Yield what changed of an effect: parameters, keyframes, on or off."""
    if old.kind != new.kind:
        yield Change(where, f"{what}: kind", old.kind, new.kind, keys=keys)
    yield from mapping_changes(where, f"{what}: ", old.parameters, new.parameters, keys)
    yield from keyframe_changes(
        where, f"{what}: keyframes of ", old.keyframes, new.keyframes, keys
    )
    if old.enabled != new.enabled:
        shown = [("off", "on")[effect.enabled] for effect in (old, new)]
        yield changed(where, what, shown, keys)


def keyframe_changes(
    where: str,
    what: str,
    old: Keyframes,
    new: Keyframes,
    keys: Keys = NO_KEYS,
) -> Iterator[Change]:
    """Yield the parameters whose keyframes differ, with how many there are."""
    for name in dict.fromkeys([*new, *old]):
        before, after = old.get(name, ()), new.get(name, ())
        if before == after:
            continue
        shown = [
            ", ".join(
                f"{float(key.time):.4g} s {in_words(key.value)}" for key in side[:4]
            )
            + (f" and {len(side) - 4} more" if len(side) > 4 else "")
            or "none"
            for side in (before, after)
        ]
        yield changed(where, f"{what}{name}", shown, keys)
