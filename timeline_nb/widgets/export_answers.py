"""What the export dialog and the list of renders show."""

import msgspec

from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.refusal import Text

__all__ = [
    "ExportChoices",
    "ExportEstimate",
    "ExportHindrance",
    "ExportProfile",
    "RenderReply",
    "RenderRow",
    "RendersView",
]


class ExportProfile(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A profile: what films of it are.

    `name` is empty for the default one, and `width` is 0 if the edit's size is taken.
    `video` and `audio` are codecs, by the names that profiles have for them.
    """

    name: str
    suffix: str
    width: int
    height: int
    video: str
    quality: float
    audio: str
    loudness_lufs: float | None


class ExportChoices(Answer, frozen=True, kw_only=True, tag="exportChoices"):
    """What a film can be exported as, and where to.

    `folders` are those below which files may be written, and some of theirs.
    """

    profiles: list[ExportProfile]
    folders: list[str]
    folder: str
    name: str
    width: int
    height: int
    duration_s: float


class ExportHindrance(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A file that is offline, or an effect whose plugin is missing, and where.

    `track` and `at`, a timecode, are empty if it is the timeline's or a track's own.
    `lack` is what became of a file that is there, but lacks what is shown.
    """

    name: str
    is_file: bool
    track: str
    at: str
    lack: Text = ""


class ExportEstimate(Answer, frozen=True, kw_only=True, tag="exportEstimate"):
    """What a render would take: first what its plan tells, then all.

    `problem` is why it cannot be rendered so; empty if it can. Where something is not
    there that the film needs, `hindrances` has it. Size and time are None
    while they are not known.
    """

    number: int
    is_done: bool
    problem: Text = ""
    hindrances: tuple[ExportHindrance, ...] = ()
    duration_s: float = 0.0
    copied_s: float = 0.0
    cached_s: float = 0.0
    encoded_s: float = 0.0
    size_bytes: int | None
    time_s: float | None


class RenderReply(Answer, frozen=True, kw_only=True, tag="renderStarted"):
    """Whether a render was started.

    `taken` is the file of another program that it would replace: then it was not.
    """

    taken: str = ""


class RenderRow(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A render: `messages` are its error or warnings, `address` its film's.

    `can_rise` and `can_sink` are whether its turn can come sooner, or later.
    """

    number: int
    path: str
    status: str
    fraction: float
    stage: str
    remaining_s: float | None
    messages: list[Text]
    size_bytes: int
    address: str
    can_rise: bool
    can_sink: bool


class RendersView(Answer, frozen=True, kw_only=True, tag="renders"):
    """The renders of an editor: those that run, those that wait, those that ended."""

    renders: list[RenderRow]
