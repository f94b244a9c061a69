"""Roll, slip, slide: trims that keep the duration of the whole."""

from fractions import Fraction

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.edges import with_edges
from timeline_nb.timeline.edits.named import named
from timeline_nb.timeline.model import Clip, Gap, Item, Timeline, Transition
from timeline_nb.timeline.queries import backwards, linked

__all__ = ["roll", "slide", "slip"]

_ZERO = Fraction(0)


def roll(
    timeline: Timeline, item_id: str, *, by: Fraction, alone: bool = False
) -> Timeline:
    """Move the cut between an item and the next, and likewise of those linked to it.

    With `alone`, the cuts of what is linked to it stay.

    Raises:
        TimelineError: Nothing follows, there is no such media, an item would be used
            up, or a track is locked.
    """
    draft = Draft(timeline)
    for place in backwards(linked(timeline, item_id, alone=alone)):
        items = draft.tracks[place.track].items
        end = _skip(items, place.item + 1, 1)
        if end is None:
            raise TimelineError(
                Message(
                    "nothing follows {item}: it has no cut to roll",
                    item=named(timeline, item_id),
                )
            )
        row = [
            with_edges(items[place.item], head=_ZERO, tail=by),
            *items[place.item + 1 : end],
            with_edges(items[end], head=by, tail=_ZERO),
        ]
        draft.splice(place.track, place.item, end + 1, row)
    return draft.finish()


def slip(
    timeline: Timeline, item_id: str, *, by: Fraction, alone: bool = False
) -> Timeline:
    """Show media of a clip, and of those linked to it, from `by` seconds later on.

    With `alone`, what is linked to it stays as it is.

    Raises:
        TimelineError: There is no such media, or a track is locked.
    """
    draft = Draft(timeline)
    for place in backwards(linked(timeline, item_id, alone=alone)):
        clip = draft.tracks[place.track].items[place.item]
        if not isinstance(clip, Clip):
            raise TimelineError(
                Message(
                    "{item} shows no media: only clips slip",
                    item=named(timeline, item_id),
                )
            )
        # A trim says how far it can go: longer at one edge, then shorter at the other.
        head, tail = (_ZERO, by) if by > 0 else (by, _ZERO)
        slipped = with_edges(clip, head=head, tail=tail)
        slipped = with_edges(slipped, head=by - head, tail=by - tail)
        draft.splice(place.track, place.item, place.item + 1, [slipped])
    return draft.finish()


def slide(
    timeline: Timeline, item_id: str, *, by: Fraction, alone: bool = False
) -> Timeline:
    """Move an item between its neighbors, which are trimmed to fit.

    What is linked to it moves alike; with `alone`, it stays as it is.

    Raises:
        TimelineError: A neighbor has no such media or would be used up, or a track
            is locked.
    """
    draft = Draft(timeline)
    for place in backwards(linked(timeline, item_id, alone=alone)):
        items = draft.tracks[place.track].items
        first = _skip(items, place.item - 1, -1)
        last = _skip(items, place.item + 1, 1)
        row = list(items[place.item : place.item + 1])
        if first is None:
            row.insert(0, with_edges(Gap(duration=_ZERO), head=_ZERO, tail=by))
        else:
            before = with_edges(items[first], head=_ZERO, tail=by)
            row = [before, *items[first + 1 : place.item], *row]
        if last is not None:
            row += items[place.item + 1 : last]
            row.append(with_edges(items[last], head=by, tail=_ZERO))
        begin = place.item if first is None else first
        end = place.item + 1 if last is None else last + 1
        draft.splice(place.track, begin, end, row)
    return draft.finish()


def _skip(items: tuple[Item, ...], index: int, step: int) -> int | None:
    """Return the first item from `index` on that is no transition; None if none."""
    while 0 <= index < len(items):
        if not isinstance(items[index], Transition):
            return index
        index += step
    return None
