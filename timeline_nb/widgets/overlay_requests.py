"""Requests about the zones and lines that a person drew."""

from timeline_nb.widgets.bounds import Count, Name
from timeline_nb.widgets.request import Request

__all__ = ["ChangeShapeRequest"]


class ChangeShapeRequest(Request, frozen=True, kw_only=True, tag="changeShape"):
    """Change the label of a drawn zone or line, or remove it."""

    number: Count
    label: Name
    remove: bool
