"""What the browser asks of the kernel. `id` is echoed by the answer."""

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
    """A view is there: tell it all it needs. `language` is the page's."""

    answered_by: ClassVar[type[Answer]] = Welcome

    language: str


class ByeRequest(Request, frozen=True, kw_only=True, tag="bye"):
    """A view is gone."""


class CodeRequest(Request, frozen=True, kw_only=True, tag="askCode"):
    """The widget's own program: its bundle, as a buffer."""

    answered_by: ClassVar[type[Answer]] = Code


class PingRequest(Request, frozen=True, kw_only=True, tag="ping"):
    """A view is still there."""


# The timeline


class MoveRequest(Request, frozen=True, kw_only=True, tag="move"):
    """Move items so that `anchor`, one of them, begins at a time; `up` tracks up."""

    items: list[str]
    anchor: str
    to_s: float
    up: int


class TrimRequest(Request, frozen=True, kw_only=True, tag="trim"):
    """Move an edge of an item to a time, by the tool in hand."""

    item: str
    edge: Literal["head", "tail"]
    to_s: float
    tool: Literal["trim", "ripple", "roll"]


class SlipRequest(Request, frozen=True, kw_only=True, tag="slip"):
    """Show media so many seconds later."""

    item: str
    by_s: float


class SlideRequest(Request, frozen=True, kw_only=True, tag="slide"):
    """Move an item to begin at a time, between neighbors that give way."""

    item: str
    to_s: float


class SplitRequest(Request, frozen=True, kw_only=True, tag="split"):
    """Cut items at a time; all unlocked tracks if none is named."""

    items: list[str]
    at_s: float


class RemoveRequest(Request, frozen=True, kw_only=True, tag="remove"):
    """Take items out; what follows closes up if it ripples."""

    items: list[str]
    ripple: bool


class CopyRequest(Request, frozen=True, kw_only=True, tag="copy"):
    """Keep items to paste; take them out as well if they are cut."""

    items: list[str]
    cut: bool


class PasteRequest(Request, frozen=True, kw_only=True, tag="paste"):
    """Put what was copied at a time."""

    at_s: float


class DissolveRequest(Request, frozen=True, kw_only=True, tag="dissolve"):
    """Dissolve an item into the next."""

    item: str
    duration_s: float


class LinkRequest(Request, frozen=True, kw_only=True, tag="link"):
    """Let items move together."""

    items: list[str]


class UnlinkRequest(Request, frozen=True, kw_only=True, tag="unlink"):
    """Let an item and those linked to it go separate ways."""

    item: str


class SetTrackRequest(Request, frozen=True, kw_only=True, tag="setTrack"):
    """Change what is given of a track."""

    track: str
    enabled: bool | None = None
    locked: bool | None = None
    gain_db: float | None = None


class AddTrackRequest(Request, frozen=True, kw_only=True, tag="addTrack"):
    """Add an empty track."""

    type: Literal["video", "audio"]


class RemoveTrackRequest(Request, frozen=True, kw_only=True, tag="removeTrack"):
    """Take a track away."""

    track: str


class AddMarkerRequest(Request, frozen=True, kw_only=True, tag="addMarker"):
    """Mark a time."""

    at_s: float
    name: str


class RemoveMarkerRequest(Request, frozen=True, kw_only=True, tag="removeMarker"):
    """Take markers of a name away."""

    name: str


class SetClipsRequest(Request, frozen=True, kw_only=True, tag="setClips"):
    """Change what is given of clips."""

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
    """Take the last step back."""


class RedoRequest(Request, frozen=True, kw_only=True, tag="redo"):
    """Make the step again."""


class ThumbsRequest(Request, frozen=True, kw_only=True, tag="askThumbs"):
    """Small pictures of a medium at media times; a later request replaces this."""

    media: int
    times_s: list[float]


class WaveRequest(Request, frozen=True, kw_only=True, tag="askWave"):
    """Peaks of a minute of a medium's sound."""

    media: int
    minute: int


class ScriptRequest(Request, frozen=True, kw_only=True, tag="askScript"):
    """The calls that replay what was done since the view's point."""

    restart: bool


# The player


class FramesRequest(Request, frozen=True, kw_only=True, tag="askFrames"):
    """Frames as small drafts, the first one first; that exactly if a width is given."""

    version: int
    numbers: list[int]
    width_px: int
    height_px: int


class PlayRequest(Request, frozen=True, kw_only=True, tag="play"):
    """Begin a stream, or let it run on to a second of the film."""

    stream: int
    version: int
    first: int
    sound: Literal["aac", "flac", "none"]
    until_s: float


class MoreRequest(Request, frozen=True, kw_only=True, tag="more"):
    """Let a stream run on."""

    stream: int
    until_s: float


class StopRequest(Request, frozen=True, kw_only=True, tag="stop"):
    """End the view's stream."""


class SoundRequest(Request, frozen=True, kw_only=True, tag="askSound"):
    """A stretch of sound as 16-bit stereo at 48 kHz."""

    answered_by: ClassVar[type[Answer]] = SoundData

    version: int
    start_s: float
    duration_s: float


# The overlay


class BoxesRequest(Request, frozen=True, kw_only=True, tag="askBoxes"):
    """The boxes of frames `first` to `last`."""

    version: int
    first: int
    last: int


class DrawRequest(Request, frozen=True, kw_only=True, tag="draw"):
    """Keep a box, zone or line that was drawn on a frame, in pixels of the film."""

    version: int
    frame: int
    shape: Literal["box", "zone", "line"]
    label: str
    points: list[tuple[float, float]]


class CorrectRequest(Request, frozen=True, kw_only=True, tag="correct"):
    """Say that a row is elsewhere, is something else, or is nothing.

    `points` are the corners of where it is now, or none if that stays; `label` is what
    it is now, or empty.
    """

    version: int
    frame: int
    row: int
    remove: bool
    label: str
    points: list[tuple[float, float]]


# The editor


class OpenMediaRequest(Request, frozen=True, kw_only=True, tag="openMedia"):
    """Put a file, or all media of a folder, into the bin."""

    path: str


class PlaceMediaRequest(Request, frozen=True, kw_only=True, tag="placeMedia"):
    """Put a medium of the bin on the timeline."""

    path: str
    mode: Literal["append", "insert", "overwrite"]
    at_s: float
    track: str | None = None


class RenderRequest(Request, frozen=True, kw_only=True, tag="render"):
    """Render the edit to a file."""

    path: str


class CancelRenderRequest(Request, frozen=True, kw_only=True, tag="cancelRender"):
    """Stop rendering."""


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
