"""Transitions: add and remove what plays across the cut between two clips."""

from fractions import Fraction
from typing import Any

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.named import named
from timeline_nb.timeline.model import Clip, Timeline, Track, Transition
from timeline_nb.timeline.queries import ItemPlace, find, linked

__all__ = ["remove_transition", "transition"]


def transition(  # noqa: PLR0913 - what it is, where, and how long
    timeline: Timeline,
    *,
    after: str,
    duration: Fraction,
    kind: str = "dissolve",
    sound: str = "dissolve",
    in_offset: Fraction | None = None,
    **parameters: Any,
) -> Timeline:
    """Add a transition across the cut after a clip.

    The linked sound of both clips gets a crossfade at the same cut. Both clips must
    have as much media outside what they show. A transition that is there already is
    replaced.

    Args:
        timeline: The timeline to edit.
        after: The id of the clip before the cut, on the track of the transition.
        duration: Seconds in all.
        kind: The kind of the transition.
        sound: The kind of the crossfade of linked sound: `dissolve` keeps the power,
            `equal_gain` the sum.
        in_offset: Seconds of it before the cut; half of them if None.
        parameters: Parameters of `kind`.

    Raises:
        TimelineError: There is no such clip, no clip follows it directly, media is
            missing (both clips and the missing frames are named), or a track is
            locked.
    """
    place, second = _cut(timeline, after)
    lead = duration / 2 if in_offset is None else in_offset
    if not 0 <= lead <= duration:
        raise TimelineError(
            Message(
                "{lead} s of the transition lie before the cut, of "
                "{duration} s in all: give 0 to all of them",
                lead=f"{float(lead):g}",
                duration=f"{float(duration):g}",
            )
        )
    rest = duration - lead
    made = Transition(kind=kind, in_offset=lead, out_offset=rest, parameters=parameters)
    heard = Transition(kind=sound, in_offset=lead, out_offset=rest)
    draft = Draft(timeline)
    draft.splice(place.track, place.item + 1, second, [made])
    for number, before, following in _sound_pairs(timeline, place, second):
        draft.splice(number, before + 1, following, [heard])
    return draft.finish()


def remove_transition(timeline: Timeline, *, after: str) -> Timeline:
    """Remove the transition between a clip and the next, in linked sound too.

    Args:
        timeline: The timeline to edit.
        after: The id of the clip before the cut.

    Raises:
        TimelineError: There is no such clip, no transition follows it, or a track is
            locked.
    """
    place, second = _cut(timeline, after)
    if second == place.item + 1:
        raise TimelineError(
            Message("no transition follows {item}", item=named(timeline, after))
        )
    draft = Draft(timeline)
    draft.splice(place.track, place.item + 1, second, [])
    for number, before, following in _sound_pairs(timeline, place, second):
        draft.splice(number, before + 1, following, [])
    return draft.finish()


def _cut(timeline: Timeline, after: str) -> tuple[ItemPlace, int]:
    """Return where the clip before a cut is, and the number of the clip after it."""
    place = find(timeline, after)
    track = timeline.tracks[place.track]
    clip = track.items[place.item]
    if not isinstance(clip, Clip):
        raise TimelineError(
            Message(
                "{item} is a subtitle: transitions join clips",
                item=named(timeline, after),
            )
        )
    following = place.item + 1
    while following < len(track.items):
        item = track.items[following]
        if isinstance(item, Clip):
            return place, following
        if not isinstance(item, Transition):
            raise TimelineError(
                Message(
                    "a gap follows {item}: there is no cut for a transition",
                    item=named(timeline, after),
                )
            )
        following += 1
    raise TimelineError(
        Message(
            "{item} is the last clip: there is no cut after it",
            item=named(timeline, after),
        )
    )


def _touch(track: Track, first: int, second: int) -> bool:
    between = track.items[first + 1 : second]
    return all(isinstance(item, Transition) for item in between)


def _sound_pairs(
    timeline: Timeline, place: ItemPlace, second: int
) -> list[tuple[int, int, int]]:
    """Return pairs of linked sound that meet at the same cut: track, before, after."""
    track = timeline.tracks[place.track]
    if track.kind != "video":
        return []
    ends = [
        {
            other.track: other.item
            for other in linked(timeline, item.id)
            if timeline.tracks[other.track].kind == "audio"
        }
        for item in (track.items[place.item], track.items[second])
        if isinstance(item, Clip)
    ]
    return [
        (number, before, ends[1][number])
        for number, before in ends[0].items()
        if number in ends[1]
        and before < ends[1][number]
        and _touch(timeline.tracks[number], before, ends[1][number])
    ]
