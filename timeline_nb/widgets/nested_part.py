"""Open and close the timelines that clips show."""

from collections.abc import Callable
from fractions import Fraction

from timeline_nb.commands.nested_session import NestedSession
from timeline_nb.timeline.model import Clip, Timeline
from timeline_nb.timeline.queries import find, range_of
from timeline_nb.timeline.speed import speed_of
from timeline_nb.widgets import requests as ask
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.nested_requests import CloseNestedRequest, OpenNestedRequest

__all__ = ["NestedPart"]


class NestedPart(Part):
    """Opens and closes nested timelines, for all views of a widget at once.

    Args:
        post: Sends an answer to the browser.
        session: Knows which timeline is open.
        playhead: Returns the second of the open timeline that is shown.
        move: Moves the playhead there, and drops what was selected.
    """

    def __init__(
        self,
        post: SendAnswer,
        session: NestedSession,
        playhead: Callable[[], float],
        move: Callable[[float], None],
    ) -> None:
        super().__init__(post)
        self._session, self._playhead, self._move = session, playhead, move

    def handlers(self) -> dict[type[ask.Request], Handler]:
        """Return the handlers of opening and closing."""
        return {OpenNestedRequest: self._open, CloseNestedRequest: self._close}

    def start(self) -> None:
        """Follow which timeline is open."""
        self._session.moved.connect(self._follow)

    def stop(self) -> None:
        """Follow it no longer."""
        self._session.moved.disconnect(self._follow)

    def _follow(self) -> None:
        """Keep the playhead on the timeline that is open."""
        self._move(self._playhead())

    def _open(self, request: OpenNestedRequest) -> None:
        at = Fraction(self._playhead())
        outer = self._session.timeline
        self._session.open(request.item)
        self._move(float(_inside(outer, request.item, at)))

    def _close(self, request: CloseNestedRequest) -> None:
        at = Fraction(self._playhead())
        clips, levels = self._session.clips, self._session.levels
        self._session.close(request.depth)
        for depth in range(len(clips) - 1, request.depth - 1, -1):
            at = _outside(levels[depth], clips[depth], at)
        self._move(float(at))


def _inside(outer: Timeline, item: str, at: Fraction) -> Fraction:
    """Return the second of a nested timeline that its clip shows at a second."""
    clip, start = _placed(outer, item)
    passed = min(max(Fraction(0), at - start), clip.duration)
    speed = speed_of(clip)
    shown = clip.source_range.start + passed
    return shown if speed is None else speed.media_time(shown)


def _outside(outer: Timeline, item: str, at: Fraction) -> Fraction:
    """Return the second at which a clip shows a second of its nested timeline.

    That is the nearest it shows; of a clip that is retimed, its start.
    """
    clip, start = _placed(outer, item)
    if speed_of(clip) is not None:
        return start
    last = max(Fraction(0), clip.duration - 1 / outer.rate)
    return start + min(max(Fraction(0), at - clip.source_range.start), last)


def _placed(timeline: Timeline, item: str) -> tuple[Clip, Fraction]:
    place = find(timeline, item)
    track = timeline.tracks[place.track]
    clip = track.items[place.item]
    assert isinstance(clip, Clip)  # noqa: S101 - only clips show timelines
    return clip, range_of(track, place.item).start
