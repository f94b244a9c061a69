"""An edit session: the current timeline, its history, and a signal of changes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import get_ident, local
from typing import Any

from timeline_nb.commands.command import Command
from timeline_nb.commands.history import History, HistoryOverview, Step
from timeline_nb.core.forks import watch_forks
from timeline_nb.core.locks import new_condition
from timeline_nb.core.origins import Origin
from timeline_nb.core.signals import Signal
from timeline_nb.errors import TimelineError
from timeline_nb.timeline.merging.numbering import NewNumbers
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.validate import validate

__all__ = ["EditSession"]


class EditSession:
    """The one writer of a timeline: cells, widgets and scripts all edit through it.

    Threads may edit at the same time: each step is atomic. While one thread is within a
    `group`, the edits of others wait for its end. Listeners are called without any lock
    held, in the thread that edits.

    Args:
        timeline: The first timeline.

    Attributes:
        changed: Emits the timeline before and after each change.
        stepped: Emits when the history has changed, after `changed`, and when the
            edit was saved.
        kept: Emits when what is kept for the editor has changed, before `stepped`.

    Raises:
        TimelineError: The timeline is invalid.
    """

    def __init__(self, timeline: Timeline) -> None:
        validate(timeline)
        self.changed: Signal[Timeline, Timeline] = Signal("the edit")
        self.stepped: Signal[()] = Signal("an edit's history")
        self.kept: Signal[()] = Signal("what an edit keeps for the editor")
        self._history = History(timeline)
        self._timeline = timeline
        # Guards all below; no callback runs while it is held.
        self._state = new_condition("an edit session")
        # The thread within a group, the depth of nested groups, and the commands
        # performed there; None stands for a function that is no command.
        self._owner: int | None = None
        self._depth = 0
        self._performed: list[Command | None] = []
        self._origins: dict[tuple[str, str, str], Origin] = {}
        self._editor_state: Mapping[str, Any] = {}
        self._saved_editor_state: Mapping[str, Any] = {}
        # The timeline of this thread's rehearsal, while there is one.
        self._rehearsal = local()
        watch_forks(self)

    def begin_anew(self) -> None:
        """End another thread's group in a forked process, where that thread is not."""
        if self._owner != get_ident():
            self._owner, self._depth = None, 0
            self._performed.clear()

    @property
    def timeline(self) -> Timeline:
        """The current timeline, an immutable value; in a rehearsal, its own."""
        rehearsed: Timeline | None = getattr(self._rehearsal, "timeline", None)
        return self._timeline if rehearsed is None else rehearsed

    @property
    def origins(self) -> tuple[Origin, ...]:
        """What the steps have read beside media: subtitle files, tables, models."""
        with self._state:
            return tuple(self._origins.values())

    def note_origin(self, origin: Origin) -> None:
        """Note what a step has read; the last reading of a file counts."""
        with self._state:
            self._origins[origin.what, origin.name, origin.path] = origin

    @property
    def editor_state(self) -> Mapping[str, Any]:
        """What the project keeps for the editor, by field; no step changes it."""
        with self._state:
            return self._editor_state

    @property
    def saved_editor_state(self) -> Mapping[str, Any]:
        """What of it the file has."""
        with self._state:
            return self._saved_editor_state

    @property
    def is_editor_state_saved(self) -> bool:
        """Whether the file has what is kept for the editor."""
        with self._state:
            return self._editor_state == self._saved_editor_state

    def keep(
        self,
        change: Callable[[Mapping[str, Any]], Mapping[str, Any]],
        *,
        is_saved: bool = False,
    ) -> None:
        """Change what the project keeps for the editor; the history stays as it is.

        Args:
            change: Returns the fields for those before; called again if another thread
                has changed them meanwhile.
            is_saved: The file has them, or needs them not.
        """
        while True:
            old = self.editor_state
            new = change(old)
            with self._state:
                if self._editor_state is not old:
                    continue
                self._editor_state = new
                if is_saved:
                    self._saved_editor_state = new
                break
        if new != old:
            self.kept.emit()
            self.stepped.emit()

    def join_kept(
        self,
        theirs: Mapping[str, Any],
        join: Callable[..., Mapping[str, Any]],
    ) -> None:
        """Join what the file keeps for the editor by now with what is kept here.

        Args:
            theirs: The fields of the file.
            join: Returns the fields for those of the file before, for those here, and
                for those of the file now.
        """
        while True:
            with self._state:
                base, old = self._saved_editor_state, self._editor_state
            new = join(base, old, theirs)
            with self._state:
                if self._editor_state is not old:
                    continue
                self._editor_state, self._saved_editor_state = new, theirs
                break
        if new != old:
            self.kept.emit()
        self.stepped.emit()

    def rehearse(self, edit: Callable[[], object]) -> tuple[Timeline, Timeline]:
        """Return the timeline, and what a function that edits it would make of it.

        Nothing is changed: what this thread performs within the function is applied to
        a copy, of which neither the history nor any listener hears.

        Raises:
            TimelineError: The change cannot be made.
        """
        old = self._rehearsal.timeline = self._timeline
        try:
            edit()
            return old, self._rehearsal.timeline
        finally:
            self._rehearsal.timeline = None

    def perform(self, command: Command) -> Timeline:
        """Make one step by a command, which can be written as code.

        Raises:
            TimelineError: The change cannot be made; the timeline is unchanged.
        """
        return self._make_step(command.label, command.apply, command)

    def apply(self, label: str, edit: Callable[[Timeline], Timeline]) -> Timeline:
        """Make one step: the new timeline is what `edit` returns for the old one.

        No step is made if `edit` raises or returns the same value. It is called again
        if another thread has edited meanwhile.
        """
        return self._make_step(label, edit, None)

    def share(
        self, numbers: NewNumbers | None = None, ready: Callable[[], object] = bool
    ) -> None:
        """Undo steps of one's own alone from now on: others edit the timeline, too.

        Args:
            numbers: Given to what was placed here, where somebody else gives the same.
            ready: Called before listeners hear of it.
        """
        with self._state:
            self._wait_for_turn()
            old = self._timeline
            new = self._timeline = self._history.share(numbers)
        ready()
        if new is not old:
            self.changed.emit(old, new)
        self.stepped.emit()

    def id_now(self, item: str) -> str:
        """Return an item's id now: that may have changed when others joined."""
        with self._state:
            return self._history.id_now(item)

    def apply_other(self, label: str, edit: Callable[[Timeline], Timeline]) -> Timeline:
        """Show a step of somebody else, which `undo` leaves; as `apply`."""
        return self._make_step(label, edit, None, is_own=False)

    def _make_step(
        self,
        label: str,
        edit: Callable[[Timeline], Timeline],
        command: Command | None,
        *,
        is_own: bool = True,
    ) -> Timeline:
        rehearsed: Timeline | None = getattr(self._rehearsal, "timeline", None)
        if rehearsed is not None:
            self._rehearsal.timeline = edit(rehearsed)
            return self.timeline
        while True:
            with self._state:
                self._wait_for_turn()
                old = self._timeline
            new = edit(old)
            if new is old:
                return old
            with self._state:
                self._wait_for_turn()
                if self._timeline is not old:
                    # Another thread was faster: edit its timeline.
                    continue
                self._timeline = new
                if self._depth:
                    self._performed.append(command)
                else:
                    commands = None if command is None else (command,)
                    step = Step(str(label), new, commands, is_own)
                    history = self._history
                    (history.push if is_own else history.push_other)(step)
                is_step = not self._depth
            self.changed.emit(old, new)
            if is_step:
                self.stepped.emit()
            return new

    @contextmanager
    def group(self, label: str) -> Iterator[None]:
        """Make the changes of a `with` block one step; undo them if it raises.

        A group within a group is part of the outer one; if it raises, only its own
        changes are undone.
        """
        if getattr(self._rehearsal, "timeline", None) is not None:
            yield
            return
        with self._state:
            self._wait_for_turn()
            self._owner = get_ident()
            self._depth += 1
            old, count = self._timeline, len(self._performed)
        try:
            yield
        except BaseException:
            failed = self._leave(old, count)
            if failed is not old:
                self.changed.emit(failed, old)
            raise
        with self._state:
            now = self._timeline
            commands = tuple(self._performed)
            if self._depth == 1 and now is not old:
                whole = None if None in commands else commands
                self._history.push(Step(str(label), now, whole))  # type: ignore[arg-type]
            is_step = self._depth == 1 and now is not old
        self._leave(now, len(commands))
        if is_step:
            self.stepped.emit()

    def _leave(self, timeline: Timeline, count: int) -> Timeline:
        """End a group with a timeline and `count` commands; return the one before."""
        with self._state:
            failed, self._timeline = self._timeline, timeline
            del self._performed[count:]
            self._depth -= 1
            if not self._depth:
                self._performed.clear()
                self._owner = None
                self._state.notify_all()
        return failed

    def _wait_for_turn(self) -> None:
        """Wait until no other thread is within a group; call it with the lock held."""
        while self._owner not in {None, get_ident()}:
            self._state.wait()

    def undo(self) -> Timeline:
        """Undo the last step.

        Raises:
            TimelineError: No step is left to undo, or a group is open.
        """
        return self._go("undo", self._history.undo)

    def redo(self) -> Timeline:
        """Redo the step that was undone last.

        Raises:
            TimelineError: No step is left to redo, or a group is open.
        """
        return self._go("redo", self._history.redo)

    def go_to(self, number: int) -> Timeline:
        """Go to the step with a number of `overview`, back or forward.

        Raises:
            TimelineError: There is no such step, or a group is open.
        """
        return self._go("go_to", lambda: self._history.go_to(number))

    @property
    def overview(self) -> HistoryOverview:
        """All steps, which of them is shown, and which was saved."""
        with self._state:
            return self._history.overview

    def mark_saved(
        self, timeline: Timeline, editor_state: Mapping[str, Any] | None = None
    ) -> None:
        """Note that a timeline, that of a step, is in a file now.

        Args:
            timeline: What is in the file.
            editor_state: What it keeps for the editor, if that was written, too.
        """
        with self._state:
            self._history.mark_saved(timeline)
            if editor_state is not None:
                self._saved_editor_state = editor_state
        self.stepped.emit()

    @property
    def undo_label(self) -> str | None:
        """The label of the step that `undo` reverts, or None."""
        with self._state:
            return self._history.undo_label

    @property
    def redo_label(self) -> str | None:
        """The label of the step that `redo` repeats, or None."""
        with self._state:
            return self._history.redo_label

    @property
    def step(self) -> Step:
        """The step that led to the current timeline; `steps_since` takes it."""
        with self._state:
            return self._history.current

    @property
    def earlier(self) -> list[Timeline]:
        """The timelines before the current one, the latest first."""
        with self._state:
            return self._history.earlier

    @property
    def steps_made(self) -> list[Step]:
        """The steps that were made and not undone, the oldest first."""
        with self._state:
            return self._history.made

    def steps_since(self, step: Step) -> list[Step]:
        """Return the steps after a step that were not undone.

        Raises:
            TimelineError: That step was undone, or is more than 1,000 steps ago.
        """
        with self._state:
            return self._history.since(step)

    def _go(self, name: str, step: Callable[[], Timeline]) -> Timeline:
        with self._state:
            self._wait_for_turn()
            if self._depth:
                raise TimelineError(
                    f"{name} is not possible within a group: {name} after the `with` "
                    "block; an error raised in it undoes the group's own changes"
                )
            old, new = self._timeline, step()
            self._timeline = new
        if new is not old:
            self.changed.emit(old, new)
        self.stepped.emit()
        return new
