"""Tracks: add, move and remove them."""

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.fields import field_faults
from timeline_nb.timeline.kind_names import KIND_NAMES
from timeline_nb.timeline.model import Timeline, Track, TrackKind
from timeline_nb.timeline.queries import track_index

__all__ = ["add_track", "move_track", "remove_track"]


def add_track(
    timeline: Timeline, kind: TrackKind, *, name: str | None = None
) -> Timeline:
    """Add an empty track, above those of its kind.

    Args:
        timeline: The timeline to edit.
        kind: `video`, `audio` or `subtitle`.
        name: The track's name; `V2`, `A1`, `S1` or the like if not given.

    Raises:
        TimelineError: There is one of that name, or no such kind.
    """
    made = Track(kind=kind, name="new" if name is None else name)
    if fault := next(field_faults(made), ""):
        raise TimelineError(Message("a track's {fault}", fault=fault))
    draft = Draft(timeline)
    draft.add_track(kind, name)
    return draft.finish()


def move_track(timeline: Timeline, name: str, to: int) -> Timeline:
    """Move a track among those of its kind.

    Args:
        timeline: The timeline to edit.
        name: The track.
        to: Its new place among the tracks of its kind, from 0; of video tracks, 0 is
            the lowest.

    Raises:
        TimelineError: There is no such track or place.
    """
    own = timeline.tracks[track_index(timeline, name)]
    places = [n for n, track in enumerate(timeline.tracks) if track.kind == own.kind]
    if not 0 <= to < len(places):
        raise TimelineError(
            Message(
                "track {name} cannot go to place {to}: there are {count} "
                "{kind} tracks, from 0",
                name=repr(name),
                to=to,
                count=len(places),
                kind=KIND_NAMES[own.kind],
            )
        )
    others = [timeline.tracks[n] for n in places if timeline.tracks[n] is not own]
    tracks = list(timeline.tracks)
    for place, track in zip(places, [*others[:to], own, *others[to:]], strict=True):
        tracks[place] = track
    return replace(timeline, tracks=tuple(tracks))


def remove_track(timeline: Timeline, name: str) -> Timeline:
    """Remove a track with all its items.

    Raises:
        TimelineError: There is none of that name, or it is locked.
    """
    number = track_index(timeline, name)
    if timeline.tracks[number].locked:
        raise TimelineError(
            Message("track {track} is locked: unlock it first", track=repr(name))
        )
    tracks = timeline.tracks[:number] + timeline.tracks[number + 1 :]
    return replace(timeline, tracks=tracks)
