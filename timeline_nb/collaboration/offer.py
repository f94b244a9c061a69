"""What an older journal offers, until a person has taken or refused it."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from timeline_nb.collaboration.journal_file import (
    FileMark,
    JournalFile,
    mark_of,
    remove_journal,
)
from timeline_nb.collaboration.place import ProjectPlace
from timeline_nb.collaboration.readable_files import ReadableFiles
from timeline_nb.collaboration.recovery import Recovery, recovery_in
from timeline_nb.collaboration.unsaved import UnsavedFolder
from timeline_nb.errors import ProjectError
from timeline_nb.project.journal import Begin, Snapshot, begin_record, snapshot_record
from timeline_nb.timeline.model import Timeline

__all__ = ["Offer", "Offered"]


@dataclass(frozen=True)
class Offered:
    """What was found in the journal of a project when that was opened.

    Args:
        recovery: Steps that were not saved, if there are any.
        read: The mark of the journal that was read; None if it could not be.
    """

    recovery: Recovery | None = None
    read: FileMark | None = None


class Offer:
    """Keeps what is offered, wherever it has to go; used on the keeper's thread.

    Args:
        found: What is offered, if anything.
        unsaved: The folder of journals without a project.
        place: The edit's file.
        files: Keeps which files may be read, and knows the key.
    """

    def __init__(
        self,
        found: Offered,
        unsaved: UnsavedFolder,
        place: ProjectPlace,
        files: ReadableFiles,
    ) -> None:
        self.now = found.recovery
        # Of a journal that has nothing else, or is this edit's own.
        self.read = found.read
        self._unsaved, self._place, self._files = unsaved, place, files
        self._is_settled = False
        self._aside: Path | None = None

    def record(self, one: Recovery, path: Path) -> bytes:
        """Return the record of what is offered, for a journal at `path`."""
        head = Snapshot(
            steps=one.steps, label=one.label[:1_000], at_s=one.when.timestamp()
        )
        self._files.note(one.whole, one.whole)
        return snapshot_record(head, one.whole, path)

    def put_aside(self, written: Timeline) -> None:
        """Keep it among the unsaved edits, unless it is what is written anyway.

        Raises:
            OSError: It cannot be kept.
        """
        one = self.now
        if one is not None:
            if one.whole != written:
                self._aside = self._kept(one)
            self.now, self._is_settled = None, True

    def rescue(
        self, journal: Path, base: Timeline | None, written: Sequence[Timeline]
    ) -> None:
        """Keep the steps of a journal that nobody was offered, before it is replaced.

        Args:
            journal: The journal.
            base: The timeline of the file.
            written: Timelines that this edit had: they were followed, or made again.

        Raises:
            OSError: They cannot be kept.
        """
        if self.now is not None or self._is_settled:
            return
        # To read a long one takes longer than a step waits for its record.
        mark = mark_of(journal)
        if mark is None or mark == self.read:
            return
        with contextlib.suppress(ProjectError):
            replay = self._unsaved.read(journal)
            found = recovery_in(replay, base, self._place.digest)
            if found is not None and found.whole not in written:
                self._kept(found)

    def settle(self) -> None:
        """Forget it: it was taken, or is not wanted."""
        self.now, self._is_settled = None, True
        aside, self._aside = self._aside, None
        if aside is not None:
            remove_journal(aside)

    def _kept(self, one: Recovery) -> Path | None:
        path, project = self._unsaved.new_path(), self._place.path
        begin = Begin(
            name=one.whole.name,
            project="" if project is None else str(project.resolve()),
            key=self._files.key,
        )
        made = JournalFile.take(path, [begin_record(begin), self.record(one, path)])
        if made is None:
            return None
        made.leave(remove=False)
        return path
