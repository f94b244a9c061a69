"""Effects: add, change and remove those of a clip, a track or the timeline."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.timeline.edits.settings import set_clip, set_track
from timeline_nb.timeline.keyframes import shifted
from timeline_nb.timeline.missing import missing
from timeline_nb.timeline.model import Clip, Effect, Keyframe, Timeline
from timeline_nb.timeline.queries import clip_of, effects_of, find
from timeline_nb.timeline.validate import validate

__all__ = [
    "add_effect",
    "add_effects",
    "animate",
    "change_effect",
    "effects_from_start",
    "move_effect",
    "remove_effect",
    "set_effects",
]


def set_effects(
    timeline: Timeline, owner: str, effects: tuple[Effect, ...]
) -> Timeline:
    """Replace all effects of an owner.

    Args:
        timeline: The timeline to edit.
        owner: A clip's id, a track's name, or empty text for the timeline itself.
        effects: In the order in which they are applied.

    Raises:
        TimelineError: There is no such owner, the track is locked, or keyframes are
            not in order.
    """
    if not owner:
        changed = replace(timeline, effects=tuple(effects))
        validate(changed)
        return changed
    if owner in {track.name for track in timeline.tracks}:
        return set_track(timeline, owner, effects=tuple(effects))
    return set_clip(timeline, owner, effects=tuple(effects))


def add_effect(
    timeline: Timeline, owner: str, effect: Effect, *, place: int | None = None
) -> Timeline:
    """Add an effect after those of an owner, or at a place among them.

    Raises:
        TimelineError: As `set_effects`.
    """
    effects = list(effects_of(timeline, owner))
    effects.insert(len(effects) if place is None else place, effect)
    return set_effects(timeline, owner, tuple(effects))


def add_effects(
    timeline: Timeline, owners: Iterable[str], effects: tuple[Effect, ...]
) -> Timeline:
    """Add effects after those of each owner.

    Args:
        timeline: The timeline to edit.
        owners: As for `set_effects`.
        effects: The times of their keyframes count from an owner's first frame.

    Raises:
        TimelineError: As `set_effects`.
    """
    for owner in owners:
        added = tuple(
            _later(effect, _first_time(timeline, owner)) for effect in effects
        )
        timeline = set_effects(timeline, owner, (*effects_of(timeline, owner), *added))
    return timeline


def effects_from_start(
    timeline: Timeline, owner: str, numbers: Iterable[int] | None = None
) -> tuple[Effect, ...]:
    """Return an owner's effects with keyframes that count from its first frame.

    Args:
        timeline: Where the owner is.
        owner: As for `set_effects`.
        numbers: Which of its effects; all of them if None.

    Raises:
        TimelineError: There is no such owner or effect.
    """
    effects = list(effects_of(timeline, owner))
    chosen = range(len(effects)) if numbers is None else tuple(numbers)
    for number in chosen:
        _check_number(effects, owner, number)
    begin = _first_time(timeline, owner)
    return tuple(_later(effects[number], -begin) for number in chosen)


def _first_time(timeline: Timeline, owner: str) -> Fraction:
    """Return an owner's own time at its first frame."""
    if not owner or owner in {track.name for track in timeline.tracks}:
        return Fraction(0)
    return clip_of(timeline, owner).source_range.start


def _later(effect: Effect, by: Fraction) -> Effect:
    keyframes = {name: shifted(keys, by) for name, keys in effect.keyframes.items()}
    return replace(effect, keyframes=keyframes)


def move_effect(timeline: Timeline, owner: str, number: int, place: int) -> Timeline:
    """Move an effect to another place among those of its owner.

    Raises:
        TimelineError: There is no such effect or place, or as `set_effects`.
    """
    effects = list(effects_of(timeline, owner))
    _check_number(effects, owner, number)
    _check_number(effects, owner, place)
    effects.insert(place, effects.pop(number))
    return set_effects(timeline, owner, tuple(effects))


def remove_effect(timeline: Timeline, owner: str, number: int) -> Timeline:
    """Remove an effect of an owner.

    Raises:
        TimelineError: There is no such effect, or as `set_effects`.
    """
    effects = list(effects_of(timeline, owner))
    _check_number(effects, owner, number)
    del effects[number]
    return set_effects(timeline, owner, tuple(effects))


def change_effect(
    timeline: Timeline, owner: str, number: int, **fields: Any
) -> Timeline:
    """Change `parameters`, `keyframes` or `enabled` of an owner's effect.

    Raises:
        TimelineError: There is no such effect or field, or as `set_effects`.
    """
    unknown = set(fields) - {"parameters", "keyframes", "enabled"}
    if unknown:
        raise TimelineError(f"an effect has no setting {min(unknown)!r}")
    return _changed(timeline, owner, number, lambda effect: replace(effect, **fields))


def animate(
    timeline: Timeline,
    owner: str,
    parameter: str,
    keyframes: tuple[Keyframe, ...],
    *,
    number: int | None = None,
) -> Timeline:
    """Set the keyframes of a parameter; no keyframes make it constant again.

    Args:
        timeline: The timeline to edit.
        owner: A clip's id, a track's name, or empty text for the timeline itself.
        parameter: Of an effect, or of the clip itself: `opacity`, `position` ...
        keyframes: In order of time.
        number: Of the effect; the clip's own parameter if None.

    Raises:
        TimelineError: There is no such owner, effect or parameter; the track is
            locked; or keyframes are not in order.
    """
    if number is not None:
        return _changed(
            timeline,
            owner,
            number,
            lambda effect: replace(
                effect, keyframes=_with(effect.keyframes, parameter, keyframes)
            ),
        )
    place = find(timeline, owner)
    clip = timeline.tracks[place.track].items[place.item]
    if not isinstance(clip, Clip):
        raise TimelineError(f"{owner!r} is not a clip")
    return set_clip(
        timeline, owner, keyframes=_with(clip.keyframes, parameter, keyframes)
    )


def _with(
    old: dict[str, tuple[Keyframe, ...]], name: str, keyframes: tuple[Keyframe, ...]
) -> dict[str, tuple[Keyframe, ...]]:
    kept = {key: value for key, value in old.items() if key != name}
    return kept | ({name: tuple(keyframes)} if keyframes else {})


def _changed(
    timeline: Timeline, owner: str, number: int, change: Callable[[Effect], Effect]
) -> Timeline:
    effects = list(effects_of(timeline, owner))
    _check_number(effects, owner, number)
    effects[number] = change(effects[number])
    return set_effects(timeline, owner, tuple(effects))


def _check_number(effects: list[Effect], owner: str, number: int) -> None:
    if not 0 <= number < len(effects):
        name = owner or "the timeline"
        raise missing(f"{name} has {len(effects)} effects: there is no effect {number}")
