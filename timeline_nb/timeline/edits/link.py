"""Link and unlink: edit clips together, or each by itself."""

from collections.abc import Iterable

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.named import spoken
from timeline_nb.timeline.model import Clip, Timeline
from timeline_nb.timeline.queries import ItemPlace, find, linked

__all__ = ["link", "unlink"]


def link(timeline: Timeline, item_ids: Iterable[str]) -> Timeline:
    """Link clips: they are moved and trimmed together from now on.

    Raises:
        TimelineError: There are fewer than two, or a track is locked.
    """
    places = [find(timeline, item_id) for item_id in dict.fromkeys(item_ids)]
    if len(places) < 2:
        raise TimelineError(Message("a link takes at least two clips"))
    draft = Draft(timeline)
    _set_link(draft, places, draft.new_id("l"))
    return draft.finish()


def unlink(timeline: Timeline, item_id: str) -> Timeline:
    """Remove the link between a clip and those linked to it.

    Raises:
        TimelineError: There is no such clip, or a track is locked.
    """
    draft = Draft(timeline)
    _set_link(draft, linked(timeline, item_id), "")
    return draft.finish()


def _set_link(draft: Draft, places: Iterable[ItemPlace], name: str) -> None:
    for place in places:
        clip = draft.tracks[place.track].items[place.item]
        if not isinstance(clip, Clip):
            track = draft.tracks[place.track].name
            raise TimelineError(
                Message(
                    "{clip} on {track} is no clip: only clips can be linked",
                    clip=spoken(clip),
                    track=track,
                )
            )
        changed = replace(clip, link=name)
        draft.splice(place.track, place.item, place.item + 1, [changed])
