"""Requests while something is dragged: what it would do, and pictures of edges."""

from typing import ClassVar, TypeAlias

from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.bounds import Count, Name, Seconds
from timeline_nb.widgets.plan_answers import DragPlan
from timeline_nb.widgets.request import Request
from timeline_nb.widgets.requests import (
    MoveRequest,
    PlaceMediaRequest,
    SlideRequest,
    TrimRequest,
)
from timeline_nb.widgets.source_requests import EditMediaRequest

__all__ = ["PlanRequest", "Planned", "TrimFrameRequest"]

# What can be planned.
Planned: TypeAlias = (
    MoveRequest | TrimRequest | SlideRequest | PlaceMediaRequest | EditMediaRequest
)


class PlanRequest(Request, frozen=True, kw_only=True, tag="plan"):
    """Return what a request would change, or the reason why it would be refused."""

    answered_by: ClassVar[type[Answer]] = DragPlan

    change: Planned


class TrimFrameRequest(Request, frozen=True, kw_only=True, tag="askTrimFrame"):
    """Send a frame of an item's media for the trim view, in place of the one before.

    `side` is 0 on the left, 1 on the right; `at_s` is a second of the media.
    """

    side: Count
    item: Name
    at_s: Seconds
