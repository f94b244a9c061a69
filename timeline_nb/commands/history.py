"""The history of an edit: a list of timelines, which share unchanged parts."""

from dataclasses import dataclass
from typing import Final

from timeline_nb.commands.command import Command
from timeline_nb.errors import TimelineError
from timeline_nb.timeline.model import Timeline

__all__ = ["MAX_STEPS", "History", "Step"]

MAX_STEPS: Final = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A step of the history, and the timeline it led to.

    Args:
        label: The step's label in the history.
        timeline: The timeline after the step.
        commands: The commands of the step; None if a function changed the timeline.
    """

    label: str
    timeline: Timeline
    commands: tuple[Command, ...] | None = None


class History:
    """Steps that can be undone and redone; beyond 1,000 the oldest are dropped.

    Args:
        timeline: The first timeline.
    """

    def __init__(self, timeline: Timeline) -> None:
        self._steps = [Step("open", timeline)]
        self._now = 0

    @property
    def current(self) -> Step:
        """The step that led to the current timeline."""
        return self._steps[self._now]

    @property
    def undo_label(self) -> str | None:
        """The label of the step that `undo` reverts; None at the beginning."""
        return self._steps[self._now].label if self._now else None

    @property
    def redo_label(self) -> str | None:
        """The label of the step that `redo` repeats; None at the end."""
        following = self._now + 1
        return self._steps[following].label if following < len(self._steps) else None

    def push(self, step: Step) -> None:
        """Add a step, and drop those that were undone."""
        del self._steps[self._now + 1 :]
        self._steps.append(step)
        del self._steps[: max(0, len(self._steps) - MAX_STEPS - 1)]
        self._now = len(self._steps) - 1

    def undo(self) -> Timeline:
        """Go back one step, and return its timeline.

        Raises:
            TimelineError: No step is left to undo.
        """
        if not self._now:
            raise TimelineError("there is nothing to undo: no step was made")
        self._now -= 1
        return self.current.timeline

    def redo(self) -> Timeline:
        """Go forward one step, and return its timeline.

        Raises:
            TimelineError: No step is left to redo.
        """
        if self._now + 1 == len(self._steps):
            raise TimelineError("there is nothing to redo: no step was undone")
        self._now += 1
        return self.current.timeline

    @property
    def earlier(self) -> list[Timeline]:
        """The timelines before the current one, the latest first."""
        return [step.timeline for step in reversed(self._steps[: self._now])]

    @property
    def made(self) -> list[Step]:
        """The steps up to the current one, the oldest first."""
        return self._steps[1 : self._now + 1]

    def since(self, step: Step) -> list[Step]:
        """Return the steps after `step`, up to the current one.

        Raises:
            TimelineError: `step` was undone, or is more than 1,000 steps ago.
        """
        steps = self._steps[: self._now + 1]
        if step not in steps:
            raise TimelineError(
                f"the step {step.label!r} was undone, or is more than {MAX_STEPS:,} "
                "steps ago: leave out since= for all steps"
            )
        return steps[steps.index(step) + 1 :]
