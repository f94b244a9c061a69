"""Trim: move an item's edges; nothing else moves."""

from fractions import Fraction
from typing import Final

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.edges import with_edges
from timeline_nb.timeline.edits.named import named
from timeline_nb.timeline.model import Gap, Item, Timeline
from timeline_nb.timeline.queries import backwards, linked

__all__ = ["trim"]

_ZERO: Final = Fraction(0)


def trim(
    timeline: Timeline,
    item_id: str,
    *,
    head: Fraction = _ZERO,
    tail: Fraction = _ZERO,
    alone: bool = False,
) -> Timeline:
    """Move an item's edges, and those of what is linked to it.

    Edges move outward only into gaps.

    Args:
        timeline: The timeline to edit.
        item_id: The id of the item.
        head: Seconds by which its first edge moves later, negative for earlier.
        tail: Seconds by which its last edge moves later, negative for earlier.
        alone: Leave what is linked to it as it is.

    Raises:
        TimelineError: Another item is in the way, there is no such media, nothing
            would be left, or a track is locked.
    """
    draft = Draft(timeline)
    for place in backwards(linked(timeline, item_id, alone=alone)):
        items = draft.tracks[place.track].items
        first, last = place.item, place.item + 1
        changed = with_edges(items[first], head=head, tail=tail)
        before = items[first - 1] if first else None
        after = items[last] if last < len(items) else None
        room = _grown(before, head)
        rest = _ZERO if after is None and tail > 0 else _grown(after, -tail)
        if room < 0 or rest < 0:
            raise TimelineError(
                Message(
                    "there is no room before {item}: trim it with ripple, or roll the "
                    "cut",
                    item=named(timeline, item_id),
                )
                if room < 0
                else Message(
                    "there is no room behind {item}: trim it with ripple, or roll the "
                    "cut",
                    item=named(timeline, item_id),
                )
            )
        # A gap of no length would part the clip from a transition that it keeps.
        row = [
            *([Gap(duration=room)] if room else []),
            changed,
            *([Gap(duration=rest)] if rest else []),
        ]
        draft.splice(
            place.track,
            first - isinstance(before, Gap),
            last + isinstance(after, Gap),
            row,
        )
    return draft.finish()


def _grown(neighbor: Item | None, by: Fraction) -> Fraction:
    """Return the duration of the gap beside an item, once the edge has moved."""
    return (neighbor.duration if isinstance(neighbor, Gap) else _ZERO) + by
