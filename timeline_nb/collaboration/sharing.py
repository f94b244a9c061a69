"""Shares an edit with other kernels: each step goes to them, and theirs come here."""

import logging
import secrets
import threading
import time
import weakref
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final, Protocol

from msgspec.structs import replace

from timeline_nb.access.scope import Scope
from timeline_nb.collaboration.elsewhere import Elsewhere, elsewhere_of
from timeline_nb.collaboration.keeper import TurnEnd
from timeline_nb.collaboration.replica import Replica
from timeline_nb.collaboration.shared_fold import Seen, SharedState
from timeline_nb.collaboration.shared_folder import SharedFolder
from timeline_nb.collaboration.sharer import Sharer
from timeline_nb.commands.session import EditSession
from timeline_nb.core.interrupts import interrupts_held
from timeline_nb.core.locks import new_lock
from timeline_nb.errors import ProjectError
from timeline_nb.project.shared_steps import SharedEntry
from timeline_nb.timeline.merging.questions import Ask, Conflict, Decisions
from timeline_nb.timeline.merging.timelines import merge_timelines
from timeline_nb.timeline.model import Timeline

__all__ = ["MakeSharing", "Sharing"]

_log = logging.getLogger(__name__)
_EVERY_S: Final = 0.1
# Of looking who is there.
_LOOK_S: Final = 0.5
_STEP_WAIT_S: Final = 0.1
# After a fault.
_PAUSE_S: Final = 1.0
# New items of one who is not the first get numbers that nobody else gives.
_NUMBERS: Final = 100_000
_BLOCKS: Final = range(10, 10_000)
# Timelines of which it is known which steps they have.
_MOST_KNOWN: Final = 64


@dataclass(frozen=True)
class _Due:
    """What was done here: a step, or a save of `timeline` as the file `saved`."""

    label: str
    timeline: Timeline
    done: TurnEnd
    saved: str = ""


