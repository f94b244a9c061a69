"""Shares an edit with other kernels: each step goes to them, and theirs come here."""

import logging
import secrets
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Collection
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from msgspec.structs import replace

from timeline_nb.access.scope import Scope
from timeline_nb.collaboration.elsewhere import Elsewhere
from timeline_nb.collaboration.keeper import TurnEnd
from timeline_nb.collaboration.replica import Replica
from timeline_nb.collaboration.shared_dues import SharedDue, waited_for
from timeline_nb.collaboration.shared_fold import Seen, SharedState
from timeline_nb.collaboration.shared_folder import SharedFolder
from timeline_nb.collaboration.shared_known import (
    KnownTimelines,
    MadeHereError,
    is_same,
)
from timeline_nb.collaboration.shared_saves import SharedSaves
from timeline_nb.collaboration.sharer import Sharer
from timeline_nb.commands.history import Step
from timeline_nb.commands.session import EditSession
from timeline_nb.core.interrupts import interrupts_held
from timeline_nb.core.locks import new_lock
from timeline_nb.errors import ProjectError
from timeline_nb.project.shared_steps import SharedEntry
from timeline_nb.timeline.merging.numbering import NewNumbers
from timeline_nb.timeline.merging.questions import Conflict
from timeline_nb.timeline.merging.timelines import merge_unasked
from timeline_nb.timeline.model import Timeline

__all__ = ["Sharing"]

_log = logging.getLogger(__name__)
_NAME: Final = "timeline_nb sharing"
_EVERY_S: Final = 0.1
_LOOK_S: Final = 0.5  # of looking who is there
_STEP_WAIT_S: Final = 0.1
_RELOAD_WAIT_S: Final = 10.0
_PAUSE_S: Final = 1.0  # after a fault
# Of a shared document, which begins anew after so many.
_MOST_STEPS: Final = 2_000


