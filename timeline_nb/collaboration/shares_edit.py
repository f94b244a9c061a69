"""The part of an edit's journal that has to do with a shared document."""

import contextlib
import time
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Protocol

from timeline_nb.access.use import use_scope
from timeline_nb.collaboration.elsewhere import Elsewhere, elsewhere_of
from timeline_nb.collaboration.following import Follower
from timeline_nb.collaboration.held_places import is_held_here
from timeline_nb.collaboration.journal_file import holder_of
from timeline_nb.collaboration.journal_writer import JournalWriter
from timeline_nb.collaboration.keeper import KEEPER
from timeline_nb.collaboration.place import ProjectPlace
from timeline_nb.collaboration.shared_document import can_share
from timeline_nb.collaboration.sharer import Sharer
from timeline_nb.collaboration.sharing import Sharing
from timeline_nb.commands.session import EditSession
from timeline_nb.core.signals import Signal
from timeline_nb.errors import ProjectError
from timeline_nb.i18n import Message
from timeline_nb.project.digests import digest_of_file
from timeline_nb.project.document import editor_in
from timeline_nb.project.whole_edit import parts_of, whole_of
from timeline_nb.timeline.merging.kept_fields import joined_fields
from timeline_nb.timeline.model import Timeline

__all__ = ["MakeSharing", "SharesEdit"]

_LONG_WAIT_S: Final = 2.0
# Of several who save at once, each hears of the others so soon, and in so many turns:
# on a machine with other work, they take longer.
_SAVE_WAIT_S: Final = 3.0
_SAVE_TURNS: Final = 20
_LONGEST_SAVE_WAIT_S: Final = 20.0


class MakeSharing(Protocol):
    """Makes what shares an edit."""

    def __call__(
        self, session: EditSession, project: Path, sharer: Sharer, *, at_once: bool
    ) -> Sharing:
        """Return it; it is not started yet."""


