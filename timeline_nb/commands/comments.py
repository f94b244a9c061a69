"""The command that writes a comment."""

from datetime import datetime
from fractions import Fraction
from typing import Annotated, ClassVar, Self

from msgspec import Meta, field

from timeline_nb.commands.command import Command, Duration, Time
from timeline_nb.timeline import limits
from timeline_nb.timeline.comments import Comment, add_comment
from timeline_nb.timeline.model import Timeline

__all__ = ["AddComment"]


class AddComment(Command, frozen=True, kw_only=True, tag="add_comment"):
    """Write a comment at a time, or of a range, with its author and when."""

    label: ClassVar = "comment"
    method: ClassVar = "comments.add"
    positional: ClassVar = ("at", "text")

    at: Time
    text: limits.Text
    duration: Duration = field(default_factory=Fraction)
    author: limits.Name = ""
    written: Annotated[
        limits.Name, Meta(description="ISO 8601, such as 2026-05-04T12:00:00+00:00.")
    ] = ""

    @classmethod
    def now(
        cls, *, at: Fraction, text: str, author: str, duration: Fraction = Fraction(0)
    ) -> Self:
        """Return the command for a comment that is written now."""
        written = datetime.now().astimezone().isoformat(timespec="seconds")
        return cls(at=at, text=text, duration=duration, author=author, written=written)

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the comment."""
        comment = Comment(self.at, self.text, self.author, self.written, self.duration)
        return add_comment(timeline, comment)
