"""Answer while something is dragged: what it would do, and frames at its edges."""

from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction
from typing import Final

from timeline_nb.commands.session import EditSession
from timeline_nb.core.latest_queue import LatestQueue
from timeline_nb.errors import MediaError, TimelineError
from timeline_nb.i18n import Message
from timeline_nb.preview.thumbs import ThumbMaker
from timeline_nb.studio import Studio
from timeline_nb.timeline.model import Clip, MediaReference, Timeline
from timeline_nb.timeline.outcome import outcome
from timeline_nb.timeline.queries import clip_of, find, linked
from timeline_nb.widgets import requests as ask
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.plan_answers import (
    DragPlan,
    PlannedItem,
    PlannedLoss,
    PlannedPush,
    TrimFrame,
)
from timeline_nb.widgets.plan_requests import Planned, PlanRequest, TrimFrameRequest
from timeline_nb.widgets.source_requests import EditMediaRequest

__all__ = ["PlanPart"]

_TRIM_FRAME_PX: Final = 180


class PlanPart(Part):
    """Plans what is dragged, and sends frames of the trim view.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
        studio: Opens media.
        handlers: Of the widget's requests: a plan rehearses what they do.
    """

    def __init__(
        self,
        post: SendAnswer,
        session: EditSession,
        studio: Studio,
        handlers: Mapping[type[ask.Request], Handler],
    ) -> None:
        super().__init__(post)
        self._session = session
        self._others = handlers
        self._frames = ThumbMaker(
            studio.library, studio.proxies, height_px=_TRIM_FRAME_PX
        )
        # By view and side: the media, and the second.
        self._work: LatestQueue[tuple[str, int], tuple[MediaReference, float]] = (
            LatestQueue("timeline_nb trim view", self._draw)
        )

    def handlers(self) -> dict[type[ask.Request], Handler]:
        """Return the handlers of plans and of frames of the trim view."""
        return {PlanRequest: self._plan, TrimFrameRequest: self._ask_frame}

    def stop(self) -> None:
        """Draw nothing more."""
        self._work.clear()

    def on_view_closed(self, view: str) -> None:
        """Drop what is to be drawn for the view."""
        self._work.drop(lambda key: key[0] == view)

    def _plan(self, request: PlanRequest) -> DragPlan:
        change = request.change
        handler = self._others.get(type(change))
        if handler is None:
            raise TimelineError(Message("this widget has no such edit to plan"))
        old, new = self._session.rehearse(lambda: handler(change))
        moved = _with_linked(old, change)
        # What a trim takes from neighbors is shown by them.
        overwrites = isinstance(
            change, (ask.MoveRequest, ask.PlaceMediaRequest, EditMediaRequest)
        )
        found = outcome(old, new, moved=moved, with_resized=not overwrites)
        placed = [
            PlannedItem(
                id=own.item.id if _has(old, own.item.id) else "",
                name=own.item.name if isinstance(own.item, Clip) else own.item.text,
                track=own.track,
                start_s=float(own.span.start),
                end_s=float(own.span.end),
                media_start_s=(
                    float(own.item.source_range.start)
                    if isinstance(own.item, Clip)
                    else 0.0
                ),
            )
            for own in found.placed
        ]
        return DragPlan(
            placed=placed,
            lost=[
                PlannedLoss(name, float(span.start), float(span.end))
                for name, span in found.lost
                if overwrites
            ],
            pushed=[
                PlannedPush(push.track, float(push.start), float(push.by))
                for push in found.pushed
            ],
        )

    def _ask_frame(self, request: TrimFrameRequest) -> None:
        media = clip_of(self._session.timeline, request.item).media
        self._work.put((request.view, request.side), [(media, request.at_s)])

    def _draw(self, key: tuple[str, int], item: tuple[MediaReference, float]) -> None:
        (view, side), (media, at_s) = key, item
        # A clip whose media is offline or has no pictures has no frame.
        with suppress(MediaError):
            picture = self._frames.thumb(
                media.path, max(Fraction(0), Fraction(at_s)), media.assumed
            )
            self._post(TrimFrame(view=view, side=side, at_s=at_s), [picture])


def _has(timeline: Timeline, item: str) -> bool:
    with suppress(TimelineError):
        return bool(find(timeline, item))
    return False


def _named(change: Planned) -> list[str]:
    """Return the ids of the items that a request is about."""
    if isinstance(change, ask.MoveRequest):
        return change.items
    if isinstance(change, (ask.PlaceMediaRequest, EditMediaRequest)):
        return []
    return [change.item]


def _with_linked(timeline: Timeline, change: Planned) -> set[str]:
    alone = getattr(change, "alone", False)
    return {
        getattr(timeline.tracks[place.track].items[place.item], "id", "")
        for name in _named(change)
        for place in linked(timeline, name, alone=alone)
    }
