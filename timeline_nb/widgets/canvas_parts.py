"""The parts behind what is dragged on a timeline's canvas, beside the items."""

from collections.abc import Mapping

from timeline_nb.commands.session import EditSession
from timeline_nb.studio import Studio
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.keyframes_part import KeyframesPart
from timeline_nb.widgets.plan_part import PlanPart
from timeline_nb.widgets.request import Request
from timeline_nb.widgets.transitions_part import TransitionsPart

__all__ = ["canvas_parts"]


def canvas_parts(
    post: SendAnswer,
    session: EditSession,
    studio: Studio,
    handlers: Mapping[type[Request], Handler],
) -> tuple[Part, ...]:
    """Return the parts for plans, keyframes and transitions.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
        studio: Opens media.
        handlers: Of all the widget's requests, those of later parts too.
    """
    return (
        PlanPart(post, session, studio, handlers),
        KeyframesPart(post, session),
        TransitionsPart(post, session),
    )
