"""Where items stand after a merge: each at one place, and none lost."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from timeline_nb.timebase import format_timecode
from timeline_nb.timeline.comparing.items import where_of
from timeline_nb.timeline.comparing.matching import Spot, match_tracks, spots
from timeline_nb.timeline.merging.questions import Ask
from timeline_nb.timeline.merging.rows import (
    Origin,
    PlacedToken,
    Row,
    Token,
    merge_rows,
    row_of,
)
from timeline_nb.timeline.model import Clip, Subtitle, Timeline, Track
from timeline_nb.timeline.queries import range_of

__all__ = ["Arrangement", "Sides", "keyed_tracks"]


def keyed_tracks(base: Timeline, side: Timeline) -> dict[str, Track]:
    """Return the tracks of a side by their names in the base, or their own if new."""
    names = {id(other): one.name for one, other in match_tracks(base, side)}
    known = set(names.values())
    made = {}
    for track in side.tracks:
        name = names.get(id(track), track.name)
        # A new track with the name that another has lost.
        is_other = id(track) not in names and name in known
        made[f"{name} (new)" if is_other else name] = track
    return made


class Sides:
    """Three timelines by their tracks and items.

    Args:
        base: The timeline before.
        ours: One side.
        theirs: The other side, with ids of its own.
    """

    def __init__(self, base: Timeline, ours: Timeline, theirs: Timeline) -> None:
        self.all = (base, ours, theirs)
        self.tracks = tuple(keyed_tracks(base, side) for side in self.all)
        self.spots = tuple(
            {spot.item.id: spot for spot in spots(side)} for side in self.all
        )
        self.rate = ours.rate

    def rows(self, key: str) -> tuple[Row, Row, Row]:
        """Return the rows of a track: of the base, ours and theirs."""
        base, ours, theirs = (row_of(side.get(key)) for side in self.tracks)
        return base, ours, theirs

    def of(self, item: str) -> list[Spot | None]:
        """Return where an item is in the base, ours and theirs."""
        return [side.get(item) for side in self.spots]

    def where(self, item: str) -> str:
        """Name an item: `V1, clip "bikes" at 00:00:04:12`."""
        base, ours, theirs = self.of(item)
        spot = ours or theirs or base
        return where_of(spot, self.rate) if spot is not None else item

    def place(self, spot: Spot | None) -> str:
        """Name the place of an item; `removed` if there is none."""
        if spot is None:
            return "removed"
        at = format_timecode(spot.place.start, self.rate)
        return f"{spot.track.name} at {at}"

    def changed(self, number: int) -> set[str]:
        """Return the ids of items that a side changed, and the other has removed.

        What is linked to them is among them.
        """
        own, other = self.spots[number], self.spots[3 - number]
        removed = {
            key: spot.item
            for key, spot in self.spots[0].items()
            if key not in other and key in own
        }
        changed = {key for key, item in removed.items() if own[key].item != item}
        links = {_link(removed[key]) for key in changed} - {""}
        return changed | {key for key, item in removed.items() if _link(item) in links}


def _link(item: Clip | Subtitle) -> str:
    return item.link if isinstance(item, Clip) else ""


@dataclass
class Arrangement:
    """The order of items on each track.

    Args:
        sides: What is merged.
        ask: Asks what cannot be joined.
        whole: The tracks whose order is taken of one side, since items went between
            them in two ways.
        rows: What stands on each track, by its key.
        lost: The ids of items that a person's choice took away.
        offenders: The tracks whose order cannot be joined.
    """

    sides: Sides
    ask: Ask
    whole: Collection[str]
    rows: dict[str, list[PlacedToken]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    offenders: set[str] = field(default_factory=set)

    def arrange(self, kept: Mapping[str, Track]) -> None:
        """Place the items on the tracks that are kept."""
        side = self._whole_side()
        changed = self.sides.changed(1), self.sides.changed(2)
        for key in kept:
            rows = self.sides.rows(key)
            if key in self.whole:
                number = 2 if side == "theirs" else 1
                origin: Origin = "theirs" if side == "theirs" else "ours"
                self.rows[key] = [
                    PlacedToken(token, origin, was_asked=True)
                    for token in rows[number].tokens
                ]
                continue
            inner = self.ask.at(f"track {key}", kept[key].name)
            at = self._times(key)
            self.rows[key] = list(merge_rows(inner, rows, changed, at))
        self._settle_places()
        self._find_lost(kept)
        self._find_loose_joints()

    def _whole_side(self) -> str:
        if not self.whole:
            return ""
        where = ", ".join(sorted(self.whole))
        ask = Ask(self.ask.decisions, self.ask.key, f"{self.ask.where}{where}")
        words = "as in ours", "as in theirs"
        return ask.side("arrangement", "", *words)

    def _times(self, key: str) -> Callable[[Token], str]:
        track = self.sides.tracks[0].get(key)
        row = row_of(track)
        numbers = {token: number for number, token in enumerate(row.tokens)}

        def at(token: Token) -> str:
            if track is None or token not in numbers:
                return "at the end"
            start = range_of(track, numbers[token]).start
            return f"at {format_timecode(max(start, Fraction(0)), self.sides.rate)}"

        return at

    def _places(self) -> dict[str, list[tuple[str, int, PlacedToken]]]:
        found: dict[str, list[tuple[str, int, PlacedToken]]] = {}
        for key, row in self.rows.items():
            for number, placed in enumerate(row):
                if placed.token[0] == "item":
                    entry = key, number, placed
                    found.setdefault(placed.token[1], []).append(entry)
        return found

    def _settle_places(self) -> None:
        """Ask where an item stands that both moved, or one moved and one removed."""
        for item, places in self._places().items():
            base, ours, theirs = self.sides.of(item)
            moved = len(places) > 1
            gone = (
                base is not None
                and (ours is None or theirs is None)
                and not any(placed.was_asked for *_, placed in places)
            )
            if not moved and not gone:
                continue
            ask = self.ask.at(f"item {item}", self.sides.where(item))
            texts = [self.sides.place(spot) for spot in (base, ours, theirs)]
            side = ask.side("place", *texts)
            kept = [entry for entry in places if entry[2].origin == side]
            for entry in places:
                if entry not in kept[:1]:
                    self._drop(item, entry[0], entry[1])
            if not kept:
                self.lost.add(item)

    def _drop(self, item: str, key: str, number: int) -> None:
        """Leave a gap where an item stood."""
        spot = next(spot for spot in reversed(self.sides.of(item)) if spot is not None)
        length = str(spot.place.duration)
        row = self.rows[key]
        row[number] = PlacedToken(("gap", item, length), row[number].origin)

    def _find_lost(self, kept: Mapping[str, Track]) -> None:
        """Note the tracks of items that both sides have, and no track has now."""
        there = self._places()
        names = [
            {id(track): key for key, track in side.items()}
            for side in self.sides.tracks
        ]
        for item in self.sides.spots[1].keys() & self.sides.spots[2].keys():
            if item in there or item in self.lost:
                continue
            for number in (1, 2):
                key = names[number][id(self.sides.spots[number][item].track)]
                if key in kept:
                    self.offenders.add(key)

    def _find_loose_joints(self) -> None:
        """Drop transitions of items that a person took away; note other loose ones."""
        for key, row in self.rows.items():
            loose = set(_loose(row))
            here = {placed.token[1] for placed in row if placed.token[0] == "item"}
            for number in loose:
                ends = set(row[number].token[1:3])
                if ends <= here and key not in self.whole:
                    self.offenders.add(key)
            self.rows[key] = [
                placed for number, placed in enumerate(row) if number not in loose
            ]


def _loose(row: list[PlacedToken]) -> Iterator[int]:
    for number, placed in enumerate(row):
        if placed.token[0] != "joint":
            continue
        before = row[number - 1].token if number else ()
        after = row[number + 1].token if number + 1 < len(row) else ()
        ends = ("item", placed.token[1]), ("item", placed.token[2])
        if (before, after) != ends:
            yield number
