"""What happens in a studio, as values: one type for each kind of event.

Plugins receive the fields as JSON, with snake-case names. Projects, media and renders
are known by handles, which say nothing of what they stand for. Two fields reach a
plugin only in part: `path` if the plugin may read that file, and `message` never, as
errors quote paths.
"""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias, get_args

import msgspec

__all__ = [
    "EVENT_KINDS",
    "Event",
    "EventKind",
    "ImportedMedia",
    "MediaImported",
    "MediaProcessed",
    "ProjectClosed",
    "ProjectCreated",
    "ProjectOpened",
    "ProjectSaved",
    "RenderCompleted",
    "RenderFailed",
    "RenderProgress",
    "RenderStarted",
    "SettingsChanged",
    "TimelineChanged",
]

EventKind: TypeAlias = Literal[
    "project_created",
    "project_opened",
    "project_saved",
    "project_closed",
    "media_imported",
    "media_processed",
    "render_started",
    "render_progress",
    "render_completed",
    "render_failed",
    "timeline_changed",
    "settings_changed",
]
EVENT_KINDS: Final[tuple[EventKind, ...]] = get_args(EventKind)
# Of the media of one event; a folder may hold 100,000.
_MOST_LISTED: Final = 100


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """The base class of what happens."""

    kind: ClassVar[EventKind]

    @classmethod
    def joined(cls, events: Sequence[Self]) -> Self:
        """Return the event that stands for several, which came soon after another."""
        return events[-1]

    def data(self, may_read: Callable[[str], bool]) -> dict[str, Any]:
        """Return what a plugin receives.

        Args:
            may_read: Whether the plugin may read a path.
        """
        shown: dict[str, Any] = msgspec.to_builtins(self)
        return _without_secrets(shown, may_read)


def _without_secrets(
    fields: dict[str, Any], may_read: Callable[[str], bool]
) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "message" or (name == "path" and not (value and may_read(value))):
            continue
        is_list = isinstance(value, (list, tuple))
        shown[name] = (
            [_without_secrets(one, may_read) for one in value] if is_list else value
        )
    return shown


class ProjectCreated(Event, frozen=True, kw_only=True):
    """An edit was begun.

    Args:
        project: Its handle.
        name: Its name.
        width_px: Of its pictures.
        height_px: Of its pictures.
        rate: Frames per second.
    """

    kind: ClassVar[EventKind] = "project_created"

    project: str
    name: str
    width_px: int
    height_px: int
    rate: float


class ProjectOpened(Event, frozen=True, kw_only=True):
    """A project file was opened.

    Args:
        project: Its handle, as in the events that follow.
        name: The name of the edit.
        file: The file's name without its folder.
        path: Of the file.
        duration_s: From the start to the end of the last item, seconds.
        offline: How many of its files are missing or not allowed.
    """

    kind: ClassVar[EventKind] = "project_opened"

    project: str
    name: str
    file: str
    path: str
    duration_s: float
    offline: int


class ProjectSaved(Event, frozen=True, kw_only=True):
    """An edit was written to a project file; the fields are those of an opened one."""

    kind: ClassVar[EventKind] = "project_saved"

    project: str
    name: str
    file: str
    path: str


class ProjectClosed(Event, frozen=True, kw_only=True):
    """An edit is gone: nothing holds it any more, or its studio was closed."""

    kind: ClassVar[EventKind] = "project_closed"

    project: str


class ImportedMedia(msgspec.Struct, frozen=True, kw_only=True):
    """A media file.

    Args:
        media: Its handle: that of its contents, the same while the studio is open.
        name: The file's name without its folder.
        path: Of the file.
        type: `video`, `audio` or `image`.
        duration_s: Seconds; 0 of a still.
        width_px: Of its pictures; 0 of sound.
        height_px: Of its pictures; 0 of sound.
    """

    media: str
    name: str
    path: str
    type: str
    duration_s: float
    width_px: int = 0
    height_px: int = 0


class MediaImported(Event, frozen=True, kw_only=True):
    """Media files were opened, scanned, or added to the bin of an editor.

    Args:
        count: How many.
        items: The first 100 of them.
    """

    kind: ClassVar[EventKind] = "media_imported"

    count: int
    items: tuple[ImportedMedia, ...]

    @classmethod
    def joined(cls, events: Sequence[Self]) -> Self:
        """Return one event of all their media."""
        items = [item for one in events for item in one.items[:_MOST_LISTED]]
        count = sum(one.count for one in events)
        return cls(count=count, items=tuple(items[:_MOST_LISTED]))


class MediaProcessed(Event, frozen=True, kw_only=True):
    """Something was computed of a media file, and is kept.

    Args:
        media: Its handle.
        name: The file's name without its folder.
        path: Of the file.
        result: What was computed; proxies may be a part of all.
        count: Detections that were found, frames that were measured, or proxies made.
    """

    kind: ClassVar[EventKind] = "media_processed"

    media: str
    name: str
    path: str
    result: Literal["detections", "measures", "proxies"]
    count: int

    @classmethod
    def joined(cls, events: Sequence[Self]) -> Self:
        """Return one event with the sum of what was computed."""
        count = sum(one.count for one in events)
        return msgspec.structs.replace(events[-1], count=count)


class RenderStarted(Event, frozen=True, kw_only=True):
    """A render began to run.

    Args:
        render: Its handle.
        name: The name of the edit.
        file: The film's name without its folder.
        path: Of the film.
        duration_s: Of the film, seconds.
    """

    kind: ClassVar[EventKind] = "render_started"

    render: str
    name: str
    file: str
    path: str
    duration_s: float


class RenderProgress(Event, frozen=True, kw_only=True):
    """A render goes on; at most two of these a second are sent.

    Args:
        render: Its handle.
        stage: What is being done, in a word.
        done: Units finished.
        total: Units in all; None while unknown.
        unit: What is counted.
    """

    kind: ClassVar[EventKind] = "render_progress"

    render: str
    stage: str
    done: int
    total: int | None
    unit: str


class RenderCompleted(Event, frozen=True, kw_only=True):
    """A film is ready.

    Args:
        render: Its handle.
        file: The film's name without its folder.
        path: Of the film.
        frames: How many it has.
        size_bytes: Of the file, or of all images of a sequence.
    """

    kind: ClassVar[EventKind] = "render_completed"

    render: str
    file: str
    path: str
    frames: int
    size_bytes: int


class RenderFailed(Event, frozen=True, kw_only=True):
    """A render ended without a film.

    Args:
        render: Its handle.
        file: The name that the film was to have.
        reason: `cancelled`, or the type of the error, such as `MediaError`.
        message: What the error says.
    """

    kind: ClassVar[EventKind] = "render_failed"

    render: str
    file: str
    reason: str
    message: str = ""


class TimelineChanged(Event, frozen=True, kw_only=True):
    """An edit changed; at most four of these a second are sent for each.

    Args:
        project: Its handle.
        name: The name of the edit.
        duration_s: From the start to the end of the last item, seconds.
        tracks: How many it has.
        clips: How many are on all tracks.
    """

    kind: ClassVar[EventKind] = "timeline_changed"

    project: str
    name: str
    duration_s: float
    tracks: int
    clips: int


class SettingsChanged(Event, frozen=True, kw_only=True):
    """Something that a person sets was changed.

    Args:
        setting: `allowed` (which files may be read), or `plugins` (which are
            installed, and what they may do).
    """

    kind: ClassVar[EventKind] = "settings_changed"

    setting: Literal["allowed", "plugins"]
