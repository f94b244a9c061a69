"""Move: put an item at another time, or on another track."""

from fractions import Fraction

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.named import named
from timeline_nb.timeline.model import Gap, Timeline
from timeline_nb.timeline.queries import backwards, linked, track_index

__all__ = ["move"]


def move(
    timeline: Timeline,
    item_id: str,
    *,
    to: Fraction,
    track: str | None = None,
    alone: bool = False,
) -> Timeline:
    """Move an item so that it begins at a time, with those linked to it.

    It leaves a gap where it was, and OVERWRITES what it lands on: items there are
    trimmed, split or removed. Use `reorder` to change the order of clips without
    overwriting any.

    Args:
        timeline: The timeline to edit.
        item_id: The id of the item.
        to: Timeline seconds at which it begins.
        track: Another track for the item itself; linked ones stay on theirs.
        alone: Leave what is linked to it as it is.

    Raises:
        TimelineError: It, or one linked to it, would begin before 0, the track is of
            another kind, or one is locked.
    """
    places = linked(timeline, item_id, alone=alone)
    draft = Draft(timeline)
    by = to - draft.position(places[0].track, places[0].item).start
    moved = []
    for place in places:
        source = draft.tracks[place.track]
        span = draft.position(place.track, place.item).shifted(by)
        if span.start < 0:
            name = named(timeline, item_id)
            raise TimelineError(
                Message(
                    "{item} cannot begin at {start} s, before 0",
                    item=name,
                    start=f"{float(span.start):g}",
                )
            )
        target = place.track
        if track is not None and place is places[0]:
            target = track_index(timeline, track)
            if timeline.tracks[target].kind != source.kind:
                raise TimelineError(
                    Message(
                        "{item} is on a track of another kind: it cannot go to {track}",
                        item=named(timeline, item_id),
                        track=track,
                    )
                )
        moved.append((target, span, source.items[place.item]))
    for place in backwards(places):
        gap = Gap(duration=draft.position(place.track, place.item).duration)
        draft.splice(place.track, place.item, place.item + 1, [gap])
    for target, span, item in moved:
        draft.replace(target, span, [item])
    return draft.finish()
