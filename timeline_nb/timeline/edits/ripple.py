"""Ripple: trim or remove a clip, and move what follows on all tracks."""

from fractions import Fraction
from typing import Final

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.edges import with_edges
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Clip, Gap, Item, Subtitle, Timeline
from timeline_nb.timeline.queries import backwards, linked

__all__ = ["ripple", "ripple_delete"]

_ZERO: Final = Fraction(0)


def ripple_delete(timeline: Timeline, item_id: str) -> Timeline:
    """Remove an item with those linked to it, and close the gap on all unlocked tracks.

    Titles, other generated clips and subtitles that lie over it go too: those that
    reach beyond it are shortened.

    Raises:
        TimelineError: Another track has footage in that range, which is named;
            there is no such item; or its track is locked.
    """
    draft = Draft(timeline)
    places = linked(timeline, item_id)
    span = draft.position(places[0].track, places[0].item)
    for place in backwards(places):
        gap = Gap(duration=draft.position(place.track, place.item).duration)
        draft.splice(place.track, place.item, place.item + 1, [gap])
    for number in draft.unlocked():
        _close(draft, number, span)
    return draft.finish()


def ripple(
    timeline: Timeline,
    item_id: str,
    *,
    head: Fraction = _ZERO,
    tail: Fraction = _ZERO,
) -> Timeline:
    """Move an item's edges, and what follows on all unlocked tracks with its end.

    Args:
        timeline: The timeline to edit.
        item_id: The id of the item; what is linked to it is trimmed alike.
        head: Seconds of media by which it begins later, negative for earlier.
        tail: Seconds of media by which it ends later, negative for earlier.

    Raises:
        TimelineError: Another track has something across that place, which is named;
            there is no such media; nothing would be left; or a track is locked.
    """
    draft = Draft(timeline)
    places = linked(timeline, item_id)
    end = draft.position(places[0].track, places[0].item).end
    for place in backwards(places):
        changed = with_edges(
            draft.tracks[place.track].items[place.item], head=head, tail=tail
        )
        draft.splice(place.track, place.item, place.item + 1, [changed])
    by = tail - head
    for number in set(draft.unlocked()) - {place.track for place in places}:
        if by < 0:
            _close(draft, number, TimeRange(end + by, -by))
        else:
            _open(draft, number, TimeRange(end, by))
    return draft.finish()


def _close(draft: Draft, number: int, span: TimeRange) -> None:
    """Remove a range from a track that has nothing there but titles and subtitles."""
    track = draft.tracks[number]
    layout = layout_of(track.items)
    if span.start >= layout.end:
        return
    first = index = layout.index_at(span.start)
    while index < len(track.items) and layout.start(index) < span.end:
        lies_there = layout.start(index + 1) > span.start
        if lies_there and not isinstance(track.items[index], (Gap, Subtitle)):
            item = track.items[index]
            if not isinstance(item, Clip) or item.media.is_file:
                raise _in_the_way(draft, number, index)
        index += 1
    item, begin, end = track.items[first], layout.start(first), layout.start(first + 1)
    if begin < span.start and span.end < end and not isinstance(item, Gap):
        draft.splice(number, first, first + 1, [_shorter(item, span.duration)])
    else:
        draft.replace(number, span, [])


def _shorter(item: Item, by: Fraction) -> Item:
    """Return a title or subtitle that lasts so much less."""
    if isinstance(item, Clip):
        own = item.source_range
        return replace(item, source_range=TimeRange(own.start, own.duration - by))
    assert isinstance(item, Subtitle)  # noqa: S101 - the caller refuses all else
    return replace(item, duration=item.duration - by)


def _open(draft: Draft, number: int, span: TimeRange) -> None:
    """Move what follows on a track later, without splitting anything."""
    track = draft.tracks[number]
    layout = layout_of(track.items)
    if span.start >= layout.end:
        return
    index = layout.index_at(span.start)
    if not isinstance(track.items[index], Gap) and layout.start(index) < span.start:
        raise _in_the_way(draft, number, index)
    draft.replace(number, TimeRange(span.start, _ZERO), [Gap(duration=span.duration)])


def _in_the_way(draft: Draft, number: int, index: int) -> TimelineError:
    track = draft.tracks[number]
    name = getattr(track.items[index], "id", "") or "a transition"
    return TimelineError(
        f"track {track.name!r}: {name} at {draft.position(number, index)} is in the "
        "way: lock the track to leave it where it is, or split it first"
    )
