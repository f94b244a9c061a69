"""Join: merge the two parts that a split made."""

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.model import Clip, Timeline, Track
from timeline_nb.timeline.queries import backwards, linked

__all__ = ["join"]


def join(timeline: Timeline, item_id: str, *, alone: bool = False) -> Timeline:
    """Merge a clip and the next one on its track, and likewise those linked to it.

    With `alone`, what is linked to it stays as it is.

    Raises:
        TimelineError: The next item does not continue the media where the clip ends,
            its settings differ, or the track is locked.
    """
    draft = Draft(timeline)
    for place in backwards(linked(timeline, item_id, alone=alone)):
        track = draft.tracks[place.track]
        first, second = _pair(track, place.item)
        whole = replace(
            first,
            source_range=TimeRange.between(
                first.source_range.start, second.source_range.end
            ),
            fade_out=second.fade_out,
        )
        draft.splice(place.track, place.item, place.item + 2, [whole])
    return draft.finish()


def _pair(track: Track, index: int) -> tuple[Clip, Clip]:
    first = track.items[index]
    second = track.items[index + 1] if index + 1 < len(track.items) else None
    if isinstance(first, Clip) and isinstance(second, Clip):
        # Equal but for what a split gives each part of its own.
        twin = replace(
            second,
            id=first.id,
            link=first.link,
            source_range=first.source_range,
            fade_in=first.fade_in,
            fade_out=first.fade_out,
        )
        goes_on = first.source_range.end == second.source_range.start
        if twin == first and goes_on:
            return first, second
    raise TimelineError(
        Message(
            "track {name}: {clip} and the next item are not two parts of one clip",
            name=repr(track.name),
            clip=repr(getattr(first, "id", "")),
        )
    )
