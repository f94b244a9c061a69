"""Commands that move, split, trim, link and remove clips.

What is linked to a clip goes along; with `alone`, it stays as it is.
"""

from fractions import Fraction
from typing import ClassVar

from msgspec import field

from timeline_nb.commands.command import Command, ItemId, Time, TrackName
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline

__all__ = [
    "Delete",
    "Join",
    "Lift",
    "Link",
    "Move",
    "Reorder",
    "Ripple",
    "Roll",
    "Shift",
    "Slide",
    "Slip",
    "Split",
    "Trim",
    "Unlink",
]


class Move(Command, frozen=True, kw_only=True, tag="move"):
    """Move a clip and those linked to it, over whatever lies at the other time."""

    label: ClassVar = "move"
    method: ClassVar = "move"
    positional: ClassVar = ("clip",)

    clip: ItemId
    to: Time
    track: TrackName | None = None
    alone: bool = False

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the clip moved."""
        return edits.move(
            timeline, self.clip, to=self.to, track=self.track, alone=self.alone
        )


class Reorder(Command, frozen=True, kw_only=True, tag="reorder"):
    """Move a clip before or after another; the others close up and make room."""

    label: ClassVar = "reorder"
    method: ClassVar = "reorder"
    positional: ClassVar = ("clip",)

    clip: ItemId
    before: ItemId | None = None
    after: ItemId | None = None

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the clips in another order."""
        return edits.reorder(timeline, self.clip, before=self.before, after=self.after)


class Shift(Command, frozen=True, kw_only=True, tag="shift"):
    """Move clips by the same time, and `up` tracks of their kind higher."""

    label: ClassVar = "shift"
    method: ClassVar = "shift"
    positional: ClassVar = ("clips",)

    clips: tuple[ItemId, ...]
    by: Time
    up: int = 0
    alone: bool = False

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the clips moved."""
        return edits.shift(
            timeline, self.clips, by=self.by, up=self.up, alone=self.alone
        )


class Split(Command, frozen=True, kw_only=True, tag="split"):
    """Split all unlocked tracks at a time, or one clip and those linked to it."""

    label: ClassVar = "split"
    method: ClassVar = "split"
    positional: ClassVar = ("at",)

    at: Time
    clip: ItemId | None = None
    alone: bool = False

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the clips split."""
        return edits.split(timeline, at=self.at, item_id=self.clip, alone=self.alone)


class Join(Command, frozen=True, kw_only=True, tag="join"):
    """Join a clip and the next one that was split from it."""

    label: ClassVar = "join"
    method: ClassVar = "join"
    positional: ClassVar = ("clip",)

    clip: ItemId
    alone: bool = False

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the two clips as one."""
        return edits.join(timeline, self.clip, alone=self.alone)


class Delete(Command, frozen=True, kw_only=True, tag="delete"):
    """Remove a clip and those linked to it; what follows closes the gap."""

    label: ClassVar = "ripple delete"
    method: ClassVar = "delete"
    positional: ClassVar = ("clip",)

    clip: ItemId
    alone: bool = False

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline without the clip."""
        return edits.ripple_delete(timeline, self.clip, alone=self.alone)


class Lift(Command, frozen=True, kw_only=True, tag="lift"):
    """Remove a clip and those linked to it, and leave a gap."""

    label: ClassVar = "delete"
    method: ClassVar = "lift"
    positional: ClassVar = ("clip",)

    clip: ItemId
    alone: bool = False

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with a gap in place of the clip."""
        return edits.lift(timeline, self.clip, alone=self.alone)


class Trim(Command, frozen=True, kw_only=True, tag="trim"):
    """Move a clip's head and tail later, within the gaps around it."""

    label: ClassVar = "trim"
    method: ClassVar = "trim"
    positional: ClassVar = ("clip",)

    clip: ItemId
    head: Time = field(default_factory=Fraction)
    tail: Time = field(default_factory=Fraction)
    alone: bool = False

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the clip trimmed."""
        return edits.trim(
            timeline, self.clip, head=self.head, tail=self.tail, alone=self.alone
        )


class Ripple(Command, frozen=True, kw_only=True, tag="ripple"):
    """Move a clip's head and tail later; what follows on all tracks moves too."""

    label: ClassVar = "ripple trim"
    method: ClassVar = "ripple"
    positional: ClassVar = ("clip",)

    clip: ItemId
    head: Time = field(default_factory=Fraction)
    tail: Time = field(default_factory=Fraction)
    alone: bool = False

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the clip trimmed."""
        return edits.ripple(
            timeline, self.clip, head=self.head, tail=self.tail, alone=self.alone
        )


class Roll(Command, frozen=True, kw_only=True, tag="roll"):
    """Move the cut between a clip and the next one later."""

    label: ClassVar = "roll"
    method: ClassVar = "roll"
    positional: ClassVar = ("clip",)

    clip: ItemId
    by: Time
    alone: bool = False

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the cut moved."""
        return edits.roll(timeline, self.clip, by=self.by, alone=self.alone)


class Slip(Command, frozen=True, kw_only=True, tag="slip"):
    """Show a later part of a clip's media, in the same place."""

    label: ClassVar = "slip"
    method: ClassVar = "slip"
    positional: ClassVar = ("clip",)

    clip: ItemId
    by: Time
    alone: bool = False

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the clip's source range moved."""
        return edits.slip(timeline, self.clip, by=self.by, alone=self.alone)


class Slide(Command, frozen=True, kw_only=True, tag="slide"):
    """Move a clip later between its neighbors, which are trimmed to make room."""

    label: ClassVar = "slide"
    method: ClassVar = "slide"
    positional: ClassVar = ("clip",)

    clip: ItemId
    by: Time
    alone: bool = False

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the clip moved."""
        return edits.slide(timeline, self.clip, by=self.by, alone=self.alone)


class Link(Command, frozen=True, kw_only=True, tag="link"):
    """Link clips: they are moved and trimmed together."""

    label: ClassVar = "link"
    method: ClassVar = "link"
    unpacked: ClassVar = "clips"

    clips: tuple[ItemId, ...]

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the clips linked."""
        return edits.link(timeline, self.clips)


class Unlink(Command, frozen=True, kw_only=True, tag="unlink"):
    """Unlink a clip and those linked to it: each is moved and trimmed alone."""

    label: ClassVar = "unlink"
    method: ClassVar = "unlink"
    positional: ClassVar = ("clip",)

    clip: ItemId

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the clips unlinked."""
        return edits.unlink(timeline, self.clip)
