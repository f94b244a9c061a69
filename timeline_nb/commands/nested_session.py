"""A session on a timeline nested in that of another session, opened and closed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from timeline_nb.commands.command import Command
from timeline_nb.commands.history import HistoryOverview, Step
from timeline_nb.commands.session import EditSession
from timeline_nb.commands.within import Within
from timeline_nb.core.locks import new_lock
from timeline_nb.core.signals import Signal
from timeline_nb.errors import TimelineError
from timeline_nb.timeline.edits.nested import edit_nested, nested_timeline
from timeline_nb.timeline.model import Timeline

__all__ = ["NestedSession"]


class NestedSession(EditSession):
    """Edits an edit's timeline, or one that is nested in it, by the edit's history.

    What it performs is a step of the one history of the edit. `open` and `close`
    choose the timeline; it leads out by itself once a clip on the way is gone.

    Args:
        whole: The session of the edit.
        clips: The ids of the clips that lead to the timeline, from the outside.

    Attributes:
        whole: The session of the edit.
        changed: Emits the timeline that is open before and after each change, also
            when another one is opened.
        moved: Emits when another timeline is open, after `changed`.

    Raises:
        TimelineError: There is no such clip, or it shows no timeline.
    """

    def __init__(self, whole: EditSession, clips: Sequence[str] = ()) -> None:
        # Nothing of its own is edited: the base class keeps no state here.
        self.whole = whole
        self.changed: Signal[Timeline, Timeline] = Signal("an open timeline")
        self.moved: Signal[()] = Signal("which timeline is open")
        self.stepped = whole.stepped
        self.kept = whole.kept
        # Guards the way in, and the timeline of which listeners heard last.
        self._lock = new_lock("which timeline is open")
        self._clips = tuple(clips)
        inner = whole.timeline
        for clip in self._clips:
            inner = nested_timeline(inner, clip)
        self._told = inner
        whole.changed.connect(self._follow)

    def begin_anew(self) -> None:
        """Leave the groups of a forked process to the edit's session."""

    @property
    def clips(self) -> tuple[str, ...]:
        """The ids of the clips that lead to the timeline that is open."""
        return self._clips

    @property
    def levels(self) -> list[Timeline]:
        """The timelines from the edit's to the one that is open."""
        return _levels(self.whole.timeline, self._clips)

    @property
    def timeline(self) -> Timeline:
        """The timeline that is open now; in a rehearsal, its own."""
        return self.levels[-1]

    @property
    def editor_state(self) -> Mapping[str, Any]:
        """What the edit's project keeps for the editor."""
        return self.whole.editor_state

    @property
    def saved_editor_state(self) -> Mapping[str, Any]:
        """What of it the file has."""
        return self.whole.saved_editor_state

    @property
    def is_editor_state_saved(self) -> bool:
        """Whether the edit's file has it."""
        return self.whole.is_editor_state_saved

    def keep(
        self,
        change: Callable[[Mapping[str, Any]], Mapping[str, Any]],
        *,
        is_saved: bool = False,
    ) -> None:
        """Change what the edit's project keeps for the editor."""
        self.whole.keep(change, is_saved=is_saved)

    def join_kept(
        self, theirs: Mapping[str, Any], join: Callable[..., Mapping[str, Any]]
    ) -> None:
        """Join what the file keeps for the editor by now with what is kept here."""
        self.whole.join_kept(theirs, join)

    def open(self, clip: str) -> None:
        """Open the timeline that a clip of the open one shows.

        Raises:
            TimelineError: There is no such clip, or it shows no timeline.
        """
        nested_timeline(self.timeline, clip)
        self._go_in((*self._clips, clip))

    def close(self, depth: int) -> None:
        """Go back to the timeline at a depth: 0 is the edit's.

        Raises:
            TimelineError: No timeline is open at that depth.
        """
        if not 0 <= depth <= len(self._clips):
            raise TimelineError(
                f"there is no open timeline at depth {depth}: give 0 to "
                f"{len(self._clips)}"
            )
        self._go_in(self._clips[:depth])

    def _go_in(self, clips: tuple[str, ...]) -> None:
        with self._lock:
            is_other = self._clips != clips
            self._clips = clips
        self._follow()
        if is_other:
            self.moved.emit()

    def _follow(self, *_: Timeline) -> None:
        """Tell the listeners of a change of the timeline that is open."""
        levels = _levels(self.whole.timeline, self._clips)
        with self._lock:
            is_other = len(levels) <= len(self._clips)
            if is_other:
                self._clips = self._clips[: len(levels) - 1]
            old, self._told = self._told, levels[-1]
        if old is not levels[-1]:
            self.changed.emit(old, levels[-1])
        if is_other:
            self.moved.emit()

    def rehearse(self, edit: Callable[[], object]) -> tuple[Timeline, Timeline]:
        """Return the open timeline, and what a function would make of it."""
        old, new = self.whole.rehearse(edit)
        return _levels(old, self._clips)[-1], _levels(new, self._clips)[-1]

    def perform(self, command: Command) -> Timeline:
        """Make one step by a command on the open timeline.

        Raises:
            TimelineError: The change cannot be made; the timeline is unchanged.
        """
        clips = self._clips
        if clips:
            self.whole.perform(
                Within(clips=clips, change=command, rate=self.timeline.rate)
            )
        else:
            self.whole.perform(command)
        return self.timeline

    def apply(self, label: str, edit: Callable[[Timeline], Timeline]) -> Timeline:
        """Make one step: the open timeline is what `edit` returns for the old one."""
        clips = self._clips
        self.whole.apply(label, lambda whole: edit_nested(whole, clips, edit))
        return self.timeline

    @contextmanager
    def group(self, label: str) -> Iterator[None]:
        """Make the changes of a `with` block one step; undo them if it raises."""
        with self.whole.group(label):
            yield

    def undo(self) -> Timeline:
        """Undo the last step, and open the timeline that it had changed."""
        return self._step(self.whole.undo)

    def redo(self) -> Timeline:
        """Redo the step that was undone last, and open the timeline it changes."""
        return self._step(self.whole.redo)

    def go_to(self, number: int) -> Timeline:
        """Go to the step with a number, and open the timeline that has changed."""
        return self._step(lambda: self.whole.go_to(number))

    def _step(self, step: Callable[[], Timeline]) -> Timeline:
        """Go through the history, and out to the innermost timeline that changed."""
        before = self.levels
        step()
        after = self.levels
        if after[0] is not before[0]:
            pairs = zip(before, after, strict=False)
            changed = sum(old is not new for old, new in pairs)
            if changed < len(after):
                self.close(changed - 1)
        return self.timeline

    def id_now(self, item: str) -> str:
        """Return the id that an item has now; within a clip, that is the same."""
        return item if self._clips else self.whole.id_now(item)

    @property
    def overview(self) -> HistoryOverview:
        """All steps of the edit, which of them is shown, and which was saved."""
        return self.whole.overview

    def mark_saved(
        self, timeline: Timeline, editor_state: Mapping[str, Any] | None = None
    ) -> None:
        """Note that a timeline, that of a step, is in a file now."""
        self.whole.mark_saved(timeline, editor_state)

    @property
    def undo_label(self) -> str | None:
        """The label of the step that `undo` reverts, or None."""
        return self.whole.undo_label

    @property
    def redo_label(self) -> str | None:
        """The label of the step that `redo` repeats, or None."""
        return self.whole.redo_label

    @property
    def step(self) -> Step:
        """The step that led to the current state; `steps_since` takes it."""
        return self.whole.step

    @property
    def earlier(self) -> list[Timeline]:
        """The open timeline before the current step, the latest first."""
        return [_levels(one, self._clips)[-1] for one in self.whole.earlier]

    @property
    def steps_made(self) -> list[Step]:
        """The steps that were made and not undone, the oldest first."""
        return self.whole.steps_made

    def steps_since(self, step: Step) -> list[Step]:
        """Return the steps after a step that were not undone."""
        return self.whole.steps_since(step)


def _levels(timeline: Timeline, clips: Sequence[str]) -> list[Timeline]:
    """Return the timelines on a way in, as far as it leads."""
    levels = [timeline]
    for clip in clips:
        try:
            levels.append(nested_timeline(levels[-1], clip))
        except TimelineError:
            break
    return levels
