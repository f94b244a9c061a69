"""What is undone where several people edit: the steps of one's own, and no others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timeline.merging.numbering import NewNumbers
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
        turns: The numbers of the steps by which it was made, undone, redone, and so on.
        numbers: What was placed got these ids since.
    """

    label: str
    before: Timeline
    after: Timeline
    turns: tuple[int, ...]
    numbers: tuple[NewNumbers, ...] = ()

    def numbered(self) -> tuple[Timeline, Timeline]:
        """Return the timelines before and after it, with the ids that hold now."""
        before, after = self.before, self.after
        for numbers in self.numbers:
            before, after = numbers.of(before), numbers.of(after)
        return before, after

    def was_done(self, then: int) -> bool:
        """Return whether it was made, and not undone, at the step with a number."""
        return sum(turn <= then for turn in self.turns) % 2 == 1


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

    def number(self, numbers: NewNumbers) -> None:
        """Give what was placed by these steps other ids, as the timeline has them."""
        for steps in (self._done, self._undone):
            steps[:] = [replace(one, numbers=(*one.numbers, numbers)) for one in steps]

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
                Message(
                    "there is nothing to undo: no step was made here; the "
                    "steps of others are undone where they were made"
                )
            )
        step = self._done.pop()
        before, after = step.numbered()
        made = merge_unasked(after, now, before)
        turns = *step.turns, number
        self._undone.append(OwnStep(step.label, made, now, turns))
        return made

    def redo(self, now: Timeline, *, number: int) -> Timeline:
        """Return a timeline with the step that was undone last.

        Args:
            now: The timeline.
            number: Of the step that this becomes.

        Raises:
            TimelineError: None is left to redo.
        """
        if not self._undone:
            raise TimelineError(Message("there is nothing to redo: no step was undone"))
        step = self._undone.pop()
        before, after = step.numbered()
        made = merge_unasked(before, now, after)
        self._done.append(OwnStep(step.label, now, made, (*step.turns, number)))
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
        while self._done and not self._done[-1].was_done(then):
            made = self.undo(made, number=number)
        while self._undone and self._undone[-1].was_done(then):
            made = self.redo(made, number=number)
        if made is now:
            raise TimelineError(
                Message(
                    "step {then} cannot be gone to: what came after it was "
                    "made by others, who undo it where they made it, or is "
                    "undone already",
                    then=then,
                )
            )
        return made
