"""Requests that open and close nested timelines."""

from timeline_nb.widgets.bounds import Count, Name
from timeline_nb.widgets.request import Request

__all__ = ["CloseNestedRequest", "OpenNestedRequest"]


class OpenNestedRequest(Request, frozen=True, kw_only=True, tag="openNested"):
    """Open the timeline that a clip shows."""

    item: Name


class CloseNestedRequest(Request, frozen=True, kw_only=True, tag="closeNested"):
    """Go back to the timeline at a depth: 0 is the edit's own."""

    depth: Count
