"""Requests of the transitions that are drawn between clips."""

from timeline_nb.widgets.bounds import Name, Seconds
from timeline_nb.widgets.request import Request

__all__ = ["SetTransitionRangeRequest"]


class SetTransitionRangeRequest(
    Request, frozen=True, kw_only=True, tag="setTransitionRange"
):
    """Set how long a transition plays before and after its cut, and its kind.

    `after` is the clip before the cut; without a kind it keeps its own.
    """

    after: Name
    in_s: Seconds
    out_s: Seconds
    transition: Name | None = None
