"""Reorder: move a clip to another place in the sequence; nothing is overwritten."""

from fractions import Fraction

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.named import named
from timeline_nb.timeline.edits.placed import Placed, placed_items, row_of
from timeline_nb.timeline.model import Clip, Timeline
from timeline_nb.timeline.queries import find, linked

__all__ = ["reorder"]


def reorder(
    timeline: Timeline,
    item_id: str,
    *,
    before: str | None = None,
    after: str | None = None,
) -> Timeline:
    """Move an item before or after another one of its track, with its linked clips.

    What is between its old and its new place moves the other way, by the item's
    duration, so that its gap closes and nothing is overwritten. On the other unlocked
    tracks the items that are wholly over the moved item or wholly over what gives way
    move along; all others stay. A transition stays where its two clips still touch.

    Args:
        timeline: The timeline to edit.
        item_id: The item to move.
        before: The id of the item that it is put in front of.
        after: The id of the item that it is put behind; give one of the two.

    Raises:
        TimelineError: There is no such item, both or neither of `before` and `after`
            are given, the other item is on another track or is linked to this one, an
            item of another track is in the way, or a track is locked.
    """
    if (before is None) == (after is None):
        raise TimelineError("give one of before= and after=: the item to put it beside")
    other_id = before if before is not None else after or ""
    own, other = find(timeline, item_id), find(timeline, other_id)
    if own.track != other.track:
        raise TimelineError(
            f"{named(timeline, item_id)} is on another track than "
            f"{named(timeline, other_id)}: name two items of one track, or use move()"
        )
    together = linked(timeline, item_id)
    if other in together:
        raise TimelineError(
            f"{named(timeline, item_id)} is linked to the other clip, or the same"
        )
    draft = Draft(timeline)
    span = draft.position(own.track, own.item)
    beside = draft.position(other.track, other.item)
    target = beside.start if before is not None else beside.end
    shift = _Shift.to(span, target)
    if shift is None:
        return timeline
    # What is linked to a clip of this track keeps in step with it.
    by_link = {
        one.item.link: shift.of(one)
        for one in placed_items(timeline.tracks[own.track])
        if isinstance(one.item, Clip) and one.item.link
    }
    numbers = {place.track for place in together} | set(draft.unlocked())
    for number in sorted(numbers):
        track = timeline.tracks[number]
        moved = []
        for one in placed_items(track):
            link = one.item.link if isinstance(one.item, Clip) else ""
            by = by_link[link] if link in by_link else shift.of(one)
            moved.append(one.at(one.start + by))
        draft.rebuild(number, row_of(track, moved))
    return draft.finish()


class _Shift:
    """By how much items move when one of them changes places with a stretch.

    Args:
        span: The timeline seconds of the item that is moved.
        passed: The stretch that it is moved past.
    """

    def __init__(self, span: TimeRange, passed: TimeRange) -> None:
        self._span = span
        self._passed = passed
        is_later = passed.start >= span.end
        self._own = passed.duration if is_later else -passed.duration
        self._others = -span.duration if is_later else span.duration

    @classmethod
    def to(cls, span: TimeRange, target: Fraction) -> "_Shift | None":
        """Return the shifts that bring an item to a time; None if it is there."""
        if target < span.start:
            return cls(span, TimeRange.between(target, span.start))
        if target > span.end:
            return cls(span, TimeRange.between(span.end, target))
        return None

    def of(self, one: Placed) -> Fraction:
        """Return the seconds by which an item moves later."""
        place = TimeRange.between(one.start, one.end)
        if self._span.encloses(place):
            return self._own
        return self._others if self._passed.encloses(place) else Fraction(0)
