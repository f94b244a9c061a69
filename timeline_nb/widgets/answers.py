"""Messages from the kernel to the browser; arrays travel beside them as buffers."""

from typing import Literal, TypeAlias

import msgspec

from timeline_nb.widgets.answer import Answer, Done
from timeline_nb.widgets.bin_requests import (
    Bin,
    BinUses,
    MatchedFrame,
    MediaFrame,
    Uses,
)
from timeline_nb.widgets.effect_answers import (
    CatalogView,
    ComparePicture,
    EffectsView,
    LutsView,
    PresetsView,
    PresetText,
    Sample,
)
from timeline_nb.widgets.export_answers import (
    ExportChoices,
    ExportEstimate,
    RenderReply,
    RendersView,
)
from timeline_nb.widgets.guide_requests import GuidesView
from timeline_nb.widgets.history_answers import HistoryView
from timeline_nb.widgets.inspector_answers import InspectorView
from timeline_nb.widgets.journal_answers import JournalView
from timeline_nb.widgets.language import TranslationsAnswer
from timeline_nb.widgets.later_code import LaterCode
from timeline_nb.widgets.offline_requests import OfflineView, RelinkView
from timeline_nb.widgets.own_bin_requests import OwnBinsView
from timeline_nb.widgets.plan_answers import DragPlan, TrimFrame
from timeline_nb.widgets.plugin_answers import (
    PermissionsView,
    PluginMessage,
    PluginPanels,
)
from timeline_nb.widgets.refusal import Refused, Text
from timeline_nb.widgets.settings_answers import SettingsView
from timeline_nb.widgets.source_requests import PlacedMedia
from timeline_nb.widgets.stage_answers import (
    FontFile,
    Fonts,
    StageDraft,
    StageView,
)
from timeline_nb.widgets.track_answers import (
    ClipMarkerView,
    CurveView,
    MarkerView,
    RampView,
    TrackView,
)
from timeline_nb.widgets.upload_requests import FolderView, Uploaded, UploadStarted

__all__ = [
    "Answer",
    "AnyAnswer",
    "Boxes",
    "CatalogView",
    "ClipMarkerView",
    "Code",
    "CommentView",
    "CommentsView",
    "CurveView",
    "Done",
    "EffectsView",
    "FrameData",
    "HistoryView",
    "JournalView",
    "Levels",
    "MediaView",
    "OverlayView",
    "PermissionsView",
    "PlayerSourceView",
    "PluginMessage",
    "PluginPanels",
    "PreviewWarning",
    "ProxyFileView",
    "RampView",
    "Refused",
    "ScanView",
    "SessionView",
    "SettingsView",
    "SignInState",
    "SignInView",
    "SoundData",
    "StreamData",
    "Thumbs",
    "TimelineView",
    "TrackView",
    "Wave",
    "Welcome",
]


class Welcome(Answer, frozen=True, kw_only=True, tag="welcome"):
    """The view is registered."""


class Code(Answer, frozen=True, kw_only=True, tag="code"):
    """The widget's JavaScript bundle, as a buffer."""


class MediaView(msgspec.Struct, frozen=True, rename="camel"):
    """A media file; `version` grows when it changes.

    `picture_end_s` and `sound_end_s`: from where on it lacks something by now.
    """

    name: str
    path: str
    duration_s: float
    has_pictures: bool
    has_sound: bool
    is_online: bool
    is_timeline: bool = False
    version: int = 0
    picture_end_s: float | None = None
    sound_end_s: float | None = None


class TimelineView(Answer, frozen=True, kw_only=True, tag="timeline"):
    """The timeline that is open, with its tracks from top to bottom.

    Args:
        path: The names of the timelines from the edit's to the one that is open.
    """

    name: str
    path: list[str]
    rate_num: int
    rate_den: int
    duration_s: float
    tracks: list[TrackView]
    markers: list[MarkerView]
    media: list[MediaView]


class SessionView(Answer, frozen=True, kw_only=True, tag="session"):
    """What can be undone, redone, pasted and written as code."""

    undo: str | None
    redo: str | None
    can_paste: bool
    steps: int


class Thumbs(Answer, frozen=True, kw_only=True, tag="thumbs"):
    """Thumbnails of a media file: one JPEG buffer per time."""

    media: int
    times_s: list[float]


class Wave(Answer, frozen=True, kw_only=True, tag="wave"):
    """Peaks of a minute of sound: int8 pairs of minimum and maximum, 50 per second."""

    media: int
    minute: int


# The player


