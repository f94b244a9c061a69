"""Follow: what the other tracks do when time is taken out of an edit, or put in.

A track whose `sync_lock` is `auto` keeps its clips whole: what begins after the cut
moves, and what only spans the cut (a music bed, a subtitle) stays as it is. Clips that
are linked stay in step with each other: for them a spanning clip is cut, as on a track
whose `sync_lock` is `on`. A track whose `sync_lock` is `off` does not move.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.named import item_at, spoken
from timeline_nb.timeline.edits.placed import with_duration
from timeline_nb.timeline.layout import duration_of, layout_of
from timeline_nb.timeline.model import Clip, Gap, Item, Subtitle, Track, Transition

__all__ = ["close_up", "make_room"]

_ZERO: Final = Fraction(0)


@dataclass(frozen=True)
class _Unit:
    """Items that stay together: one, or several joined by transitions.

    Args:
        first: The number of the first item.
        last: The number after the last item.
        items: The items, with their transitions.
        begin: Timeline seconds.
        end: Timeline seconds.
    """

    first: int
    last: int
    items: tuple[Item, ...]
    begin: Fraction
    end: Fraction

    @property
    def links(self) -> set[str]:
        """The links of its clips."""
        return {item.link for item in self.items if isinstance(item, Clip)} - {""}

    @property
    def is_text(self) -> bool:
        """Whether it is a subtitle or a generated clip, which may last any time."""
        item = self.items[0]
        if len(self.items) > 1:
            return False
        return isinstance(item, Subtitle) or (
            isinstance(item, Clip) and item.media.generator is not None
        )


def _units(track: Track, time: Fraction) -> Iterator[_Unit]:
    """Yield the units of a track from the one at a time on."""
    items, layout = track.items, layout_of(track.items)
    if time >= layout.end:
        return
    index = layout.index_at(time)
    while index and isinstance(items[index - 1], Transition):
        index -= 2
    while index < len(items):
        last = index + 1
        while last < len(items) and isinstance(items[last], Transition):
            last += 2
        if not isinstance(items[index], Gap):
            span = layout.start(index), layout.start(last)
            yield _Unit(index, last, items[index:last], *span)
        index = last


def _links_from(track: Track, time: Fraction) -> set[str]:
    """Return the links of the clips that begin at a time or later."""
    found = (unit for unit in _units(track, time) if unit.begin >= time)
    return {link for unit in found for link in unit.links}


def make_room(
    draft: Draft,
    at: Fraction,
    length: Fraction,
    done: set[int],
    *,
    keeps_links: bool = True,
) -> None:
    """Move what follows a time later on the tracks that are not done yet.

    Args:
        draft: The draft, in which the tracks that are done have the new room.
        at: Timeline seconds.
        length: Seconds to move by.
        done: The numbers of those tracks.
        keeps_links: Whether what is linked moves together.
    """
    others = _following(draft, done)
    moved = {
        link
        for number in done
        for link in _links_from(draft.tracks[number], at + length)
    }
    for number in others:
        moved |= _links_from(draft.tracks[number], at)
    across = {n: _across(draft.tracks[n], at) for n in others}
    for _ in across:
        for links in [own.links for own in across.values() if own is not None]:
            moved |= links if links & moved else set()
    for number in sorted(others):
        unit = across[number]
        gap = Gap(duration=length)
        is_cut = draft.tracks[number].sync_lock == "on" or (
            unit is not None and bool(unit.links & draft.split_links)
        )
        if unit is None or is_cut:
            if at < draft.end(number):
                draft.replace(number, TimeRange(at, _ZERO), [gap])
            continue
        moves = keeps_links and bool(unit.links & moved)
        place = unit.first if moves else unit.last
        if place < len(draft.tracks[number].items):
            draft.splice(number, place, place, [gap])
    _relink(draft, at + length)


def _across(track: Track, time: Fraction) -> _Unit | None:
    """Return the unit that is shown across a time, if any."""
    unit = next(_units(track, time), None)
    if unit is None or not unit.begin < time < unit.end:
        return None
    return unit


def _relink(draft: Draft, time: Fraction) -> None:
    """Give clips from a time on the link of the parts that were split off theirs."""
    if not draft.split_links:
        return
    for number in draft.unlocked():
        for unit in list(_units(draft.tracks[number], time)):
            if unit.begin < time or not unit.links & draft.split_links:
                continue
            row = [
                replace(item, link=draft.tail_link(item.link))
                if isinstance(item, Clip) and item.link in draft.split_links
                else item
                for item in unit.items
            ]
            draft.splice(number, unit.first, unit.last, row)


def close_up(
    draft: Draft,
    span: TimeRange,
    done: set[int],
    forced: set[int],
    *,
    keeps_links: bool = True,
) -> None:
    """Move what follows a range earlier on the tracks that are not done yet.

    Titles and subtitles that lie wholly in the range go with it. Other clips never do:
    what follows moves as far as there is room.

    Args:
        draft: The draft, in which the range is gone from the tracks that are done.
        span: The range of timeline seconds.
        done: The numbers of those tracks.
        forced: Tracks that move along whatever their `sync_lock` says.
        keeps_links: Whether what is linked moves together.

    Raises:
        TimelineError: A clip is in the way of one that is linked to what moves.
    """
    following = _following(draft, done, forced)
    cut = {n for n in following if draft.tracks[n].sync_lock == "on"}
    firm: set[str] = set()
    for number in done if keeps_links else ():
        firm |= _links_from(draft.tracks[number], span.start)
    for number in cut if keeps_links else ():
        firm |= _links_from(draft.tracks[number], span.end)
    most: dict[str, Fraction] = {}
    while True:
        closings = {
            n: _Closing(draft.tracks[n], span, firm, most)
            for n in sorted(following - cut)
        }
        blocked = [n for n, closing in closings.items() if closing.blocked]
        if blocked:
            number = blocked[0]
            _refuse_inside(draft, number, span, closings[number].blocked)
            cut.add(number)
            firm |= _links_from(draft.tracks[number], span.end)
            continue
        less = {
            link: shift
            for closing in closings.values()
            for link, shift in closing.limits.items()
            if shift < most.get(link, span.duration)
        }
        if not less or not keeps_links:
            break
        for closing in closings.values():
            for link, shift in closing.limits.items():
                most[link] = min(shift, most.get(link, span.duration))
    for number, closing in closings.items():
        draft.splice(number, closing.first, closing.last, closing.row)
    for number in sorted(cut):
        draft.replace(number, span, [])


@dataclass
class _Closing:
    """The items of a track after a range of time is taken out.

    Args:
        track: The track.
        span: The range.
        firm: Links whose clips move by the whole range.
        most: The most by which clips of other links may move.

    Attributes:
        first: The first item that is replaced.
        last: The first item that is kept behind.
        row: The items in their place.
        limits: The links of clips that move by less than the range, and by how much.
        blocked: The clip that cannot move as it must; None if there is none.
    """

    track: Track
    span: TimeRange
    firm: set[str]
    most: dict[str, Fraction]
    first: int = 0
    last: int = 0
    row: list[Item] = field(default_factory=list)
    limits: dict[str, Fraction] = field(default_factory=dict)
    blocked: Item | None = None

    def __post_init__(self) -> None:
        self._end = _ZERO
        is_begun = False
        # To what end the last item of the row can be shortened; none if it cannot.
        self._least: Fraction | None = None
        waits = self._last_limited()
        for unit in _units(self.track, self.span.start):
            if not is_begun:
                self._begin(unit)
                is_begun = True
            self.last = unit.last
            shift = self._place(unit)
            if shift is None:
                return
            is_after = unit.begin >= self.span.end and shift == self.span.duration
            if is_after and unit.last > waits:
                return

    def _begin(self, unit: _Unit) -> None:
        """Begin the row: at the unit, or at the gap before it."""
        self.first, self._end = unit.first, unit.begin
        items = self.track.items
        if self.first and isinstance(items[self.first - 1], Gap):
            self.first -= 1
            self._end -= duration_of(items[self.first])

    def _last_limited(self) -> int:
        if not self.most:
            return 0
        items = self.track.items
        return max(
            (n + 1 for n, i in enumerate(items) if getattr(i, "link", "") in self.most),
            default=0,
        )

    def _place(self, unit: _Unit) -> Fraction | None:
        """Add a unit to the row; return by how much it moves, None if it is blocked."""
        span, is_firm = self.span, bool(unit.links & self.firm)
        spans = unit.begin < span.start
        is_inside = not spans and unit.end <= span.end
        if is_inside and unit.is_text and not is_firm:
            return _ZERO
        if is_firm and spans:
            self.blocked = unit.items[0]
            return None
        wanted = span.duration
        if not is_firm:
            wanted = min(wanted, max(_ZERO, unit.begin - span.start))
        limit = min(
            (self.most[k] for k in unit.links if k in self.most), default=wanted
        )
        start = self._free_from(unit.begin - min(wanted, limit))
        shift = unit.begin - start
        if is_firm and shift < span.duration:
            self.blocked = unit.items[0]
            return None
        if shift < span.duration and unit.end > span.start:
            self.limits |= dict.fromkeys(unit.links, shift)
        if start > self._end:
            self.row.append(Gap(duration=start - self._end))
        self.row += unit.items
        self._end = unit.end - shift
        self._least = None
        if unit.is_text and unit.begin < span.end:
            beyond = max(_ZERO, unit.end - span.end)
            self._least = max(span.start, start) + beyond
        return shift

    def _free_from(self, wanted: Fraction) -> Fraction:
        """Return where an item may begin, and shorten a text that is in its way."""
        if wanted >= self._end:
            return wanted
        if self._least is not None and self._least < self._end:
            end = max(wanted, self._least)
            text = self.row[-1]
            assert isinstance(text, (Clip, Subtitle))  # noqa: S101 - see _least
            length = duration_of(text) - (self._end - end)
            self.row[-1] = with_duration(text, length)
            self._end = end
        return max(wanted, self._end)


def _following(draft: Draft, done: set[int], forced: Collection[int] = ()) -> set[int]:
    """Return the numbers of the other tracks that move along."""
    return {
        number
        for number in set(draft.unlocked()) - done
        if number in forced or draft.tracks[number].sync_lock != "off"
    }


def _refuse_inside(
    draft: Draft, number: int, span: TimeRange, follower: Item | None
) -> None:
    """Refuse to cut clips out that lie wholly in the range: none is lost unasked."""
    track = draft.tracks[number]
    for unit in _units(track, span.start):
        is_inside = span.start <= unit.begin and unit.end <= span.end
        if is_inside and not unit.is_text and follower not in unit.items:
            raise TimelineError(
                Message(
                    "{item} is in the way of {other}, which moves with what it is "
                    "linked to: move it first, or set the sync lock of {track} to 'on' "
                    "to cut it out",
                    item=item_at(draft.timeline, track, unit.items[0], unit.begin),
                    other=spoken(follower),
                    track=track.name,
                )
            )
