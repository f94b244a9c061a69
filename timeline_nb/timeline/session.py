"""An edit session: the timeline now, how it came to be, and who is told of changes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock

from psygnal import Signal

from timeline_nb.timeline.history import History
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.validate import validate

__all__ = ["EditSession"]


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

    @property
    def timeline(self) -> Timeline:
        """The value now; it never changes, a later one takes its place."""
        return self._timeline

    def apply(self, label: str, edit: Callable[[Timeline], Timeline]) -> Timeline:
        """Make one step: the new value is what `edit` makes of the old.

        Nothing happens when `edit` raises, or gives back the same value.
        """
        with self._lock:
            old, new = self._timeline, edit(self._timeline)
            if new is old:
                return old
            self._timeline = new
            if not self._depth:
                self._history.push(label, new)
        self._tell(old, new)
        return new

    @contextmanager
    def group(self, label: str) -> Iterator[None]:
        """Make all that is done in the block one step; undo it all if it raises."""
        with self._lock:
            old = self._timeline
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
                self._history.push(label, self._timeline)

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

    def _go(self, step: Callable[[], Timeline]) -> Timeline:
        with self._lock:
            old = self._timeline
            self._timeline = step()
        self._tell(old, self._timeline)
        return self._timeline

    def _tell(self, old: Timeline, new: Timeline) -> None:
        if old is not new:
            self.changed.emit(old, new)
