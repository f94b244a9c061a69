"""Commands that place clips on tracks."""

from typing import ClassVar

import msgspec

from timeline_nb.commands.command import ClipList, Command, ItemId, Time, TrackName
from timeline_nb.core.call_errors import ExplainingMeta
from timeline_nb.timeline import edits
from timeline_nb.timeline.edits.place import Part
from timeline_nb.timeline.model import Clip, Subtitle, Timeline

__all__ = [
    "Append",
    "FitToFill",
    "Insert",
    "Overwrite",
    "Paste",
    "PastedItem",
    "Replace",
]


class Append(Command, frozen=True, kw_only=True, tag="append"):
    """Append clips to a track, one after another, with their sound."""

    label: ClassVar = "append"
    method: ClassVar = "append"
    positional: ClassVar = ("clips",)

    clips: ClipList
    track: TrackName | None = None

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the clips at the end."""
        return edits.append(timeline, self.clips, track=self.track)


class Insert(Command, frozen=True, kw_only=True, tag="insert"):
    """Insert clips at a time; what follows on all unlocked tracks moves later."""

    label: ClassVar = "insert"
    method: ClassVar = "insert"
    positional: ClassVar = ("clips",)

    clips: ClipList
    at: Time
    track: TrackName | None = None
    sound: TrackName | None = None
    only: Part | None = None

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the clips."""
        return edits.insert(
            timeline,
            self.clips,
            at=self.at,
            track=self.track,
            sound=self.sound,
            only=self.only,
        )


class Overwrite(Command, frozen=True, kw_only=True, tag="overwrite"):
    """Place clips at a time, over whatever lies there; nothing else moves."""

    label: ClassVar = "overwrite"
    method: ClassVar = "overwrite"
    positional: ClassVar = ("clips",)

    clips: ClipList
    at: Time
    track: TrackName | None = None
    sound: TrackName | None = None
    only: Part | None = None

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the clips."""
        return edits.overwrite(
            timeline,
            self.clips,
            at=self.at,
            track=self.track,
            sound=self.sound,
            only=self.only,
        )


class PastedItem(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    metaclass=ExplainingMeta,
):
    """A copied item, and where it is placed.

    Args:
        track: The track's name.
        offset: Seconds after the time of the paste.
        item: The clip or subtitle.

    Example:
        >>> first = cut.clips[0]
        >>> copied = tl.PastedItem(track="V1", offset=0, item=first)
        >>> cut.paste([copied], at=cut.duration)
        >>> cut.duration
        Fraction(6, 1)
    """

    track: TrackName
    offset: Time
    item: Clip | Subtitle


class Paste(Command, frozen=True, kw_only=True, tag="paste"):
    """Insert copies of items at a time, or overwrite what is there."""

    label: ClassVar = "paste"
    method: ClassVar = "paste"
    positional: ClassVar = ("items",)

    items: tuple[PastedItem, ...]
    at: Time
    overwrite: bool = False

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with copies of the items."""
        pieces = [(own.track, own.offset, own.item) for own in self.items]
        return edits.paste(timeline, pieces, at=self.at, overwrite=self.overwrite)


class Replace(Command, frozen=True, kw_only=True, tag="replace"):
    """Show other media in place of a clip's; its place and effects stay."""

    label: ClassVar = "replace"
    method: ClassVar = "replace"
    positional: ClassVar = ("clip",)

    clip: ItemId
    by: Clip

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the other media."""
        return edits.replace_media(timeline, self.clip, by=self.by)


class FitToFill(Command, frozen=True, kw_only=True, tag="fit_to_fill"):
    """Overwrite a range with a clip, played at the speed that fills it."""

    label: ClassVar = "fit to fill"
    method: ClassVar = "fit_to_fill"
    positional: ClassVar = ("clip",)

    clip: Clip
    start: Time
    end: Time
    track: TrackName | None = None
    sound: TrackName | None = None
    only: Part | None = None

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the clip."""
        return edits.fit_to_fill(
            timeline,
            self.clip,
            start=self.start,
            end=self.end,
            track=self.track,
            sound=self.sound,
            only=self.only,
        )
