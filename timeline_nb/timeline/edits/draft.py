"""Draft: the working copy of a timeline that an edit changes."""

from collections.abc import Iterable, Iterator, KeysView, Sequence
from fractions import Fraction
from itertools import count
from typing import Final

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.kind_names import KIND_NAMES
from timeline_nb.timeline.layout import derive_layout, duration_of, layout_of
from timeline_nb.timeline.model import (
    Clip,
    Gap,
    Item,
    Subtitle,
    Timeline,
    Track,
    TrackKind,
    Transition,
)
from timeline_nb.timeline.validate import item_problems, joint_problems

__all__ = ["Draft"]

_ZERO: Final = Fraction(0)
_PREFIX: Final = {"video": "V", "audio": "A", "subtitle": "S"}


class Draft:
    """A working copy of a timeline whose tracks are replaced one by one.

    Every change goes through `splice`, which checks what it touched and keeps the
    canonical form: neighboring gaps are merged, none is at the end, and a transition
    without a clip on either side is removed.

    Args:
        timeline: The timeline to edit.
    """

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self.tracks = list(timeline.tracks)
        self._next_id = timeline.next_id
        self._tail_links: dict[str, str] = {}

    @property
    def timeline(self) -> Timeline:
        """The timeline that is edited, as it was."""
        return self._timeline

    def finish(self) -> Timeline:
        """Return the new timeline; the old one itself if nothing changed."""
        tracks = tuple(self.tracks)
        same = len(tracks) == len(self._timeline.tracks) and all(
            new is old for new, old in zip(tracks, self._timeline.tracks, strict=True)
        )
        if same:
            return self._timeline
        return replace(self._timeline, tracks=tracks, next_id=self._next_id)

    def new_id(self, prefix: str) -> str:
        """Return an id that no item of this timeline has or had."""
        number, self._next_id = self._next_id, self._next_id + 1
        return f"{prefix}{number}"

    def unlocked(self) -> Iterator[int]:
        """Yield the numbers of the tracks that may be edited."""
        return (n for n, track in enumerate(self.tracks) if not track.locked)

    def track_for(self, kind: TrackKind, name: str | None = None) -> int:
        """Return the track of a name, or the first unlocked one of a kind.

        Without a name, a track is added if there is none.

        Raises:
            TimelineError: There is no track of that name, or it is of another kind.
        """
        for number, track in enumerate(self.tracks):
            if track.kind == kind and track.name == name:
                return number
            if name is None and track.kind == kind and not track.locked:
                return number
        if name is not None:
            raise TimelineError(
                Message(
                    "{name} has no {kind} track {track}: add it first",
                    name=repr(self._timeline.name),
                    kind=KIND_NAMES[kind],
                    track=repr(name),
                )
            )
        return self.add_track(kind)

    def add_track(self, kind: TrackKind, name: str | None = None) -> int:
        """Add an empty track: above the other video tracks, or below the rest."""
        names = {track.name for track in self.tracks}
        if name is None:
            candidates = (f"{_PREFIX[kind]}{number}" for number in count(1))
            name = next(candidate for candidate in candidates if candidate not in names)
        if name in names:
            raise TimelineError(Message("there is a track {track} already", track=name))
        order = list(_PREFIX)
        place = sum(
            order.index(track.kind) <= order.index(kind) for track in self.tracks
        )
        self.tracks.insert(place, Track(kind=kind, name=name))
        return place

    def end(self, number: int) -> Fraction:
        """Return the second at which a track ends."""
        return layout_of(self.tracks[number].items).end

    def position(self, number: int, index: int) -> TimeRange:
        """Return the timeline range of an item on its track."""
        items = self.tracks[number].items
        return TimeRange(layout_of(items).start(index), duration_of(items[index]))

    def splice(self, number: int, first: int, last: int, items: Iterable[Item]) -> None:
        """Replace items `first:last` of a track.

        Raises:
            TimelineError: The track is locked, or would not be valid.
        """
        track = self.tracks[number]
        if track.locked:
            raise TimelineError(
                Message(
                    "track {track} is locked: unlock it first", track=repr(track.name)
                )
            )
        old = track.items
        first, last, new = _canonical(old, first, last, list(items))
        if tuple(new) == old[first:last]:
            return
        changed = (*old[:first], *new, *old[last:])
        derive_layout(old, changed, first=first, last=last, added=len(new))
        self.tracks[number] = replace(track, items=changed)
        self._check(number, first, first + len(new))

    def rebuild(self, number: int, items: Sequence[Item]) -> None:
        """Give a track other items; only those that differ are checked.

        Raises:
            TimelineError: The track is locked, or would not be valid.
        """
        old = self.tracks[number].items
        most = min(len(old), len(items))
        first = next((n for n in range(most) if items[n] != old[n]), most)
        most -= first
        same = next((n for n in range(most) if items[-1 - n] != old[-1 - n]), most)
        last = len(old) - same
        self.splice(number, first, last, items[first : len(items) - same])

    def replace(self, number: int, span: TimeRange, items: Sequence[Item]) -> None:
        """Replace whatever a track has in a range of time.

        Items that reach into the range are cut at its edges. New items that last
        longer or shorter than the range move what follows on this track.

        Raises:
            TimelineError: The track is locked, would not be valid, or begins later.
        """
        if span.start < 0:
            raise TimelineError(
                Message(
                    "nothing lies at {start} s: a timeline begins at 0",
                    start=f"{float(span.start):g}",
                )
            )
        old = self.tracks[number].items
        layout = layout_of(old)
        end = layout.end
        if span.start >= end:
            pad = [Gap(duration=span.start - end)] if items and span.start > end else []
            self.splice(number, len(old), len(old), [*pad, *items])
            return
        first, head = self._head(old, span.start)
        last, tail = self._tail(old, span.end, keeps_head=bool(head), first=first)
        if span.duration == 0 and not items and not head and not tail:
            return
        self.splice(number, first, max(first, last), [*head, *items, *tail])

    def _head(self, items: tuple[Item, ...], time: Fraction) -> tuple[int, list[Item]]:
        """Return the first item to replace, and the part of it before `time`."""
        layout = layout_of(items)
        index = layout.index_at(time)
        begins = layout.start(index)
        if begins == time:
            while index and layout.starts[index - 1] == layout.starts[index]:
                index -= 1
            return index, []
        return index, [_before(items[index], time - begins)]

    def _tail(
        self, items: tuple[Item, ...], time: Fraction, *, keeps_head: bool, first: int
    ) -> tuple[int, list[Item]]:
        """Return the first item to keep, and the part after `time` of that before."""
        layout = layout_of(items)
        if time >= layout.end:
            return len(items), []
        index = layout.index_at(time)
        begins = layout.start(index)
        if begins == time:
            return index, []
        is_twin = keeps_head and index == first
        return index + 1, [self._after(items[index], time - begins, is_twin=is_twin)]

    def _after(self, item: Item, offset: Fraction, *, is_twin: bool) -> Item:
        """Return the part of an item from `offset` on, new if its head stays too."""
        if isinstance(item, Clip):
            span = item.source_range
            rest = replace(
                item,
                source_range=TimeRange.between(span.start + offset, span.end),
                fade_in=_ZERO,
                fade_out=min(item.fade_out, span.duration - offset),
            )
            if not is_twin:
                return rest
            return replace(rest, id=self.new_id("c"), link=self.tail_link(item.link))
        if isinstance(item, Subtitle):
            own = self.new_id("s") if is_twin else item.id
            return replace(item, id=own, duration=item.duration - offset)
        return Gap(duration=duration_of(item) - offset)

    @property
    def split_links(self) -> KeysView[str]:
        """The links of clips that were split, whose tails have a link of their own."""
        return self._tail_links.keys()

    def tail_link(self, link: str) -> str:
        """Return the link of all tails whose heads had this link."""
        if link and link not in self._tail_links:
            self._tail_links[link] = self.new_id("l")
        return self._tail_links.get(link, "")

    def _check(self, number: int, first: int, last: int) -> None:
        """Check the items `first:last`, and the transitions that touch them."""
        track = self.tracks[number]
        for index in range(max(0, first - 2), min(len(track.items), last + 2)):
            faults = list(joint_problems(track, index, self._timeline.rate))
            if first <= index < last:
                faults += item_problems(track, track.items[index])
            if faults:
                raise TimelineError(
                    Message(
                        "track {track}: {fault}",
                        track=repr(track.name),
                        fault=faults[0],
                    )
                )


