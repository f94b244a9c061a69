"""What the kernel tells the browser. Arrays travel beside it as buffers."""

from typing import Literal, TypeAlias

import msgspec

from timeline_nb.widgets.answer import Answer, Done
from timeline_nb.widgets.effect_answers import CatalogView, EffectsView

__all__ = [
    "Answer",
    "AnyAnswer",
    "Bin",
    "BinItem",
    "Boxes",
    "CatalogView",
    "ClipDetails",
    "Code",
    "Done",
    "EffectsView",
    "FrameData",
    "Levels",
    "MarkerView",
    "MediaView",
    "OverlayView",
    "PlayerSourceView",
    "Refused",
    "RenderView",
    "SessionView",
    "SoundData",
    "StreamData",
    "Thumbs",
    "TimelineView",
    "TrackView",
    "Wave",
    "Welcome",
]


class Welcome(Answer, frozen=True, kw_only=True, tag="welcome"):
    """The view is known; `words` are the interface's in its language."""

    words: dict[str, str]


class Code(Answer, frozen=True, kw_only=True, tag="code"):
    """The widget's own program, as a buffer."""


class Refused(Answer, frozen=True, kw_only=True, tag="refused"):
    """It was not done, and why."""

    message: str


# The timeline


class MediaView(msgspec.Struct, frozen=True, rename="camel"):
    """A media file of the timeline."""

    name: str
    path: str
    duration_s: float
    has_pictures: bool
    has_sound: bool
    is_online: bool


class MarkerView(msgspec.Struct, frozen=True, rename="camel"):
    """A marker of the timeline."""

    name: str
    start_s: float
    duration_s: float
    color: str


class TrackView(msgspec.Struct, frozen=True, rename="camel"):
    """A track, and which buffer holds its items.

    A buffer has an `ITEM_DTYPE` for each item; gaps are left out. `buffer` is -1 where
    the items are as they were sent last.
    """

    name: str
    type: Literal["video", "audio", "subtitle"]
    enabled: bool
    locked: bool
    gain_db: float
    buffer: int
    ids: list[str]
    names: list[str]


class TimelineView(Answer, frozen=True, kw_only=True, tag="timeline"):
    """The timeline; tracks from the top of the screen down."""

    name: str
    rate_num: int
    rate_den: int
    duration_s: float
    tracks: list[TrackView]
    markers: list[MarkerView]
    media: list[MediaView]


class SessionView(Answer, frozen=True, kw_only=True, tag="session"):
    """What can be undone, redone, pasted and told as code."""

    undo: str | None
    redo: str | None
    can_paste: bool
    steps: int


class Thumbs(Answer, frozen=True, kw_only=True, tag="thumbs"):
    """A JPEG a time, as buffers."""

    media: int
    times_s: list[float]


class Wave(Answer, frozen=True, kw_only=True, tag="wave"):
    """Peaks of a minute: int8 pairs of least and greatest, 50 a second."""

    media: int
    minute: int


# The player


class PlayerSourceView(Answer, frozen=True, kw_only=True, tag="playerSource"):
    """What the player shows. Frames of another version than this one are stale.

    Where frames are not evenly spaced, a buffer holds the float64 second of each.
    """

    version: int
    name: str
    frames: int
    rate_num: int
    rate_den: int
    duration_s: float
    width: int
    height: int
    has_sound: bool


class FrameData(Answer, frozen=True, kw_only=True, tag="frame"):
    """A JPEG as a buffer, or why there is none."""

    version: int
    number: int
    width_px: int
    problem: str = ""


class StreamData(Answer, frozen=True, kw_only=True, tag="stream"):
    """A piece of fMP4 as a buffer; none at the end, or with a problem."""

    stream: int
    until_s: float = 0.0
    offset_s: float = 0.0
    ends: bool = False
    problem: str = ""


class SoundData(Answer, frozen=True, kw_only=True, tag="sound"):
    """16-bit stereo samples as a buffer."""


# The overlay


class ShapeView(msgspec.Struct, frozen=True, rename="camel"):
    """A zone or a line that is shown all the time, in pixels of the film."""

    name: str
    closed: bool
    points: list[tuple[float, float]]


class OverlayView(Answer, frozen=True, kw_only=True, tag="overlay"):
    """The labels, the numbers of their colors, and how many boxes each has."""

    labels: list[str]
    colors: list[int]
    counts: list[int]
    has_tracks: bool
    shapes: list[ShapeView]


class Boxes(Answer, frozen=True, kw_only=True, tag="boxes"):
    """Boxes of frames `first` to `last`, as a buffer of `BOX_DTYPE`."""

    version: int
    first: int
    last: int


# The editor


class BinItem(msgspec.Struct, frozen=True, rename="camel"):
    """A medium in the bin; its picture is the buffer of its number, if not -1."""

    path: str
    name: str
    details: str
    buffer: int


class Bin(Answer, frozen=True, kw_only=True, tag="bin"):
    """All media of the bin, and what could not be read."""

    items: list[BinItem]
    problems: list[str]


class ClipDetails(msgspec.Struct, frozen=True, rename="camel"):
    """A clip's settings."""

    id: str
    name: str
    has_pictures: bool
    x: float
    y: float
    scale: float
    rotation_deg: float
    opacity: float
    fit: str
    gain_db: float
    fade_in_s: float
    fade_out_s: float


class InspectorView(Answer, frozen=True, kw_only=True, tag="inspector"):
    """The settings of the selected clips."""

    clips: list[ClipDetails]


class Levels(Answer, frozen=True, kw_only=True, tag="levels"):
    """The peaks of audio tracks at the playhead, in dB below full scale."""

    tracks: list[str]
    peaks_db: list[float]


class RenderView(Answer, frozen=True, kw_only=True, tag="render"):
    """How far a render has come."""

    status: str
    path: str
    fraction: float
    message: str


AnyAnswer: TypeAlias = (
    Welcome
    | Code
    | Done
    | Refused
    | TimelineView
    | SessionView
    | Thumbs
    | Wave
    | PlayerSourceView
    | FrameData
    | StreamData
    | SoundData
    | OverlayView
    | Boxes
    | Bin
    | InspectorView
    | RenderView
    | Levels
    | CatalogView
    | EffectsView
)
