"""Queries: find items of a timeline by id, time or link."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.kept_by_items import KeptByItems
from timeline_nb.timeline.layout import duration_of, layout_of
from timeline_nb.timeline.missing import missing
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Item,
    MediaReference,
    Subtitle,
    Timeline,
    Track,
    Transition,
)

__all__ = [
    "ItemPlace",
    "backwards",
    "clip_of",
    "clips",
    "clips_of_track",
    "duration",
    "effects_of",
    "find",
    "item_index_at",
    "linked",
    "media",
    "media_users",
    "range_of",
    "references_of",
    "same_item",
    "track_duration",
    "track_index",
]


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """The position of an item: the number of its track, and its number there."""

    track: int
    item: int


@dataclass(frozen=True, slots=True)
class _Names:
    """The numbers of a track's items: by id, and of those of each link."""

    by_id: dict[str, int]
    by_link: dict[str, list[int]]


def _names_of(items: tuple[Item, ...]) -> _Names:
    names = _Names({}, {})
    for number, item in enumerate(items):
        if isinstance(item, (Clip, Subtitle)):
            names.by_id.setdefault(item.id, number)
        if isinstance(item, Clip) and item.link:
            names.by_link.setdefault(item.link, []).append(number)
    return names


_names = KeptByItems("the names of items", _names_of)


def track_duration(track: Track) -> Fraction:
    """Return the second at which a track's last item ends."""
    return layout_of(track.items).end


def duration(timeline: Timeline) -> Fraction:
    """Return the second at which the last item of all tracks ends."""
    return max(
        (track_duration(track) for track in timeline.tracks), default=Fraction(0)
    )


def range_of(track: Track, number: int) -> TimeRange:
    """Return the timeline range of an item; of a transition, that in which it plays."""
    item, start = track.items[number], layout_of(track.items).start(number)
    if isinstance(item, Transition):
        return TimeRange(start - item.in_offset, item.in_offset + item.out_offset)
    return TimeRange(start, duration_of(item))


def item_index_at(track: Track, time: Fraction) -> int | None:
    """Return the number of the item at a time, never a transition; None outside."""
    layout = layout_of(track.items)
    if not 0 <= time < layout.end:
        return None
    return layout.index_at(time)


def find(timeline: Timeline, item_id: str) -> ItemPlace:
    """Return the position of the clip or subtitle with an id.

    Raises:
        TimelineError: There is none.
    """
    for number, track in enumerate(timeline.tracks):
        index = _names.of(track.items).by_id.get(item_id)
        if index is not None:
            return ItemPlace(number, index)
    raise missing(f"{timeline.name!r} has no item with the id {item_id!r}")


def clip_of(timeline: Timeline, item_id: str) -> Clip:
    """Return the clip with an id.

    Raises:
        TimelineError: There is none.
    """
    place = find(timeline, item_id)
    item = timeline.tracks[place.track].items[place.item]
    if not isinstance(item, Clip):
        raise TimelineError(
            f"{item_id!r} is a subtitle, not a clip: use cut.subtitles.set"
        )
    return item


def same_item(
    timeline: Timeline, item: Clip | Subtitle, *, earlier: Iterable[Timeline] = ()
) -> ItemPlace:
    """Return the position of an item that was taken from the timeline earlier.

    Args:
        timeline: The timeline now.
        item: The clip or subtitle as it was then.
        earlier: Earlier values of the timeline, the latest first: an item that was
            changed since is looked for there.

    Raises:
        TimelineError: It was not placed yet, was removed since, or is an item of
            another timeline that only has the id of one of this.
    """
    name = item.name if isinstance(item, Clip) else item.text
    if not item.id:
        raise TimelineError(
            f"{name!r} was not placed yet: append it, and name it by its id, or take "
            "it from the edit's clips"
        )
    if _holds(timeline, item) or any(_holds(value, item) for value in earlier):
        return find(timeline, item.id)
    try:
        find(timeline, item.id)
    except TimelineError as error:
        raise TimelineError(
            f"{timeline.name!r} has no item {name!r} ({item.id}): it was removed, or "
            "is of another edit"
        ) from error
    raise TimelineError(
        f"{name!r} ({item.id}) is of another edit: {item.id!r} of {timeline.name!r} "
        "is another item, so take it from the clips of this edit"
    )


def _holds(timeline: Timeline, item: Clip | Subtitle) -> bool:
    """Tell whether a timeline has an item, with its media and its stretch of it."""
    for track in timeline.tracks:
        for own in track.items:
            if own is item:
                return True
            if getattr(own, "id", "") != item.id:
                continue
            if isinstance(own, Clip) and isinstance(item, Clip):
                return own.media == item.media and own.source_range == item.source_range
            return own == item
    return False


