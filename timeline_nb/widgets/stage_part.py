"""Tell views where clips lie on the picture, and change what is done there."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from timeline_nb.access.use import use_scope
from timeline_nb.commands.command import Command
from timeline_nb.commands.session import EditSession
from timeline_nb.compose.on_picture import PlacedClip, placed_clips
from timeline_nb.core.latest_queue import LatestQueue
from timeline_nb.effects.titles.fonts import face_bytes, families, find_face
from timeline_nb.effects.titles.styles import SUBTITLE_STYLES
from timeline_nb.errors import CompositionError, TimelineError, TimelineNbError
from timeline_nb.i18n import Message
from timeline_nb.media.convert import rgb_picture
from timeline_nb.media.info import MediaInfo
from timeline_nb.preview.jpeg import JpegEncoder
from timeline_nb.studio import Studio
from timeline_nb.timebase import format_timecode, frame_time
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import find
from timeline_nb.widgets import stage_requests as ask
from timeline_nb.widgets.channel import Handler, Part, Reply, SendAnswer
from timeline_nb.widgets.refusal import said
from timeline_nb.widgets.request import Request
from timeline_nb.widgets.stage_answers import (
    FontFile,
    Fonts,
    StageDraft,
    StageLayer,
    StageView,
)
from timeline_nb.widgets.stage_edits import LABELS, commands_for
from timeline_nb.widgets.stage_views import layers_of

__all__ = ["StagePart"]


class StagePart(Part):
    """Tells views where clips lie on the picture, and changes them there.

    Drafts and lists of fonts are made on a thread of their own, of each view the
    latest.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
        studio: Opens media and composes frames.
        visible: Returns the part of a timeline that is shown, such as solo tracks.
    """

    def __init__(
        self,
        post: SendAnswer,
        session: EditSession,
        studio: Studio,
        visible: Callable[[Timeline], Timeline],
    ) -> None:
        super().__init__(post)
        self._session, self._studio, self._visible = session, studio, visible
        self._queue: LatestQueue[tuple[str, str], Callable[[], None]] = LatestQueue(
            "timeline_nb stage", lambda _, work: work()
        )

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the handlers of places, changes, texts and fonts."""
        return {
            ask.StageRequest: self._send_stage,
            ask.FontsRequest: self._want_fonts,
            ask.FontFileRequest: self._send_font,
            **dict.fromkeys(LABELS, self._change),
        }

    def on_view_closed(self, view: str) -> None:
        """Drop the drafts that a view waits for."""
        self._queue.drop(lambda asker: asker[0] == view)

    def stop(self) -> None:
        """Drop all drafts; the thread ends by itself."""
        self._queue.clear()

    def _send_stage(self, request: ask.StageRequest) -> StageView:
        timeline = self._visible(self._session.timeline)
        time = frame_time(max(0, request.frame), timeline.rate)
        width, height = timeline.size
        return StageView(
            frame=request.frame,
            width=width,
            height=height,
            layers=self._layers(timeline, time),
        )

    def _layers(self, timeline: Timeline, time: Fraction) -> list[StageLayer]:
        with use_scope(self._studio.scope):
            return layers_of(timeline, time, self._probe)

    def _probe(self, path: str) -> MediaInfo:
        return self._studio.library.probe(path)

    def _change(self, request: ask.ChangeOnPicture) -> None:
        if request.draft_px:
            work = partial(self._draft, request)
            self._queue.put((request.view, "draft"), [work])
            return
        self._queue.drop(lambda asker: asker == (request.view, "draft"))
        commands = self._commands(request, self._session.timeline)
        with self._session.group(LABELS[type(request)]):
            for command in commands:
                self._session.perform(command)

    def _commands(
        self, request: ask.ChangeOnPicture, timeline: Timeline
    ) -> list[Command]:
        if isinstance(request, ask.EditTextRequest) and request.font is not None:
            with use_scope(self._studio.scope):
                find_face(request.font)
        placed = self._placed(request, timeline)
        return commands_for(request, timeline, placed)

    def _placed(self, request: ask.ChangeOnPicture, timeline: Timeline) -> PlacedClip:
        time = frame_time(max(0, request.frame), timeline.rate)
        with use_scope(self._studio.scope):
            found = placed_clips(self._visible(timeline), time, self._probe)
        for placed in found:
            if placed.clip.id == request.item:
                return placed
        find(timeline, request.item)
        at = format_timecode(time, timeline.rate)
        raise TimelineError(
            Message(
                "the clip is not on the picture at {at}: move the playhead to it",
                at=at,
            )
        )

    def _draft(self, request: ask.ChangeOnPicture) -> None:
        """Send a frame with a change that is not made, or why it cannot be drawn."""
        answer = StageDraft(view=request.view, number=request.draft, layers=[])
        try:
            layers, jpeg = self._drawn(request)
        except TimelineNbError as error:
            # What has just gone ends its drag by itself.
            is_gone = isinstance(error, TimelineError) and error.is_missing
            self._post(replace(answer, problem="" if is_gone else said(error)))
        except Exception:  # a thread ends here, and the view waits for its answer
            self._post(
                replace(answer, problem=said(Message("the change cannot be drawn")))
            )
            raise
        else:
            self._post(replace(answer, layers=layers), [jpeg])

    def _drawn(self, request: ask.ChangeOnPicture) -> tuple[list[StageLayer], bytes]:
        timeline = self._session.timeline
        for command in self._commands(request, timeline):
            timeline = command.apply(timeline)
        timeline = self._visible(timeline)
        time = frame_time(max(0, request.frame), timeline.rate)
        size = _draft_size(request.draft_px, timeline.size)
        rgb = self._studio.frame_composer.frame(timeline, time, size=size)
        return self._layers(timeline, time), _jpeg(rgb)

    def _want_fonts(self, request: ask.FontsRequest) -> None:
        def send() -> None:
            names = Fonts(
                view=request.view, families=families(), styles=list(SUBTITLE_STYLES)
            )
            self._post(names)

        self._queue.put((request.view, "fonts"), [send])

    def _send_font(self, request: ask.FontFileRequest) -> Reply:
        try:
            with use_scope(self._studio.scope):
                face = find_face(
                    request.font,
                    bold=request.bold,
                    italic=request.italic,
                    substitute=True,
                )
                data = face_bytes(face)
        except CompositionError:
            # The browser sets the text in a face of its own.
            data = b""
        return Reply(FontFile(), [data] if data else [])


def _draft_size(width_px: int, size: tuple[int, int]) -> tuple[int, int]:
    """Return the even size of a draft: at most the timeline's own."""
    factor = min(1.0, max(width_px, 64) / size[0])
    wide, high = (max(2, round(side * factor / 2) * 2) for side in size)
    return wide, high


def _jpeg(rgb: NDArray[np.uint8]) -> bytes:
    height, width = rgb.shape[:2]
    return JpegEncoder((width, height)).encode(rgb_picture(rgb))
