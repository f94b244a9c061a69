"""What a timeline view needs: the tracks as they change, pictures, sound, gestures."""

import sys
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from threading import RLock
from typing import TypeVar

import numpy as np

from timeline_nb.commands.script import script_of
from timeline_nb.commands.session import EditSession
from timeline_nb.core.latest_queue import LatestQueue
from timeline_nb.errors import MediaError
from timeline_nb.media.sequence import is_there, shown_name
from timeline_nb.preview.thumbs import ThumbMaker, peaks
from timeline_nb.studio import Studio
from timeline_nb.timeline.model import (
    Clip,
    Gap,
    Item,
    MediaReference,
    Timeline,
    Track,
    Transition,
)
from timeline_nb.timeline.queries import duration, range_of
from timeline_nb.widgets import requests as ask
from timeline_nb.widgets.answers import (
    Answer,
    Done,
    MarkerView,
    MediaView,
    SessionView,
    Thumbs,
    TimelineView,
    TrackView,
    Wave,
)
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.columns import ITEM_DTYPE, ItemKind, ItemRow
from timeline_nb.widgets.gestures import Gestures

__all__ = ["TimelinePart", "columns_of"]

R = TypeVar("R", bound=ask.Request)


def columns_of(track: Track, media_number: Callable[[MediaReference], int]) -> bytes:
    """Return a track's items without its gaps, as an array of `ITEM_DTYPE`."""
    rows = [
        _row_of(track, number, item, media_number)
        for number, item in enumerate(track.items)
        if not isinstance(item, Gap)
    ]
    return np.array(rows, ITEM_DTYPE).tobytes()


def _row_of(
    track: Track,
    number: int,
    item: Item,
    media_number: Callable[[MediaReference], int],
) -> ItemRow:
    span = range_of(track, number)
    start_s, end_s = float(span.start), float(span.end)
    if isinstance(item, Clip):
        return ItemRow(
            start_s,
            end_s,
            ItemKind.CLIP,
            media=media_number(item.media),
            media_start_s=float(item.source_range.start),
            fade_in_s=float(item.fade_in),
            fade_out_s=float(item.fade_out),
            linked=float(bool(item.link)),
        )
    is_transition = isinstance(item, Transition)
    kind = ItemKind.TRANSITION if is_transition else ItemKind.SUBTITLE
    return ItemRow(start_s, end_s, kind)


