"""Requests of the browser to the kernel; an answer repeats the `id`."""

from typing import ClassVar, Literal, TypeAlias

from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.answers import Code, SoundData, Welcome
from timeline_nb.widgets.effect_requests import (
    AddEffectRequest,
    AddGeneratorRequest,
    ChangeEffectRequest,
    KeyframeEffectRequest,
    RemoveEffectRequest,
    SetTransitionRequest,
)
from timeline_nb.widgets.request import Request

__all__ = [
    "AddEffectRequest",
    "AddGeneratorRequest",
    "AddMarkerRequest",
    "AddTrackRequest",
    "AnyRequest",
    "BoxesRequest",
    "ByeRequest",
    "CancelRenderRequest",
    "ChangeEffectRequest",
    "CodeRequest",
    "CopyRequest",
    "CorrectRequest",
    "DissolveRequest",
    "DrawRequest",
    "FramesRequest",
    "HelloRequest",
    "KeyframeEffectRequest",
    "LinkRequest",
    "MoreRequest",
    "MoveRequest",
    "OpenMediaRequest",
    "PasteRequest",
    "PingRequest",
    "PlaceMediaRequest",
    "PlayRequest",
    "RedoRequest",
    "RemoveEffectRequest",
    "RemoveMarkerRequest",
    "RemoveRequest",
    "RemoveTrackRequest",
    "RenderRequest",
    "Request",
    "ScriptRequest",
    "SetClipsRequest",
    "SetTrackRequest",
    "SetTransitionRequest",
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
    """Register a view, and send it everything it shows, in the page's language."""

    answered_by: ClassVar[type[Answer]] = Welcome

    language: str


class ByeRequest(Request, frozen=True, kw_only=True, tag="bye"):
    """Remove a view: it closes."""


class CodeRequest(Request, frozen=True, kw_only=True, tag="askCode"):
    """Send the widget's JavaScript bundle."""

    answered_by: ClassVar[type[Answer]] = Code


class PingRequest(Request, frozen=True, kw_only=True, tag="ping"):
    """Keep a view registered: it is still open."""


# The timeline


class MoveRequest(Request, frozen=True, kw_only=True, tag="move"):
    """Move items until `anchor`, one of them, begins at a time, `up` tracks higher."""

    items: list[str]
    anchor: str
    to_s: float
    up: int


class TrimRequest(Request, frozen=True, kw_only=True, tag="trim"):
    """Move an edge of an item to a time, with a trimming tool."""

    item: str
    edge: Literal["head", "tail"]
    to_s: float
    tool: Literal["trim", "ripple", "roll"]


class SlipRequest(Request, frozen=True, kw_only=True, tag="slip"):
    """Show the media `by_s` seconds later."""

    item: str
    by_s: float


class SlideRequest(Request, frozen=True, kw_only=True, tag="slide"):
    """Move an item to a time, between neighbors that are trimmed."""

    item: str
    to_s: float


class SplitRequest(Request, frozen=True, kw_only=True, tag="split"):
    """Split items at a time; all unlocked tracks if there are none."""

    items: list[str]
    at_s: float


class RemoveRequest(Request, frozen=True, kw_only=True, tag="remove"):
    """Remove items; with `ripple`, what follows closes the gap."""

    items: list[str]
    ripple: bool


class CopyRequest(Request, frozen=True, kw_only=True, tag="copy"):
    """Copy items for pasting; with `cut`, remove them."""

    items: list[str]
    cut: bool


class PasteRequest(Request, frozen=True, kw_only=True, tag="paste"):
    """Paste the copied items at a time."""

    at_s: float


class DissolveRequest(Request, frozen=True, kw_only=True, tag="dissolve"):
    """Add a dissolve from an item to the next."""

    item: str
    duration_s: float


class LinkRequest(Request, frozen=True, kw_only=True, tag="link"):
    """Link items."""

    items: list[str]


class UnlinkRequest(Request, frozen=True, kw_only=True, tag="unlink"):
    """Unlink an item and those linked to it."""

    item: str


class SetTrackRequest(Request, frozen=True, kw_only=True, tag="setTrack"):
    """Change the given fields of a track."""

    track: str
    enabled: bool | None = None
    locked: bool | None = None
    gain_db: float | None = None


class AddTrackRequest(Request, frozen=True, kw_only=True, tag="addTrack"):
    """Add an empty track."""

    type: Literal["video", "audio"]


class RemoveTrackRequest(Request, frozen=True, kw_only=True, tag="removeTrack"):
    """Remove a track."""

    track: str


class AddMarkerRequest(Request, frozen=True, kw_only=True, tag="addMarker"):
    """Add a marker at a time."""

    at_s: float
    name: str


class RemoveMarkerRequest(Request, frozen=True, kw_only=True, tag="removeMarker"):
    """Remove the markers with a name."""

    name: str


class SetClipsRequest(Request, frozen=True, kw_only=True, tag="setClips"):
    """Change the given fields of clips."""

    items: list[str]
    name: str | None = None
    x: float | None = None
    y: float | None = None
    scale: float | None = None
    rotation_deg: float | None = None
    opacity: float | None = None
    fit: Literal["fit", "fill", "stretch", "none"] | None = None
    gain_db: float | None = None
    fade_in_s: float | None = None
    fade_out_s: float | None = None


class UndoRequest(Request, frozen=True, kw_only=True, tag="undo"):
    """Undo the last step."""


class RedoRequest(Request, frozen=True, kw_only=True, tag="redo"):
    """Redo the step that was undone last."""


class ThumbsRequest(Request, frozen=True, kw_only=True, tag="askThumbs"):
    """Send thumbnails of a media file at times; replaces the request before."""

    media: int
    times_s: list[float]


class WaveRequest(Request, frozen=True, kw_only=True, tag="askWave"):
    """Send the peaks of a minute of a media file's sound."""

    media: int
    minute: int


class ScriptRequest(Request, frozen=True, kw_only=True, tag="askScript"):
    """Return the steps since the view's point as code, or set the point."""

    restart: bool


# The player


class FramesRequest(Request, frozen=True, kw_only=True, tag="askFrames"):
    """Send frames as drafts, the first one first; that one exactly with a width."""

    version: int
    numbers: list[int]
    width_px: int
    height_px: int


class PlayRequest(Request, frozen=True, kw_only=True, tag="play"):
    """Start a stream, up to a second of what is played."""

    stream: int
    version: int
    first: int
    sound: Literal["aac", "flac", "none"]
    until_s: float


class MoreRequest(Request, frozen=True, kw_only=True, tag="more"):
    """Continue a stream up to a later second."""

    stream: int
    until_s: float


class StopRequest(Request, frozen=True, kw_only=True, tag="stop"):
    """End the view's stream."""


class SoundRequest(Request, frozen=True, kw_only=True, tag="askSound"):
    """Send a range of sound as 16-bit stereo at 48 kHz."""

    answered_by: ClassVar[type[Answer]] = SoundData

    version: int
    start_s: float
    duration_s: float


# The overlay


class BoxesRequest(Request, frozen=True, kw_only=True, tag="askBoxes"):
    """Send the boxes of frames `first` to `last`."""

    version: int
    first: int
    last: int


class DrawRequest(Request, frozen=True, kw_only=True, tag="draw"):
    """Keep a box, zone or line drawn on a frame, in pixels of the shown frame."""

    version: int
    frame: int
    shape: Literal["box", "zone", "line"]
    label: str
    points: list[tuple[float, float]]


class CorrectRequest(Request, frozen=True, kw_only=True, tag="correct"):
    """Correct a row: move its box, change its label, or remove it.

    `points` are the corners of the new box, or empty to keep the box; `label` is the
    new label, or empty to keep it.
    """

    version: int
    frame: int
    row: int
    remove: bool
    label: str
    points: list[tuple[float, float]]


# The editor


class OpenMediaRequest(Request, frozen=True, kw_only=True, tag="openMedia"):
    """Add a file, or all media of a folder, to the bin."""

    path: str


class PlaceMediaRequest(Request, frozen=True, kw_only=True, tag="placeMedia"):
    """Place media of the bin on the timeline."""

    path: str
    mode: Literal["append", "insert", "overwrite"]
    at_s: float
    track: str | None = None


class RenderRequest(Request, frozen=True, kw_only=True, tag="render"):
    """Render the edit to a file."""

    path: str


class CancelRenderRequest(Request, frozen=True, kw_only=True, tag="cancelRender"):
    """Cancel the render."""


AnyRequest: TypeAlias = (
    HelloRequest
    | ByeRequest
    | PingRequest
    | CodeRequest
    | MoveRequest
    | TrimRequest
    | SlipRequest
    | SlideRequest
    | SplitRequest
    | RemoveRequest
    | CopyRequest
    | PasteRequest
    | DissolveRequest
    | LinkRequest
    | UnlinkRequest
    | SetTrackRequest
    | AddTrackRequest
    | RemoveTrackRequest
    | AddMarkerRequest
    | RemoveMarkerRequest
    | SetClipsRequest
    | UndoRequest
    | RedoRequest
    | ThumbsRequest
    | WaveRequest
    | ScriptRequest
    | FramesRequest
    | PlayRequest
    | MoreRequest
    | StopRequest
    | SoundRequest
    | BoxesRequest
    | DrawRequest
    | CorrectRequest
    | OpenMediaRequest
    | PlaceMediaRequest
    | RenderRequest
    | CancelRenderRequest
    | AddEffectRequest
    | RemoveEffectRequest
    | ChangeEffectRequest
    | KeyframeEffectRequest
    | SetTransitionRequest
    | AddGeneratorRequest
)
