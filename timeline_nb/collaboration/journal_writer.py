"""Keeps the journal of one edit: where it lies, and what is in it."""

import contextlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from timeline_nb.collaboration.elsewhere import own_writer
from timeline_nb.collaboration.held_places import (
    give_up_places,
    holder_here,
    is_held_here,
    note_place,
)
from timeline_nb.collaboration.journal_file import (
    JournalFile,
    begin_of,
    holder_of,
    remove_journal,
)
from timeline_nb.collaboration.offer import Offer, Offered
from timeline_nb.collaboration.place import ProjectPlace
from timeline_nb.collaboration.readable_files import ReadableFiles
from timeline_nb.collaboration.unsaved import UnsavedFolder
from timeline_nb.core.file_errors import reason_of
from timeline_nb.errors import ProjectError
from timeline_nb.project.journal import (
    Begin,
    Snapshot,
    Writer,
    begin_record,
    saving_record,
    snapshot_record,
    step_record,
)
from timeline_nb.timeline.model import Timeline

__all__ = ["JournalWriter", "Made"]

# A new file with the whole timeline takes the place of one that has more records, or
# is larger and has so many times the bytes of the whole.
_MOST_RECORDS: Final = 1_000
_LARGE_BYTES: Final = 4_000_000
_MOST_WHOLES: Final = 4


@dataclass(frozen=True)
class Made:
    """A step that was made.

    Args:
        label: Its label.
        at_s: When, in seconds since 1970.
        new: The timeline after it.
        is_followed: Whether another process made it, which writes it.
    """

    label: str
    at_s: float
    new: Timeline
    is_followed: bool = False


