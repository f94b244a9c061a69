"""Send the timeline, thumbnails and waveforms to views, and handle gestures."""

import sys
from collections import Counter
from contextlib import suppress
from fractions import Fraction

from timeline_nb.commands.nested_session import NestedSession
from timeline_nb.commands.script import script_of
from timeline_nb.commands.session import EditSession
from timeline_nb.core.latest_queue import LatestQueue
from timeline_nb.errors import MediaError, TimelineError
from timeline_nb.i18n import Message
from timeline_nb.media.sequence import is_there, shown_name
from timeline_nb.preview.thumbs import ThumbMaker, peaks
from timeline_nb.studio import Studio
from timeline_nb.timeline.model import (
    MediaReference,
    Timeline,
    Track,
)
from timeline_nb.timeline.queries import duration
from timeline_nb.widgets import requests as ask
from timeline_nb.widgets.answers import (
    Answer,
    Done,
    MediaView,
    SessionView,
    Thumbs,
    TimelineView,
    TrackView,
    Wave,
)
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.clip_markers import clip_markers
from timeline_nb.widgets.file_watch import FileWatch
from timeline_nb.widgets.gestures import Gestures
from timeline_nb.widgets.item_rows import ItemRows, curves_of, ramps_of
from timeline_nb.widgets.key_marks import marks_of
from timeline_nb.widgets.sent_tracks import News, SentTracks
from timeline_nb.widgets.source_requests import DuplicateRequest
from timeline_nb.widgets.track_answers import MarkerView
from timeline_nb.widgets.track_gestures import TrackGestures

__all__ = ["TimelinePart"]


