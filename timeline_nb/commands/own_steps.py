"""What is undone where several people edit: the steps of one's own, and no others."""

from collections.abc import Sequence
from dataclasses import dataclass

from timeline_nb.errors import TimelineError
from timeline_nb.timeline.merging.timelines import merge_unasked
from timeline_nb.timeline.model import Timeline

__all__ = ["OwnStep", "OwnSteps"]


@dataclass(frozen=True, slots=True)
class OwnStep:
    """A step of one's own.

    Args:
        label: Its label.
        before: The timeline before it, as it was then.
        after: The timeline after it, as it was then.
        made: The number of the step by which it was first made.
        undone: The number of the step by which it was undone; 0 if it was not.
    """

    label: str
    before: Timeline
    after: Timeline
    made: int
    undone: int = 0


class OwnSteps:
    """The steps that can be undone and redone while others edit, too.

    Each is taken back by a merge: what it changed is as before, what others have done
    meanwhile stays, and where they changed the same, theirs holds.

    Args:
        done: Steps that were made, the oldest first.
        undone: Steps that were undone, the last one first to be redone.
    """

    def __init__(self, done: Sequence[OwnStep], undone: Sequence[OwnStep]) -> None:
        self._done, self._undone = list(done), list(undone)

    @property
    def undo_label(self) -> str | None:
        """The label of the step that is undone next."""
        return self._done[-1].label if self._done else None

    @property
    def redo_label(self) -> str | None:
        """The label of the step that is redone next."""
        return self._undone[-1].label if self._undone else None

    def push(self, step: OwnStep) -> None:
        """Add a step, and drop those that were undone."""
        self._done.append(step)
        self._undone.clear()

    def undo(self, now: Timeline, *, number: int) -> Timeline:
        """Return a timeline without the last step of one's own.

        Args:
            now: The timeline.
            number: Of the step that this becomes.

        Raises:
            TimelineError: None is left to undo.
        """
        if not self._done:
            raise TimelineError(
                "there is nothing to undo: no step was made here; the steps of others "
                "are undone where they were made"
            )
        step = self._done.pop()
        made = merge_unasked(step.after, now, step.before)
        self._undone.append(OwnStep(step.label, made, now, step.made, number))
        return made

    def redo(self, now: Timeline) -> Timeline:
        """Return a timeline with the step that was undone last.

        Raises:
            TimelineError: None is left to redo.
        """
        if not self._undone:
            raise TimelineError("there is nothing to redo: no step was undone")
        step = self._undone.pop()
        made = merge_unasked(step.before, now, step.after)
        self._done.append(OwnStep(step.label, now, made, step.made))
        return made

    def go_to(self, then: int, now: Timeline, *, number: int) -> Timeline:
        """Return a timeline with the steps of one's own that were done at a step.

        Those made since are undone, and those undone since are redone; the steps of
        others stay.

        Args:
            then: The number of that step.
            now: The timeline.
            number: Of the step that this becomes.

        Raises:
            TimelineError: No step of one's own was made or undone since.
        """
        made = now
        while self._done and self._done[-1].made > then:
            made = self.undo(made, number=number)
        while self._undone and self._undone[-1].made <= then < self._undone[-1].undone:
            made = self.redo(made)
        if made is now:
            raise TimelineError(
                f"step {then} cannot be gone to: what came after it was made by "
                "others, who undo it where they made it, or is undone already"
            )
        return made
