"""Outcome: where an edit puts items, what it overwrites, and what it pushes along."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile
from typing import TypeAlias

from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Clip, Item, Subtitle, Timeline, Track
from timeline_nb.timeline.queries import range_of, track_duration

__all__ = ["Outcome", "PlacedItem", "Pushed", "outcome"]

Content: TypeAlias = Clip | Subtitle


@dataclass(frozen=True)
class PlacedItem:
    """An item, and where it lies: the name of its track, and its range."""

    track: str
    span: TimeRange
    item: Content


@dataclass(frozen=True)
class Pushed:
    """The items of a track from a time on move by so many seconds."""

    track: str
    start: Fraction
    by: Fraction


@dataclass(frozen=True)
class Outcome:
    """What an edit changes.

    Args:
        placed: Items that are new, and those that were named, where they are now.
        lost: Ranges of the old timeline that were overwritten, by their track.
        pushed: What moved along.
    """

    placed: tuple[PlacedItem, ...]
    lost: tuple[tuple[str, TimeRange], ...]
    pushed: tuple[Pushed, ...]


def outcome(
    old: Timeline,
    new: Timeline,
    *,
    moved: Collection[str] = (),
    with_resized: bool = False,
) -> Outcome:
    """Return what differs between the timelines before and after an edit.

    Args:
        old: Before.
        new: After.
        moved: The ids of the items that the edit is about: where they go is no push,
            and what they give up is not overwritten.
        with_resized: Whether items that became longer or shorter are placed as well.
    """
    before = {track.name: track for track in old.tracks}
    changed = [t for t in new.tracks if before.get(t.name) != t]
    placed: list[PlacedItem] = []
    lost: list[tuple[str, TimeRange]] = []
    pushed: dict[tuple[str, Fraction], Fraction] = {}
    for track in changed:
        former = before.get(track.name)
        head, tail = _unchanged(former, track, moved) if former else (0, 0)
        were = {own.item.id: own for own in _items(former, head, tail)}
        now = list(_items(track, head, tail))
        kept = {own.item.id: own for own in now if own.item.id in were}
        rest = dict(_remainders(were, kept, now))
        for own in now:
            was = were.get(own.item.id)
            is_named = own.item.id in moved or (
                with_resized and was is not None and _own(was) != _own(own)
            )
            if is_named or (was is None and own.item.id not in rest):
                placed.append(own)
                continue
            start = _former_start(own, was or were[rest[own.item.id]])
            if start != own.span.start and (was is None or _is_pushed(was, own)):
                key = (track.name, own.span.start - start)
                pushed[key] = min(pushed.get(key, start), start)
        pieces: dict[str, list[PlacedItem]] = {}
        for own in now:
            for name in {own.item.id, rest.get(own.item.id, own.item.id)}:
                pieces.setdefault(name, []).append(own)
        for was in were.values():
            if was.item.id not in moved:
                shown = pieces.get(was.item.id, [])
                lost += [(track.name, span) for span in _lost(was, shown)]
    pushes = tuple(Pushed(name, start, by) for (name, by), start in pushed.items())
    return Outcome(tuple(placed), tuple(lost), pushes)


def _unchanged(old: Track, new: Track, moved: Collection[str]) -> tuple[int, int]:
    """Return how many items lie as they did at the start, and at the end.

    An edit shares what it leaves: looking at thousands of items takes longer than it.
    """

    def shared(one: Iterable[Item], other: Iterable[Item]) -> int:
        same = takewhile(
            lambda pair: pair[0] is pair[1] and getattr(pair[0], "id", "") not in moved,
            zip(one, other, strict=False),
        )
        return sum(1 for _ in same)

    head = shared(old.items, new.items)
    if track_duration(old) != track_duration(new):
        return head, 0
    rest = min(len(old.items), len(new.items)) - head
    return head, min(rest, shared(reversed(old.items), reversed(new.items)))


def _items(track: Track | None, head: int, tail: int) -> Iterator[PlacedItem]:
    if track is None:
        return
    for number in range(head, len(track.items) - tail):
        item = track.items[number]
        if isinstance(item, (Clip, Subtitle)):
            yield PlacedItem(track.name, range_of(track, number), item)


def _is_pushed(was: PlacedItem, now: PlacedItem) -> bool:
    return was.span.start != now.span.start and _own(was) == _own(now)


def _former_start(now: PlacedItem, was: PlacedItem) -> Fraction:
    """Return where what an item begins with lay before, within an item."""
    return was.span.start + _own(now).start - _own(was).start


def _own(placed: PlacedItem) -> TimeRange:
    """Return the range of its own time that an item shows."""
    item = placed.item
    if isinstance(item, Clip):
        return item.source_range
    return TimeRange(Fraction(0), item.duration)


def _remainders(
    were: dict[str, PlacedItem], kept: dict[str, PlacedItem], now: list[PlacedItem]
) -> Iterator[tuple[str, str]]:
    """Yield the new items that are the ends of clips that were split, and of which."""
    ends = {}
    for name, own in kept.items():
        was = were[name]
        if _own(own).start == _own(was).start and _own(own).end < _own(was).end:
            ends[_source(was), _own(was).end] = (_own(own).end, name)
    for own in now:
        first, name = ends.get((_source(own), _own(own).end), (None, ""))
        if own.item.id not in were and first is not None and _own(own).start >= first:
            yield own.item.id, name


def _source(placed: PlacedItem) -> str:
    item = placed.item
    return f"{item.media.path} {item.name}" if isinstance(item, Clip) else item.text


def _lost(was: PlacedItem, pieces: list[PlacedItem]) -> Iterator[TimeRange]:
    """Yield the ranges of an item, as it lay, that no piece shows any more."""
    own = _own(was)
    at = own.start
    shift = was.span.start - own.start
    for piece in sorted(pieces, key=lambda piece: _own(piece).start):
        shown = _own(piece)
        if shown.start > at:
            yield TimeRange.between(at + shift, shown.start + shift)
        at = max(at, shown.end)
    if at < own.end:
        yield TimeRange.between(at + shift, own.end + shift)
