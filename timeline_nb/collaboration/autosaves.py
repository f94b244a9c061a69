"""Journals of all edits of a studio, and what older ones left."""

import time
from functools import partial
from pathlib import Path
from typing import Final
from weakref import WeakSet

from timeline_nb.access.scope import Scope
from timeline_nb.collaboration.autosave import Autosave
from timeline_nb.collaboration.elsewhere import elsewhere_of
from timeline_nb.collaboration.following import Follower
from timeline_nb.collaboration.held_places import is_held_here
from timeline_nb.collaboration.journal_file import holder_of, mark_of
from timeline_nb.collaboration.journal_writer import JournalWriter
from timeline_nb.collaboration.keeper import KEEPER
from timeline_nb.collaboration.leftovers import Leftovers
from timeline_nb.collaboration.offer import Offered
from timeline_nb.collaboration.place import ProjectPlace
from timeline_nb.collaboration.readable_files import ReadableFiles
from timeline_nb.collaboration.recovery import Recovery, recovery_of, replayed
from timeline_nb.collaboration.sharing import Sharing
from timeline_nb.collaboration.unsaved import UnsavedEdit, UnsavedFolder
from timeline_nb.commands.nested_session import NestedSession
from timeline_nb.commands.session import EditSession
from timeline_nb.core.user_warnings import warn_user
from timeline_nb.errors import ProjectError
from timeline_nb.project import document
from timeline_nb.project.document import Project
from timeline_nb.project.journal import Replay
from timeline_nb.project.known import KnownProjects
from timeline_nb.project.whole_edit import whole_of
from timeline_nb.timeline.model import Timeline

__all__ = ["Autosaves"]

_CLOSES_WITHIN_S: Final = 2.0


class Autosaves:
    """Begins a journal for each edit of a studio.

    Args:
        folder: Where journals of edits without a file lie.
        known: Which projects were saved here, with what they could read.
        scope: What may be read.
        max_bytes: The memory that a project or a journal may take.
        is_on: Whether steps are kept; who else has a project is said all the same.
    """

    def __init__(
        self,
        folder: Path,
        known: KnownProjects,
        scope: Scope,
        *,
        max_bytes: int,
        is_on: bool,
    ) -> None:
        self._known, self._scope = known, scope
        self._max_bytes, self._is_on = max_bytes, is_on
        self.unsaved = UnsavedFolder(folder, self._read)
        self._leftovers = Leftovers(self.unsaved, known, scope, max_bytes=max_bytes)
        self._open: WeakSet[Autosave] = WeakSet()

    def begin(
        self, session: EditSession, place: ProjectPlace, project: Project | None
    ) -> Autosave:
        """Return what keeps the steps of an edit.

        Args:
            session: The edit's session.
            place: The edit's file.
            project: As it was read; a warning tells what its journal offers.
        """
        offered, is_other = Offered(), False
        journal = place.journal
        if project is not None and journal is not None:
            offered, is_other = self._found(project, journal)
        writer = None
        # A nested timeline is a part of the edit that keeps it.
        if self._is_on and not isinstance(session, NestedSession):
            writer = JournalWriter(
                whole_of(session.step.timeline, session.editor_state),
                place,
                unsaved=self.unsaved,
                files_of=lambda key: ReadableFiles(self._known, self._scope, key),
                offered=offered,
            )
            if is_other:
                KEEPER.put(writer.rescue)
        made = Autosave(
            session,
            place,
            writer,
            offered=offered.recovery,
            follower=self._follower,
            sharing=partial(
                Sharing,
                rescue=self._leftovers.rescue,
                scope=self._scope,
                max_bytes=self._max_bytes,
            ),
        )
        self._open.add(made)
        return made

    def _found(self, project: Project, journal: Path) -> tuple[Offered, bool]:
        """Return what the journal of a project offers; warn of what a person must know.

        Returns:
            It, and whether the journal is of another state of the file.
        """
        holder = None if is_held_here(journal) else holder_of(journal)
        if holder is not None:
            who = elsewhere_of(holder, is_followed=False, follow=None)
            warn_user(
                f"{project.path.name} is edited by {who}: what is not saved there "
                "is missing here; cut.elsewhere.follow() shows it as it is made"
            )
            return Offered(), False
        if not self._is_on:
            return Offered(), False
        offered, is_other = Offered(), False
        try:
            offered = self._offered(project, journal)
        except ProjectError as error:
            is_other = True
            warn_user(f"{error}: its journal is not applied; see tl.unsaved_edits()")
        is_told = self._rescue_shared(project, offered.recovery)
        if not (is_told or is_other or offered.recovery):
            self._tell_of_others(project)
        return offered, is_other

    def _offered(self, project: Project, journal: Path) -> Offered:
        mark = mark_of(journal)
        found = recovery_of(
            project,
            journal,
            scope=self._scope,
            known=self._known,
            max_bytes=self._max_bytes,
        )
        if found is not None:
            warn_user(
                f"{project.path.name} has {found} which were not saved: cut.recovery "
                "tells what they changed, cut.recover() brings them back, and "
                "cut.discard_recovery() forgets them"
            )
        return Offered(found, mark)

    def _rescue_shared(self, project: Project, recovery: Recovery | None) -> bool:
        """Keep what others left who shared the project and were killed.

        Returns:
            Whether a warning tells of it.
        """
        known = [project.timeline]
        known += [] if recovery is None else [recovery.timeline]
        try:
            found = self._leftovers.rescue(project.path, known)
        except ProjectError as error:
            warn_user(f"{error}; what was shared is not applied")
            return True
        if found is not None:
            warn_user(
                f"{project.path.name} has {found} of an edit that was shared and not "
                "saved: tl.unsaved_edits() lists it, tl.recover() opens it"
            )
        return found is not None

    def _tell_of_others(self, project: Project) -> None:
        """Warn of steps that were put aside, and neither recovered nor discarded."""
        count = self.unsaved.count_of(project.path)
        if count:
            name, plural = project.path.name, "s" * (count != 1)
            warn_user(
                f"{name} has {count} edit{plural} more that nobody saved, begun on an "
                "older state of it: tl.unsaved_edits() lists what there is, "
                "tl.recover(...) opens one, and discard() removes it"
            )

    def _read(self, journal: Path) -> Replay | None:
        return replayed(
            journal,
            scope=self._scope,
            known=self._known,
            max_bytes=self._max_bytes,
        )

    def whole_of(self, edit: UnsavedEdit) -> Timeline:
        """Return an unsaved edit, with what is kept for the editor beside it.

        Raises:
            ProjectError: Its journal is gone, broken, or in use.
        """
        if holder_of(edit.path) is not None:
            raise ProjectError(
                f"{edit.name!r} is being edited: it was recovered before"
            )
        replay = self._read(edit.path)
        if replay is None or replay.timeline is None:
            raise ProjectError(
                f"{edit.name!r} is there no more: tl.unsaved_edits() lists what is"
            )
        return replay.timeline

    def _follower(self, journal: Path, shows: Autosave, project: Path) -> Follower:
        return Follower(
            journal,
            shows,
            scope=self._scope,
            max_bytes=self._max_bytes,
            load=lambda: document.load(
                project,
                max_bytes=self._max_bytes,
                scope=self._scope,
                known=self._known,
            ),
        )

    def close(self) -> None:
        """Write what is left, and end all journals; a disk that hangs is left."""
        ends = time.monotonic() + _CLOSES_WITHIN_S
        for done in [one.close() for one in list(self._open)]:
            if done is not None:
                done.wait(max(0.0, ends - time.monotonic()))
