"""Lift: remove an item and leave a gap."""

from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.model import Gap, Timeline
from timeline_nb.timeline.queries import backwards, linked

__all__ = ["lift"]


def lift(timeline: Timeline, item_id: str, *, alone: bool = False) -> Timeline:
    """Remove an item, with those linked to it, and leave gaps.

    With `alone`, what is linked to it stays.

    Raises:
        TimelineError: There is no such item, or its track is locked.
    """
    draft = Draft(timeline)
    for place in backwards(linked(timeline, item_id, alone=alone)):
        gap = Gap(duration=draft.position(place.track, place.item).duration)
        draft.splice(place.track, place.item, place.item + 1, [gap])
    return draft.finish()