class SharesEdit:
    """The part of an edit's journal that has to do with a shared document.

    Attributes:
        sharing: What shares the edit; None while nobody may edit with it.
    """

    _session: "weakref.ref[EditSession]"
    _place: ProjectPlace
    _writer: JournalWriter | None
    _saved: Timeline
    _followed: Timeline | None
    _make_sharing: MakeSharing

    def __init__(self) -> None:
        self.changed: Signal[()] = Signal("an edit's journal")
        self.sharing: Sharing | None = None
        self._follower: Follower | None = None
        self._followed_editor: Mapping[str, Any] = {}

    @property
    def elsewhere(self) -> Elsewhere | None:
        """Who else edits the project now; None if nobody does."""
        raise NotImplementedError

    def stop_following(self) -> None:
        """Follow nobody any more."""
        raise NotImplementedError

    def follow(self) -> None:
        """Show the steps of who else edits the project.

        Raises:
            ProjectError: Steps of one's own are not saved, or nobody is there.
        """
        raise NotImplementedError

    def claim_place(self) -> None:
        """Say beside the project that it is open here, or share what others have."""
        raise NotImplementedError

    def _write(self, writer: JournalWriter) -> None:
        """Write the steps that were made."""
        raise NotImplementedError

    @property
    def people(self) -> tuple[Elsewhere, ...]:
        """Who else edits together with this edit now."""
        return () if self.sharing is None else self.sharing.people

    def share(self) -> None:
        """Edit together with whoever has the project open, from now on.

        Raises:
            ProjectError: The edit has no file, pycrdt is not installed, who has the
                project open does not share it, or steps cannot be laid down beside it.
        """
        if self._place.journal is None:
            raise ProjectError("an edit without a file cannot be shared: save it first")
        if self._writer is None or not can_share():
            raise ProjectError(
                "a shared edit needs pycrdt, and Settings(autosave=True): "
                "pip install 'timeline-nb[collaboration]'"
            )
        KEEPER.put(self.claim_place).wait(_LONG_WAIT_S)
        if self.sharing is None:
            raise ProjectError(
                f"{self.elsewhere} does not share the project: call share() there, too"
            )
        one = self.sharing
        one.tried.clear()
        one.tried.wait(_LONG_WAIT_S)
        if one.trouble and not one.is_on:
            raise ProjectError(
                f"the edit is not shared, until this is mended: {one.trouble}"
            )

    def _share(self, *, at_once: bool) -> None:
        session, path = self._session(), self._place.path
        if self.sharing is not None or session is None or path is None:
            return
        self.stop_following()
        self.sharing = self._make_sharing(session, path, self, at_once=at_once)
        self.sharing.start()

    def reload_shared(self, timeline: Timeline, digest: str) -> bool:
        """Join what the project's file has by now; return whether the edit is shared.

        Args:
            timeline: What the file has.
            digest: Of the file.
        """
        one = self.sharing
        return one is not None and one.reload(timeline, digest)

    # What is followed ------------------------------------------------------------

    def show_step(self, label: str, new: Timeline) -> bool:
        """Show a step of who is followed; return whether it still is.

        Args:
            label: The step's label.
            new: The edit after it, with what is kept for the editor.
        """
        session, before = self._session(), self._followed
        kept = self._followed_editor
        if session is None or self._follower is None:
            return False
        timeline, editor = parts_of(new)

        def edit(old: Timeline) -> Timeline:
            if old is not before:
                raise ProjectError("a step was made here")
            self._followed = timeline
            return timeline

        def keep(now: Mapping[str, Any]) -> Mapping[str, Any]:
            if now is not kept:
                raise ProjectError("guides or bins were changed here")
            self._followed_editor = editor
            return editor

        try:
            if session.editor_state is not kept:
                return False
            if timeline != before:
                session.apply_other(label or Message("edit"), edit)
            session.keep(keep)
        except ProjectError:
            return False
        return True

    def file_is(self, digest: str, timeline: Timeline) -> None:
        """Note what who is followed has written to the project's file."""
        session, writer = self._session(), self._writer
        self._place.digest, self._saved = digest, parts_of(timeline)[0]
        if writer is not None:
            KEEPER.put(lambda: writer.file_is(timeline))
        if session is not None:
            session.mark_saved(session.step.timeline, session.editor_state)

    # What shares the edit asks and tells ------------------------------------------

    def saved_state(self) -> tuple[Timeline, str]:
        """Return the timeline of the project's file, and its digest, as known here."""
        return self._saved, self._place.digest or ""

    def file_digest(self) -> str:
        """Return the digest of the project's file as it is now; empty without one."""
        path = self._place.path
        return "" if path is None else digest_of_file(path)

    def hears_of_save(self, target: Path, digest: str | None) -> bool:
        """Wait a moment for another save of the shared edit; return whether one came.

        Args:
            target: The project's file.
            digest: Its digest, as it was known before.
        """
        one, began, turns = self.sharing, time.monotonic(), 0
        if one is None or one.project != target.resolve():
            return False
        # Who joins is heard of by the others a moment before it hears of them.
        if not (one.is_on or one.is_wanted):
            return False
        while self._place.digest == digest:
            passed_s = time.monotonic() - began
            is_due = passed_s > _SAVE_WAIT_S and turns >= _SAVE_TURNS
            if is_due or passed_s > _LONGEST_SAVE_WAIT_S:
                break
            one.tried.clear()
            turns += one.tried.wait(_SAVE_WAIT_S / 30)
        return self._place.digest != digest

    def keeps_journal(self) -> bool:
        """Return whether the project's journal is written here."""
        return self._writer is not None and self._writer.is_in_place

    def keep_journal(self) -> None:
        """Write the project's journal if nobody else does by now."""
        journal, writer = self._place.journal, self._writer
        if journal is not None and writer is not None and holder_of(journal) is None:
            KEEPER.put(lambda: writer.claim_place(shares=True)).wait(_LONG_WAIT_S)

    def follow_instead(self) -> None:
        """Follow who has the project, as long as the edit cannot be shared."""
        if self._writer is not None and not self._writer.has_unsaved:
            # Nobody may be there, such as where the project's folder is read-only.
            with contextlib.suppress(ProjectError):
                self.follow()

    def end_following(self) -> Timeline | None:
        """Follow nobody any more; return what was shown of who was followed."""
        shown, self._followed = self._followed, None
        self.stop_following()
        return shown

    def shared_file_is(self, digest: str, timeline: Timeline) -> None:
        """Note what somebody else has written to the project's file."""
        session, writer = self._session(), self._writer
        self._place.digest, self._saved = digest, timeline
        if session is not None:
            self._join_kept(session, digest)
        if writer is not None:
            editor = {} if session is None else session.saved_editor_state
            whole = whole_of(timeline, editor)
            KEEPER.put(lambda: self._write(writer))
            KEEPER.put(lambda: writer.saved(whole))
        if session is not None:
            session.mark_saved(timeline)

    def _join_kept(self, session: EditSession, digest: str) -> None:
        """Join the guides and bins of the project's file with those that are here.

        A journal that has them not would take them back when it is recovered.
        """
        path = self._place.path
        if path is None:
            return
        with contextlib.suppress(ProjectError), use_scope(None):
            theirs = editor_in(path)
            # Of a later file one hears later.
            if digest_of_file(path) == digest:
                session.join_kept(theirs, lambda *three: joined_fields(*three)[0])

    def sharing_changed(self) -> None:
        """Tell who shows the edit that people came or went, or a conflict was found."""
        self.changed.emit()

    def refuse_other(self, target: Path) -> None:
        """Refuse to save over a project that is edited elsewhere now.

        Raises:
            ProjectError: It is; the message says by whom.
        """
        journal = ProjectPlace(target).journal
        if journal is None or is_held_here(journal) or self._shares(target):
            return
        holder = holder_of(journal)
        if holder is not None:
            who = elsewhere_of(holder, is_followed=False, follow=None)
            raise ProjectError(
                f"{target} is edited by {who}: save under another name, such as "
                f"{target.stem + ' 2' + target.suffix!r}, or end it there; "
                "overwrite=True replaces it all the same"
            )

    def _shares(self, target: Path) -> bool:
        """Return whether a file is that of the shared edit."""
        one = self.sharing
        return one is not None and one.is_on and one.project == target.resolve()

    def _stop_sharing(self) -> None:
        one, self.sharing = self.sharing, None
        if one is not None:
            one.close().wait(_LONG_WAIT_S)
