"""Requests of the history panel, and of saving."""

from timeline_nb.widgets.bounds import Count, PathText
from timeline_nb.widgets.request import Request

__all__ = ["GoToStepRequest", "SaveProjectRequest"]


class GoToStepRequest(Request, frozen=True, kw_only=True, tag="goToStep"):
    """Go to the step with a number, back or forward."""

    step: Count


class SaveProjectRequest(Request, frozen=True, kw_only=True, tag="saveProject"):
    """Save the edit to its file, or to another one."""

    path: PathText = ""
