"""Perform what is done with tracks, markers and lines of subtitles as commands."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, Final

from timeline_nb.commands import changing, titles
from timeline_nb.commands.session import EditSession
from timeline_nb.timebase import frame_time
from timeline_nb.timeline.model import Subtitle, Timeline
from timeline_nb.timeline.queries import range_of
from timeline_nb.widgets import track_requests as ask
from timeline_nb.widgets.answer import Done
from timeline_nb.widgets.gestures import exact_time
from timeline_nb.widgets.request import Request

__all__ = ["TrackGestures"]

# As long as a short sentence is read.
_LINE_S: Final = Fraction(2)


class TrackGestures:
    """Changes tracks and markers: each request is one step of the history.

    Args:
        session: The edit's session.
    """

    def __init__(self, session: EditSession) -> None:
        self._session = session

    def handlers(self) -> dict[type[Request], Callable[..., Done | None]]:
        """Return what performs each request."""
        return {
            ask.SetTrackRequest: self._set_track,
            ask.RenameTrackRequest: self._rename_track,
            ask.AddTrackRequest: self._add_track,
            ask.AddSubtitleRequest: self._add_subtitle,
            ask.MoveTrackRequest: self._move_track,
            ask.RemoveTrackRequest: self._remove_track,
            ask.AddMarkerRequest: self._add_marker,
            ask.SetMarkerRequest: self._set_marker,
            ask.RemoveMarkerRequest: self._remove_marker,
        }

    def _set_track(self, request: ask.SetTrackRequest) -> None:
        fields = _given(
            enabled=request.enabled,
            locked=request.locked,
            sync_lock=request.sync_lock,
            gain_db=request.gain_db,
        )
        self._session.perform(changing.SetTrack(track=request.track, **fields))

    def _rename_track(self, request: ask.RenameTrackRequest) -> None:
        self._session.perform(changing.SetTrack(track=request.track, name=request.name))

    def _add_track(self, request: ask.AddTrackRequest) -> None:
        self._session.perform(changing.AddTrack(kind=request.type))

    def _add_subtitle(self, request: ask.AddSubtitleRequest) -> Done:
        start = self._time(max(0.0, request.at_s))
        before = self._session.timeline
        later = [begins for begins in _begins(before, request.track) if begins > start]
        self._session.perform(
            titles.AddSubtitle(
                text=request.text,
                start=start,
                end=min([start + _LINE_S, *later]),
                track=request.track,
            )
        )
        known = set(_lines(before))
        made = (line for line in _lines(self._session.timeline) if line not in known)
        return Done(text=next(made, ""))

    def _move_track(self, request: ask.MoveTrackRequest) -> None:
        self._session.perform(changing.MoveTrack(track=request.track, to=request.index))

    def _remove_track(self, request: ask.RemoveTrackRequest) -> None:
        self._session.perform(changing.RemoveTrack(track=request.track))

    def _add_marker(self, request: ask.AddMarkerRequest) -> None:
        self._session.perform(
            changing.AddMarker(
                at=self._time(request.at_s),
                name=request.name,
                duration=self._length(request.duration_s),
            )
        )

    def _set_marker(self, request: ask.SetMarkerRequest) -> None:
        fields = _given(name=request.name, color=request.color, note=request.note)
        if request.start_s is not None:
            fields["at"] = self._time(request.start_s)
        if request.duration_s is not None:
            fields["duration"] = self._length(request.duration_s)
        self._session.perform(changing.SetMarker(place=request.marker, **fields))

    def _remove_marker(self, request: ask.RemoveMarkerRequest) -> None:
        self._session.perform(changing.RemoveMarker(name=request.marker))

    def _time(self, seconds: float) -> Fraction:
        return exact_time(self._session.timeline, seconds)

    def _length(self, seconds: float) -> Fraction:
        """Return a whole number of frames."""
        rate = self._session.timeline.rate
        return frame_time(round(Fraction(seconds) * rate), rate)


def _lines(timeline: Timeline) -> Iterator[str]:
    """Yield the ids of all lines of subtitles."""
    for track in timeline.tracks:
        if track.kind == "subtitle":
            yield from (one.id for one in track.items if isinstance(one, Subtitle))


def _begins(timeline: Timeline, name: str | None) -> Iterator[Fraction]:
    """Yield when the lines of a track begin: of the first free one without a name."""
    for track in timeline.tracks:
        is_used = not track.locked if name is None else track.name == name
        if track.kind == "subtitle" and is_used:
            for place, item in enumerate(track.items):
                if isinstance(item, Subtitle):
                    yield range_of(track, place).start
            return


def _given(**fields: Any) -> dict[str, Any]:
    """Return the fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}