class PlayerSourceView(Answer, frozen=True, kw_only=True, tag="playerSource"):
    """What the player shows; frames with another version are outdated.

    If frames are not evenly spaced, a buffer holds the float64 second of each. `file`
    is the address of a media file below the server's base URL, empty if it has none;
    `file_type` its media type if the browser may play the file itself, else empty, and
    `sound_type` the same of its sound alone; `is_light` says that it does so unasked.
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
    file: str = ""
    file_type: str = ""
    sound_type: str = ""
    is_light: bool = False
    has_pictures: bool = True


class ProxyFileView(Answer, frozen=True, kw_only=True, tag="proxyFile"):
    """Where the small pictures of some frames are, for pages beside a server.

    A buffer holds uint32: the byte at which each JPEG begins, and where the last ends.
    """

    version: int
    first: int
    file: str


class FrameData(Answer, frozen=True, kw_only=True, tag="frame"):
    """A frame as a JPEG buffer, or the problem why there is none."""

    version: int
    number: int
    width_px: int
    problem: Text = ""


class PreviewWarning(Answer, frozen=True, kw_only=True, tag="previewWarning"):
    """An effect without which the player shows pictures, and why."""

    text: Text


class StreamData(Answer, frozen=True, kw_only=True, tag="stream"):
    """A chunk of fMP4 as a buffer; none at the end, or with a problem."""

    stream: int
    until_s: float = 0.0
    offset_s: float = 0.0
    ends: bool = False
    problem: Text = ""


class SoundData(Answer, frozen=True, kw_only=True, tag="sound"):
    """16-bit stereo samples as a buffer."""


# The review


class CommentView(msgspec.Struct, frozen=True, rename="camel"):
    """A comment; `written` is in ISO 8601, or empty. A time has the duration 0."""

    at_s: float
    duration_s: float
    author: str
    text: str
    written: str


class CommentsView(Answer, frozen=True, kw_only=True, tag="comments"):
    """All comments of the edit, in order of time."""

    comments: list[CommentView]


# The overlay


class ShapeView(msgspec.Struct, frozen=True, rename="camel"):
    """A zone or line that is shown on every frame, in pixels of the shown frame.

    `number` names one that a person drew; 0 for one that a cell shows.
    """

    name: str
    closed: bool
    points: list[tuple[float, float]]
    number: int = 0


class OverlayView(Answer, frozen=True, kw_only=True, tag="overlay"):
    """The labels, the numbers of their colors, and the count of each one's boxes."""

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


class ScanView(Answer, frozen=True, kw_only=True, tag="scan"):
    """The folder that is scanned for media, and how far; empty if none is.

    `total` is 0 while the files are not counted.
    """

    folder: str
    done: int
    total: int


class Levels(Answer, frozen=True, kw_only=True, tag="levels"):
    """The peaks of audio tracks at the playhead, in dB relative to full scale."""

    tracks: list[str]
    peaks_db: list[float]


SignInState: TypeAlias = Literal[
    "opening", "waiting", "connected", "failed", "canceled"
]


class SignInView(Answer, frozen=True, kw_only=True, tag="signIn"):
    """A sign-in: what the person opens and types, and how it ended.

    Args:
        title: Where the person signs in.
        state: Where it stands.
        address: What the person opens; empty before and after.
        user_code: What they type there; empty if nothing is.
        takes_address: Whether the address that the browser ends at may be pasted.
        is_received: Whether it is received by itself if the browser runs where the
            kernel does.
        who: The account's name, at the end; empty if not known.
        message: Why it failed.
    """

    title: str
    state: SignInState
    address: str
    user_code: str
    takes_address: bool = False
    is_received: bool = False
    who: str = ""
    message: Text = ""


AnyAnswer: TypeAlias = (
    Welcome
    | Code
    | LaterCode
    | TranslationsAnswer
    | Done
    | Refused
    | TimelineView
    | SessionView
    | Thumbs
    | Wave
    | PlayerSourceView
    | ProxyFileView
    | FrameData
    | PreviewWarning
    | StreamData
    | SoundData
    | CommentsView
    | OverlayView
    | Boxes
    | Bin
    | BinUses
    | GuidesView
    | OwnBinsView
    | MediaFrame
    | MatchedFrame
    | PlacedMedia
    | Uses
    | FolderView
    | UploadStarted
    | Uploaded
    | OfflineView
    | RelinkView
    | ScanView
    | InspectorView
    | ExportChoices
    | ExportEstimate
    | RenderReply
    | RendersView
    | SignInView
    | Levels
    | CatalogView
    | EffectsView
    | DragPlan
    | TrimFrame
    | StageView
    | StageDraft
    | Fonts
    | FontFile
    | Sample
    | LutsView
    | PresetsView
    | PresetText
    | ComparePicture
    | PluginPanels
    | PluginMessage
    | PermissionsView
    | SettingsView
    | HistoryView
    | JournalView
)
