"""What the browser asks of the kernel. `id` is echoed by the answer."""

from typing import ClassVar, Literal, TypeAlias

from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.answers import Code, SoundData, Welcome
from timeline_nb.widgets.effect_requests import (
    AddEffect,
    AddGenerator,
    ChangeEffect,
    KeyframeEffect,
    RemoveEffect,
    SetTransition,
)
from timeline_nb.widgets.request import Request

__all__ = [
    "AddEffect",
    "AddGenerator",
    "AddMarker",
    "AddTrack",
    "AnyRequest",
    "AskBoxes",
    "AskCode",
    "AskFrames",
    "AskScript",
    "AskSound",
    "AskThumbs",
    "AskWave",
    "Bye",
    "CancelRender",
    "ChangeEffect",
    "Copy",
    "Correct",
    "Dissolve",
    "Draw",
    "Hello",
    "KeyframeEffect",
    "Link",
    "More",
    "Move",
    "OpenMedia",
    "Paste",
    "Ping",
    "PlaceMedia",
    "Play",
    "Redo",
    "Remove",
    "RemoveEffect",
    "RemoveMarker",
    "RemoveTrack",
    "Render",
    "Request",
    "SetClips",
    "SetTrack",
    "SetTransition",
    "Slide",
    "Slip",
    "Split",
    "Stop",
    "Trim",
    "Undo",
    "Unlink",
]


class Hello(Request, frozen=True, kw_only=True, tag="hello"):
    """A view is there: tell it all it needs. `language` is the page's."""

    answered_by: ClassVar[type[Answer]] = Welcome

    language: str


class Bye(Request, frozen=True, kw_only=True, tag="bye"):
    """A view is gone."""


class AskCode(Request, frozen=True, kw_only=True, tag="askCode"):
    """The widget's own program: its bundle, as a buffer."""

    answered_by: ClassVar[type[Answer]] = Code


class Ping(Request, frozen=True, kw_only=True, tag="ping"):
    """A view is still there."""


# The timeline


class Move(Request, frozen=True, kw_only=True, tag="move"):
    """Move items so that `anchor`, one of them, begins at a time; `up` tracks up."""

    items: list[str]
    anchor: str
    to_s: float
    up: int


class Trim(Request, frozen=True, kw_only=True, tag="trim"):
    """Move an edge of an item to a time, by the tool in hand."""

    item: str
    edge: Literal["head", "tail"]
    to_s: float
    tool: Literal["trim", "ripple", "roll"]


class Slip(Request, frozen=True, kw_only=True, tag="slip"):
    """Show media so many seconds later."""

    item: str
    by_s: float


class Slide(Request, frozen=True, kw_only=True, tag="slide"):
    """Move an item to begin at a time, between neighbors that give way."""

    item: str
    to_s: float


class Split(Request, frozen=True, kw_only=True, tag="split"):
    """Cut items at a time; all unlocked tracks if none is named."""

    items: list[str]
    at_s: float


class Remove(Request, frozen=True, kw_only=True, tag="remove"):
    """Take items out; what follows closes up if it ripples."""

    items: list[str]
    ripple: bool


class Copy(Request, frozen=True, kw_only=True, tag="copy"):
    """Keep items to paste; take them out as well if they are cut."""

    items: list[str]
    cut: bool


class Paste(Request, frozen=True, kw_only=True, tag="paste"):
    """Put what was copied at a time."""

    at_s: float


class Dissolve(Request, frozen=True, kw_only=True, tag="dissolve"):
    """Dissolve an item into the next."""

    item: str
    duration_s: float


class Link(Request, frozen=True, kw_only=True, tag="link"):
    """Let items move together."""

    items: list[str]


class Unlink(Request, frozen=True, kw_only=True, tag="unlink"):
    """Let an item and those linked to it go separate ways."""

    item: str


class SetTrack(Request, frozen=True, kw_only=True, tag="setTrack"):
    """Change what is given of a track."""

    track: str
    enabled: bool | None = None
    locked: bool | None = None
    gain_db: float | None = None


class AddTrack(Request, frozen=True, kw_only=True, tag="addTrack"):
    """Add an empty track."""

    type: Literal["video", "audio"]


