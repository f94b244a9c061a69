"""Perform the gestures of the timeline's views as commands on the edit."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.commands import arranging, changing, effects, placing
from timeline_nb.commands.session import EditSession
from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange, frame_time
from timeline_nb.timeline.edits.named import item_at
from timeline_nb.timeline.model import Clip, Subtitle, Timeline
from timeline_nb.timeline.queries import ItemPlace, find, linked, range_of
from timeline_nb.widgets import requests as ask
from timeline_nb.widgets.source_requests import DuplicateRequest

__all__ = ["Gestures", "exact_time"]

# Floats are off by less than this, and edges are farther apart.
_TOLERANCE_S: Final = 1e-6


def exact_time(timeline: Timeline, seconds: float) -> Fraction:
    """Return the exact time of a float: an edge or marker there, else a whole frame.

    An edge need not lie on a frame, and a clip dropped on an edge must meet it exactly.
    """
    frame = frame_time(round(Fraction(seconds) * timeline.rate), timeline.rate)
    if abs(float(frame) - seconds) < _TOLERANCE_S:
        return frame
    for time in _edges(timeline):
        if abs(float(time) - seconds) < _TOLERANCE_S:
            return time
    return frame


def _edges(timeline: Timeline) -> Iterable[Fraction]:
    """Yield the starts and ends of all items and markers."""
    for track in timeline.tracks:
        for number in range(len(track.items)):
            span = range_of(track, number)
            yield from (span.start, span.end)
    for marker in timeline.markers:
        yield from (marker.marked_range.start, marker.marked_range.end)


class Gestures:
    """Performs gestures: each is one step of the history, or raises an error.

    Args:
        session: The edit's session.
    """

    def __init__(self, session: EditSession) -> None:
        self._session = session
        self._copied: tuple[placing.PastedItem, ...] = ()

    @property
    def can_paste(self) -> bool:
        """Whether items were copied."""
        return bool(self._copied)

    def move(self, request: ask.MoveRequest) -> None:
        """Move the selected items by the same time.

        Only items on tracks of the anchor's kind change their track: sound selected
        with its pictures stays on its own track.
        """
        by = self._time(request.to_s) - self._span(request.anchor).start
        timeline, alone = self._session.timeline, request.alone
        if not request.up:
            if by:
                self._session.perform(_shift(timeline, request.items, by, alone=alone))
            return
        if request.anchor not in request.items:
            raise TimelineError(
                Message(
                    "{anchor} is not among the items that move with it",
                    anchor=repr(request.anchor),
                )
            )
        places = {item: find(timeline, item) for item in request.items}
        kind = timeline.tracks[places[request.anchor].track].kind
        risers = [i for i, p in places.items() if timeline.tracks[p.track].kind == kind]
        led = {p for item in risers for p in linked(timeline, item, alone=alone)}
        others = [item for item, place in places.items() if place not in led]
        with self._session.group("shift"):
            rise = _shift(timeline, risers, by, up=request.up, alone=alone)
            self._session.perform(rise)
            if others and by:
                self._session.perform(_shift(timeline, others, by, alone=alone))

    def trim(self, request: ask.TrimRequest) -> None:
        """Move an edge: within its gap, with what follows, or with its neighbor."""
        span, to = self._span(request.item), self._time(request.to_s)
        by = to - (span.start if request.edge == "head" else span.end)
        if not by:
            return
        if request.tool == "roll":
            item = request.item
            if request.edge == "head":
                item = self._before(item)
            alone = request.alone and self._is_linked(item)
            self._session.perform(arranging.Roll(clip=item, by=by, alone=alone))
        else:
            kind = arranging.Trim if request.tool == "trim" else arranging.Ripple
            alone = request.alone and self._is_linked(request.item)
            edges = {request.edge: by}
            self._session.perform(kind(clip=request.item, alone=alone, **edges))

    def slip(self, request: ask.SlipRequest) -> None:
        """Show another part of the media, by whole frames."""
        rate = self._session.timeline.rate
        by = frame_time(round(Fraction(request.by_s) * rate), rate)
        if by:
            alone = request.alone and self._is_linked(request.item)
            self._session.perform(arranging.Slip(clip=request.item, by=by, alone=alone))

    def slide(self, request: ask.SlideRequest) -> None:
        """Move an item between its neighbors."""
        by = self._time(request.to_s) - self._span(request.item).start
        if by:
            alone = request.alone and self._is_linked(request.item)
            self._session.perform(
                arranging.Slide(clip=request.item, by=by, alone=alone)
            )

    def split(self, request: ask.SplitRequest) -> None:
        """Split items, or all tracks."""
        at = self._time(request.at_s)
        if not request.items:
            self._session.perform(arranging.Split(at=at))
            return
        leaders = self._leaders(request.items, alone=request.alone)
        cuts = [(item, alone) for item, alone in leaders if self._reaches(item, at)]
        if not cuts:
            raise TimelineError(
                Message(
                    "the playhead is not within what is selected: move it there, or "
                    "select what is to be split"
                )
            )
        with self._session.group("split"):
            for item, alone in cuts:
                self._session.perform(arranging.Split(at=at, clip=item, alone=alone))

    def _reaches(self, item: str, at: Fraction) -> bool:
        span = self._span(item)
        return span.start < at < span.end

    def remove(self, request: ask.RemoveRequest) -> None:
        """Remove items, the last first, so that the others keep their times."""
        kind = arranging.Delete if request.ripple else arranging.Lift
        leaders = self._leaders(request.items, alone=request.alone)
        leaders.sort(key=lambda leader: self._span(leader[0]).start, reverse=True)
        with self._session.group(kind.label):
            for item, alone in leaders:
                self._session.perform(kind(clip=item, alone=alone))

    def copy(self, request: ask.CopyRequest) -> None:
        """Keep copies of items, with the times between them."""
        self._copied = self._pieces(request.items, alone=request.alone)
        if request.cut:
            with self._session.group(Message("cut")):
                self.remove(_removal(request))

    def paste(self, request: ask.PasteRequest) -> None:
        """Paste the copied items at a time."""
        if not self._copied:
            raise TimelineError(
                Message("there is nothing to paste: copy or cut clips first")
            )
        at = self._time(request.at_s)
        self._session.perform(
            placing.Paste(items=self._copied, at=at, overwrite=request.overwrite)
        )

    def duplicate(self, request: DuplicateRequest) -> None:
        """Paste copies of items at a time; what was copied before stays copied."""
        self._session.perform(
            placing.Paste(
                items=self._pieces(request.items, alone=request.alone),
                at=self._time(request.at_s),
                overwrite=request.overwrite,
            )
        )

    def _pieces(
        self, items: Iterable[str], *, alone: bool
    ) -> tuple[placing.PastedItem, ...]:
        """Return copies of items and those linked to them, with their times."""
        timeline = self._session.timeline
        places = dict.fromkeys(
            place for item in items for place in linked(timeline, item, alone=alone)
        )
        copied = [
            (timeline.tracks[p.track], p.item)
            for p in sorted(places, key=lambda p: (p.track, p.item))
        ]
        if not copied:
            raise TimelineError(
                Message("nothing is selected to copy: select clips first")
            )
        first = min(range_of(track, number).start for track, number in copied)
        return tuple(
            placing.PastedItem(
                track=track.name,
                offset=range_of(track, number).start - first,
                item=item,
            )
            for track, number in copied
            if isinstance(item := track.items[number], (Clip, Subtitle))
        )

    def dissolve(self, request: ask.DissolveRequest) -> None:
        """Add a dissolve from an item to the next on its track."""
        timeline = self._session.timeline
        place = find(timeline, request.item)
        track = timeline.tracks[place.track]
        if track.kind != "video":
            raise TimelineError(
                Message("dissolve a clip on a video track: its linked sound follows")
            )
        rate = timeline.rate
        # Half of the dissolve lies on either side of the cut, on whole frames.
        frames = max(2, 2 * round(Fraction(request.duration_s) * rate / 2))
        self._session.perform(
            effects.AddTransition(after=request.item, duration=frame_time(frames, rate))
        )

    def link(self, request: ask.LinkRequest) -> None:
        """Link items."""
        self._session.perform(arranging.Link(clips=tuple(request.items)))

    def unlink(self, request: ask.UnlinkRequest) -> None:
        """Unlink an item and those linked to it."""
        self._session.perform(arranging.Unlink(clip=request.item))

    def set_clips(self, request: ask.SetClipsRequest) -> None:
        """Change the given fields of clips, in one step."""
        with self._session.group("set"):
            for item in request.items:
                place = find(self._session.timeline, item)
                clip = self._session.timeline.tracks[place.track].items[place.item]
                if isinstance(clip, Clip):
                    fields = _changed(clip, request, self._session.timeline.rate)
                    if request.at_s is not None and clip.keyframes:
                        start = self._span(item).start
                        at = self._time(request.at_s) - start + clip.source_range.start
                        fields = _keyed(clip, fields, at)
                    self._session.perform(changing.SetClip(clip=item, **fields))

    def undo(self, _: ask.UndoRequest) -> None:
        """Undo the last step."""
        self._session.undo()

    def redo(self, _: ask.RedoRequest) -> None:
        """Redo the step that was undone last."""
        self._session.redo()

    def _time(self, seconds: float) -> Fraction:
        return exact_time(self._session.timeline, seconds)

    def _span(self, item: str) -> TimeRange:
        timeline = self._session.timeline
        place = find(timeline, item)
        return range_of(timeline.tracks[place.track], place.item)

    def _before(self, item: str) -> str:
        """Return the item before another on its track."""
        timeline = self._session.timeline
        place = find(timeline, item)
        items = timeline.tracks[place.track].items[: place.item]
        for other in reversed(items):
            if isinstance(other, (Clip, Subtitle)):
                return other.id
        own = timeline.tracks[place.track]
        start = range_of(own, place.item).start
        name = item_at(timeline, own, own.items[place.item], start)
        raise TimelineError(
            Message(
                "nothing lies before {item}: roll the cut at its end instead", item=name
            )
        )

    def _is_linked(self, item: str) -> bool:
        return len(linked(self._session.timeline, item)) > 1

    def _leaders(self, items: Iterable[str], *, alone: bool) -> list[tuple[str, bool]]:
        """Return items that stand for all of these, and whether each is edited alone.

        One stands for those that are linked to it, as an edit takes them along; with
        `alone`, only if all of them are among the items.
        """
        timeline = self._session.timeline
        chosen = {find(timeline, item): item for item in items}
        leaders: list[tuple[str, bool]] = []
        covered: set[ItemPlace] = set()
        for place, item in chosen.items():
            if place in covered:
                continue
            group = linked(timeline, item)
            is_alone = alone and not chosen.keys() >= set(group)
            covered.update(group[:1] if is_alone else group)
            leaders.append((item, is_alone))
        return leaders


def _shift(
    timeline: Timeline, items: Iterable[str], by: Fraction, *, up: int = 0, alone: bool
) -> arranging.Shift:
    """Return the command that moves items; alone only where that is a difference."""
    clips = tuple(items)
    if alone:
        own = {find(timeline, item) for item in clips}
        alone = any(not own >= set(linked(timeline, item)) for item in clips)
    return arranging.Shift(clips=clips, by=by, up=up, alone=alone)


def _removal(request: ask.CopyRequest) -> ask.RemoveRequest:
    return ask.RemoveRequest(
        id=request.id,
        view=request.view,
        items=request.items,
        ripple=False,
        alone=request.alone,
    )


def _changed(
    clip: Clip, request: ask.SetClipsRequest, rate: Fraction
) -> dict[str, Any]:
    """Return the fields of a clip that a request changes."""
    fields: dict[str, Any] = {}
    for name in ("name", "gain_db", "pan"):
        value = getattr(request, name)
        if value is not None:
            fields[name] = value
    for name in ("fade_in", "fade_out"):
        seconds = getattr(request, f"{name}_s")
        if seconds is not None:
            fields[name] = frame_time(round(Fraction(seconds) * rate), rate)
    shape = {
        name: getattr(request, name)
        for name in ("scale", "rotation_deg", "opacity", "fit", "blend")
        if getattr(request, name) is not None
    }
    x, y = clip.transform.position
    if request.x is not None or request.y is not None:
        shape["position"] = (
            x if request.x is None else request.x,
            y if request.y is None else request.y,
        )
    if shape:
        fields["transform"] = replace(clip.transform, **shape)
    return fields


def _keyed(clip: Clip, fields: dict[str, Any], at: Fraction) -> dict[str, Any]:
    """Return the fields with a keyframe at a time where they have keyframes."""
    keyframes = dict(clip.keyframes)
    transform = fields.get("transform")
    for name, keys in clip.keyframes.items():
        if name in fields:
            value = fields.pop(name)
        elif transform is not None and hasattr(transform, name):
            value = getattr(transform, name)
            if value == getattr(clip.transform, name):
                continue
            fields["transform"] = transform = replace(
                transform, **{name: getattr(clip.transform, name)}
            )
            value = list(value) if isinstance(value, tuple) else value
        else:
            continue
        others = [key for key in keys if key.time != at]
        there = next((key for key in keys if key.time == at), None)
        made = replace(there or keys[-1], time=at, value=value)
        keyframes[name] = tuple(sorted([*others, made], key=lambda key: key.time))
    if fields.get("transform") == clip.transform:
        del fields["transform"]
    if keyframes != clip.keyframes:
        fields["keyframes"] = keyframes
    return fields
