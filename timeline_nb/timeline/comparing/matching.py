"""Find the same track and the same item in two timelines."""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import (
    Clip,
    Item,
    MediaReference,
    Subtitle,
    Timeline,
    Track,
)
from timeline_nb.timeline.queries import range_of

__all__ = ["Spot", "by_key", "match_items", "match_tracks", "same_media", "spots"]

T = TypeVar("T")


@dataclass(frozen=True)
class Spot:
    """A clip or subtitle with its place.

    Args:
        track: Its track.
        number: Its number there.
        place: The range of the timeline that it takes.
        item: The clip or subtitle.
    """

    track: Track
    number: int
    place: TimeRange
    item: Clip | Subtitle


def spots(timeline: Timeline) -> list[Spot]:
    """Return all clips and subtitles of a timeline with their places."""
    return [
        Spot(track, number, range_of(track, number), item)
        for track in timeline.tracks
        for number, item in enumerate(track.items)
        if isinstance(item, (Clip, Subtitle))
    ]


def same_media(one: MediaReference, other: MediaReference) -> bool:
    """Tell whether two references are of one file, which may have been moved."""
    if not (one.is_file and other.is_file):
        return one.is_file == other.is_file and one.label == other.label
    if one.path == other.path:
        return True
    same_content = bool(one.fingerprint) and one.fingerprint == other.fingerprint
    return same_content and one.label == other.label


def by_key(
    old: Iterable[T], new: Iterable[T], key: Callable[[T], Hashable]
) -> Iterator[tuple[T, T]]:
    """Yield pairs of one key, the first of either with the first of the other."""
    waiting: dict[Hashable, deque[T]] = defaultdict(deque)
    for one in old:
        waiting[key(one)].append(one)
    for other in new:
        if found := waiting.get(key(other)):
            yield found.popleft(), other


def match_tracks(old: Timeline, new: Timeline) -> list[tuple[Track, Track]]:
    """Return the tracks that are in both: of one name, or with the same items."""
    pairs = list(by_key(old.tracks, new.tracks, lambda track: (track.kind, track.name)))
    named = [{track.name for track in side} for side in zip(*pairs, strict=True)]
    left = [track for track in old.tracks if not named or track.name not in named[0]]
    added = [track for track in new.tracks if not named or track.name not in named[1]]
    for track in added:
        ids = _ids(track)
        alike = [one for one in left if one.kind == track.kind]
        best = max(alike, key=lambda one: len(ids & _ids(one)), default=None)
        if best is not None and (ids & _ids(best) or (not ids and not _ids(best))):
            left.remove(best)
            pairs.append((best, track))
    return pairs


def _ids(track: Track) -> set[str]:
    return {item.id for item in track.items if isinstance(item, (Clip, Subtitle))}


def match_items(old: Sequence[Spot], new: Sequence[Spot]) -> list[tuple[Spot, Spot]]:
    """Return the items that are in both, in the order of the new ones.

    By id, where it is of the same media, or most ids are; else by media and a stretch
    of it that both show, for an edit that came back from another program.
    """
    there = {spot.item.id: spot for spot in old}
    same_id = [(there[s.item.id], s) for s in new if s.item.id in there]
    alike = [pair for pair in same_id if _alike(*(spot.item for spot in pair))]
    trusted = len(alike) * 2 >= len(same_id)
    found = {id(other): one for one, other in (same_id if trusted else alike)}
    taken = {id(one) for one in found.values()}
    left = [spot for spot in old if id(spot) not in taken]
    added = [spot for spot in new if id(spot) not in found]
    for one, other in by_key(left, added, _content):
        if _overlap(one.item, other.item):
            found[id(other)] = one
    return [(found[id(spot)], spot) for spot in new if id(spot) in found]


def _alike(one: Item, other: Item) -> bool:
    if isinstance(one, Clip) and isinstance(other, Clip):
        return one.name == other.name or same_media(one.media, other.media)
    return type(one) is type(other)


def _content(spot: Spot) -> Hashable:
    item = spot.item
    if isinstance(item, Subtitle):
        return "", item.text
    return spot.track.kind, item.media.fingerprint or item.media.label


def _overlap(one: Item, other: Item) -> bool:
    if isinstance(one, Clip) and isinstance(other, Clip):
        first, second = one.source_range, other.source_range
        return first.start < second.end and second.start < first.end
    return True
