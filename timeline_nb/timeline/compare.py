"""Compare: what changed from one value of an edit to another, in words and as rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias

import msgspec

from timeline_nb.timebase import TimeRange, format_timecode
from timeline_nb.timeline.model import Clip, Item, Subtitle, Timeline, Transition
from timeline_nb.timeline.queries import range_of

__all__ = ["Change", "ChangeKind", "compare"]

ChangeKind: TypeAlias = Literal["added", "removed", "moved", "trimmed", "changed"]

# Where an item is and how long it lasts is reported as moved and trimmed.
_PLACE: Final = {"id", "duration", "source_range"}
_WHOLE: Final = {"tracks", "next_id", "metadata"}


@dataclass(frozen=True)
class Change:
    """A difference between two timelines.

    Args:
        kind: `added`, `removed`, `moved`, `trimmed` or `changed`.
        what: `timeline`, `track`, `clip`, `subtitle`, `transition` or `marker`.
        name: The id of a clip or subtitle and its name; the name of all else.
        track: The name of the track, the one now if there is one; empty if none.
        field: The field that changed, of `changed`; else empty.
        before: Its value, or the times of the item, in words; empty if there was none.
        after: As `before`, of now.
    """

    kind: ChangeKind
    what: str
    name: str
    track: str = ""
    field: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        """Return the change as a sentence without a full stop."""
        where = f" on {self.track}" if self.track else ""
        text = f"{self.kind} {self.what} {self.name}{where}"
        if self.field:
            text += f", {self.field}"
        if self.before and self.after:
            return f"{text}: {self.before} → {self.after}"
        shown = self.before or self.after
        return f"{text}: {shown}" if shown else text

    def to_row(self) -> dict[str, str]:
        """Return the change as a row: `kind`, `what`, `name`, `track`, `field` ..."""
        return {
            "kind": self.kind,
            "what": self.what,
            "name": self.name,
            "track": self.track,
            "field": self.field,
            "before": self.before,
            "after": self.after,
        }


@dataclass(frozen=True)
class _Spot:
    """An item with its place."""

    track: str
    place: TimeRange
    item: Item


def compare(old: Timeline, new: Timeline) -> list[Change]:
    """List what changed from one timeline to another.

    Clips and subtitles are matched by their ids, which edits keep; tracks by their
    names; transitions by the clips on both sides; markers by name and time.

    Returns:
        Changes of the timeline itself, then of tracks, then of items in the order of
        the new timeline with the removed ones last, then of markers.
    """
    if old is new:
        return []
    changes = list(_fields("timeline", new.name, "", old, new, without=_WHOLE))
    changes = [change for change in changes if change.field != "markers"]
    changes += _tracks(old, new)
    changes += _items(old, new)
    changes += _markers(old, new)
    return changes


def _tracks(old: Timeline, new: Timeline) -> Iterator[Change]:
    before = {track.name: track for track in old.tracks}
    after = {track.name: track for track in new.tracks}
    for name, track in after.items():
        if name not in before:
            yield Change("added", "track", name, after=track.kind)
        elif track is not before[name]:
            yield from _fields(
                "track", name, "", before[name], track, without={"items", "name"}
            )
    for name, track in before.items():
        if name not in after:
            yield Change("removed", "track", name, before=track.kind)


def _items(old: Timeline, new: Timeline) -> Iterator[Change]:
    before, after = dict(_spots(old)), dict(_spots(new))
    for key, spot in after.items():
        what, name = _what(spot.item), _name(key, spot.item)
        earlier = before.get(key)
        if earlier is None:
            place = _times(spot.place, new.rate)
            yield Change("added", what, name, spot.track, after=place)
            continue
        yield from _placed(what, name, (earlier, spot), (old.rate, new.rate))
        yield from _fields(
            what, name, spot.track, earlier.item, spot.item, without=_PLACE
        )
    for key, spot in before.items():
        if key not in after:
            what, name = _what(spot.item), _name(key, spot.item)
            place = _times(spot.place, old.rate)
            yield Change("removed", what, name, spot.track, before=place)


def _placed(
    what: str,
    name: str,
    spots: tuple[_Spot, _Spot],
    rates: tuple[Fraction, Fraction],
) -> Iterator[Change]:
    """Yield what changed of an item's place, its duration and its media."""
    earlier, spot = spots
    if what == "transition":
        return
    times = [_times(s.place, rate) for s, rate in zip(spots, rates, strict=True)]
    if earlier.track != spot.track:
        times = [f"{s.track} {time}" for s, time in zip(spots, times, strict=True)]
    if earlier.place.duration != spot.place.duration:
        yield Change("trimmed", what, name, spot.track, before=times[0], after=times[1])
    elif earlier.track != spot.track or earlier.place.start != spot.place.start:
        yield Change("moved", what, name, spot.track, before=times[0], after=times[1])
    one, other = earlier.item, spot.item
    if isinstance(one, Clip) and isinstance(other, Clip):
        starts = one.source_range.start, other.source_range.start
        if starts[0] != starts[1]:
            times = [f"from {_seconds(start)}" for start in starts]
            yield Change("trimmed", what, name, spot.track, "media", *times)