def _before(item: Item, length: Fraction) -> Item:
    """Return the first `length` seconds of an item."""
    if isinstance(item, Clip):
        return replace(
            item,
            source_range=TimeRange(item.source_range.start, length),
            fade_in=min(item.fade_in, length),
            fade_out=_ZERO,
        )
    if isinstance(item, Subtitle):
        return replace(item, duration=length)
    return Gap(duration=length)


def _canonical(
    old: tuple[Item, ...], first: int, last: int, new: list[Item]
) -> tuple[int, int, list[Item]]:
    """Extend the replaced items until their neighbors are in canonical form."""
    while first and _depends(old[first - 1], new[0] if new else None):
        first -= 1
        new.insert(0, old[first])
    while last < len(old) and _depends(old[last], new[-1] if new else None):
        new.append(old[last])
        last += 1
    merged = _merged(
        new,
        before=old[first - 1] if first else None,
        after=old[last] if last < len(old) else None,
    )
    if last == len(old):
        while merged and isinstance(merged[-1], Gap):
            merged.pop()
        while not merged and first and isinstance(old[first - 1], (Gap, Transition)):
            first -= 1
    return first, last, merged


def _depends(neighbor: Item, edge: Item | None) -> bool:
    """Tell whether a kept neighbor may change together with the new items."""
    if isinstance(neighbor, Transition):
        return True
    return isinstance(neighbor, Gap) and (edge is None or isinstance(edge, Gap))


def _merged(
    items: list[Item], *, before: Item | None, after: Item | None
) -> list[Item]:
    merged: list[Item] = []
    for index, item in enumerate(items):
        if isinstance(item, Transition):
            left = merged[-1] if merged else before
            right = items[index + 1] if index + 1 < len(items) else after
            if not isinstance(left, Clip) or not isinstance(right, Clip):
                continue
        if isinstance(item, Gap):
            if not item.duration:
                continue
            if merged and isinstance(merged[-1], Gap):
                merged[-1] = Gap(duration=merged[-1].duration + item.duration)
                continue
        merged.append(item)
    return merged
