"""Requests of the browser to the kernel; an answer repeats the `id`."""

from typing import ClassVar, Literal

from timeline_nb.timeline.choices import BlendMode, Fit
from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.answers import Code, SoundData, Welcome
from timeline_nb.widgets.bounds import (
    CommentText,
    Coordinate,
    Count,
    FrameNumber,
    FrameNumbers,
    Gain,
    ItemIds,
    Name,
    Points,
    Seconds,
    SizePx,
    Times,
    TrackSteps,
)
from timeline_nb.widgets.editor_requests import (
    CancelScanRequest,
    OpenMediaRequest,
    PlaceMediaRequest,
)
from timeline_nb.widgets.overlay_requests import ChangeShapeRequest
from timeline_nb.widgets.request import Request

__all__ = [
    "AddCommentRequest",
    "BoxesRequest",
    "ByeRequest",
    "CancelScanRequest",
    "ChangeShapeRequest",
    "CodeRequest",
    "CopyRequest",
    "CorrectRequest",
    "DissolveRequest",
    "DrawRequest",
    "FramesRequest",
    "HelloRequest",
    "LinkRequest",
    "MoreRequest",
    "MoveRequest",
    "OpenMediaRequest",
    "PasteRequest",
    "PingRequest",
    "PlaceMediaRequest",
    "PlayRequest",
    "RedoRequest",
    "RemoveRequest",
    "Request",
    "ScriptRequest",
    "SetClipsRequest",
    "SlideRequest",
    "SlipRequest",
    "SoundRequest",
    "SplitRequest",
    "StopRequest",
    "ThumbsRequest",
    "TrimRequest",
    "UndoRequest",
    "UnlinkRequest",
    "WaveRequest",
]


class HelloRequest(Request, frozen=True, kw_only=True, tag="hello"):
    """Register a view, and send it everything it shows.

    It names its page's language: a page has texts that another kernel has sent.
    """

    answered_by: ClassVar[type[Answer]] = Welcome

    language: Name = ""


class ByeRequest(Request, frozen=True, kw_only=True, tag="bye"):
    """Remove a view: it closes."""


class CodeRequest(Request, frozen=True, kw_only=True, tag="askCode"):
    """Send the widget's JavaScript bundle."""

    answered_by: ClassVar[type[Answer]] = Code


class PingRequest(Request, frozen=True, kw_only=True, tag="ping"):
    """Keep a view registered: it is still open."""


# The timeline. With `alone`, what is linked to the items stays as it is.


class MoveRequest(Request, frozen=True, kw_only=True, tag="move"):
    """Move items until `anchor`, one of them, begins at a time, `up` tracks higher."""

    items: ItemIds
    anchor: Name
    to_s: Seconds
    up: TrackSteps
    alone: bool = False


class TrimRequest(Request, frozen=True, kw_only=True, tag="trim"):
    """Move an edge of an item to a time, with a trimming tool."""

    item: Name
    edge: Literal["head", "tail"]
    to_s: Seconds
    tool: Literal["trim", "ripple", "roll"]
    alone: bool = False


class SlipRequest(Request, frozen=True, kw_only=True, tag="slip"):
    """Show the media `by_s` seconds later."""

    item: Name
    by_s: Seconds
    alone: bool = False


class SlideRequest(Request, frozen=True, kw_only=True, tag="slide"):
    """Move an item to a time, between neighbors that are trimmed."""

    item: Name
    to_s: Seconds
    alone: bool = False


class SplitRequest(Request, frozen=True, kw_only=True, tag="split"):
    """Split items at a time; all unlocked tracks if there are none."""

    items: ItemIds
    at_s: Seconds
    alone: bool = False


class RemoveRequest(Request, frozen=True, kw_only=True, tag="remove"):
    """Remove items; with `ripple`, what follows closes the gap."""

    items: ItemIds
    ripple: bool
    alone: bool = False


class CopyRequest(Request, frozen=True, kw_only=True, tag="copy"):
    """Copy items for pasting; with `cut`, remove them."""

    items: ItemIds
    cut: bool
    alone: bool = False


class PasteRequest(Request, frozen=True, kw_only=True, tag="paste"):
    """Paste the copied items at a time; what follows moves, or is overwritten."""

    at_s: Seconds
    overwrite: bool = False