class Sharing:
    """Shares one edit, on a thread of its own, while others have it open, too.

    Args:
        session: The edit's session, which is not held.
        project: The project's file.
        sharer: The edit's journal.
        at_once: Whether to begin now; else when somebody else does.
        rescue: Keeps what others left who were all killed.
        scope: What may be read.
        max_bytes: The memory that what is read may take.
    """

    def __init__(  # noqa: PLR0913 - what is shared, with whom, and what may be read
        self,
        session: EditSession,
        project: Path,
        sharer: Sharer,
        *,
        at_once: bool,
        rescue: Callable[[Path, Collection[Timeline]], object],
        scope: Scope,
        max_bytes: int,
    ) -> None:
        self.author = secrets.token_hex(6)
        self._session = weakref.ref(session)
        self._sharer = sharer
        self._scope, self._max_bytes = scope, max_bytes
        self._at_once, self._rescue = at_once, rescue
        self._folder = SharedFolder(
            project, self.author, scope=scope, max_bytes=max_bytes
        )
        self._due: SimpleQueue[SharedDue] = SimpleQueue()
        self._ends = threading.Event()
        self._ended = TurnEnd()
        self._waiting: deque[SharedDue] = deque()
        # Updates that could not be laid down, so that all is laid down next.
        self.is_behind = False
        # Guards what was noted of the session, and the order of what is waiting.
        self._lock = new_lock("steps that are to be shared")
        self._noted: Timeline | None = None
        # The session's timeline as it was shared, and the steps that it has. Where it
        # is apart, those lead to another one, and what is made here is merged to that.
        self._shown = session.step.timeline
        self._at: Seen = {}
        self._is_apart = False
        self._replica: Replica | None = None
        self._known = KnownTimelines()
        self._saves = SharedSaves(sharer, self._known)
        self._looks_at = 0.0
        self.people: tuple[Elsewhere, ...] = ()
        self.conflicts: tuple[Conflict, ...] = ()
        self.trouble, self._told = "", set[str]()
        self.tried = threading.Event()  # by a turn; who waits for one clears it
        self._labels: list[str] = []
        self._thread = threading.Thread(target=self._run, name=_NAME, daemon=True)
        # The signal holds this as long as the session lives.
        session.stepped.connect(lambda: self._note())  # noqa: PLW0108 - held so

    @property
    def project(self) -> Path:
        """The project's file, with links followed."""
        return self._folder.project

    @property
    def is_on(self) -> bool:
        """Whether steps are shared now."""
        return self._replica is not None

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def close(self) -> TurnEnd:
        """Share what is left, then no more; returns at once what says when."""
        self._ends.set()
        return self._ended

    # In the threads that edit ----------------------------------------------------

    def _note(self) -> None:
        """Have a step shared that was made here, and wait for that if it is quick."""
        if (session := self._session()) is None or not self.is_on:
            return
        with interrupts_held(), self._lock:
            step = session.step
            if step.timeline is self._noted:
                return
            self._noted = step.timeline
            # Not by what is shown: a redo may lead back to that.
            if not step.is_own:
                return
            self._due.put(due := SharedDue(step.label, step.timeline))
        # That one lays it down: a step was made here while it showed another's.
        if threading.current_thread() is not self._thread:
            due.done.wait(_STEP_WAIT_S)

    @property
    def is_wanted(self) -> bool:
        """Whether the edit is to be shared: from here, or since others share it."""
        return self._at_once or bool(self._folder.members())

    def saved(self, timeline: Timeline, digest: str) -> None:
        """Tell the others that the project's file has a timeline now."""
        if self.is_on:
            self._due.put(due := SharedDue("save", timeline, digest))
            due.done.wait(_STEP_WAIT_S)

    def reload(self, timeline: Timeline, digest: str) -> bool:
        """Join what another program wrote to the project's file; return whether it is.

        Args:
            timeline: What the file has.
            digest: Of the file.
        """
        if not self.is_on:
            return False
        self._due.put(due := SharedDue("reload", timeline, digest, is_file=True))
        return due.done.wait(_RELOAD_WAIT_S)

    # On the thread of its own ----------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._ends.is_set() and self._session() is not None:
                is_quick = self.is_on or self._at_once
                self._turn_safely(_EVERY_S if is_quick else _LOOK_S)
            self._turn_safely(0.0)
            self._leave()
        finally:
            self._replica = None
            self._ended.say()

    def _turn_safely(self, wait_s: float) -> None:
        try:
            self._turn(wait_s)
        except (ProjectError, OSError) as error:
            if str(error) != self.trouble:
                self.trouble = str(error)
                _log.warning("the edit is not shared now: %s", error)
                if self._replica is None:
                    self._sharer.follow_instead()
                self._sharer.sharing_changed()
            self.tried.set()
            self._ends.wait(_PAUSE_S)

    def _turn(self, wait_s: float) -> None:
        came = list(waited_for(self._due, wait_s))
        self._waiting += came if self._replica is not None else ()
        try:
            if self._replica is None and not self._ends.is_set() and self.is_wanted:
                self._join()
            while self._replica is not None and self._waiting:
                self._publish(self._replica, self._waiting.popleft())
            if self._replica is not None:
                self._take(self._replica)
        finally:
            for one in came:
                one.done.say()
        if time.monotonic() >= self._looks_at:
            self._looks_at = time.monotonic() + _LOOK_S
            self._look()
        self.tried.set()

    # Joining ---------------------------------------------------------------------

    def _join(self) -> None:
        """Begin to share: what was done here joins what the others have."""
        if (session := self._session()) is None:
            return
        saved, digest = self._sharer.saved_state()
        replica = self._entered(saved, digest)
        followed, self.trouble = self._sharer.end_following(), ""
        numbers = None
        if not self._sharer.keeps_journal():
            numbers = NewNumbers.drawn(saved, replica.folded.timeline)
        steps: list[Step] = []
        # Before anybody hears of it: what is made from then on is shared.
        session.share(
            numbers, ready=lambda: steps.append(self._begin(session, replica))
        )
        here = steps[0].timeline
        # Who made what was followed lays that down.
        if not any(is_same(here, one) for one in (saved, followed or saved)):
            self._publish(replica, SharedDue(session.undo_label or "join", here))
        self._shown, self._is_apart = here, True
        self._saves.hear(replica, *replica.saves)

    def _begin(self, session: EditSession, replica: Replica) -> Step:
        """Begin to share what a session has; return its step."""
        self._shown, self._saves.file_is = self._sharer.saved_state()
        after = replica.state_of(self._saves.file_is)
        self._at = replica.folded.seen if after is None else after
        self._is_apart = after is None
        with interrupts_held(), self._lock:
            step = session.step
            self._noted, self._replica = step.timeline, replica
        return step

    def _entered(self, saved: Timeline, digest: str) -> Replica:
        """Return a copy of the shared edit, with all that others have laid down."""
        self._rescue(self._folder.project, [saved])
        base = self._folder.enter(saved, digest)
        made = Replica(
            base.timeline,
            base.digest,
            self.author,
            self._folder.project,
            scope=self._scope,
            max_bytes=self._max_bytes,
        )
        self._receive(made)
        return made

    def _rejoin(self, old: Replica) -> Replica:
        """Begin anew where the folder was removed; what was shared stays."""
        saved, digest = self._sharer.saved_state()
        made = self._entered(saved, digest)
        # The others lay down the same: it is there once.
        before = made.folded.saved[0]
        if before != digest == self._sharer.file_digest():
            self._folder.append(made.add_file(saved, digest, after=before))
        now = made.folded.timeline
        both = merge_unasked(saved, now, old.view(self._at))
        self._at, self._is_apart = made.folded.seen, True
        if both != now:
            self._folder.append(made.add("join", both))
            self._at = made.folded.seen
        self._replica = made
        self._known.clear()
        self._saves.hear(made, *made.saves)
        return made

    # Sharing ---------------------------------------------------------------------

    def _receive(self, replica: Replica) -> list[SharedEntry]:
        """Take what others have laid down; return the steps that are new here."""
        is_new = False
        for name, update in self._folder.updates():
            try:
                replica.take(update, name)
                is_new = True
            except ProjectError as error:
                self._folder.faults[name] = str(error)
        for fault in set(self._folder.faults.values()) - self._told:
            self._told.add(fault)
            self.trouble = fault
            _log.warning("steps are left out: %s", fault)
        return list(replica.go_on()) if is_new else []

    def _publish(self, replica: Replica, due: SharedDue) -> None:
        """Share a step or a save that was made here."""
        after, new = self._at, due.timeline
        if due.saved:
            known = self._known.seen_by(due.timeline)
            # A step that was made here since is not in the file.
            if due.is_file or not known or known.get(self.author, 0) != replica.made:
                self._labels += [due.label] if due.is_file else []
                self._lay(replica, self._saves.step_of(replica, due, known))
                return
            after, new = known, replica.view(known)
        elif due.timeline is self._shown:
            return
        else:
            if self._is_apart:
                new = merge_unasked(self._shown, replica.view(self._at), new)
            self._shown = due.timeline
        update = replica.add(due.label, new, after=after, saved=due.saved)
        if due.saved:
            self._saves.hear(replica, due.saved)
        self._at = {**self._at, self.author: replica.made}
        self._known.note(self._shown, self._at)
        # Such as by whole paths of media.
        self._is_apart |= not is_same(replica.view(self._at), self._shown)
        self._lay(replica, update)

    def _lay(self, replica: Replica, update: bytes) -> None:
        """Lay an update down for the others."""
        if len(replica) > _MOST_STEPS and self._sharer.keeps_journal():
            # A document that is long begins anew, as if somebody had removed it.
            self._folder.remove()
            self._rejoin(replica)
            return
        is_behind, self.is_behind = self.is_behind, True
        if not self._folder.append(replica.whole() if is_behind else update):
            self._rejoin(replica)
        self.is_behind = False

    def _take(self, replica: Replica) -> None:
        """Show what others have laid down."""
        if not self._folder.is_entered:
            replica = self._rejoin(replica)
        new = self._receive(replica)
        if self.is_behind:
            self._lay(replica, b"")
        self._labels += [one.step.label for one in new if one.step.delta is not None]
        folded = replica.folded
        if self._is_apart or dict(folded.seen) != dict(self._at):
            self._show(folded)
        if saves := [one.step.saved for one in new if one.step.saved]:
            self._saves.hear(replica, *saves)
        if folded.conflicts != self.conflicts:
            self.conflicts = folded.conflicts
            self._sharer.sharing_changed()

    def _show(self, folded: SharedState) -> None:
        """Show what all steps lead to, unless one was made here that goes first."""
        session, expected = self._session(), self._shown
        if session is None:
            return

        def edit(old: Timeline) -> Timeline:
            if old is not expected:
                raise MadeHereError
            new = replace(folded.timeline, next_id=old.next_id)
            # Before the signal, by which it would be taken for a step made here.
            self._shown = old if new == old else new
            return self._shown

        try:
            session.apply_other(self._labels[-1] if self._labels else "join", edit)
        except MadeHereError:
            self._shown = expected
            return
        self._labels.clear()
        self._at, self._is_apart = folded.seen, False
        self._known.note(self._shown, self._at)

    def _look(self) -> None:
        """Look who is there."""
        if self._replica is not None and not self._sharer.keeps_journal():
            self._sharer.keep_journal()
        if self._replica is not None:
            self._saves.look(self._replica)
        people = self._folder.people() if self._replica is not None else ()
        if people != self.people:
            self.people = people
            self._sharer.sharing_changed()

    def _leave(self) -> None:
        if (replica := self._replica) is None:
            return
        now, (saved, _) = replica.folded.timeline, self._sharer.saved_state()
        try:
            self._folder.leave(remove=is_same(now, saved))
        except (ProjectError, OSError) as error:
            _log.warning("%s is not removed: %s", self._folder.path, error)