def _spots(timeline: Timeline) -> Iterator[tuple[str, _Spot]]:
    for track in timeline.tracks:
        for index, item in enumerate(track.items):
            spot = _Spot(track.name, range_of(track, index), item)
            if isinstance(item, (Clip, Subtitle)):
                yield item.id, spot
            elif isinstance(item, Transition):
                sides = track.items[index - 1], track.items[index + 1]
                yield " to ".join(getattr(side, "id", "") for side in sides), spot


def _what(item: Item) -> str:
    return type(item).__name__.lower()


def _name(key: str, item: Item) -> str:
    if isinstance(item, Clip):
        return item.label
    return f"{item.text!r} ({key})" if isinstance(item, Subtitle) else key


def _fields(  # noqa: PLR0913 - an owner and its two values
    what: str,
    name: str,
    track: str,
    old: msgspec.Struct,
    new: msgspec.Struct,
    *,
    without: Iterable[str],
) -> Iterator[Change]:
    """Yield the fields that differ; those of a transform one by one."""
    if old is new:
        return
    for field in type(new).__struct_fields__:
        before, after = getattr(old, field), getattr(new, field)
        if field in without or before is after or before == after:
            continue
        if field == "transform":
            yield from _fields(what, name, track, before, after, without=())
            continue
        yield Change("changed", what, name, track, field, _told(before), _told(after))


def _markers(old: Timeline, new: Timeline) -> Iterator[Change]:
    before, after = list(old.markers), list(new.markers)
    for marker in after:
        if marker not in before:
            place = _times(marker.marked_range, new.rate)
            yield Change("added", "marker", repr(marker.name), after=place)
    for marker in before:
        if marker not in after:
            place = _times(marker.marked_range, old.rate)
            yield Change("removed", "marker", repr(marker.name), before=place)


def _times(place: TimeRange, rate: Fraction) -> str:
    start = format_timecode(place.start, rate)
    return f"{start} for {_seconds(place.duration)}"


def _seconds(time: Fraction) -> str:
    return f"{float(time):.6g} s"


def _told(value: Any) -> str:
    """Return a value in a few words."""
    if isinstance(value, Fraction):
        return f"{float(value):.6g}"
    if isinstance(value, tuple) and value and isinstance(value[0], msgspec.Struct):
        return ", ".join(str(getattr(part, "kind", part)) for part in value)
    if isinstance(value, dict):
        return ", ".join(sorted(map(str, value))) or "none"
    text = str(value) if not isinstance(value, str) else value
    if value in {"", None} if isinstance(value, (str, type(None))) else value == ():
        return "none"
    return text if len(text) <= 60 else f"{text[:59]}…"
