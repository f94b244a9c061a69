"""Move and stretch the transitions that are drawn between clips."""

from fractions import Fraction
from typing import Any

from timeline_nb.commands.effects import AddTransition
from timeline_nb.commands.session import EditSession
from timeline_nb.timebase import frame_time
from timeline_nb.timeline.model import Clip, Timeline, Transition
from timeline_nb.timeline.queries import ItemPlace, find, linked
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.request import Request
from timeline_nb.widgets.transition_requests import SetTransitionRangeRequest

__all__ = ["TransitionsPart"]


class TransitionsPart(Part):
    """Sets the range of transitions: each change is one step of the history.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
    """

    def __init__(self, post: SendAnswer, session: EditSession) -> None:
        super().__init__(post)
        self._session = session

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the handler of the range of a transition."""
        return {SetTransitionRangeRequest: self._set_range}

    def _set_range(self, request: SetTransitionRangeRequest) -> None:
        timeline = self._session.timeline
        own = _transition_after(timeline, find(timeline, request.after))
        fields: dict[str, Any] = {}
        if own is not None:
            fields["kind"] = own.kind
            if request.transition in {None, own.kind}:
                fields["parameters"] = dict(own.parameters)
        if request.transition is not None:
            fields["kind"] = request.transition
        for place in linked(timeline, request.after)[1:]:
            heard = _transition_after(timeline, place)
            if heard is not None and timeline.tracks[place.track].kind == "audio":
                fields["sound"] = heard.kind
        rate = timeline.rate
        lead = max(0, round(Fraction(request.in_s) * rate))
        rest = max(0, round(Fraction(request.out_s) * rate))
        frames = max(1, lead + rest)
        if lead != rest:
            fields["in_offset"] = frame_time(min(lead, frames), rate)
        self._session.perform(
            AddTransition(
                after=request.after, duration=frame_time(frames, rate), **fields
            )
        )


def _transition_after(timeline: Timeline, place: ItemPlace) -> Transition | None:
    items = timeline.tracks[place.track].items[place.item + 1 :]
    for item in items:
        if isinstance(item, Transition):
            return item
        if isinstance(item, Clip):
            break
    return None
