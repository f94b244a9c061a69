"""Gestures: what a hand does on the timeline, made by the edits that cells use."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.commands import arranging, changing, effects, placing
from timeline_nb.commands.session import EditSession
from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange, frame_time
from timeline_nb.timeline.model import Clip, Subtitle, Timeline
from timeline_nb.timeline.queries import ItemPlace, find, linked, range_of
from timeline_nb.widgets import requests as ask

__all__ = ["Gestures", "exact_time"]

# Floats are off by less than this, and edges are farther apart.
_HAIR_S: Final = 1e-6


def exact_time(timeline: Timeline, seconds: float) -> Fraction:
    """The time that a float means: the edge or marker it lies on, else a whole frame.

    An edge need not fall on a frame, and what is dropped on one must meet it exactly.
    """
    frame = frame_time(round(Fraction(seconds) * timeline.rate), timeline.rate)
    if abs(float(frame) - seconds) < _HAIR_S:
        return frame
    for time in _edges(timeline):
        if abs(float(time) - seconds) < _HAIR_S:
            return time
    return frame


def _edges(timeline: Timeline) -> Iterable[Fraction]:
    for track in timeline.tracks:
        for number in range(len(track.items)):
            span = range_of(track, number)
            yield from (span.start, span.end)
    for marker in timeline.markers:
        yield from (marker.marked_range.start, marker.marked_range.end)


class Gestures:
    """Each method is one step of the history, or an error that says why not.

    Args:
        session: The edit.
    """

    def __init__(self, session: EditSession) -> None:
        self._session = session
        self._copied: tuple[placing.PastedItem, ...] = ()

    @property
    def can_paste(self) -> bool:
        """Whether anything was copied."""
        return bool(self._copied)

    def move(self, request: ask.MoveRequest) -> None:
        """Move items; those of one hand move by the same time.

        Only those of the anchor's kind change their track: sound that is selected with
        its pictures stays on its own.
        """
        by = self._time(request.to_s) - self._span(request.anchor).start
        if not request.up:
            if by:
                self._session.perform(
                    arranging.Shift(clips=tuple(request.items), by=by)
                )
            return
        timeline = self._session.timeline
        places = {item: find(timeline, item) for item in request.items}
        kind = timeline.tracks[places[request.anchor].track].kind
        risers = [i for i, p in places.items() if timeline.tracks[p.track].kind == kind]
        led = {place for item in risers for place in linked(timeline, item)}
        others = [item for item, place in places.items() if place not in led]
        with self._session.group("shift"):
            self._session.perform(
                arranging.Shift(clips=tuple(risers), by=by, up=request.up)
            )
            if others and by:
                self._session.perform(arranging.Shift(clips=tuple(others), by=by))

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
            self._session.perform(arranging.Roll(clip=item, by=by))
        else:
            kind = arranging.Trim if request.tool == "trim" else arranging.Ripple
            self._session.perform(kind(clip=request.item, **{request.edge: by}))

    def slip(self, request: ask.SlipRequest) -> None:
        """Show another stretch of the media, by whole frames."""
        rate = self._session.timeline.rate
        by = frame_time(round(Fraction(request.by_s) * rate), rate)
        if by:
            self._session.perform(arranging.Slip(clip=request.item, by=by))

    def slide(self, request: ask.SlideRequest) -> None:
        """Move an item between its neighbors."""
        by = self._time(request.to_s) - self._span(request.item).start
        if by:
            self._session.perform(arranging.Slide(clip=request.item, by=by))

    def split(self, request: ask.SplitRequest) -> None:
        """Cut items, or all tracks."""
        at = self._time(request.at_s)
        if not request.items:
            self._session.perform(arranging.Split(at=at))
            return
        with self._session.group("split"):
            for item in self._leaders(request.items):
                span = self._span(item)
                if span.start < at < span.end:
                    self._session.perform(arranging.Split(at=at, clip=item))

    def remove(self, request: ask.RemoveRequest) -> None:
        """Take items out, the last first, so that the others keep their place."""
        kind = arranging.Delete if request.ripple else arranging.Lift
        leaders = self._leaders(request.items)
        leaders.sort(key=lambda item: self._span(item).start, reverse=True)
        with self._session.group(kind.label):
            for item in leaders:
                self._session.perform(kind(clip=item))

    def copy(self, request: ask.CopyRequest) -> None:
        """Keep items with the times between them."""
        timeline = self._session.timeline
        places = dict.fromkeys(
            place for item in request.items for place in linked(timeline, item)
        )
        found = [
            (timeline.tracks[p.track], p.item)
            for p in sorted(places, key=lambda p: (p.track, p.item))
        ]
        if not found:
            raise TimelineError("nothing is selected to copy")
        first = min(range_of(track, number).start for track, number in found)
        self._copied = tuple(
            placing.PastedItem(
                track=track.name,
                offset=range_of(track, number).start - first,
                item=item,
            )
            for track, number in found
            if isinstance(item := track.items[number], (Clip, Subtitle))
        )
        if request.cut:
            self.remove(_removal(request))

    def paste(self, request: ask.PasteRequest) -> None:
        """Put what was copied at a time."""
        if not self._copied:
            raise TimelineError("nothing was copied yet")
        at = self._time(request.at_s)
        self._session.perform(placing.Paste(items=self._copied, at=at))

    def dissolve(self, request: ask.DissolveRequest) -> None:
        """Dissolve an item into the next on its track."""
        timeline = self._session.timeline
        place = find(timeline, request.item)
        track = timeline.tracks[place.track]
        if track.kind != "video":
            raise TimelineError("dissolves are put on video tracks; sound follows")
        rate = timeline.rate
        # Half of it lies on either side of the cut, on whole frames.
        frames = max(2, 2 * round(Fraction(request.duration_s) * rate / 2))
        self._session.perform(
            effects.AddTransition(after=request.item, duration=frame_time(frames, rate))
        )

    def link(self, request: ask.LinkRequest) -> None:
        """Let items move together."""
        self._session.perform(arranging.Link(clips=tuple(request.items)))

    def unlink(self, request: ask.UnlinkRequest) -> None:
        """Let linked items go separate ways."""
        self._session.perform(arranging.Unlink(clip=request.item))

    def set_track(self, request: ask.SetTrackRequest) -> None:
        """Change a track's settings."""
        given = {
            "enabled": request.enabled,
            "locked": request.locked,
            "gain_db": request.gain_db,
        }
        fields: dict[str, Any] = {
            name: value for name, value in given.items() if value is not None
        }
        self._session.perform(changing.SetTrack(track=request.track, **fields))

    def add_track(self, request: ask.AddTrackRequest) -> None:
        """Add an empty track."""
        self._session.perform(changing.AddTrack(kind=request.type))

    def remove_track(self, request: ask.RemoveTrackRequest) -> None:
        """Take a track away."""
        self._session.perform(changing.RemoveTrack(track=request.track))

    def add_marker(self, request: ask.AddMarkerRequest) -> None:
        """Mark a time."""
        at = self._time(request.at_s)
        self._session.perform(changing.AddMarker(at=at, name=request.name))

    def remove_marker(self, request: ask.RemoveMarkerRequest) -> None:
        """Take markers away."""
        self._session.perform(changing.RemoveMarker(name=request.name))

    def set_clips(self, request: ask.SetClipsRequest) -> None:
        """Change what is given of clips, in one step."""
        with self._session.group("set"):
            for item in request.items:
                place = find(self._session.timeline, item)
                clip = self._session.timeline.tracks[place.track].items[place.item]
                if isinstance(clip, Clip):
                    fields = _changed(clip, request, self._session.timeline.rate)
                    self._session.perform(changing.SetClip(clip=item, **fields))

    def undo(self, _: ask.UndoRequest) -> None:
        """Take the last step back."""
        self._session.undo()

    def redo(self, _: ask.RedoRequest) -> None:
        """Make the step again."""
        self._session.redo()

    def _time(self, seconds: float) -> Fraction:
        return exact_time(self._session.timeline, seconds)

    def _span(self, item: str) -> TimeRange:
        timeline = self._session.timeline
        place = find(timeline, item)
        return range_of(timeline.tracks[place.track], place.item)

    def _before(self, item: str) -> str:
        """The item that ends where this one begins."""
        timeline = self._session.timeline
        place = find(timeline, item)
        items = timeline.tracks[place.track].items[: place.item]
        for other in reversed(items):
            if isinstance(other, (Clip, Subtitle)):
                return other.id
        raise TimelineError(f"nothing lies before {item!r}: there is no cut to roll")

    def _leaders(self, items: Iterable[str]) -> list[str]:
        """One of each group of linked items: edits take the others along."""
        timeline = self._session.timeline
        leaders: list[str] = []
        covered: set[ItemPlace] = set()
        for item in items:
            places = linked(timeline, item)
            if places[0] not in covered:
                covered.update(places)
                leaders.append(item)
        return leaders


def _removal(request: ask.CopyRequest) -> ask.RemoveRequest:
    return ask.RemoveRequest(
        id=request.id, view=request.view, items=request.items, ripple=False
    )


def _changed(
    clip: Clip, request: ask.SetClipsRequest, rate: Fraction
) -> dict[str, Any]:
    """The fields of a clip that a request changes."""
    fields: dict[str, Any] = {}
    for name in ("name", "gain_db"):
        value = getattr(request, name)
        if value is not None:
            fields[name] = value
    for name in ("fade_in", "fade_out"):
        seconds = getattr(request, f"{name}_s")
        if seconds is not None:
            fields[name] = frame_time(round(Fraction(seconds) * rate), rate)
    shape = {
        name: getattr(request, name)
        for name in ("scale", "rotation_deg", "opacity", "fit")
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