class JournalWriter:
    """Writes the journal of an edit; all methods run on the keeper's thread.

    It lies beside the project, or among the unsaved edits where there is none, or
    another process or a later edit of this one has the place.

    Args:
        timeline: As it is in the file, or as the edit began.
        place: The edit's file.
        unsaved: The folder of journals without a project.
        files_of: Keeps which files the edit may read, under a journal's key.
        offered: What an older journal offers; it is kept until that is settled.
    """

    def __init__(
        self,
        timeline: Timeline,
        place: ProjectPlace,
        *,
        unsaved: UnsavedFolder,
        files_of: Callable[[str], ReadableFiles],
        offered: Offered,
    ) -> None:
        self._place, self._unsaved = place, unsaved
        self._base: Timeline | None = timeline
        self._before = self._written = timeline
        self._last = Snapshot()
        self._file: JournalFile | None = None
        self._has_whole = False
        self._whole_bytes = 0
        self._is_saving = False
        self._wants_place = self._shares = False
        # Steps of somebody else, whose process may have ended without saving them.
        self._has_others = False
        self._key = secrets.token_hex(16)
        self._files = files_of(self._key)
        self._offer = Offer(offered, unsaved, place, self._files)
        self.holder: Writer | None = None
        self.trouble = ""
        # Pages that share an edit by its file keep their steps among the unsaved edits.
        self.is_apart = False

    @property
    def _journal(self) -> Path | None:
        """Where the journal belongs beside the project."""
        return None if self.is_apart else self._place.journal

    @property
    def has_unsaved(self) -> bool:
        """Whether steps were made that the file has not."""
        return self._base is None or (
            self._written is not self._base and self._written != self._base
        )

    def write(self, made: Sequence[Made]) -> None:
        """Write steps at the end of the journal."""
        followed = [step for step in made if step.is_followed]
        own = [step for step in made if not step.is_followed]
        if followed:
            self._go_to(followed)
            self._has_others = True
        if not own:
            return
        try:
            self._put_aside(own[-1].new)
            if self._file is None or not self._has_whole:
                # At once: the journal that this replaces may have what they begin with.
                self._go_to(own)
                self._open(whole=True)
            else:
                self._append(self._file, own)
            self.trouble = ""
        except (OSError, MemoryError) as error:
            self._fail(own, reason_of(error))
        except ProjectError as error:
            self._fail(own, str(error))

    def _append(self, file: JournalFile, own: Sequence[Made]) -> None:
        records, before = [], self._written
        for step in own:
            record, beside = step_record(
                step.label, step.at_s, before, step.new, file.path
            )
            records.append(record)
            self._files.note(beside, step.new)
            before = step.new
        is_there = file.append(records)
        self._go_to(own)
        if not is_there:
            # It was removed, or somebody else's took its place.
            self._leave(remove=False)
            self._open(whole=True)
        elif not self._is_saving and self._is_long(file):
            # One that stays long is read all the same.
            with contextlib.suppress(OSError):
                file.replace(self._records(file.path, whole=True))

    def _fail(self, own: Sequence[Made], why: str) -> None:
        """Note the steps: the next that can be written is written with all before."""
        if self._written is not own[-1].new:
            self._go_to(own)
        self._leave(remove=False)
        self.trouble = why

    def _go_to(self, made: Sequence[Made]) -> None:
        last = made[-1]
        self._before, self._written = self._written, last.new
        self._last = Snapshot(
            steps=self._last.steps + len(made),
            label=last.label[:1_000],
            at_s=last.at_s,
        )

    def _is_long(self, file: JournalFile) -> bool:
        is_large = file.size_bytes > max(_LARGE_BYTES, _MOST_WHOLES * self._whole_bytes)
        return is_large or file.records > _MOST_RECORDS

    def _open(self, *, whole: bool) -> None:
        """Begin a journal, beside the project if nobody else has the place.

        Raises:
            OSError: None can be written, neither there nor in the data folder.
        """
        if self._file is not None:
            self._file.replace(self._records(self._file.path, whole=whole))
            return
        self.holder = None
        journal = self._journal
        if journal is not None:
            with contextlib.suppress(OSError):
                if self._take(journal, whole=whole):
                    return
            self.holder = holder_of(journal)
        if whole:
            path = self._unsaved.new_path()
            self._file = JournalFile.take(path, self._records(path, whole=True))

    def _take(self, journal: Path, *, whole: bool) -> bool:
        other = holder_here(journal)
        if other is not None:
            other.leave_place()
        elif holder_of(journal) is not None:
            return False
        else:
            self._offer.rescue(journal, self._base, (self._before, self._written))
        records = self._records(journal, whole=whole)
        # Before it has the name: who asks then is not to see this process elsewhere.
        note_place(journal, self)
        try:
            self._file = JournalFile.take(journal, records)
        finally:
            if self._file is None:
                give_up_places(self)
        if self._file is None:
            return False
        # Who has edited a project and saved it goes on with it, as a rule.
        self._wants_place = True
        return True

    def _records(self, path: Path, *, whole: bool) -> list[bytes]:
        """Return the records that a journal at `path` begins with."""
        is_beside = path == self._journal
        project = self._place.path
        begin = Begin(
            base=self._place.digest or "",
            name=self._written.name,
            project="" if is_beside or project is None else str(project.resolve()),
            key=self._key,
            writer=replace(own_writer(), shares=self._shares),
        )
        records = [begin_record(begin)]
        if self._offer.now is not None and not self.has_unsaved:
            # Until it is settled, it is offered to who opens the project next, too.
            records.append(self._offer.record(self._offer.now, path))
        elif whole:
            records.append(snapshot_record(self._last, self._written, path))
            self._whole_bytes = len(records[-1])
            self._files.note(self._written, self._written)
        self._has_whole = whole and len(records) > 1
        return records

    def _put_aside(self, written: Timeline) -> None:
        """Keep what is offered among the unsaved edits: other steps are made now."""
        if self._offer.now is not None:
            self._has_whole = False
            self._offer.put_aside(written)

    def rescue(self) -> None:
        """Move a journal that is not of the file's state among the unsaved edits."""
        journal = self._journal
        if journal is not None and not is_held_here(journal) and begin_of(journal):
            with contextlib.suppress(OSError):
                if holder_of(journal) is None:
                    self._offer.rescue(
                        journal, self._base, (self._before, self._written)
                    )
                    remove_journal(journal)

    def take_offer(self) -> None:
        """Note that what was offered is in the steps that were written."""
        self._offer.settle()

    def refuse_offer(self) -> None:
        """Forget what was offered: it is not wanted."""
        self._offer.settle()
        self._has_whole = False
        journal = self._journal
        if self._file is None and journal is not None and journal.exists():
            remove_journal(journal)
        elif self._file is not None and not self.has_unsaved:
            with contextlib.suppress(OSError, ProjectError):
                self._file.replace(self._records(self._file.path, whole=False))

    def claim_place(self, *, shares: bool = False) -> bool:
        """Say beside the project that it is open here; return whether it could be.

        Args:
            shares: Whether to say that others may edit with it, too.
        """
        is_news = shares and not self._shares
        self._wants_place = True
        self._shares = self._shares or shares
        if self._journal is None or self.is_in_place:
            if self._file is not None and is_news and not self._is_saving:
                with contextlib.suppress(OSError, ProjectError):
                    records = self._records(self._file.path, whole=self._has_whole)
                    self._file.replace(records)
            return True
        aside, self._file = self._file, None
        is_ours = False
        with contextlib.suppress(OSError, ProjectError):
            is_ours = self._take(self._journal, whole=self.has_unsaved)
        if not is_ours:
            self._file = aside
            self.holder = holder_of(self._journal)
            return self.holder is None
        self.holder = None
        if aside is not None:
            aside.leave(remove=True)
        return True

    @property
    def is_in_place(self) -> bool:
        """Whether this writes the journal beside the project."""
        return self._file is not None and self._file.path == self._journal

    def leave_place(self) -> None:
        """Go on among the unsaved edits: a later edit of this process has the place."""
        with contextlib.suppress(OSError, ProjectError):
            self._put_aside(self._written)
        old, self._file = self._file, None
        give_up_places(self)
        self._has_whole = False
        if self.has_unsaved:
            with contextlib.suppress(OSError, ProjectError):
                path = self._unsaved.new_path()
                self._file = JournalFile.take(path, self._records(path, whole=True))
        if old is not None:
            old.leave(remove=True)

    def saving(self, digest: str) -> None:
        """Note what a save is about to write."""
        self._is_saving = True
        if self._file is not None and self._has_whole:
            with contextlib.suppress(OSError):
                self._file.append([saving_record(digest)])

    def not_saved(self) -> None:
        """Note that a save came to nothing."""
        self._is_saving = False

    def saved(self, timeline: Timeline) -> None:
        """Empty the journal: the file has a timeline now."""
        self._is_saving = False
        last, self._base = self._last, timeline
        with contextlib.suppress(OSError, ProjectError):
            self._put_aside(self._written)
        self._last, self._has_others = Snapshot(), False
        if self.has_unsaved:
            self._last = Snapshot(steps=1, label=last.label, at_s=last.at_s)
        is_needed = self.has_unsaved or self._wants_place
        try:
            self._unsaved.forget_equal(timeline, self._place.path)
            if self.is_in_place and is_needed:
                self._open(whole=self.has_unsaved)
                return
            old, self._file = self._file, None
            give_up_places(self)
            if is_needed:
                self._open(whole=self.has_unsaved)
            if old is not None:
                old.leave(remove=True)
            if not self.is_in_place:
                self.rescue()
        except (OSError, ProjectError):
            self._leave(remove=False)

    def file_is(self, timeline: Timeline) -> None:
        """Note what the file has by now: another process wrote it, or it was read."""
        self._base = timeline
        self._last, self._has_others = Snapshot(), False

    def begin_unsaved(self, last: Snapshot, old: Path) -> None:
        """Take over the steps of an unsaved edit, and remove its journal."""
        self._base, self._last = None, last
        with contextlib.suppress(OSError, ProjectError):
            self._open(whole=True)
            if self._file is not None:
                remove_journal(old)

    def close(self, *, keep: bool) -> None:
        """End the journal; what is unsaved in it is kept or not."""
        is_offering = self._offer.now is not None and not self.has_unsaved
        is_kept = (keep or self._has_others) and self.has_unsaved
        path = None if self.is_in_place or self._file is None else self._file.path
        self._leave(remove=not (is_offering or is_kept))
        if is_kept and path is not None:
            self._unsaved.forget_equal(self._written, self._place.path, but=path)

    def _leave(self, *, remove: bool) -> None:
        give_up_places(self)
        file, self._file = self._file, None
        self._has_whole = False
        if file is not None:
            if not remove:
                self._offer.read = file.mark
            file.leave(remove=remove)