class TimelinePart(Part):
    """Sends an edit's timeline to its views, and performs their gestures.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
        studio: Opens media and makes proxies.
        watch: Sees what of the media goes, comes back or changes; nobody does if None.
    """

    def __init__(
        self,
        post: SendAnswer,
        session: EditSession,
        studio: Studio,
        watch: FileWatch | None = None,
    ) -> None:
        super().__init__(post)
        self._session = session
        self._library = studio.library
        self._watch = watch
        # How often each file has changed, by path.
        self._versions: Counter[str] = Counter()
        self._gestures = Gestures(session)
        self._thumbs = ThumbMaker(studio.library, studio.proxies)
        # What is in sight, by view and media number: seconds, and minutes.
        self._thumb_work: LatestQueue[tuple[str, int], float] = LatestQueue(
            "timeline_nb thumbs", self._draw_thumb
        )
        self._wave_work: LatestQueue[tuple[str, int, int], int] = LatestQueue(
            "timeline_nb waves", self._draw_wave
        )
        # What was sent, changed in turn: the media and links by number, and the tracks.
        self._media: dict[str, int] = {}
        self._references: list[MediaReference] = []
        self._links: dict[str, int] = {"": 0}
        self._sent = SentTracks(ItemRows(self._number_of, self._link_number))
        self._points = {"": session.step}

    def handlers(self) -> dict[type[ask.Request], Handler]:
        """Return the handlers of gestures, undo, thumbnails, waveforms and code."""
        gestures = self._gestures
        return {
            ask.MoveRequest: gestures.move,
            ask.TrimRequest: gestures.trim,
            ask.SlipRequest: gestures.slip,
            ask.SlideRequest: gestures.slide,
            ask.SplitRequest: gestures.split,
            ask.RemoveRequest: gestures.remove,
            ask.CopyRequest: self._copy,
            ask.PasteRequest: gestures.paste,
            DuplicateRequest: gestures.duplicate,
            ask.DissolveRequest: gestures.dissolve,
            ask.LinkRequest: gestures.link,
            ask.UnlinkRequest: gestures.unlink,
            **TrackGestures(self._session).handlers(),
            ask.SetClipsRequest: gestures.set_clips,
            ask.UndoRequest: gestures.undo,
            ask.RedoRequest: gestures.redo,
            ask.ThumbsRequest: self._ask_thumbs,
            ask.WaveRequest: self._ask_wave,
            ask.ScriptRequest: self._script,
        }

    def start(self) -> None:
        """Connect to the edit's changes."""
        self._session.changed.connect(self._follow)
        self._session.stepped.connect(self.send_session)
        if self._watch is not None:
            self._watch.changed.connect(self._on_files)

    def stop(self) -> None:
        """Disconnect from the edit's changes, and draw nothing more."""
        self._session.changed.disconnect(self._follow)
        self._session.stepped.disconnect(self.send_session)
        if self._watch is not None:
            self._watch.changed.disconnect(self._on_files)
        self._thumb_work.clear()
        self._wave_work.clear()

    def on_view_opened(self, view: str) -> None:
        """Send a new view the whole timeline."""
        self._points.setdefault(view, self._session.step)
        self._turns.run(("timeline", view), lambda: self._send_timeline(view))
        self.send_session(view)

    def on_view_closed(self, view: str) -> None:
        """Drop the step at which the view's code begins, and what is to be drawn."""
        self._points.pop(view, None)
        self._thumb_work.drop(lambda key: key[0] == view)
        self._wave_work.drop(lambda key: key[0] == view)

    def _follow(self, _old: Timeline, _new: Timeline) -> None:
        # The current timeline, not the signal's: two threads may change it at once.
        self._turns.run(("timeline", ""), lambda: self._send_timeline(""))

    def _on_files(self, paths: frozenset[str]) -> None:
        """Send which media are online now; their pictures are to be drawn anew."""
        self._versions.update(paths)
        self._turns.run(("timeline", ""), lambda: self._send_timeline(""))

    def _send_timeline(self, view: str) -> None:
        """Send the whole timeline to one view, or what changed to all views.

        It is called in turn: what is left out was sent before.
        """
        try:
            self._send_news(view)
        except BaseException:
            # Such as an interrupt of a cell that has edited.
            self._sent.forget()
            raise

    def _send_news(self, view: str) -> None:
        timeline = self._session.timeline
        buffers: list[bytes] = []
        video = [track for track in timeline.tracks if track.kind == "video"]
        others = [track for track in timeline.tracks if track.kind != "video"]
        news = self._sent.send(timeline, is_whole=bool(view))
        tracks = [
            _track_view(track, news[track.name], buffers)
            for track in (*reversed(video), *others)
        ]
        answer = TimelineView(
            view=view,
            name=timeline.name,
            path=self._path(),
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
                    marker.note,
                )
                for marker in timeline.markers
            ],
            media=self._media_views(),
        )
        self._post(answer, buffers)

    def _media_views(self) -> list[MediaView]:
        watch = self._watch
        unreadable = {} if watch is None else watch.unreadable
        lacking = {} if watch is None else watch.lacking
        return [
            _media_view(
                reference,
                lacking.get(reference.path),
                version=self._versions[reference.path],
                is_readable=reference.path not in unreadable,
            )
            for reference in self._references
        ]

    def _path(self) -> list[str]:
        session = self._session
        if isinstance(session, NestedSession):
            return [level.name for level in session.levels]
        return [session.timeline.name]

    def _number_of(self, media: MediaReference) -> int:
        # Media without a file are distinct by whether they can be opened.
        key = media.path or ("#timeline" if media.timeline is not None else "")
        number = self._media.setdefault(key, len(self._references))
        if number == len(self._references):
            self._references.append(media)
        return number

    def _link_number(self, link: str) -> int:
        return self._links.setdefault(link, len(self._links))

    def send_session(self, view: str = "") -> None:
        """Send what can be undone, redone and pasted now."""

        def send() -> None:
            self._post(
                SessionView(
                    view=view,
                    undo=self._session.undo_label,
                    redo=self._session.redo_label,
                    can_paste=self._gestures.can_paste,
                    steps=len(self._session.steps_made),
                )
            )

        self._turns.run(("session", view), send)

    def _copy(self, request: ask.CopyRequest) -> None:
        """Keep copies, and send that they can be pasted: what is copied is no step."""
        self._gestures.copy(request)
        self.send_session()

    def _reference(self, number: int) -> MediaReference:
        """Return the media that was sent under a number."""
        if number >= len(self._references):
            raise TimelineError(
                Message("no media has the number {number}: draw again", number=number)
            )
        return self._references[number]

    def _ask_thumbs(self, request: ask.ThumbsRequest) -> None:
        self._reference(request.media)
        self._thumb_work.put((request.view, request.media), request.times_s)

    def _ask_wave(self, request: ask.WaveRequest) -> None:
        length = self._reference(request.media).available_range
        if length is None or request.minute * 60 > length.end:
            raise TimelineError(
                Message(
                    "the media has no minute {minute}: draw again",
                    minute=request.minute,
                )
            )
        key = (request.view, request.media, request.minute)
        self._wave_work.put(key, [request.minute])

    def _draw_thumb(self, key: tuple[str, int], time_s: float) -> None:
        view, number = key
        media = self._references[number]
        # A clip whose media is offline or broken stays plain; the player says why.
        with suppress(MediaError):
            thumb = self._thumbs.thumb(
                media.path, max(Fraction(0), Fraction(time_s)), media.assumed
            )
            answer = Thumbs(view=view, media=number, times_s=[time_s])
            self._post(answer, [thumb])

    def _draw_wave(self, key: tuple[str, int, int], minute: int) -> None:
        view, number, _ = key
        with suppress(MediaError):
            data = peaks(self._library, self._references[number].path, minute)
            answer = Wave(view=view, media=number, minute=minute)
            self._post(answer, [data.tobytes()])

    def _script(self, request: ask.ScriptRequest) -> Answer:
        """Return the steps since the view's point as code, or set the point to now."""
        if request.restart:
            self._points[request.view] = self._session.step
            return Done()
        point = self._points.get(request.view, self._points[""])
        steps = self._session.steps_since(point)
        rate = self._session.timeline.rate
        return Done(text=script_of(steps, rate=rate, name=_variable(self._session)))