def linked(
    timeline: Timeline, item_id: str, *, alone: bool = False
) -> tuple[ItemPlace, ...]:
    """Return the position of an item, and then those of items linked to it.

    With `alone`, only that of the item itself: as if it were linked to nothing.

    Raises:
        TimelineError: There is no such item.
    """
    own = find(timeline, item_id)
    item = timeline.tracks[own.track].items[own.item]
    if alone or not isinstance(item, Clip) or not item.link:
        return (own,)
    others = [
        ItemPlace(number, index)
        for number, track in enumerate(timeline.tracks)
        for index in _names.of(track.items).by_link.get(item.link, ())
    ]
    return (own, *(place for place in others if place != own))


def backwards(places: Iterable[ItemPlace]) -> list[ItemPlace]:
    """Sort positions so that items can be replaced in turn: the last of a track first.

    Replacing an item may change the numbers of the items after it.
    """
    return sorted(places, key=lambda place: (place.track, -place.item))


def clips(timeline: Timeline) -> Iterator[Clip]:
    """Yield every clip, track by track."""
    for track in timeline.tracks:
        for item in track.items:
            if isinstance(item, Clip):
                yield item


def clips_of_track(timeline: Timeline, name: str | None = None) -> list[Clip]:
    """Return the clips of a track in order; of the first video track if not named."""
    for track in timeline.tracks:
        if track.name == name or (name is None and track.kind == "video"):
            return [item for item in track.items if isinstance(item, Clip)]
    return []


def media(timeline: Timeline) -> dict[str, MediaReference]:
    """Return every media file of a timeline by its path, in the order of first use.

    Files of nested timelines are included.
    """
    found: dict[str, MediaReference] = {}
    for track in timeline.tracks:
        found |= {**_media.of(track.items), **found}
    return found


def _media_of(items: tuple[Item, ...]) -> dict[str, MediaReference]:
    found: dict[str, MediaReference] = {}
    for clip in items:
        if not isinstance(clip, Clip):
            continue
        if clip.media.timeline is not None:
            found |= {**media(clip.media.timeline), **found}
        elif clip.media.is_file:
            found.setdefault(clip.media.path, clip.media)
    return found


_media = KeptByItems("the media of tracks", _media_of)


def references_of(timeline: Timeline) -> dict[str, dict[Hashable, MediaReference]]:
    """Return the media files of a timeline by path, in each way that clips have them.

    Clips may have been made with different contents of a file. Files of nested
    timelines are included.
    """
    found: dict[str, dict[Hashable, MediaReference]] = {}
    for track in timeline.tracks:
        for path, ways in _references.of(track.items).items():
            found[path] = {**ways, **found.get(path, {})}
    return found


def _references_of(
    items: tuple[Item, ...],
) -> dict[str, dict[Hashable, MediaReference]]:
    found: dict[str, dict[Hashable, MediaReference]] = {}
    for clip in items:
        if not isinstance(clip, Clip):
            continue
        own = clip.media
        if own.timeline is not None:
            for path, ways in references_of(own.timeline).items():
                found[path] = {**ways, **found.get(path, {})}
        elif own.is_file:
            facts = own.fingerprint, own.available_range, own.size, own.has_audio
            found.setdefault(own.path, {}).setdefault(facts, own)
    return found


_references = KeptByItems("the ways in which tracks have files", _references_of)


def media_users(timeline: Timeline) -> dict[str, str]:
    """Return the label of the first clip that uses each media file, by its path."""
    found: dict[str, str] = {}
    for clip in clips(timeline):
        if clip.media.timeline is not None:
            found |= {**media_users(clip.media.timeline), **found}
        elif clip.media.is_file:
            found.setdefault(clip.media.path, clip.label)
    return found


def effects_of(timeline: Timeline, owner: str) -> tuple[Effect, ...]:
    """Return the effects of a clip by its id, a track by its name, or the timeline.

    Raises:
        TimelineError: There is no such owner.
    """
    if not owner:
        return timeline.effects
    for track in timeline.tracks:
        if track.name == owner:
            return track.effects
    return clip_of(timeline, owner).effects


def track_index(timeline: Timeline, name: str) -> int:
    """Return the number of the track with a name.

    Raises:
        TimelineError: There is none.
    """
    names = [track.name for track in timeline.tracks]
    if name not in names:
        known = ", ".join(names) or "none"
        raise TimelineError(f"{timeline.name!r} has no track {name!r}; it has {known}")
    return names.index(name)
