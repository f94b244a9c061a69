"""New ids of two sides that collide: theirs are numbered anew."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Final, Self

from msgspec import structs

from timeline_nb.timeline.comparing.matching import Spot, match_tracks, spots
from timeline_nb.timeline.model import Clip, Item, Subtitle, Timeline, Track

__all__ = ["NewNumbers", "free_name", "renumbered"]

_LETTERS: Final = re.compile(r"[^0-9]*")
# So many numbers are one person's.
_BLOCK: Final = 100_000
_BLOCKS: Final = range(10, 10_000)
_NUMBERED: Final = re.compile(r"([^0-9]*)([1-9][0-9]{0,17})")


def renumbered(base: Timeline, ours: Timeline, theirs: Timeline) -> Timeline:
    """Return theirs, in which no new id, link or track has a name of a new one of ours.

    What both added alike, at one place, is one and keeps its id.
    """
    here, there = _added(base, ours), _added(base, theirs)
    same = {key for key in here if key in there and _alike(here[key], there[key])}
    clashing = [key for key in there if key in here and key not in same]
    number = max(base.next_id, ours.next_id, theirs.next_id)
    ids: dict[str, str] = {}
    for key in clashing:
        ids[key] = f"{_prefix(key)}{number}"
        number += 1
    links: dict[str, str] = {}
    known = {_link(spot) for spot in spots(base)} | {""}
    new_links = {_link(spot) for key, spot in here.items() if key not in same} - known
    for key, spot in there.items():
        link = _link(spot)
        if link in new_links and link not in links and key not in same:
            links[link] = f"{_prefix(link)}{number}"
            number += 1
    tracks = tuple(_with_ids(track, ids, links) for track in theirs.tracks)
    made = structs.replace(theirs, tracks=tracks, next_id=number)
    return _with_free_tracks(base, ours, made)


@dataclass(frozen=True)
class NewNumbers:
    """Numbers that nobody else gives, for what was placed by one of several people.

    Args:
        first: The first number to give.
        instead_of: The number that is the first one now.
        known: Ids and links that stay, as others have them, too.
    """

    first: int
    instead_of: int
    known: frozenset[str]

    @classmethod
    def drawn(cls, begun: Timeline, others: Timeline) -> Self:
        """Return numbers that are drawn at random.

        Args:
            begun: The timeline after which something was placed.
            others: What others have made of it.
        """
        last = others.next_id // _BLOCK
        first = (last + secrets.choice(_BLOCKS)) * _BLOCK
        return cls(first, begun.next_id, _names(begun))

    def keeping(self, timeline: Timeline) -> Self:
        """Return numbers for what is not in a timeline either."""
        return replace(self, known=self.known | _names(timeline))

    def of(self, timeline: Timeline) -> Timeline:
        """Return a timeline with them; an item has the same id in all timelines."""
        moved = {name: self.name(name) for name in _names(timeline)}
        tracks = tuple(_with_ids(track, moved, moved) for track in timeline.tracks)
        next_id = self._moved(max(timeline.next_id, self.instead_of))
        return structs.replace(timeline, tracks=tracks, next_id=next_id)

    def name(self, old: str) -> str:
        """Return an id or link with its new number, or the same."""
        found = None if old in self.known else _NUMBERED.fullmatch(old)
        if found is None or int(found[2]) < self.instead_of:
            return old
        return f"{found[1]}{self._moved(int(found[2]))}"

    def _moved(self, number: int) -> int:
        return number - self.instead_of + self.first


def _names(timeline: Timeline) -> frozenset[str]:
    """Return the ids and links of all items."""
    items = [item for track in timeline.tracks for item in track.items]
    ids = (item.id for item in items if isinstance(item, (Clip, Subtitle)))
    links = (item.link for item in items if isinstance(item, Clip) and item.link)
    return frozenset((*ids, *links))


def _added(base: Timeline, side: Timeline) -> dict[str, Spot]:
    there = {spot.item.id for spot in spots(base)}
    return {spot.item.id: spot for spot in spots(side) if spot.item.id not in there}


def _alike(one: Spot, other: Spot) -> bool:
    return (
        one.item == other.item
        and one.place == other.place
        and one.track.name == other.track.name
    )


def _link(spot: Spot) -> str:
    return spot.item.link if isinstance(spot.item, Clip) else ""


def _prefix(name: str) -> str:
    found = _LETTERS.match(name)
    return (found[0] if found else "") or "c"


def _with_ids(track: Track, ids: dict[str, str], links: dict[str, str]) -> Track:
    def named(item: Item) -> Item:
        if isinstance(item, Clip) and (item.id in ids or item.link in links):
            link = links.get(item.link, item.link)
            return structs.replace(item, id=ids.get(item.id, item.id), link=link)
        if isinstance(item, Subtitle) and item.id in ids:
            return structs.replace(item, id=ids[item.id])
        return item

    items = tuple(map(named, track.items))
    same = all(new is old for new, old in zip(items, track.items, strict=True))
    return track if same else structs.replace(track, items=items)


def _with_free_tracks(base: Timeline, ours: Timeline, theirs: Timeline) -> Timeline:
    """Return theirs, whose new tracks have other names than different ones of ours."""
    here = {track.name: track for track in _new_tracks(base, ours)}
    taken = {track.name for side in (ours, theirs) for track in side.tracks}
    names = {}
    for track in _new_tracks(base, theirs):
        if track.name in here and here[track.name] != track:
            names[track.name] = free_name(track, taken)
            taken.add(names[track.name])
    if not names:
        return theirs
    tracks = tuple(
        structs.replace(track, name=names.get(track.name, track.name))
        for track in theirs.tracks
    )
    return structs.replace(theirs, tracks=tracks)


def _new_tracks(base: Timeline, side: Timeline) -> Iterator[Track]:
    known = {id(track) for _, track in match_tracks(base, side)}
    return (track for track in side.tracks if id(track) not in known)


def free_name(track: Track, taken: set[str]) -> str:
    """Return a name for a track that none has: `V3` after `V2`."""
    prefix = {"video": "V", "audio": "A", "subtitle": "S"}[track.kind]
    stem = prefix if re.fullmatch(rf"{prefix}[0-9]+", track.name) else f"{track.name} "
    names = (f"{stem}{number}" for number in count(2))
    return next(name for name in names if name not in taken)