def _track_view(track: Track, news: News | None, buffers: list[bytes]) -> TrackView:
    """Return what is sent of a track, and add the rows of its new items."""
    if news is not None:
        buffers.append(news.rows)
    return TrackView(
        name=track.name,
        type=track.kind,
        enabled=track.enabled,
        locked=track.locked,
        sync_lock=track.sync_lock,
        gain_db=track.gain_db,
        buffer=-1 if news is None else len(buffers) - 1,
        head=0 if news is None else news.head,
        tail=0 if news is None else news.tail,
        ids=[] if news is None else news.ids,
        names=[] if news is None else news.names,
        markers=[] if news is None else clip_markers(track),
        curves=[] if news is None else curves_of(track),
        key_marks=[] if news is None else marks_of(track),
        ramps=[] if news is None else ramps_of(track),
    )


def _media_view(
    media: MediaReference,
    now: MediaReference | None,
    *,
    version: int,
    is_readable: bool,
) -> MediaView:
    length = media.available_range
    left = None if now is None else now.available_range
    end_s = None if left is None else float(left.end)
    name = shown_name(media.path)
    if media.generator is not None:
        name = name or media.generator.kind
    elif media.timeline is not None:
        name = name or media.timeline.name
    # Generated clips have no file to draw thumbnails of.
    return MediaView(
        name=name,
        path=media.path,
        duration_s=float(length.end) if length else 0.0,
        has_pictures=media.is_file and media.size is not None,
        has_sound=media.is_file and media.has_audio,
        is_online=not media.is_file or (is_readable and is_there(media.path)),
        is_timeline=media.timeline is not None,
        version=version,
        picture_end_s=end_s if now is None or now.size else 0.0,
        sound_end_s=end_s if now is None or now.has_audio else 0.0,
    )


def _variable(session: EditSession) -> str:
    """Return the notebook's variable that holds the edit, `cut` if there is none."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    names = getattr(shell, "user_ns", {})
    session = session.whole if isinstance(session, NestedSession) else session
    found = (
        name
        for name, value in names.items()
        if getattr(value, "session", None) is session
    )
    return next((n for n in found if not n.startswith("_")), "cut")
