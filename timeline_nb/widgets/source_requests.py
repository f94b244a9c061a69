"""Requests that place a part of a media file, or copies of clips."""

from typing import Literal

from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.bounds import BinPath, ItemIds, Name, Seconds
from timeline_nb.widgets.request import Request

__all__ = [
    "DuplicateRequest",
    "EditMediaRequest",
    "PlacedMedia",
]


class PlacedMedia(Answer, frozen=True, kw_only=True, tag="placedMedia"):
    """The second of the timeline at which what was placed ends."""

    until_s: float


class EditMediaRequest(Request, frozen=True, kw_only=True, tag="editMedia"):
    """Place the part of a media file between two points, at points of the timeline.

    Three points are enough: what is missing follows from the length of the other
    pair. With all four, the timeline's length counts. On a new track, the targets do
    not count.
    """

    answered_by = PlacedMedia

    path: BinPath
    mode: Literal["append", "insert", "overwrite", "replace", "fitToFill"]
    in_s: Seconds | None = None
    out_s: Seconds | None = None
    at_s: Seconds
    until_s: Seconds | None = None
    track: Name | None = None
    sound_track: Name | None = None
    only: Literal["picture", "sound"] | None = None
    item: Name | None = None
    on_new_track: bool = False


class DuplicateRequest(Request, frozen=True, kw_only=True, tag="duplicate"):
    """Paste copies of items at a time; what follows moves, or is overwritten."""

    items: ItemIds
    at_s: Seconds
    overwrite: bool = False
    alone: bool = False