class DissolveRequest(Request, frozen=True, kw_only=True, tag="dissolve"):
    """Add a dissolve from an item to the next."""

    item: Name
    duration_s: Seconds


class LinkRequest(Request, frozen=True, kw_only=True, tag="link"):
    """Link items."""

    items: ItemIds


class UnlinkRequest(Request, frozen=True, kw_only=True, tag="unlink"):
    """Unlink an item and those linked to it."""

    item: Name


class SetClipsRequest(Request, frozen=True, kw_only=True, tag="setClips"):
    """Change the given fields of clips.

    A field with keyframes gets one at the timeline second `at_s`, if that is given.
    """

    items: ItemIds
    name: Name | None = None
    x: Coordinate | None = None
    y: Coordinate | None = None
    scale: Coordinate | None = None
    rotation_deg: Coordinate | None = None
    opacity: Coordinate | None = None
    fit: Fit | None = None
    blend: BlendMode | None = None
    gain_db: Gain | None = None
    pan: Coordinate | None = None
    fade_in_s: Seconds | None = None
    fade_out_s: Seconds | None = None
    at_s: Seconds | None = None


class UndoRequest(Request, frozen=True, kw_only=True, tag="undo"):
    """Undo the last step."""


class RedoRequest(Request, frozen=True, kw_only=True, tag="redo"):
    """Redo the step that was undone last."""


class ThumbsRequest(Request, frozen=True, kw_only=True, tag="askThumbs"):
    """Send thumbnails of a media file at times; replaces the request before."""

    media: Count
    times_s: Times


class WaveRequest(Request, frozen=True, kw_only=True, tag="askWave"):
    """Send the peaks of a minute of a media file's sound."""

    media: Count
    minute: Count


class ScriptRequest(Request, frozen=True, kw_only=True, tag="askScript"):
    """Return the steps since the view's point as code, or set the point."""

    restart: bool


# The player


class FramesRequest(Request, frozen=True, kw_only=True, tag="askFrames"):
    """Send frames as drafts, the first one first; that one exactly with a width."""

    version: Count
    numbers: FrameNumbers
    width_px: SizePx
    height_px: SizePx


class PlayRequest(Request, frozen=True, kw_only=True, tag="play"):
    """Start a stream, up to a second of what is played."""

    stream: Count
    version: Count
    first: FrameNumber
    sound: Literal["aac", "flac", "none"]
    until_s: Seconds


class MoreRequest(Request, frozen=True, kw_only=True, tag="more"):
    """Continue a stream up to a later second."""

    stream: Count
    until_s: Seconds


class StopRequest(Request, frozen=True, kw_only=True, tag="stop"):
    """End a stream of the view, and those before it."""

    stream: Count


class SoundRequest(Request, frozen=True, kw_only=True, tag="askSound"):
    """Send a range of sound as 16-bit stereo at 48 kHz."""

    answered_by: ClassVar[type[Answer]] = SoundData

    version: Count
    start_s: Seconds
    duration_s: Seconds


# The review


class AddCommentRequest(Request, frozen=True, kw_only=True, tag="addComment"):
    """Write a comment at a time, or of a range that begins there."""

    at_s: Seconds
    duration_s: Seconds = 0.0
    author: Name
    text: CommentText


# The overlay


class BoxesRequest(Request, frozen=True, kw_only=True, tag="askBoxes"):
    """Send the boxes of frames `first` to `last`."""

    version: Count
    first: FrameNumber
    last: FrameNumber


class DrawRequest(Request, frozen=True, kw_only=True, tag="draw"):
    """Keep a box, zone or line drawn on a frame, in pixels of the shown frame."""

    version: Count
    frame: FrameNumber
    shape: Literal["box", "zone", "line"]
    label: Name
    points: Points


class CorrectRequest(Request, frozen=True, kw_only=True, tag="correct"):
    """Correct a row: move its box, change its label, or remove it.

    `points` are the corners of the new box, or empty to keep the box; `label` is the
    new label, or empty to keep it.
    """

    version: Count
    frame: FrameNumber
    row: Count
    remove: bool
    label: Name
    points: Points
