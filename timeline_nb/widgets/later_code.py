"""The program of what a widget loads once it is open: rarer panels and dialogs."""

from typing import ClassVar

from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.request import Request

__all__ = ["LaterCode", "LaterCodeRequest"]


class LaterCode(Answer, frozen=True, kw_only=True, tag="laterCode"):
    """The bundle, as a buffer."""


class LaterCodeRequest(Request, frozen=True, kw_only=True, tag="askLaterCode"):
    """Send the bundle."""

    answered_by: ClassVar[type[Answer]] = LaterCode
