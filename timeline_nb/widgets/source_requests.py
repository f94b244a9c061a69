"""Requests that place a part of a media file, copies of clips, and clips of a speed."""

from typing import Annotated, Literal

from msgspec import Meta

from timeline_nb.widgets.bounds import BinPath, ItemIds, Name, Seconds
from timeline_nb.widgets.request import Request

__all__ = [
    "DuplicateRequest",
    "EditMediaRequest",
    "FreezeFrameRequest",
    "SetSpeedRequest",
]


class EditMediaRequest(Request, frozen=True, kw_only=True, tag="editMedia"):
    """Place the part of a media file between two points, at points of the timeline.

    Three points are enough: what is missing follows from the length of the other
    pair. With all four, the timeline's length counts.
    """

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


class DuplicateRequest(Request, frozen=True, kw_only=True, tag="duplicate"):
    """Paste copies of items at a time; what follows moves, or is overwritten."""

    items: ItemIds
    at_s: Seconds
    overwrite: bool = False


class SetSpeedRequest(Request, frozen=True, kw_only=True, tag="setSpeed"):
    """Play clips at a speed in percent of that at which they were shot."""

    items: ItemIds
    percent: Annotated[float, Meta(gt=0, le=10_000)]
    reverse: bool = False
    keep_pitch: bool = True
    blend: bool = False


class FreezeFrameRequest(Request, frozen=True, kw_only=True, tag="freezeFrame"):
    """Hold the frame that a clip shows at a time; what follows makes room."""

    item: Name
    at_s: Seconds
    duration_s: Seconds
