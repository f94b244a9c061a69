"""Shift: move several items together, along the tracks and between them."""

from collections.abc import Iterable
from fractions import Fraction

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.named import named
from timeline_nb.timeline.kind_names import KIND_NAMES
from timeline_nb.timeline.model import Gap, Item, Timeline
from timeline_nb.timeline.queries import ItemPlace, backwards, find, linked

__all__ = ["shift"]


def shift(
    timeline: Timeline,
    item_ids: Iterable[str],
    *,
    by: Fraction,
    up: int = 0,
    alone: bool = False,
) -> Timeline:
    """Move items by the same time, with those linked to them.

    They leave gaps, and overwrite what they land on, but not one another.

    Args:
        timeline: The timeline to edit.
        item_ids: The ids of the items.
        by: Seconds later, negative for earlier.
        up: Tracks of the same kind to go up, negative for down. What is only linked to
            them stays on its track.
        alone: Leave what is linked to them as it is.

    Raises:
        TimelineError: An item would begin before 0, there is no track so far up or
            down, or a track is locked.
    """
    chosen = [find(timeline, item_id) for item_id in dict.fromkeys(item_ids)]
    others = [
        place
        for item_id in dict.fromkeys(item_ids)
        for place in linked(timeline, item_id, alone=alone)
    ]
    draft = Draft(timeline)
    moved: list[tuple[int, TimeRange, Item]] = []
    for place in dict.fromkeys([*chosen, *others]):
        item = timeline.tracks[place.track].items[place.item]
        span = draft.position(place.track, place.item).shifted(by)
        if span.start < 0:
            name = named(timeline, getattr(item, "id", ""))
            raise TimelineError(
                Message(
                    "{item} cannot begin at {start} s, before 0",
                    item=name,
                    start=f"{float(span.start):g}",
                )
            )
        target = _target(timeline, place, up) if place in chosen else place.track
        moved.append((target, span, item))
    for place in backwards(dict.fromkeys([*chosen, *others])):
        gap = Gap(duration=draft.position(place.track, place.item).duration)
        draft.splice(place.track, place.item, place.item + 1, [gap])
    for target, span, item in moved:
        draft.replace(target, span, [item])
    return draft.finish()


def _target(timeline: Timeline, place: ItemPlace, up: int) -> int:
    """Return the number of the track `up` tracks above, of the same kind."""
    kind = timeline.tracks[place.track].kind
    row = [n for n, track in enumerate(timeline.tracks) if track.kind == kind]
    # Later video tracks are shown above; audio and subtitles are listed downwards.
    step = up if kind == "video" else -up
    place_in_row = row.index(place.track) + step
    if not 0 <= place_in_row < len(row):
        name = timeline.tracks[place.track].name
        where = Message("above") if up > 0 else Message("below")
        raise TimelineError(
            Message(
                "there is no {kind} track so far {where} {name}",
                kind=KIND_NAMES[kind],
                where=where,
                name=repr(name),
            )
        )
    return row[place_in_row]
