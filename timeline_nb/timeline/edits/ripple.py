"""Ripple: trim or remove a clip, and move what follows on all tracks."""

from fractions import Fraction
from typing import Final

from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.edges import with_edges
from timeline_nb.timeline.edits.follow import close_up, make_room
from timeline_nb.timeline.model import Gap, Timeline
from timeline_nb.timeline.queries import backwards, linked

__all__ = ["ripple", "ripple_delete"]

_ZERO: Final = Fraction(0)


def ripple_delete(timeline: Timeline, item_id: str, *, alone: bool = False) -> Timeline:
    """Remove an item with those linked to it, and close the gap on all unlocked tracks.

    Titles, other generated clips and subtitles that lie wholly over it go too. What
    begins later moves as far as there is room; a clip of another track that only spans
    it, such as a music bed, stays as it is, unless the track's `sync_lock` is `on`.

    Args:
        timeline: The timeline to edit.
        item_id: The id of the item.
        alone: Leave what is linked to it as it is. No link holds then, those of what
            follows included: each track closes up as far as it has room.

    Raises:
        TimelineError: A clip of another track is in the way of one that is linked to
            what moves; there is no such item; or its track is locked.
    """
    draft = Draft(timeline)
    places = linked(timeline, item_id, alone=alone)
    own = places[0].track
    span = draft.position(own, places[0].item)
    for place in backwards(places):
        gap = Gap(duration=draft.position(place.track, place.item).duration)
        draft.splice(place.track, place.item, place.item + 1, [gap])
    draft.replace(own, span, [])
    forced = {place.track for place in places}
    close_up(draft, span, {own}, forced, keeps_links=not alone)
    return draft.finish()


def ripple(
    timeline: Timeline,
    item_id: str,
    *,
    head: Fraction = _ZERO,
    tail: Fraction = _ZERO,
    alone: bool = False,
) -> Timeline:
    """Move an item's edges, and what follows them on all unlocked tracks.

    Args:
        timeline: The timeline to edit.
        item_id: The id of the item; what is linked to it is trimmed alike.
        head: Seconds of media by which it begins later, negative for earlier. It stays
            where it is on the track: what it shows, and all that follows, moves.
        tail: Seconds of media by which it ends later, negative for earlier.
        alone: Leave what is linked to it as it is. No link holds then, those of what
            follows included: each track closes up as far as it has room.

    Raises:
        TimelineError: A clip of another track is in the way of one that is linked to
            what moves; there is no such media; nothing would be left; or a track is
            locked.
    """
    steps = [(_ZERO, tail), (head, _ZERO)]
    # The edge that makes it longer moves first: something is left between the two.
    for one_head, one_tail in steps if tail > 0 else reversed(steps):
        timeline = _one_edge(timeline, item_id, one_head, one_tail, alone=alone)
    return timeline


def _one_edge(
    timeline: Timeline, item_id: str, head: Fraction, tail: Fraction, *, alone: bool
) -> Timeline:
    """Move one edge, and what follows it."""
    draft = Draft(timeline)
    places = linked(timeline, item_id, alone=alone)
    span = draft.position(places[0].track, places[0].item)
    for place in backwards(places):
        changed = with_edges(
            draft.tracks[place.track].items[place.item], head=head, tail=tail
        )
        draft.splice(place.track, place.item, place.item + 1, [changed])
    by = tail - head
    done = {place.track for place in places}
    cut = span.end if tail else span.start
    if by > 0:
        make_room(draft, cut, by, done, keeps_links=not alone)
    elif by < 0:
        begin = cut + by if tail else cut
        gone = TimeRange(begin, -by)
        close_up(draft, gone, done, set(), keeps_links=not alone)
    return draft.finish()
