"""The history of an edit: a list of timelines, which share unchanged parts."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from timeline_nb.commands.command import Command
from timeline_nb.commands.own_steps import OwnStep, OwnSteps
from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timeline.merging.numbering import NewNumbers
from timeline_nb.timeline.model import Timeline

__all__ = ["MAX_STEPS", "History", "HistoryOverview", "Step"]

MAX_STEPS: Final = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A step of the history, and the timeline it led to.

    Args:
        label: The step's label in the history.
        timeline: The timeline after the step.
        commands: The commands of the step; None if a function changed the timeline.
        is_own: Whether it was made here, and not by somebody else who edits, too.
    """

    label: str
    timeline: Timeline
    commands: tuple[Command, ...] | None = None
    is_own: bool = True


@dataclass(frozen=True, slots=True)
class HistoryOverview:
    """The steps of a history, also those that were undone.

    Args:
        first: The number of the first step that is kept.
        labels: The labels, the oldest first; the first is where the edit began.
        now: The number of the step that is shown.
        saved: The number of the step that was saved last; None if none was, or it is
            not kept any more.
    """

    first: int
    labels: tuple[str, ...]
    now: int
    saved: int | None

    @property
    def is_saved(self) -> bool:
        """Whether what is shown was saved, or nothing was done yet."""
        return self.now == self.saved or (self.saved is None and self.now == 0)


class History:
    """Steps that can be undone and redone; beyond 1,000 the oldest are dropped.

    Args:
        timeline: The first timeline.
    """

    def __init__(self, timeline: Timeline) -> None:
        self._steps = [Step("open", timeline)]
        self._now = 0
        # Steps that were dropped: a step keeps its number.
        self._dropped = 0
        self._saved: Step | None = None
        # While others edit, too.
        self._own: OwnSteps | None = None
        # The step since which ids hold, and what gave them.
        self._numbered = 0
        self._numbers: list[NewNumbers] = []

    def share(self, numbers: NewNumbers | None = None) -> Timeline:
        """Undo and redo one's own steps alone from now on; return the timeline.

        Args:
            numbers: Gives what was placed here numbers that nobody else gives; None
                where it keeps its own.
        """
        if self._own is None:
            pairs = [
                OwnStep(new.label, old.timeline, new.timeline, (self._dropped + place,))
                for place, (old, new) in enumerate(pairwise(self._steps), start=1)
                if new.is_own
            ]
            done = [one for one in pairs if one.was_done(self._dropped + self._now)]
            # Their numbers are given again: at no step that is kept were they done.
            undone = [replace(one, turns=()) for one in pairs[len(done) :]]
            self._own = OwnSteps(done, undone[::-1])
            del self._steps[self._now + 1 :]
        if numbers is not None:
            self._number(self._own, numbers)
        return self.current.timeline

    def _number(self, own: OwnSteps, numbers: NewNumbers) -> None:
        made = self._steps[: self._now + 1]
        others = (step.timeline for step in reversed(made) if not step.is_own)
        theirs = next(others, None)
        if theirs is not None:
            numbers = numbers.keeping(theirs)
        is_saved = self.overview.is_saved
        own.number(numbers)
        self.push_other(Step("join", numbers.of(self.current.timeline), is_own=False))
        self._numbered = self._dropped + self._now
        self._numbers.append(numbers)
        if is_saved:
            self._saved = self.current

    def id_now(self, item: str) -> str:
        """Return the id that an item has now, of which an older one may be known."""
        for numbers in self._numbers:
            item = numbers.name(item)
        return item

    @property
    def current(self) -> Step:
        """The step that led to the current timeline."""
        return self._steps[self._now]

    @property
    def undo_label(self) -> str | None:
        """The label of the step that `undo` reverts; None at the beginning."""
        if self._own is not None:
            return self._own.undo_label
        return self._steps[self._now].label if self._now else None

    @property
    def redo_label(self) -> str | None:
        """The label of the step that `redo` repeats; None at the end."""
        if self._own is not None:
            return self._own.redo_label
        following = self._now + 1
        return self._steps[following].label if following < len(self._steps) else None

    def push(self, step: Step) -> None:
        """Add a step, and drop those that were undone."""
        if self._own is not None:
            before = self.current.timeline
            own = OwnStep(step.label, before, step.timeline, (self._next,))
            self._own.push(own)
        self.push_other(step)

    def push_other(self, step: Step) -> None:
        """Add a step of somebody else, which `undo` leaves."""
        del self._steps[self._now + 1 :]
        self._steps.append(step)
        surplus = max(0, len(self._steps) - MAX_STEPS - 1)
        del self._steps[:surplus]
        self._dropped += surplus
        self._now = len(self._steps) - 1

    def undo(self) -> Timeline:
        """Go back one step, and return its timeline.

        Raises:
            TimelineError: No step is left to undo.
        """
        if self._own is not None:
            made = self._own.undo(self.current.timeline, number=self._next)
            return self._go_on("undo", made)
        if not self._now:
            raise TimelineError(Message("there is nothing to undo: no step was made"))
        self._now -= 1
        return self.current.timeline

    def redo(self) -> Timeline:
        """Go forward one step, and return its timeline.

        Raises:
            TimelineError: No step is left to redo.
        """
        if self._own is not None:
            made = self._own.redo(self.current.timeline, number=self._next)
            return self._go_on("redo", made)
        if self._now + 1 == len(self._steps):
            raise TimelineError(Message("there is nothing to redo: no step was undone"))
        self._now += 1
        return self.current.timeline

    def go_to(self, number: int) -> Timeline:
        """Go to the step with a number, back or forward, and return its timeline.

        While others edit, too, their steps stay: those of one's own are undone or
        redone that were made or undone since.

        Raises:
            TimelineError: There is no such step any more, or all since are of others.
        """
        place = number - self._dropped
        if not 0 <= place < len(self._steps):
            raise TimelineError(
                f"there is no step {number}: steps go from {self._dropped} to "
                f"{self._dropped + len(self._steps) - 1}"
            )
        if self._own is not None and place != self._now:
            now = self.current.timeline
            made = self._own.go_to(number, now, number=self._next)
            return self._go_on("go to", made)
        self._now = place
        return self.current.timeline

    @property
    def _next(self) -> int:
        """The number of a step that is made now."""
        return self._dropped + self._now + 1

    def _go_on(self, label: str, timeline: Timeline) -> Timeline:
        """Add what an undo or redo led to, among the steps of others."""
        if timeline is not self.current.timeline:
            self.push_other(Step(label, timeline))
        return timeline

    def mark_saved(self, timeline: Timeline) -> None:
        """Note that a timeline of a step was saved; the latest step that has it."""
        around = [self._steps[self._now], *reversed(self._steps)]
        found = (step for step in around if step.timeline is timeline)
        self._saved = next(found, self._saved)

    @property
    def overview(self) -> "HistoryOverview":
        """All steps, which of them is shown, and which was saved."""
        saved = self._steps.index(self._saved) if self._saved in self._steps else None
        return HistoryOverview(
            first=self._dropped,
            labels=tuple(step.label for step in self._steps),
            now=self._dropped + self._now,
            saved=None if saved is None else self._dropped + saved,
        )

    @property
    def earlier(self) -> list[Timeline]:
        """The timelines before the current one that have its ids, the latest first."""
        first = max(0, self._numbered - self._dropped)
        return [step.timeline for step in reversed(self._steps[first : self._now])]

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
