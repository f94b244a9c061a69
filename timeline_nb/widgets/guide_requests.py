"""What the page sends and gets of the guides over the picture."""

from typing import Annotated

from msgspec import Meta

from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.bounds import Coordinate
from timeline_nb.widgets.request import Request

__all__ = ["GuidesView", "SetGuidesRequest"]

Places = Annotated[list[Coordinate], Meta(max_length=200)]


class GuidesView(Answer, frozen=True, kw_only=True, tag="guides"):
    """The places of vertical and of horizontal guides, in pixels of the picture."""

    x: list[float]
    y: list[float]


class SetGuidesRequest(Request, frozen=True, kw_only=True, tag="setGuides"):
    """Have the project keep these guides: places of vertical and horizontal ones."""

    x: Places
    y: Places
