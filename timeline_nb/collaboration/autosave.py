"""The journal of an edit, as the edit and its views see it."""

import contextlib
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from timeline_nb.collaboration.elsewhere import Elsewhere, elsewhere_of
from timeline_nb.collaboration.following import Follower
from timeline_nb.collaboration.held_places import forget_places, is_held_here
from timeline_nb.collaboration.journal_file import holder_of
from timeline_nb.collaboration.journal_writer import JournalWriter, Made
from timeline_nb.collaboration.keeper import KEEPER, TurnEnd
from timeline_nb.collaboration.place import ProjectPlace
from timeline_nb.collaboration.recovery import Recovery
from timeline_nb.collaboration.shared_document import can_share
from timeline_nb.collaboration.shares_edit import MakeSharing, SharesEdit
from timeline_nb.collaboration.unsaved import UnsavedEdit
from timeline_nb.commands.session import EditSession
from timeline_nb.core.forks import watch_forks
from timeline_nb.core.interrupts import interrupts_held
from timeline_nb.core.locks import new_lock
from timeline_nb.core.started_by import is_typed_into
from timeline_nb.core.user_warnings import warn_user
from timeline_nb.errors import ProjectError
from timeline_nb.i18n import Message
from timeline_nb.project.journal import Snapshot
from timeline_nb.project.whole_edit import parts_of, whole_of
from timeline_nb.timeline.merging.kept_fields import joined_fields
from timeline_nb.timeline.model import Timeline

__all__ = ["Autosave"]

# A step waits so long for its record to be written, though not until the disk has it;
# and not at all while an earlier one is waited for. So a kill loses the step in flight
# alone, and a disk that hangs holds nobody up.
_WAIT_S: Final = 0.1
# What is kept for the editor, as the journal calls a change of it alone.
_BESIDE: Final = "guides and bins"
# Saving, and closing.
_LONG_WAIT_S: Final = 2.0


