"""Find the same track and the same item in two timelines."""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

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
# Items of one media that are looked through for one that shows the same stretch.
_MOST_TRIED: Final = 64


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

    By id, where ids mean the same in both and the media are the same; else by media and
    the stretch of it that is shown, for an edit that came back from another program,
    whose ids coincide by chance.
    """
    there = {spot.item.id: spot for spot in old}
    same_id = [(there[s.item.id], s) for s in new if s.item.id in there]
    trusted = _are_trusted(same_id, old, new)
    pairs = _Pairs(old, new)
    if trusted:
        pairs.take(pair for pair in same_id if _alike(*pair))
    pairs.take(by_key(*pairs.left(), _exactly))
    for key in (_content, _label):
        pairs.take(_overlapping(*pairs.left(), key))
    # What is left of one id, such as a clip whose media was replaced.
    pairs.take(pair for pair in same_id if trusted or _alike(*pair))
    return [(pairs.found[id(s)], s) for s in new if id(s) in pairs.found]


class _Pairs:
    """The items that were matched so far, each at most once."""

    def __init__(self, old: Sequence[Spot], new: Sequence[Spot]) -> None:
        self._sides = old, new
        self._taken: set[int] = set()
        self.found: dict[int, Spot] = {}

    def take(self, pairs: Iterable[tuple[Spot, Spot]]) -> None:
        for one, other in pairs:
            if id(one) not in self._taken and id(other) not in self.found:
                self._taken.add(id(one))
                self.found[id(other)] = one

    def left(self) -> tuple[list[Spot], list[Spot]]:
        old, new = self._sides
        return (
            [spot for spot in old if id(spot) not in self._taken],
            [spot for spot in new if id(spot) not in self.found],
        )


def _are_trusted(
    same_id: Sequence[tuple[Spot, Spot]], old: Sequence[Spot], new: Sequence[Spot]
) -> bool:
    """Tell whether ids are of the same items in both: one edit made from the other.

    No id is of a picture here and of sound there, and most are of the same media. Most
    items that are exactly the same have the same id; or more of one id show the same
    stretch somewhere, as after a trim that moved all that follows.
    """
    if any(one.track.kind != other.track.kind for one, other in same_id):
        return False
    alike = sum(_alike(*pair) for pair in same_id)
    same = sum(_exactly(one) == _exactly(other) for one, other in same_id)
    all_same = sum(1 for _ in by_key(old, new, _exactly))
    moved = sum(_stretch(one) == _stretch(other) for one, other in same_id)
    is_known = same * 2 >= all_same or moved > all_same
    return is_known and alike * 2 >= len(same_id)


def _alike(first: Spot, second: Spot) -> bool:
    one, other = first.item, second.item
    if first.track.kind != second.track.kind:
        return False
    if not (isinstance(one, Clip) and isinstance(other, Clip)):
        return type(one) is type(other)
    if one.name == other.name or same_media(one.media, other.media):
        return True
    return one.media.label == other.media.label and _may_be_same(first, second)


def _exactly(spot: Spot) -> Hashable:
    return _stretch(spot), spot.place.start


def _stretch(spot: Spot) -> Hashable:
    """Return what an item shows, wherever it stands on its track."""
    item = spot.item
    if isinstance(item, Subtitle):
        return spot.track.name, item.text
    name = "" if item.media.is_file else item.name
    stretch = item.source_range.start, item.source_range.duration
    return spot.track.name, _label(spot), name, stretch


def _content(spot: Spot) -> Hashable:
    item = spot.item
    if isinstance(item, Subtitle):
        return "", item.text
    return spot.track.kind, item.media.fingerprint or item.media.label


def _label(spot: Spot) -> Hashable:
    item = spot.item
    if isinstance(item, Subtitle):
        return "", item.text
    return spot.track.kind, item.media.label


def _overlapping(
    old: Iterable[Spot], new: Iterable[Spot], key: Callable[[Spot], Hashable]
) -> Iterator[tuple[Spot, Spot]]:
    """Yield pairs of one key that show a stretch of media in common."""
    waiting: dict[Hashable, list[Spot]] = defaultdict(list)
    for one in old:
        waiting[key(one)].append(one)
    for other in new:
        there = waiting.get(key(other), [])
        for number, one in enumerate(there[:_MOST_TRIED]):
            if _overlap(one.item, other.item) and _may_be_same(one, other):
                del there[number]
                yield one, other
                break


def _may_be_same(first: Spot, second: Spot) -> bool:
    """Tell whether nothing says that the content of two files differs."""
    one, other = first.item, second.item
    if not (isinstance(one, Clip) and isinstance(other, Clip)):
        return True
    prints = {one.media.fingerprint, other.media.fingerprint}
    return "" in prints or len(prints) == 1


def _overlap(one: Item, other: Item) -> bool:
    if isinstance(one, Clip) and isinstance(other, Clip):
        first, second = one.source_range, other.source_range
        return first.start < second.end and second.start < first.end
    return True
