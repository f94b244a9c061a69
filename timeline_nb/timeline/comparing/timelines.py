"""Compare two timelines: tracks, items, markers, and what is nested in them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import Final

from timeline_nb.i18n import Message
from timeline_nb.timebase import format_timecode
from timeline_nb.timeline.comparing.changes import (
    NO_KEYS,
    Change,
    Keys,
    changed,
    field_changes,
    frames_in_words,
    in_words,
    mapping_changes,
    metadata_of,
    quote,
    refuse_other,
    style_of,
)
from timeline_nb.timeline.comparing.effects import effect_changes, parameter_changes
from timeline_nb.timeline.comparing.items import (
    clip_changes,
    place_changes,
    subtitle_changes,
    where_of,
    without_track,
)
from timeline_nb.timeline.comparing.marks import marker_changes
from timeline_nb.timeline.comparing.matching import (
    Spot,
    match_items,
    match_tracks,
    spots,
)
from timeline_nb.timeline.comparing.retimed import anchored
from timeline_nb.timeline.kind_names import KIND_NAMES
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Subtitle,
    Timeline,
    Track,
    Transition,
)

__all__ = ["compare"]

_HEAD: Final = frozenset({"tracks", "next_id", "metadata", "markers", "effects"})
_KINDS: Final = KIND_NAMES | {"subtitle": Message("subtitles")}
# What readers of other programs' files keep in metadata, by the change's name.
_OF_FORMATS: Final = {
    f"metadata: {name}": name for name in ("ale", "edl", "otio", "start_timecode")
}
# Of tracks.
_TRACK: Final = frozenset({"items", "name", "effects", "style", "metadata"})


def compare(old: Timeline, new: Timeline, *, within: str = "") -> list[Change]:
    """List what changed from one timeline to another.

    Args:
        old: The timeline before.
        new: The timeline after.
        within: The clip that shows them, where they are nested.

    Returns:
        Changes of the timeline, then of its tracks, of items in the order of the new
        timeline with the removed ones last, of transitions, and of markers.

    Raises:
        TimelineError: One is no timeline.
    """
    for given in (old, new):
        refuse_other(given)
    if old is new or old == new:
        return []
    old, new = anchored(old), anchored(new)
    found = [*_head(old, new), *_Comparison(old, new).changes()]
    found += marker_changes("", old.markers, new.markers, new.rate)
    if not within:
        return _with_one_summary(found)
    # Their ids are of the nested timeline: they mark nothing in the outer one.
    return [
        replace(
            change,
            where=Message("{outer} > {inner}", outer=within, inner=change.where),
            keys=NO_KEYS,
        )
        for change in found
    ]


def _with_one_summary(changes: Sequence[Change]) -> list[Change]:
    """Return changes with those of what formats keep for themselves as one."""
    kept = [change for change in changes if change.what in _OF_FORMATS]
    if len(kept) < 2:
        return list(changes)
    counts = Counter(_OF_FORMATS[change.what] for change in kept)
    shown = ", ".join(f"{name} of {count}" for name, count in counts.items())
    rest = [change for change in changes if change.what not in _OF_FORMATS]
    return [
        *rest,
        Change(
            Message("timeline"),
            Message("metadata of formats: {formats}", formats=shown),
        ),
    ]


def _head(old: Timeline, new: Timeline) -> Iterator[Change]:
    where = Message("timeline")
    yield from field_changes(where, old, new, without=_HEAD)
    yield from effect_changes(where, old.effects, new.effects)
    yield from mapping_changes(where, metadata_of, old.metadata, new.metadata)


@dataclass
class _Comparison:
    """The tracks and items of two timelines, matched."""

    old: Timeline
    new: Timeline

    def __post_init__(self) -> None:
        self.tracks = match_tracks(self.old, self.new)
        self.spots = spots(self.old), spots(self.new)
        self.items = match_items(*self.spots)
        # The new ids of items by their old ones.
        self.names = {one.item.id: other.item.id for one, other in self.items}

    def changes(self) -> Iterator[Change]:
        """Yield the changes of tracks, items and transitions."""
        yield from self._tracks()
        found = list(self._items())
        yield from _in_runs(found)
        yield from self._transitions()

    def _tracks(self) -> Iterator[Change]:
        before = {id(one) for one, _ in self.tracks}
        after = {id(other) for _, other in self.tracks}
        for track in self.new.tracks:
            if id(track) not in after:
                yield _whole(track, "added")
        for track in self.old.tracks:
            if id(track) not in before:
                yield _whole(track, "removed")
        for one, other in self.tracks:
            yield from _track_changes(one, other)
        yield from self._order()

    def _order(self) -> Iterator[Change]:
        """Yield the tracks whose place among those of both timelines changed."""
        names = {id(one): other.name for one, other in self.tracks}
        here = [names[id(track)] for track in self.old.tracks if id(track) in names]
        kept = set(names.values())
        there = [track.name for track in self.new.tracks if track.name in kept]
        if here != there:
            shown = ", ".join(here), ", ".join(there)
            yield changed("timeline", "order of tracks", shown)

    def _items(self) -> Iterator[Change]:
        rates = self.old.rate, self.new.rate
        earlier = {id(other): one for one, other in self.items}
        track_now = {id(one): other for one, other in self.tracks}
        links = _partners(self.spots[0], self.names), _partners(self.spots[1], {})
        for spot in self.spots[1]:
            where = where_of(spot, self.new.rate)
            one = earlier.get(id(spot))
            if one is None:
                yield _placed(where, "added", spot, self.new.rate)
                continue
            track = track_now.get(id(one.track))
            yield from place_changes(where, one, spot, rates, track)
            yield from self._content(where, one, spot)
            pair = links[0].get(one.item.id, ""), links[1].get(spot.item.id, "")
            if pair[0] != pair[1]:
                shown = [text or "none" for text in pair]
                keys = (one.item.id,), (spot.item.id,)
                yield changed(where, "links", shown, keys)
        found = {id(one) for one, _ in self.items}
        for spot in self.spots[0]:
            if id(spot) not in found:
                where = where_of(spot, self.old.rate)
                yield _placed(where, "removed", spot, self.old.rate)

    def _content(self, where: str, old: Spot, new: Spot) -> Iterator[Change]:
        one, other = old.item, new.item
        if isinstance(one, Clip) and isinstance(other, Clip):
            yield from clip_changes(where, one, other, self.new.rate, _nested)
        elif isinstance(one, Subtitle) and isinstance(other, Subtitle):
            yield from subtitle_changes(where, one, other, self.new.rate)

    def _transitions(self) -> Iterator[Change]:
        before = dict(_joints(self.old, self.names))
        after = dict(_joints(self.new, {}))
        for key, (where, item) in after.items():
            if key not in before:
                shown = _seconds(item.in_offset + item.out_offset)
                added = Message("{transition} added", transition=item.kind)
                yield Change(where, added, "", shown, keys=key)
                continue
            yield from _transition_changes(where, before[key][1], item, self.new.rate)
        for key, (where, item) in before.items():
            if key not in after:
                shown = _seconds(item.in_offset + item.out_offset)
                removed = Message("{transition} removed", transition=item.kind)
                yield Change(where, removed, shown)


def _nested(where: str, old: Timeline, new: Timeline) -> Iterator[Change]:
    yield from compare(old, new, within=where)


def _whole(track: Track, what: str) -> Change:
    items = sum(isinstance(item, (Clip, Subtitle)) for item in track.items)
    counted = Message.counted("{count} item", "{count} items", items)
    shown = Message("{kind}, {items}", kind=_KINDS[track.kind], items=counted)
    where, keys = Message("track {track}", track=track.name), (track.name,)
    if what == "added":
        return Change(where, Message("added"), "", shown, keys=((), keys))
    return Change(where, Message("removed"), shown, "", keys=(keys, ()))


def _track_changes(old: Track, new: Track) -> Iterator[Change]:
    if old is new:
        return
    where = Message("track {track}", track=new.name)
    keys = (old.name,), (new.name,)
    if old.name != new.name:
        shown = quote(old.name), quote(new.name)
        yield changed(where, Message("renamed"), shown, keys)
    yield from field_changes(where, old, new, without=_TRACK, keys=keys)
    yield from effect_changes(where, old.effects, new.effects, keys)
    yield from mapping_changes(where, style_of, old.style, new.style, keys)
    yield from mapping_changes(where, metadata_of, old.metadata, new.metadata, keys)


def _placed(where: str, what: str, spot: Spot, rate: Fraction) -> Change:
    at = format_timecode(spot.place.start, rate)
    keys, length = (spot.item.id,), spot.place.duration
    shown = Message(
        "{time} for {duration}, {frames}",
        time=at,
        duration=_seconds(length),
        frames=frames_in_words(length * rate),
    )
    if what == "added":
        return Change(where, Message("added"), "", shown, keys=((), keys))
    return Change(where, Message("removed"), shown, "", keys=(keys, ()))


def _partners(found: Iterable[Spot], names: dict[str, str]) -> dict[str, str]:
    """Return the ids of the clips that each clip is linked to, as text."""
    linked: dict[str, list[str]] = {}
    for spot in found:
        if isinstance(spot.item, Clip) and spot.item.link:
            name = names.get(spot.item.id, spot.item.id)
            linked.setdefault(spot.item.link, []).append(name)
    return {
        spot.item.id: ", ".join(
            sorted(
                set(linked[spot.item.link]) - {names.get(spot.item.id, spot.item.id)}
            )
        )
        for spot in found
        if isinstance(spot.item, Clip) and spot.item.link
    }


def _joints(
    timeline: Timeline, names: dict[str, str]
) -> Iterator[tuple[Keys, tuple[str, Transition]]]:
    """Yield the transitions by the new ids of the clips on both sides."""
    for track in timeline.tracks:
        for number, item in enumerate(track.items):
            if not isinstance(item, Transition):
                continue
            sides = track.items[number - 1], track.items[number + 1]
            clips = [side for side in sides if isinstance(side, Clip)]
            ids = tuple(names.get(side.id, side.id) for side in clips)
            first, second = (quote(getattr(side, "name", "")) for side in sides)
            where = Message(
                "{track}, transition between {first} and {second}",
                track=track.name,
                first=first,
                second=second,
            )
            yield ((), ids), (where, item)


def _transition_changes(
    where: str, old: Transition, new: Transition, rate: Fraction
) -> Iterator[Change]:
    before, after = (
        Effect(kind=item.kind, parameters=item.parameters) for item in (old, new)
    )
    yield from parameter_changes(where, Message("transition"), before, after)
    for name, longer, shorter in (
        (
            "in_offset",
            Message("longer before the cut"),
            Message("shorter before the cut"),
        ),
        (
            "out_offset",
            Message("longer after the cut"),
            Message("shorter after the cut"),
        ),
    ):
        by = (getattr(new, name) - getattr(old, name)) * rate
        if by:
            yield Change(where, longer if by > 0 else shorter, "", "", abs(by))


def _in_runs(changes: Sequence[Change]) -> Iterator[Change]:
    """Yield changes with neighbors that moved by the same time as one.

    What an insert or a ripple pushes along is one change, not hundreds.
    """
    for key, group in groupby(changes, _run_key):
        run = list(group)
        if key is None or len(run) < 3:
            yield from run
            continue
        first, last = run[0], run[-1]
        yield replace(
            first,
            where=Message(
                "{track}, {count} items from {first} to {last}",
                track=first.where.partition(", ")[0],
                count=len(run),
                first=without_track(first.where),
                last=without_track(last.where),
            ),
            keys=(
                tuple(one for change in run for one in change.keys[0]),
                tuple(one for change in run for one in change.keys[1]),
            ),
        )


def _run_key(change: Change) -> tuple[str, Fraction] | None:
    if change.what != "moved" or change.frames is None:
        return None
    return change.where.partition(", ")[0], change.frames


def _seconds(time: Fraction) -> str:
    return f"{in_words(time)} s"