class Autosave(SharesEdit):
    """Keeps the steps of an edit that are not saved, and offers those of an older one.

    It lives as long as the edit's session, which it does not hold.

    Args:
        session: The edit's session.
        place: The edit's file.
        writer: Writes the journal; None where steps are not kept.
        offered: What an older journal of the project offers.
        follower: Makes a follower of who writes the project's journal.
        sharing: Makes what shares the edit with other kernels, of a session, a project,
            this, and whether to begin at once.

    Attributes:
        changed: Emits when another process begins or ends to edit the project, and when
            what was offered is settled.
    """

    def __init__(  # noqa: PLR0913 - an edit, its file, and what keeps its steps
        self,
        session: EditSession,
        place: ProjectPlace,
        writer: JournalWriter | None,
        *,
        offered: Recovery | None,
        follower: Callable[[Path, "Autosave", Path], Follower],
        sharing: MakeSharing,
    ) -> None:
        super().__init__()
        self._session = weakref.ref(session)
        self._place, self._writer = place, writer
        self._make_follower, self._make_sharing = follower, sharing
        self._saved = session.step.timeline
        # Guards what follows; no file is touched under it.
        self._lock = new_lock("steps that are to be written")
        self._noted, self._noted_editor = session.step.timeline, session.editor_state
        self._number = session.overview.now
        self._made: list[Made] = []
        self._followed: Timeline | None = None
        self._recovery = offered
        self._is_shown = self._is_told = False
        self._told_trouble = ""
        if writer is not None:
            # It is the session's to end it; the signal holds this, not the reverse.
            session.stepped.connect(lambda: self._note())  # noqa: PLW0108 - held so
            ending = weakref.finalize(session, self._end)
            ending.atexit = False
        watch_forks(self)

    def begin_anew(self) -> None:
        """Write nothing in a forked process: the journal is the parent's."""
        self._writer, self._follower, self.sharing = None, None, None
        self._made.clear()
        forget_places()

    # What is offered -------------------------------------------------------------

    @property
    def recovery(self) -> Recovery | None:
        """What an older journal offers; None once it was taken or is not wanted."""
        return self._recovery

    def recover(self) -> Timeline:
        """Take what is offered into the edit, as one step.

        Raises:
            ProjectError: Nothing is offered.
        """
        session, one = self._session(), self._recovery
        if session is None or one is None:
            raise ProjectError(
                Message("nothing is to be recovered: all steps were saved")
            )
        # What kept it until now is removed when the step is written, and not before.
        new, was = one.timeline, parts_of(one.before)[1]
        session.apply(Message("recover"), lambda old: old if old == new else new)
        session.keep(lambda now: joined_fields(was, now, one.editor)[0])
        self._forget_equal(one.whole)
        return new

    def discard(self) -> None:
        """Forget what is offered, and remove it from the disk."""
        if self._recovery is not None:
            self._recovery = None
            if self._writer is not None:
                KEEPER.put(self._writer.refuse_offer).wait(_LONG_WAIT_S)
            self.changed.emit()

    def take_over(self, edit: UnsavedEdit) -> None:
        """Go on with the steps of an unsaved edit, whose journal this replaces."""
        writer = self._writer
        if writer is not None:
            last = Snapshot(
                steps=edit.steps, label=edit.label, at_s=edit.when.timestamp()
            )
            done = KEEPER.put(lambda: writer.begin_unsaved(last, edit.path))
            done.wait(_LONG_WAIT_S)

    # Who else is there -----------------------------------------------------------

    @property
    def elsewhere(self) -> Elsewhere | None:
        """Who else edits the project now; None if nobody does."""
        if self.people:
            return self.people[0]
        journal = self._place.journal
        if journal is None or is_held_here(journal):
            return None
        holder = holder_of(journal)
        if holder is None:
            return None
        is_followed = self._follower is not None
        return elsewhere_of(holder, is_followed=is_followed, follow=self.follow)

    def follow(self) -> None:
        """Show the steps of who else edits the project, until a step of one's own.

        Raises:
            ProjectError: Steps of one's own are not saved, or nobody is there.
        """
        session, journal, path = self._session(), self._place.journal, self._place.path
        if session is None or self._follower is not None:
            return
        if path is None or journal is None or self.elsewhere is None:
            raise ProjectError(Message("nobody else edits this project now"))
        if self._writer is not None and self._writer.has_unsaved:
            raise ProjectError(
                Message(
                    "steps of your own are not saved: save them under "
                    "another name with save(path), then load the project "
                    "again to follow"
                )
            )
        self._followed = session.step.timeline
        self._followed_editor = session.editor_state
        self._follower = self._make_follower(journal, self, path)
        self._follower.start()
        self.changed.emit()

    def keep_apart(self) -> None:
        """Say nothing beside the project: pages share it by its file."""
        if self._writer is not None:
            self._writer.is_apart = True

    def show(self) -> None:
        """Note that a person sees the edit: it is said beside the project, or followed.

        What is made by hand is kept when the process ends, or when no variable holds
        the edit any more.
        """
        if self._writer is not None and not self._is_shown:
            self._is_shown = True
            KEEPER.put(self.claim_place)

    def claim_place(self) -> None:
        """Say beside the project that it is open here, or share what others have.

        It runs on the keeper's thread.
        """
        writer = self._writer
        if writer is None:
            return
        may_share = can_share() and not writer.is_apart
        is_ours = writer.claim_place(shares=may_share)
        others = writer.holder
        if may_share and (is_ours or (others is not None and others.shares)):
            self._share(at_once=not is_ours)
        elif not is_ours and not writer.has_unsaved:
            with contextlib.suppress(ProjectError):
                self.follow()
        if not is_ours:
            self.changed.emit()

    def holder_ended(self) -> None:
        """Take the place of who was followed, and is not there any more."""
        self._follower, writer = None, self._writer
        if writer is not None:
            KEEPER.put(writer.claim_place).wait(_LONG_WAIT_S)
        self.changed.emit()

    # Saving ----------------------------------------------------------------------

    def saving(self, digest: str) -> None:
        """Note what a save is about to write."""
        writer = self._writer
        if writer is not None:
            KEEPER.put(lambda: writer.saving(digest)).wait(_LONG_WAIT_S)

    def not_saved(self) -> None:
        """Note that a save came to nothing."""
        if self._writer is not None:
            KEEPER.put(self._writer.not_saved)

    def saved(self, timeline: Timeline, editor: Mapping[str, Any]) -> None:
        """Empty the journal: the file at the edit's place has all that now."""
        writer, path = self._writer, self._place.path
        whole = whole_of(timeline, editor)
        self._is_told, self._saved = False, timeline
        if self.sharing is not None and path is not None and self._shares(path):
            self.sharing.saved(timeline, self._place.digest or "")
        elif self.sharing is not None:
            self.sharing.close()
            self.sharing = None
        if writer is not None:
            KEEPER.put(lambda: self._write(writer))
            KEEPER.put(lambda: writer.saved(whole)).wait(_LONG_WAIT_S)
            if self._is_shown and self.sharing is None:
                # It has a place only now, or another one.
                KEEPER.put(self.claim_place)
        one = self._recovery
        if one is not None:
            is_saved = one.whole == whole
            self._recovery = None if is_saved else replace(one, before=whole)
            self.changed.emit()

    def warn_of_offer(self) -> None:
        """Warn that what was saved has not what is still offered."""
        if self._recovery is not None and self._writer is not None:
            warn_user(
                f"what was not recovered is not in what was saved ({self._recovery}): "
                "cut.recover() still brings it back, cut.discard_recovery() forgets "
                "it, and tl.unsaved_edits() keeps it until then"
            )

    def stop_following(self) -> None:
        """Follow nobody any more."""
        follower, self._follower = self._follower, None
        if follower is not None:
            follower.stop()

    # Writing ---------------------------------------------------------------------

    def _note(self) -> None:
        """Have the step written that was made, and wait for that if it is quick."""
        session, writer = self._session(), self._writer
        if session is None or writer is None:
            return
        with interrupts_held(), self._lock:
            step, number = session.step, session.overview.now
            is_back, self._number = number < self._number, number
            editor, is_same = session.editor_state, step.timeline is self._noted
            if is_same and editor == self._noted_editor:
                return
            self._noted, self._noted_editor = step.timeline, editor
            whole = whole_of(step.timeline, editor)
            # Who shares the edit and writes its journal writes what is made here, too.
            one = self.sharing
            is_kept = one is not None and one.is_on and not one.is_behind
            is_kept = is_kept and not writer.is_in_place and not is_same
            is_shown = step.timeline is self._followed
            is_followed = is_kept or (is_shown and editor == self._followed_editor)
            is_behind = bool(self._made)
            self._made.append(
                Made(
                    label="undo" if is_back else _BESIDE if is_same else step.label,
                    at_s=time.time(),
                    new=whole,
                    is_followed=is_followed,
                )
            )
        # A step of one's own while another is followed: a person must know at once.
        parts = not is_followed and self._follower is not None
        if not is_followed:
            self.stop_following()
        done = KEEPER.put(lambda: self._write(writer))
        if parts or not is_behind:
            done.wait(_WAIT_S)
        if not is_followed:
            if parts:
                self.changed.emit()
            self._tell(writer)
            self._forget_equal(whole)

    def _forget_equal(self, whole: Timeline) -> None:
        """Forget an offer that steps here have led to: cells that ran again."""
        one = self._recovery
        if one is not None and one.whole == whole:
            self._recovery = None
            if self._writer is not None:
                KEEPER.put(self._writer.take_offer)
            self.changed.emit()

    def _write(self, writer: JournalWriter) -> None:
        with self._lock:
            made, self._made = self._made, []
        if made:
            writer.write(made)

    def _tell(self, writer: JournalWriter) -> None:
        """Warn of what a person must know, once."""
        holder = writer.holder
        if holder is not None and not self._is_told and self._place.path is not None:
            self._is_told = True
            who = elsewhere_of(holder, is_followed=False, follow=None)
            warn_user(
                f"{self._place.path.name} is edited by {who}, too: your steps are seen "
                "here alone, and save() will refuse; save(path) keeps them under "
                "another name, reload() drops them"
            )
            self.changed.emit()
        elif writer.trouble and writer.trouble != self._told_trouble:
            self._told_trouble = writer.trouble
            warn_user(
                f"steps are not kept for a crash: {writer.trouble}; save() still "
                "works, and Settings(autosave=False) says nothing"
            )

    def _end(self) -> None:
        if self.sharing is not None:
            self.sharing.close()
        self._finish(keep=self._is_shown)

    def close(self) -> TurnEnd | None:
        """Write what is left, and end the journal.

        A program makes again what it has made, when it runs again. What a person made,
        by hand or in cells, is kept.
        """
        self._stop_sharing()
        return self._finish(keep=self._is_shown or is_typed_into())

    def _finish(self, *, keep: bool) -> TurnEnd | None:
        self.stop_following()
        writer, self._writer = self._writer, None
        if writer is None:
            return None
        KEEPER.put(lambda: self._write(writer))
        return KEEPER.put(lambda: writer.close(keep=keep))
