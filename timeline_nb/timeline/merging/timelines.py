"""Merge three timelines: tracks, the items on them, markers and fields."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.timeline.merging.arrangement import Arrangement, Sides
from timeline_nb.timeline.merging.clips import (
    merge_clip,
    merge_subtitle,
    merge_transition,
)
from timeline_nb.timeline.merging.numbering import free_name, renumbered
from timeline_nb.timeline.merging.questions import Ask, Decisions, joined
from timeline_nb.timeline.merging.rows import PlacedToken, Row, Token
from timeline_nb.timeline.merging.values import (
    merge_effects,
    merge_keyed,
    merge_markers,
)
from timeline_nb.timeline.model import (
    Clip,
    Gap,
    Item,
    Subtitle,
    Timeline,
    Track,
    Transition,
)
from timeline_nb.timeline.validate import item_problems, joint_problems, problems

__all__ = ["merge_timelines", "merge_unasked"]

_HEAD: Final = ("name", "rate", "size", "sample_rate_hz")
_TRACK: Final = ("name", "enabled", "locked", "sync_lock", "gain_db", "pan")
_SIDES: Final = {"ours": 1, "theirs": 2, "both": 1}


def merge_timelines(
    ask: Ask, base: Timeline, ours: Timeline, theirs: Timeline
) -> Timeline:
    """Merge what two sides made of a timeline.

    Args:
        ask: Asks what both changed, each in its way.
        base: The timeline that both began with.
        ours: What one side made of it.
        theirs: What the other side made of it.

    Returns:
        A valid timeline.
    """
    is_clear, whole = joined(base, ours, theirs)
    if is_clear:
        return whole
    theirs = renumbered(base, ours, theirs)
    trial = Decisions(ask.decisions.chosen, ask.decisions.prefer)
    made = _Merge(base, ours, theirs, Ask(trial, ask.key, ask.where)).result()
    faults = problems(made)
    if faults:
        # What joins part by part, and is not valid as a whole.
        side = ask.side(f"edit, since {faults[0].message}", "", "ours", "theirs")
        return theirs if side == "theirs" else ours
    ask.decisions.found.update(trial.found)
    return made


def merge_unasked(base: Timeline, ours: Timeline, theirs: Timeline) -> Timeline:
    """Merge where nobody is asked: ours holds, or both stand where they can."""
    return merge_timelines(Ask(Decisions({}, "both"), "", ""), base, ours, theirs)


class _Merge:
    """A merge of three timelines that differ."""

    def __init__(
        self, base: Timeline, ours: Timeline, theirs: Timeline, ask: Ask
    ) -> None:
        self._all = base, ours, theirs
        self._sides = Sides(base, ours, theirs)
        self._ask = ask

    def result(self) -> Timeline:
        """Return the merged timeline, which may have faults as a whole."""
        whole: set[str] = set()
        decisions = self._ask.decisions
        while True:
            trial = Decisions(decisions.chosen, decisions.prefer)
            ask = Ask(trial, self._ask.key, self._ask.where)
            tracks, offenders = self._attempt(ask, whole)
            if offenders <= whole:
                break
            whole |= offenders
        decisions.found.update(trial.found)
        base, ours, theirs = self._all
        fields: dict[str, Any] = {
            name: self._ask.value(name, *(getattr(side, name) for side in self._all))
            for name in _HEAD
        }
        return replace(
            ours,
            tracks=tuple(_with_own_names(tracks)),
            effects=merge_effects(
                self._ask, base.effects, ours.effects, theirs.effects
            ),
            markers=merge_markers(
                self._ask, base.markers, ours.markers, theirs.markers
            ),
            metadata=self._ask.mapping(
                "metadata: ", base.metadata, ours.metadata, theirs.metadata
            ),
            next_id=max(side.next_id for side in self._all),
            **fields,
        )

    def _attempt(self, ask: Ask, whole: set[str]) -> tuple[list[Track], set[str]]:
        """Return the tracks, and the keys of those that cannot be joined."""
        base, ours, theirs = self._sides.tracks
        kept = merge_keyed(
            ask,
            base,
            ours,
            theirs,
            lambda _, one, __: one,
            name=lambda track: f"track {track.name}",
            order="order of tracks",
        )
        arrangement = Arrangement(self._sides, ask, whole)
        arrangement.arrange(kept)
        offenders = set(arrangement.offenders)
        tracks = []
        for key in kept:
            track = self._track(ask, key, arrangement.rows[key], is_whole=key in whole)
            if key not in whole and _has_faults(track, self._all[1].rate):
                offenders.add(key)
            tracks.append(track)
        return tracks, offenders

    def _track(
        self, ask: Ask, key: str, row: list[PlacedToken], *, is_whole: bool
    ) -> Track:
        base, ours, theirs = (side.get(key) for side in self._sides.tracks)
        shown = ours or theirs or base
        if shown is None:
            raise KeyError(key)
        inner = ask.at(f"track {key}", shown.name)
        fields = _track_fields(inner, base, ours, theirs) if ours and theirs else shown
        rows = self._sides.rows(key)
        items = [
            self._item(ask, inner, placed, rows, is_whole=is_whole) for placed in row
        ]
        if not is_whole:
            self._mend_joints(inner, rows, items, fields)
        return replace(fields, items=tuple(_tidy(items)))

    def _item(
        self,
        ask: Ask,
        inner: Ask,
        placed: PlacedToken,
        rows: tuple[Row, Row, Row],
        *,
        is_whole: bool,
    ) -> Item:
        token = placed.token
        if token[0] == "gap":
            return Gap(duration=Fraction(token[2]))
        if token[0] == "joint":
            return _joint(inner, token, rows, placed if is_whole else None)
        one = [spot.item if spot else None for spot in self._sides.of(token[1])]
        if is_whole:
            own = one[_SIDES[placed.origin]]
            if own is not None:
                return own
        place = ask.at(f"item {token[1]}", self._sides.where(token[1]))
        return self._content(place, one)

    def _content(
        self, ask: Ask, three: list[Clip | Subtitle | None]
    ) -> Clip | Subtitle:
        base, ours, theirs = three
        there = ours or theirs or base
        if there is None:
            raise KeyError(ask.key)
        if ours is None or theirs is None or ours == theirs:
            return there
        trial = Decisions(ask.decisions.chosen, ask.decisions.prefer)
        inner = Ask(trial, ask.key, ask.where)
        made: Clip | Subtitle
        if isinstance(ours, Clip) and isinstance(theirs, Clip):
            before = base if isinstance(base, Clip) else ours
            made = merge_clip(inner, before, ours, theirs, merge_timelines)
            kind = _kind_of(self._sides, ours)
            fault = next(item_problems(kind, made), "")
        elif isinstance(ours, Subtitle) and isinstance(theirs, Subtitle):
            line = base if isinstance(base, Subtitle) else ours
            made, fault = merge_subtitle(inner, line, ours, theirs), ""
        else:
            return ask.value("item", base, ours, theirs) or ours
        if not fault:
            ask.decisions.found.update(trial.found)
            return made
        side = ask.side(f"clip, since {fault}", "", "as in ours", "as in theirs")
        return theirs if side == "theirs" else ours

    def _mend_joints(
        self, ask: Ask, rows: tuple[Row, Row, Row], items: list[Item], fields: Track
    ) -> None:
        """Ask whose clips and transition stand where the merged ones do not fit."""
        number = 0
        while number < len(items):
            if not isinstance(items[number], Transition):
                number += 1
                continue
            # A transition depends on the two items on either side alone.
            first = max(0, number - 2)
            near = replace(fields, items=tuple(items[first : number + 3]))
            fault = next(joint_problems(near, number - first, self._all[1].rate), "")
            sides = items[max(0, number - 1)], items[min(number + 1, len(items) - 1)]
            one, other = sides
            if fault and isinstance(one, Clip) and isinstance(other, Clip):
                token = ("joint", one.id, other.id)
                inner = ask.at(" ".join(token), "")
                words = [_joint_kind(row, token) for row in rows]
                side = _SIDES[inner.side(f"transition, since {fault}", *words)]
                for place, clip in ((number - 1, one), (number + 1, other)):
                    spot = self._sides.spots[side].get(clip.id)
                    items[place] = spot.item if spot is not None else clip
                own = rows[side].items.get(token)
                items[number : number + 1] = [] if own is None else [own]
            number += 1


def _kind_of(sides: Sides, clip: Clip) -> Track:
    return sides.spots[1][clip.id].track


def _joint(
    ask: Ask, token: Token, rows: tuple[Row, Row, Row], placed: PlacedToken | None
) -> Item:
    base, ours, theirs = (row.items.get(token) for row in rows)
    if placed is not None:
        own = rows[_SIDES[placed.origin]].items.get(token)
        if own is not None:
            return own
    if isinstance(ours, Transition) and isinstance(theirs, Transition):
        before = base if isinstance(base, Transition) else None
        return merge_transition(
            ask.at(" ".join(token), "transition"), before, ours, theirs
        )
    there = ours or theirs or base
    if there is None:
        raise KeyError(token)
    return there


def _joint_kind(row: Row, token: Token) -> str:
    own = row.items.get(token)
    return own.kind if isinstance(own, Transition) else ""


def _track_fields(ask: Ask, base: Track | None, ours: Track, theirs: Track) -> Track:
    before = base or ours
    three = before, ours, theirs
    fields: dict[str, Any] = {
        name: ask.value(name, *(getattr(track, name) for track in three))
        for name in _TRACK
    }
    return replace(
        ours,
        effects=merge_effects(ask, *(track.effects for track in three)),
        style=ask.mapping("style: ", *(track.style for track in three)),
        metadata=ask.mapping("metadata: ", *(track.metadata for track in three)),
        **fields,
    )


def _tidy(items: list[Item]) -> Iterator[Item]:
    """Yield items with neighboring gaps as one, and none at the end."""
    gap = Fraction(0)
    for item in items:
        if isinstance(item, Gap):
            gap += item.duration
            continue
        if gap:
            yield Gap(duration=gap)
            gap = Fraction(0)
        yield item


def _has_faults(track: Track, rate: Fraction) -> bool:
    return any(
        next(item_problems(track, item, check_types=False), "")
        or next(joint_problems(track, number, rate), "")
        for number, item in enumerate(track.items)
    )


def _with_own_names(tracks: list[Track]) -> Iterator[Track]:
    """Yield tracks; of two with one name, the later gets another."""
    taken: set[str] = set()
    every = {track.name for track in tracks}
    for track in tracks:
        name = free_name(track, every | taken) if track.name in taken else track.name
        taken.add(name)
        yield track if name == track.name else replace(track, name=name)
