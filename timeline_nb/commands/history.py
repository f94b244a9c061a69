"""History: a list of timelines, which share all that did not change."""

from dataclasses import dataclass
from typing import Final

from timeline_nb.commands.command import Command
from timeline_nb.errors import TimelineError
from timeline_nb.timeline.model import Timeline

__all__ = ["MAX_STEPS", "History", "Step"]

MAX_STEPS: Final = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A timeline, and what was done to get to it.

    Args:
        label: What a person calls it.
        timeline: The value it led to.
        commands: Those that make this value of the former; None if a function made it
            that is no command.
    """

    label: str
    timeline: Timeline
    commands: tuple[Command, ...] | None = None


class History:
    """Steps that can be undone and made again; beyond 1,000 the oldest are dropped.

    Args:
        timeline: The first value.
    """

    def __init__(self, timeline: Timeline) -> None:
        self._steps = [Step("open", timeline)]
        self._now = 0

    @property
    def current(self) -> Step:
        """The step that led to the timeline now."""
        return self._steps[self._now]

    @property
    def undo_label(self) -> str | None:
        """The label of the step that `undo` would take back; None at the beginning."""
        return self._steps[self._now].label if self._now else None

    @property
    def redo_label(self) -> str | None:
        """The label of the step that `redo` would make again; None at the end."""
        following = self._now + 1
        return self._steps[following].label if following < len(self._steps) else None

    def push(self, step: Step) -> None:
        """Add a step, and drop those that were undone before it."""
        del self._steps[self._now + 1 :]
        self._steps.append(step)
        del self._steps[: max(0, len(self._steps) - MAX_STEPS - 1)]
        self._now = len(self._steps) - 1

    def undo(self) -> Timeline:
        """Go back a step, and return its timeline.

        Raises:
            TimelineError: There is none.
        """
        if not self._now:
            raise TimelineError("there is nothing to undo")
        self._now -= 1
        return self.current.timeline

    def redo(self) -> Timeline:
        """Go forward a step again, and return its timeline.

        Raises:
            TimelineError: There is none.
        """
        if self._now + 1 == len(self._steps):
            raise TimelineError("there is nothing to redo")
        self._now += 1
        return self.current.timeline

    @property
    def earlier(self) -> list[Timeline]:
        """The values before the one now, the latest first."""
        return [step.timeline for step in reversed(self._steps[: self._now])]

    @property
    def made(self) -> list[Step]:
        """The steps up to now, without the first value."""
        return self._steps[1 : self._now + 1]

    def since(self, step: Step) -> list[Step]:
        """Return the steps made after `step`, up to now.

        Raises:
            TimelineError: That step was undone, or is more than 1,000 steps ago.
        """
        made = self._steps[: self._now + 1]
        if step not in made:
            raise TimelineError(
                "the point was undone since, or is more than 1,000 steps ago: there "
                "is no way from it to the timeline now"
            )
        return made[made.index(step) + 1 :]