class RemoveTrack(Request, frozen=True, kw_only=True, tag="removeTrack"):
    """Take a track away."""

    track: str


class AddMarker(Request, frozen=True, kw_only=True, tag="addMarker"):
    """Mark a time."""

    at_s: float
    name: str


class RemoveMarker(Request, frozen=True, kw_only=True, tag="removeMarker"):
    """Take markers of a name away."""

    name: str


class SetClips(Request, frozen=True, kw_only=True, tag="setClips"):
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


class Undo(Request, frozen=True, kw_only=True, tag="undo"):
    """Take the last step back."""


class Redo(Request, frozen=True, kw_only=True, tag="redo"):
    """Make the step again."""


class AskThumbs(Request, frozen=True, kw_only=True, tag="askThumbs"):
    """Small pictures of a medium at media times; a later request replaces this."""

    media: int
    times_s: list[float]


class AskWave(Request, frozen=True, kw_only=True, tag="askWave"):
    """Peaks of a minute of a medium's sound."""

    media: int
    minute: int


class AskScript(Request, frozen=True, kw_only=True, tag="askScript"):
    """The calls that replay what was done since the view's point."""

    restart: bool


# The player


class AskFrames(Request, frozen=True, kw_only=True, tag="askFrames"):
    """Frames as small drafts, the first one first; that exactly if a width is given."""

    version: int
    numbers: list[int]
    width_px: int
    height_px: int


class Play(Request, frozen=True, kw_only=True, tag="play"):
    """Begin a stream, or let it run on to a second of the film."""

    stream: int
    version: int
    first: int
    sound: Literal["aac", "flac", "none"]
    until_s: float


class More(Request, frozen=True, kw_only=True, tag="more"):
    """Let a stream run on."""

    stream: int
    until_s: float


class Stop(Request, frozen=True, kw_only=True, tag="stop"):
    """End the view's stream."""


class AskSound(Request, frozen=True, kw_only=True, tag="askSound"):
    """A stretch of sound as 16-bit stereo at 48 kHz."""

    answered_by: ClassVar[type[Answer]] = SoundData

    version: int
    start_s: float
    duration_s: float


# The overlay


class AskBoxes(Request, frozen=True, kw_only=True, tag="askBoxes"):
    """The boxes of frames `first` to `last`."""

    version: int
    first: int
    last: int


class Draw(Request, frozen=True, kw_only=True, tag="draw"):
    """Keep a box, zone or line that was drawn on a frame, in pixels of the film."""

    version: int
    frame: int
    shape: Literal["box", "zone", "line"]
    label: str
    points: list[tuple[float, float]]


class Correct(Request, frozen=True, kw_only=True, tag="correct"):
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


class OpenMedia(Request, frozen=True, kw_only=True, tag="openMedia"):
    """Put a file, or all media of a folder, into the bin."""

    path: str


class PlaceMedia(Request, frozen=True, kw_only=True, tag="placeMedia"):
    """Put a medium of the bin on the timeline."""

    path: str
    mode: Literal["append", "insert", "overwrite"]
    at_s: float
    track: str | None = None


class Render(Request, frozen=True, kw_only=True, tag="render"):
    """Render the edit to a file."""

    path: str


class CancelRender(Request, frozen=True, kw_only=True, tag="cancelRender"):
    """Stop rendering."""


AnyRequest: TypeAlias = (
    Hello
    | Bye
    | Ping
    | AskCode
    | Move
    | Trim
    | Slip
    | Slide
    | Split
    | Remove
    | Copy
    | Paste
    | Dissolve
    | Link
    | Unlink
    | SetTrack
    | AddTrack
    | RemoveTrack
    | AddMarker
    | RemoveMarker
    | SetClips
    | Undo
    | Redo
    | AskThumbs
    | AskWave
    | AskScript
    | AskFrames
    | Play
    | More
    | Stop
    | AskSound
    | AskBoxes
    | Draw
    | Correct
    | OpenMedia
    | PlaceMedia
    | Render
    | CancelRender
    | AddEffect
    | RemoveEffect
    | ChangeEffect
    | KeyframeEffect
    | SetTransition
    | AddGenerator
)
