"""What a step changed of a timeline: the items that are new, and where the others are.

A step changes a few items of a few tracks, whatever the length of the edit. The items
at the start and at the end of a track that stayed are known by their number.
"""

from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from msgspec.structs import replace

from timeline_nb.errors import ProjectError
from timeline_nb.timeline.limits import MAX_TRACKS
from timeline_nb.timeline.model import Item, Timeline, Track

__all__ = ["ChangedTrack", "Delta", "applied", "delta_between"]

# Lists that may be long, and seldom change.
_LISTS: Final = ("effects", "markers", "metadata")

_Count = Annotated[int, msgspec.Meta(ge=0, le=2**40)]


class ChangedTrack(msgspec.Struct, frozen=True, array_like=True):
    """Where the items of a changed track are.

    Args:
        old: The place of the track among the old ones; -1 if it is new.
        head: How many items at its start stayed.
        tail: How many items at its end stayed.
    """

    old: Annotated[int, msgspec.Meta(ge=-1, le=MAX_TRACKS)]
    head: _Count = 0
    tail: _Count = 0


class Delta(msgspec.Struct, frozen=True):
    """The change from one timeline to another, beside a timeline of what is new.

    The timeline beside it has the new fields, and a track for each piece, with the new
    items between its head and its tail.

    Args:
        tracks: A piece for each changed track, and the old place of each that stayed.
        kept: Which of the timeline's own lists stayed.
    """

    tracks: Annotated[
        tuple[int | ChangedTrack, ...], msgspec.Meta(max_length=MAX_TRACKS)
    ]
    kept: Annotated[tuple[str, ...], msgspec.Meta(max_length=len(_LISTS))]


def delta_between(old: Timeline, new: Timeline) -> tuple[Delta, Timeline]:
    """Return the change from one timeline to another, and the timeline beside it."""
    kept = tuple(name for name in _LISTS if getattr(old, name) == getattr(new, name))
    places = {id(track): place for place, track in enumerate(old.tracks)}
    names = {track.name: place for place, track in enumerate(old.tracks)}
    tracks: list[int | ChangedTrack] = []
    changed = []
    for track in new.tracks:
        place = places.get(id(track))
        if place is not None:
            tracks.append(place)
            continue
        place = names.get(track.name, -1)
        before: Sequence[Item] = () if place < 0 else old.tracks[place].items
        head, tail = _ends(before, track.items)
        tracks.append(ChangedTrack(place, head, tail))
        items = track.items[head : len(track.items) - tail]
        changed.append(replace(track, items=items))
    empty = Timeline(name="", rate=new.rate, size=new.size)
    lists = {name: getattr(empty, name) for name in kept}
    return Delta(tuple(tracks), kept), replace(new, tracks=tuple(changed), **lists)


def applied(delta: Delta, beside: Timeline, old: Timeline) -> Timeline:
    """Return the timeline after a change; what stayed is shared with `old`.

    Raises:
        ProjectError: The change is not one of this timeline.
    """
    lists = {name: getattr(old, name) for name in _LISTS if name in delta.kept}
    changed = iter(beside.tracks)
    left = set(range(len(old.tracks)))
    tracks: list[Track] = []
    for part in delta.tracks:
        place = part if isinstance(part, int) else part.old
        # No track can stand for two, so that a few steps cannot make a million.
        if place >= 0 and place not in left:
            raise ProjectError(f"a step names track {place}, which is not there")
        left.discard(place)
        if isinstance(part, int):
            if place < 0:
                raise ProjectError("a step keeps a track that is not there")
            tracks.append(old.tracks[place])
            continue
        track = next(changed, None)
        items = old.tracks[place].items if place >= 0 else ()
        if track is None or part.head + part.tail > len(items):
            raise ProjectError("a step has fewer tracks or items than it says")
        end = items[len(items) - part.tail :]
        tracks.append(replace(track, items=items[: part.head] + track.items + end))
    return replace(beside, tracks=tuple(tracks), **lists)


def _ends(old: Sequence[Item], new: Sequence[Item]) -> tuple[int, int]:
    """Return how many items at the start and at the end are the same objects."""
    most = min(len(old), len(new))
    head = 0
    while head < most and old[head] is new[head]:
        head += 1
    tail = 0
    while tail < most - head and old[-1 - tail] is new[-1 - tail]:
        tail += 1
    return head, tail