class Sharing:
    """Shares one edit, on a thread of its own, while others have it open, too.

    Args:
        session: The edit's session, which is not held.
        project: The project's file.
        sharer: The edit's journal.
        at_once: Whether to begin now; else when somebody else does.
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
        scope: Scope,
        max_bytes: int,
    ) -> None:
        self.author = secrets.token_hex(6)
        self._session = weakref.ref(session)
        self._sharer = sharer
        self._scope, self._max_bytes = scope, max_bytes
        self._at_once = at_once
        self._folder = SharedFolder(
            project, self.author, scope=scope, max_bytes=max_bytes
        )
        self._due: SimpleQueue[_Due] = SimpleQueue()
        self._ends = threading.Event()
        self._ended = TurnEnd()
        # Guards what was noted of the session, and the order of what is waiting.
        self._lock = new_lock("steps that are to be shared")
        self._noted: Timeline | None = None
        # The session's timeline as it was shared, and the steps that it has. Where it
        # is apart, those lead to another one, and what is made here is merged to that.
        self._shown = session.step.timeline
        self._at: Seen = {}
        self._is_apart = False
        self._replica: Replica | None = None
        self._known: deque[tuple[Timeline, Seen]] = deque(maxlen=_MOST_KNOWN)
        self._first_id = 0
        self._file_is = ""
        self._looks_at = 0.0
        self.people: tuple[Elsewhere, ...] = ()
        self.conflicts: tuple[Conflict, ...] = ()
        self.trouble = ""
        self._told: set[str] = set()
        self._labels: list[str] = []
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
        thread = threading.Thread(
            target=self._run, name="timeline_nb sharing", daemon=True
        )
        thread.start()

    def begin(self) -> None:
        """Begin now, if it waited for others."""
        self._at_once = True

    def close(self) -> TurnEnd:
        """Share what is left, then no more; returns at once what says when."""
        self._ends.set()
        return self._ended

    # In the threads that edit ----------------------------------------------------

    def _note(self) -> None:
        """Have a step shared that was made here, and wait for that if it is quick."""
        session = self._session()
        if session is None or not self.is_on:
            return
        with interrupts_held(), self._lock:
            step = session.step
            if step.timeline is self._shown or step.timeline is self._noted:
                return
            self._noted = step.timeline
            due = _Due(step.label, step.timeline, TurnEnd())
            self._due.put(due)
        due.done.wait(_STEP_WAIT_S)

    def saved(self, timeline: Timeline, digest: str) -> None:
        """Tell the others that the project's file has a timeline now."""
        if self.is_on:
            due = _Due("save", timeline, TurnEnd(), digest)
            self._due.put(due)
            due.done.wait(_STEP_WAIT_S)

    # On the thread of its own ----------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._ends.is_set() and self._session() is not None:
                self._turn_safely(_EVERY_S)
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
                self._sharer.sharing_changed()
            self._ends.wait(_PAUSE_S)

    def _turn(self, wait_s: float) -> None:
        due = list(self._waited_for(wait_s))
        try:
            if self._replica is None:
                if not self._is_wanted():
                    return
                self._join()
            else:
                for one in due:
                    self._publish(self._replica, one)
            if self._replica is not None:
                self._take(self._replica)
        finally:
            for one in due:
                one.done.say()
        if time.monotonic() >= self._looks_at:
            self._looks_at = time.monotonic() + _LOOK_S
            self._look()

    def _waited_for(self, wait_s: float) -> Iterator[_Due]:
        try:
            yield self._due.get(timeout=wait_s) if wait_s else self._due.get_nowait()
            while True:
                yield self._due.get_nowait()
        except Empty:
            return

    def _is_wanted(self) -> bool:
        if self._ends.is_set():
            return False
        return self._at_once or bool(self._folder.members())

    # Joining ---------------------------------------------------------------------

    def _join(self) -> None:
        """Begin to share: what was done here joins what the others have."""
        session = self._session()
        if session is None:
            return
        saved, digest = self._sharer.saved_state()
        replica = self._entered(saved, digest)
        if not self._sharer.keeps_journal():
            block = replica.folded.timeline.next_id // _NUMBERS
            block += secrets.choice(_BLOCKS)
            self._first_id = block * _NUMBERS
        session.share()
        after = replica.state_of(digest)
        self._is_apart = after is None
        self._at = replica.folded.seen if after is None else after
        self._shown, self._file_is = saved, digest
        with interrupts_held(), self._lock:
            step = session.step
            self._noted = step.timeline
            self._replica = replica
        if step.timeline == saved:
            self._shown = step.timeline
        else:
            self._publish(replica, _Due(step.label, step.timeline, TurnEnd()))

    def _entered(self, saved: Timeline, digest: str) -> Replica:
        """Return a copy of the shared edit, with all that others have laid down."""
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
        mine, now = old.view(self._at), made.folded.timeline
        self._at, self._is_apart = made.folded.seen, True
        both = _merged(saved, now, mine)
        if both != now:
            self._folder.append(made.add("join", both))
            self._at = made.folded.seen
        self._replica = made
        self._known.clear()
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
        for name, fault in self._folder.faults.items():
            if fault not in self._told:
                self._told.add(fault)
                self.trouble = fault
                _log.warning("the steps in %s are left out: %s", name, fault)
        return list(replica.go_on()) if is_new else []

    def _publish(self, replica: Replica, due: _Due) -> None:
        """Lay a step or a save down that was made here."""
        after = self._at
        if due.saved:
            self._file_is = due.saved
            known = [seen for one, seen in self._known if one is due.timeline]
            # A step that was made here since is not in the file.
            if not known or known[-1].get(self.author, 0) != replica.made:
                return
            after = known[-1]
            new = replica.view(after)
        elif due.timeline is self._shown:
            return
        else:
            new = due.timeline
            if self._is_apart:
                new = _merged(self._shown, replica.view(self._at), new)
            self._shown = due.timeline
        update = replica.add(due.label, new, after=after, saved=due.saved)
        self._at = {**self._at, self.author: replica.made}
        self._known.append((self._shown, self._at))
        if not self._folder.append(update):
            self._rejoin(replica)

    def _take(self, replica: Replica) -> None:
        """Show what others have laid down."""
        new = self._receive(replica)
        self._labels += [one.step.label for one in new if one.step.delta is not None]
        folded = replica.folded
        if self._is_apart or dict(folded.seen) != dict(self._at) or self._first_id:
            self._show(folded)
        digest, seen = folded.saved
        if digest and digest != self._file_is:
            self._file_is = digest
            self._sharer.shared_file_is(digest, self._timeline_at(replica, seen))
        if folded.conflicts != self.conflicts:
            self.conflicts = folded.conflicts
            self._sharer.sharing_changed()

    def _timeline_at(self, replica: Replica, seen: Seen) -> Timeline:
        """Return the timeline of some steps; the session's own object if it is one."""
        for one, known in reversed(self._known):
            if dict(known) == dict(seen):
                return one
        return replica.view(seen)

    def _show(self, folded: SharedState) -> None:
        """Show what all steps lead to, unless one was made here that goes first."""
        session, expected = self._session(), self._shown
        if session is None:
            return

        def edit(old: Timeline) -> Timeline:
            if old is not expected:
                raise _MadeHereError
            number = self._first_id or old.next_id
            new = replace(folded.timeline, next_id=number)
            # Before the signal, by which it would be taken for a step made here.
            self._shown = old if new == old else new
            return self._shown

        try:
            session.apply_other(self._labels[-1] if self._labels else "join", edit)
        except _MadeHereError:
            self._shown = expected
            return
        self._labels.clear()
        self._first_id = 0
        self._at, self._is_apart = folded.seen, False
        self._known.append((self._shown, self._at))

    def _look(self) -> None:
        """Look who is there."""
        if self._replica is not None and not self._sharer.keeps_journal():
            self._sharer.keep_journal()
        members = self._folder.members() if self._replica is not None else {}
        people = tuple(
            elsewhere_of(members[who], is_followed=True, follow=None, is_shared=True)
            for who in sorted(members)
        )
        if people != self.people:
            self.people = people
            self._sharer.sharing_changed()

    def _leave(self) -> None:
        replica = self._replica
        if replica is None:
            return
        now, (saved, _) = replica.folded.timeline, self._sharer.saved_state()
        is_saved = replace(now, next_id=0) == replace(saved, next_id=0)
        try:
            self._folder.leave(remove=is_saved)
        except (ProjectError, OSError) as error:
            _log.warning("%s is not removed: %s", self._folder.path, error)


class _MadeHereError(Exception):
    """A step was made here that the others do not have yet."""


def _merged(base: Timeline, ours: Timeline, theirs: Timeline) -> Timeline:
    return merge_timelines(Ask(Decisions({}, "both"), "", ""), base, ours, theirs)


class MakeSharing(Protocol):
    """Makes what shares an edit."""

    def __call__(
        self, session: EditSession, project: Path, sharer: Sharer, *, at_once: bool
    ) -> Sharing:
        """Return it; it is not started yet."""
