"""An edit session: the timeline now, how it came to be, and who is told of changes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any, Final

from psygnal import Signal

from timeline_nb.timeline import edits
from timeline_nb.timeline.history import Call, History, Step
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.validate import validate

__all__ = ["EditSession"]

# What a person calls a verb, where it is not its name.
_LABELS: Final = {
    "add_marker": "mark",
    "add_subtitle": "subtitle",
    "remove_marker": "unmark",
    "set_clip": "set",
}


class EditSession:
    """The one writer of a timeline: cells and widgets alike go through it.

    Args:
        timeline: The value to begin with.

    Raises:
        TimelineError: It is not valid.
    """

    changed = Signal(Timeline, Timeline, description="The timeline before, and now.")

    def __init__(self, timeline: Timeline) -> None:
        validate(timeline)
        self._history = History(timeline)
        self._timeline = timeline
        self._lock = RLock()
        self._depth = 0
        # The calls of the group being made; None once one of them has no name.
        self._calls: list[Call] | None = []

    @property
    def timeline(self) -> Timeline:
        """The value now; it never changes, a later one takes its place."""
        return self._timeline

    def perform(self, verb: str, *args: Any, **options: Any) -> Timeline:
        """Make one step by an edit of `timeline.edits`, which can be told as code.

        Args:
            verb: The function's name.
            args: What it takes after the timeline.
            options: Its keyword arguments.

        Raises:
            TimelineError: The edit cannot be made.
        """
        edit = getattr(edits, verb)
        label = _LABELS.get(verb, verb.replace("_", " "))
        call = Call(verb, args, options)
        return self._step(label, lambda t: edit(t, *args, **options), call)

    def apply(self, label: str, edit: Callable[[Timeline], Timeline]) -> Timeline:
        """Make one step: the new value is what `edit` makes of the old.

        Nothing happens when `edit` raises, or gives back the same value.
        """
        return self._step(label, edit, None)

    def _step(
        self, label: str, edit: Callable[[Timeline], Timeline], call: Call | None
    ) -> Timeline:
        with self._lock:
            old, new = self._timeline, edit(self._timeline)
            if new is old:
                return old
            self._timeline = new
            if not self._depth:
                self._history.push(Step(label, new, (call,) if call else None))
            elif call is None:
                self._calls = None
            elif self._calls is not None:
                self._calls.append(call)
        self._tell(old, new)
        return new

    @contextmanager
    def group(self, label: str) -> Iterator[None]:
        """Make all that is done in the block one step; undo it all if it raises."""
        with self._lock:
            old = self._timeline
            if not self._depth:
                self._calls = []
            self._depth += 1
            try:
                yield
            except BaseException:
                failed, self._timeline = self._timeline, old
                self._tell(failed, old)
                raise
            finally:
                self._depth -= 1
            if not self._depth and self._timeline is not old:
                calls = None if self._calls is None else tuple(self._calls)
                self._history.push(Step(label, self._timeline, calls))

    def undo(self) -> Timeline:
        """Take the last step back.

        Raises:
            TimelineError: There is none.
        """
        return self._go(self._history.undo)

    def redo(self) -> Timeline:
        """Make the step again that was last taken back.

        Raises:
            TimelineError: There is none.
        """
        return self._go(self._history.redo)

    @property
    def undo_label(self) -> str | None:
        """What `undo` would take back, or None."""
        return self._history.undo_label

    @property
    def redo_label(self) -> str | None:
        """What `redo` would make again, or None."""
        return self._history.redo_label

    @property
    def step(self) -> Step:
        """The step that led to the timeline now: a point to come back to."""
        return self._history.current

    @property
    def steps_made(self) -> list[Step]:
        """All that was done and not undone, the oldest first."""
        with self._lock:
            return self._history.made

    def steps_since(self, step: Step) -> list[Step]:
        """What was done after a step, and not undone.

        Raises:
            TimelineError: That step was undone since.
        """
        with self._lock:
            return self._history.since(step)

    def _go(self, step: Callable[[], Timeline]) -> Timeline:
        with self._lock:
            old = self._timeline
            self._timeline = step()
        self._tell(old, self._timeline)
        return self._timeline

    def _tell(self, old: Timeline, new: Timeline) -> None:
        if old is not new:
            self.changed.emit(old, new)
