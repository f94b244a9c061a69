"""Which clips take effects: pictures or sound, and what is linked to them."""

from collections.abc import Iterable, Sequence

from timeline_nb.effects.catalog import specs_of
from timeline_nb.errors import CompositionError, TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timeline.model import Clip, Effect, Timeline
from timeline_nb.timeline.queries import find, linked

__all__ = ["medium_of", "taker_of", "takers_of"]


def medium_of(timeline: Timeline, item: str) -> str:
    """Return what a clip shows or plays, by its track: `picture` or `sound`."""
    track = timeline.tracks[find(timeline, item).track]
    return "sound" if track.kind == "audio" else "picture"


def _taker(timeline: Timeline, owner: str, kind: str) -> str | None:
    tracks = {track.name for track in timeline.tracks}
    media = {spec.medium for spec in specs_of(kind)} & {"picture", "sound"}
    if not owner or owner in tracks or len(media) != 1:
        return owner
    for place in linked(timeline, owner):
        item = timeline.tracks[place.track].items[place.item]
        if isinstance(item, Clip) and medium_of(timeline, item.id) in media:
            return item.id
    return None


def taker_of(timeline: Timeline, owner: str, kind: str) -> str:
    """Return the owner, or the clip linked to it, that takes an effect of a kind.

    Raises:
        CompositionError: It is an effect on pictures and the clip has none, or on
            sound.
    """
    found = _taker(timeline, owner, kind)
    if found is None:
        place = find(timeline, owner)
        name = getattr(timeline.tracks[place.track].items[place.item], "name", owner)
        is_sound = medium_of(timeline, owner) == "sound"
        what = Message("pictures") if is_sound else Message("sound")
        raise CompositionError(
            Message(
                "{item} has no {what}, which {kind} changes: add it to a clip that has",
                item=repr(name or owner),
                what=what,
                kind=repr(kind),
            )
        )
    return found


def takers_of(
    timeline: Timeline, owners: Sequence[str], effects: Iterable[Effect]
) -> list[tuple[tuple[str, ...], tuple[Effect, ...]]]:
    """Return which clips take which effects, of those for pictures and for sound.

    Owners that take none are left out.

    Raises:
        TimelineError: No owner takes any of the effects.
    """
    parts: list[tuple[tuple[str, ...], tuple[Effect, ...]]] = []
    for effect in effects:
        found = (_taker(timeline, owner, effect.kind) for owner in owners)
        takers = tuple(dict.fromkeys(one for one in found if one is not None))
        if not takers:
            continue
        if parts and parts[-1][0] == takers:
            parts[-1] = (takers, (*parts[-1][1], effect))
        else:
            parts.append((takers, (effect,)))
    if not parts:
        raise TimelineError(Message("none of the chosen clips takes these effects"))
    return parts
