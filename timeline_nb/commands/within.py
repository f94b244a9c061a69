"""Commands within a nested timeline."""

from fractions import Fraction
from typing import ClassVar

from timeline_nb.commands.command import Command
from timeline_nb.timeline.edits.nested import edit_nested
from timeline_nb.timeline.model import Timeline

__all__ = ["Within"]


class Within(Command, frozen=True, kw_only=True, tag="within"):
    """Change the timeline that a clip shows.

    It is written as the call that the change is, on `cut.nested(clip)`.

    Args:
        clips: The ids of the clips that lead to the nested timeline, from the outside.
        change: The change of the nested timeline.
        rate: Frames per second of the nested timeline.
    """

    label: ClassVar = "edit nested timeline"
    method: ClassVar = "nested"
    positional: ClassVar = ("clips",)

    clips: tuple[str, ...]
    change: Command
    rate: Fraction

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the nested one changed."""
        return edit_nested(timeline, self.clips, self.change.apply)
