"""Commands that change clips, tracks, markers and the canvas."""

from fractions import Fraction
from typing import Any, ClassVar

from msgspec import UNSET, UnsetType, field

from timeline_nb.commands.command import (
    Command,
    Duration,
    Factor,
    ItemId,
    Rate,
    Time,
    TrackName,
)
from timeline_nb.core.audio_choice import AudioChoice
from timeline_nb.effects.titles.checks import check_style
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import (
    Effect,
    Fit,
    Keyframes,
    Marker,
    MediaReference,
    SyncLock,
    Timeline,
    TrackKind,
    Transform,
)

__all__ = [
    "AddMarker",
    "AddTrack",
    "Freeze",
    "MoveTrack",
    "RemoveMarker",
    "RemoveTrack",
    "Resize",
    "SetClip",
    "SetMarker",
    "SetSpeed",
    "SetTrack",
]


class SetClip(Command, frozen=True, kw_only=True, tag="set_clip"):
    """Change fields of a clip; those that are not given keep their values."""

    label: ClassVar = "set"
    method: ClassVar = "set"
    positional: ClassVar = ("clip",)

    clip: ItemId
    name: str | UnsetType = UNSET
    transform: Transform | UnsetType = UNSET
    gain_db: float | UnsetType = UNSET
    pan: float | UnsetType = UNSET
    audio: AudioChoice | UnsetType = UNSET
    keyframes: Keyframes | UnsetType = UNSET
    media: MediaReference | UnsetType = UNSET
    fade_in: Duration | UnsetType = UNSET
    fade_out: Duration | UnsetType = UNSET
    effects: tuple[Effect, ...] | UnsetType = UNSET
    markers: tuple[Marker, ...] | UnsetType = UNSET
    metadata: dict[str, Any] | UnsetType = UNSET

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the clip changed."""
        given = self.given()
        del given["clip"]
        return edits.set_clip(timeline, self.clip, **given)


class SetTrack(Command, frozen=True, kw_only=True, tag="set_track"):
    """Change fields of a track; those that are not given keep their values."""

    label: ClassVar = "set track"
    method: ClassVar = "set_track"
    positional: ClassVar = ("track",)

    track: TrackName
    name: str | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    sync_lock: SyncLock | UnsetType = UNSET
    locked: bool | UnsetType = UNSET
    gain_db: float | UnsetType = UNSET
    pan: float | UnsetType = UNSET
    effects: tuple[Effect, ...] | UnsetType = UNSET
    style: dict[str, Any] | str | UnsetType = UNSET
    metadata: dict[str, Any] | UnsetType = UNSET

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the track changed."""
        given = self.given()
        del given["track"]
        if "style" in given:
            given["style"] = check_style(given["style"])
        return edits.set_track(timeline, self.track, **given)


class AddTrack(Command, frozen=True, kw_only=True, tag="add_track"):
    """Add an empty track above those of its kind."""

    label: ClassVar = "add track"
    method: ClassVar = "add_track"
    positional: ClassVar = ("kind",)

    kind: TrackKind
    name: TrackName | None = None

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the new track."""
        return edits.add_track(timeline, self.kind, name=self.name)


class RemoveTrack(Command, frozen=True, kw_only=True, tag="remove_track"):
    """Remove a track with everything on it."""

    label: ClassVar = "remove track"
    method: ClassVar = "remove_track"
    positional: ClassVar = ("track",)

    track: TrackName

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline without the track."""
        return edits.remove_track(timeline, self.track)


class MoveTrack(Command, frozen=True, kw_only=True, tag="move_track"):
    """Move a track to a place among those of its kind."""

    label: ClassVar = "move track"
    method: ClassVar = "move_track"
    positional: ClassVar = ("track", "to")

    track: TrackName
    to: int

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the track at its new place."""
        return edits.move_track(timeline, self.track, self.to)


class SetSpeed(Command, frozen=True, kw_only=True, tag="speed"):
    """Play a clip faster, slower or backwards; what follows closes up or makes room."""

    label: ClassVar = "speed"
    method: ClassVar = "speed"
    positional: ClassVar = ("clip", "factor")

    clip: ItemId
    factor: Factor
    keep_pitch: bool = True
    blend: bool = False
    alone: bool = False

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the clip at another speed."""
        return edits.retime(
            timeline,
            self.clip,
            rate=self.factor,
            keep_pitch=self.keep_pitch,
            blend=self.blend,
            alone=self.alone,
        )


class Freeze(Command, frozen=True, kw_only=True, tag="freeze"):
    """Hold the frame that a clip shows at a time; what follows makes room."""

    label: ClassVar = "freeze"
    method: ClassVar = "freeze"
    positional: ClassVar = ("clip",)

    clip: ItemId
    at: Time
    duration: Duration = field(default_factory=lambda: Fraction(2))

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the frame held."""
        return edits.freeze(timeline, self.clip, at=self.at, duration=self.duration)


class AddMarker(Command, frozen=True, kw_only=True, tag="add_marker"):
    """Add a marker at a time, or for a range of time."""

    label: ClassVar = "add marker"
    method: ClassVar = "markers.add"
    positional: ClassVar = ("at",)

    at: Time
    name: str = ""
    duration: Duration = field(default_factory=Fraction)
    color: str = "green"
    note: str = ""

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the new marker."""
        return edits.add_marker(
            timeline,
            name=self.name,
            marked_range=TimeRange(self.at, self.duration),
            color=self.color,
            note=self.note,
        )


class SetMarker(Command, frozen=True, kw_only=True, tag="set_marker"):
    """Change fields of the marker at a place; those not given keep their values."""

    label: ClassVar = "set marker"
    method: ClassVar = "markers.set"
    positional: ClassVar = ("place",)

    place: int
    name: str | UnsetType = UNSET
    at: Time | UnsetType = UNSET
    duration: Duration | UnsetType = UNSET
    color: str | UnsetType = UNSET
    note: str | UnsetType = UNSET

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the marker changed."""
        return edits.set_marker(timeline, **self.given())


class RemoveMarker(Command, frozen=True, kw_only=True, tag="remove_marker"):
    """Remove all markers with a name, or the one at a place in order of time."""

    label: ClassVar = "remove marker"
    method: ClassVar = "markers.remove"
    positional: ClassVar = ("name",)

    name: str | int

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline without the markers."""
        return edits.remove_marker(timeline, self.name)


class Resize(Command, frozen=True, kw_only=True, tag="resize"):
    """Change the edit's frame size or frame rate."""

    label: ClassVar = "resize"
    method: ClassVar = "resize"

    size: tuple[int, int] | None = None
    rate: Rate | None = None
    fit: Fit | None = None

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline at the new size and rate."""
        return edits.resize(timeline, size=self.size, rate=self.rate, fit=self.fit)
