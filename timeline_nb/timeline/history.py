"""History: a list of timelines, which share all that did not change."""

from dataclasses import dataclass
from typing import Final

from timeline_nb.errors import TimelineError
from timeline_nb.timeline.model import Timeline

__all__ = ["History", "Step"]

MAX_STEPS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Step:
    """A timeline, and what was done to get to it."""

    label: str
    timeline: Timeline


class History:
    """Steps that can be taken back and made again; the oldest fall out at 1,000.

    Args:
        timeline: The first value.
    """

    def __init__(self, timeline: Timeline) -> None:
        self._steps = [Step("open", timeline)]
        self._now = 0

    @property
    def current(self) -> Timeline:
        """The value now."""
        return self._steps[self._now].timeline

    @property
    def undo_label(self) -> str | None:
        """What `undo` would take back, or None at the beginning."""
        return self._steps[self._now].label if self._now else None

    @property
    def redo_label(self) -> str | None:
        """What `redo` would make again, or None at the end."""
        following = self._now + 1
        return self._steps[following].label if following < len(self._steps) else None

    def push(self, label: str, timeline: Timeline) -> None:
        """Add a step; what was undone before is forgotten."""
        del self._steps[self._now + 1 :]
        self._steps.append(Step(label, timeline))
        del self._steps[: max(0, len(self._steps) - MAX_STEPS - 1)]
        self._now = len(self._steps) - 1

    def undo(self) -> Timeline:
        """Go a step back.

        Raises:
            TimelineError: There is none.
        """
        if not self._now:
            raise TimelineError("there is nothing to undo")
        self._now -= 1
        return self.current

    def redo(self) -> Timeline:
        """Go a step forward again.

        Raises:
            TimelineError: There is none.
        """
        if self._now + 1 == len(self._steps):
            raise TimelineError("there is nothing to redo")
        self._now += 1
        return self.current