class TimelinePart(Part):
    """Shows an edit's timeline, and makes the gestures of its views.

    Args:
        post: Sends an answer to the browser.
        session: The edit.
        studio: Where media and proxies come from.
    """

    def __init__(self, post: SendAnswer, session: EditSession, studio: Studio) -> None:
        super().__init__(post)
        self._session = session
        self._library = studio.library
        self._gestures = Gestures(session)
        self._thumbs = ThumbMaker(studio.library, studio.proxies)
        # By view and medium, what is in sight: seconds, and minutes.
        self._thumb_work: LatestQueue[tuple[str, int], float] = LatestQueue(
            "timeline_nb thumbs", self._draw_thumb
        )
        self._wave_work: LatestQueue[tuple[str, int, int], int] = LatestQueue(
            "timeline_nb waves", self._draw_wave
        )
        self._lock = RLock()
        self._media: dict[str, int] = {}
        self._references: list[MediaReference] = []
        # What all views were told last, by track.
        self._told: dict[str, tuple[Item, ...]] = {}
        self._points = {"": session.step}

    def handlers(self) -> dict[type[ask.Request], Handler]:
        """Gestures, undo, and what a timeline draws of its media."""
        made = self._gestures
        steps: dict[type[ask.Request], Callable[..., None]] = {
            ask.MoveRequest: made.move,
            ask.TrimRequest: made.trim,
            ask.SlipRequest: made.slip,
            ask.SlideRequest: made.slide,
            ask.SplitRequest: made.split,
            ask.RemoveRequest: made.remove,
            ask.CopyRequest: made.copy,
            ask.PasteRequest: made.paste,
            ask.DissolveRequest: made.dissolve,
            ask.LinkRequest: made.link,
            ask.UnlinkRequest: made.unlink,
            ask.SetTrackRequest: made.set_track,
            ask.AddTrackRequest: made.add_track,
            ask.RemoveTrackRequest: made.remove_track,
            ask.AddMarkerRequest: made.add_marker,
            ask.RemoveMarkerRequest: made.remove_marker,
            ask.SetClipsRequest: made.set_clips,
            ask.UndoRequest: made.undo,
            ask.RedoRequest: made.redo,
        }
        return {
            **{kind: self._then_told(step) for kind, step in steps.items()},
            ask.ThumbsRequest: self._ask_thumbs,
            ask.WaveRequest: self._ask_wave,
            ask.ScriptRequest: self._script,
        }

    def start(self) -> None:
        """Follow the edit."""
        self._session.changed.connect(self._follow)

    def stop(self) -> None:
        """Follow no more, and draw nothing more."""
        self._session.changed.disconnect(self._follow, missing_ok=True)
        self._thumb_work.clear()
        self._wave_work.clear()

    def on_view_opened(self, view: str) -> None:
        """Tell a new view the whole timeline."""
        with self._lock:
            self._points.setdefault(view, self._session.step)
            self._tell(view)

    def on_view_closed(self, view: str) -> None:
        """Forget where the view's script begins."""
        self._points.pop(view, None)

    def _follow(self, _old: Timeline, _new: Timeline) -> None:
        # The value now, not the one of this signal: two threads may change it.
        with self._lock:
            self._tell("")

    def _tell(self, view: str) -> None:
        """Send the timeline: all of it to one view, or what changed to all."""
        timeline = self._session.timeline
        buffers: list[bytes] = []
        video = [track for track in timeline.tracks if track.kind == "video"]
        others = [track for track in timeline.tracks if track.kind != "video"]
        tracks = [
            self._track(track, buffers, is_whole=bool(view))
            for track in (*reversed(video), *others)
        ]
        if not view:
            self._told = {track.name: track.items for track in timeline.tracks}
        told = TimelineView(
            view=view,
            name=timeline.name,
            rate_num=timeline.rate.numerator,
            rate_den=timeline.rate.denominator,
            duration_s=float(duration(timeline)),
            tracks=tracks,
            markers=[
                MarkerView(
                    marker.name,
                    float(marker.marked_range.start),
                    float(marker.marked_range.duration),
                    marker.color,
                )
                for marker in timeline.markers
            ],
            media=[_media_view(reference) for reference in self._references],
        )
        self._post(told, buffers)
        self._tell_session(view)

    def _track(
        self, track: Track, buffers: list[bytes], *, is_whole: bool
    ) -> TrackView:
        is_known = not is_whole and self._told.get(track.name) is track.items
        ids: list[str] = []
        names: list[str] = []
        if not is_known:
            buffers.append(columns_of(track, self._number_of))
            for item in track.items:
                if not isinstance(item, Gap):
                    ids.append(getattr(item, "id", ""))
                    names.append(_name_of(item))
        return TrackView(
            name=track.name,
            type=track.kind,
            enabled=track.enabled,
            locked=track.locked,
            gain_db=track.gain_db,
            buffer=-1 if is_known else len(buffers) - 1,
            ids=ids,
            names=names,
        )

    def _number_of(self, media: MediaReference) -> int:
        number = self._media.setdefault(media.path, len(self._references))
        if number == len(self._references):
            self._references.append(media)
        return number

    def _tell_session(self, view: str = "") -> None:
        self._post(
            SessionView(
                view=view,
                undo=self._session.undo_label,
                redo=self._session.redo_label,
                can_paste=self._gestures.can_paste,
                steps=len(self._session.steps_made),
            )
        )

    def _then_told(self, step: Callable[[R], None]) -> Handler:
        """A gesture after which all views know what can be undone."""

        def made(request: R) -> None:
            step(request)
            self._tell_session()

        return made

    def _ask_thumbs(self, request: ask.ThumbsRequest) -> None:
        self._thumb_work.put((request.view, request.media), request.times_s)

    def _ask_wave(self, request: ask.WaveRequest) -> None:
        asker = (request.view, request.media, request.minute)
        self._wave_work.put(asker, [request.minute])

    def _draw_thumb(self, asker: tuple[str, int], time_s: float) -> None:
        view, number = asker
        media = self._references[number]
        # A clip whose film is away or broken stays plain; the player says why.
        with suppress(MediaError):
            thumb = self._thumbs.thumb(
                media.path, max(Fraction(0), Fraction(time_s)), media.assumed
            )
            told = Thumbs(view=view, media=number, times_s=[time_s])
            self._post(told, [thumb])

    def _draw_wave(self, asker: tuple[str, int, int], minute: int) -> None:
        view, number, _ = asker
        with suppress(MediaError):
            data = peaks(self._library, self._references[number].path, minute)
            told = Wave(view=view, media=number, minute=minute)
            self._post(told, [data.tobytes()])

    def _script(self, request: ask.ScriptRequest) -> Answer:
        """The calls since the view's point; the point moves here if it restarts."""
        if request.restart:
            self._points[request.view] = self._session.step
            return Done()
        point = self._points.get(request.view, self._points[""])
        steps = self._session.steps_since(point)
        rate = self._session.timeline.rate
        return Done(text=script_of(steps, rate=rate, name=_variable(self._session)))


def _name_of(item: Item) -> str:
    if isinstance(item, Clip):
        return item.name
    return item.kind if isinstance(item, Transition) else getattr(item, "text", "")


def _media_view(media: MediaReference) -> MediaView:
    length = media.available_range
    made = media.timeline.name if media.timeline is not None else ""
    made = media.generator.kind if media.generator is not None else made
    # What is made has no pictures of a file to be drawn small.
    return MediaView(
        name=shown_name(media.path) or made,
        path=media.path,
        duration_s=float(length.end) if length else 0.0,
        has_pictures=media.is_file and media.size is not None,
        has_sound=media.is_file and media.has_audio,
        is_online=not media.is_file or is_there(media.path),
    )


def _variable(session: EditSession) -> str:
    """The notebook's name for the edit: `cut` where it has none."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    names = getattr(shell, "user_ns", {})
    found = (
        name
        for name, value in names.items()
        if getattr(value, "session", None) is session
    )
    return next((n for n in found if not n.startswith("_")), "cut")
