"""One kernel's copy of an edit that several share: its document, and its timeline."""

import time
from collections.abc import Sequence
from pathlib import Path

from timeline_nb.access.scope import Scope
from timeline_nb.collaboration.shared_document import SharedDocument
from timeline_nb.collaboration.shared_fold import Fold, Seen, SharedState
from timeline_nb.core.bounded_json import MAX_PROJECT_BYTES
from timeline_nb.errors import ProjectError
from timeline_nb.project.shared_steps import (
    MAX_SHARED_STEPS,
    SharedEntry,
    SharedStep,
    read_entry,
    step_entry,
)
from timeline_nb.timeline.model import Timeline

__all__ = ["Replica"]


class Replica:
    """A copy of a shared edit; it is used on the thread that made it alone.

    Args:
        base: The timeline that all began with.
        digest: That of the file that holds it.
        author: The id of who makes steps here.
        project: The project's file.
        scope: What may be read.
        max_bytes: The memory that a step may take.

    Attributes:
        folded: What the steps lead to that are known here.
        made: How many steps were made here.

    Raises:
        ProjectError: The extra `collaboration` is not installed.
    """

    def __init__(  # noqa: PLR0913 - what is shared, by whom, and what may be read
        self,
        base: Timeline,
        digest: str,
        author: str,
        project: Path,
        *,
        scope: Scope | None = None,
        max_bytes: int = MAX_PROJECT_BYTES,
    ) -> None:
        self._author, self._project = author, project
        self._scope, self._max_bytes = scope, max_bytes
        self._document = SharedDocument()
        self._fold = Fold(base, digest)
        # None stands for what is no step.
        self._read: dict[bytes, SharedEntry | None] = {}
        self._entries: list[SharedEntry] = []
        self.made, self._saves = 0, 0
        self.folded: SharedState = self._fold(())

    def add(
        self,
        label: str,
        new: Timeline,
        *,
        after: Seen | None = None,
        saved: str = "",
    ) -> bytes:
        """Make a step; return the update that makes it elsewhere.

        Args:
            label: Its label.
            new: The author's timeline after it.
            after: Which steps it follows; all that are known here if not given.
            saved: The digest of a file that has `new`.

        Raises:
            ProjectError: A value has no JSON form, or too many steps were shared.
        """
        seen = self.folded.seen if after is None else after
        update = self._add(self._author, self.made + 1, seen, (label, new, saved))
        self.made += 1
        return update

    def add_file(self, new: Timeline, digest: str, *, after: str) -> bytes:
        """Make a step of what another program wrote to the project's file.

        Whoever makes it makes the same one.

        Args:
            new: What the file has.
            digest: That of the file.
            after: The digest of the file before.

        Raises:
            ProjectError: As of `add`.
        """
        seen = self.state_of(after) or {}
        return self._add(f"file {digest[:40]}", 1, seen, ("reload", new, digest))

    def add_save(self, digest: str, seen: Seen | None) -> bytes:
        """Make a step of a save that not all steps made here are in.

        Args:
            digest: That of the file.
            seen: Which steps the file surely has; None if that is not known.

        Raises:
            ProjectError: As of `add`.
        """
        seen = seen or {}
        self._saves += 1
        author = f"{self._author} save {self._saves}"
        return self._add(author, 1, seen, ("save", self.view(seen), digest))

    def _add(
        self, author: str, number: int, seen: Seen, made: tuple[str, Timeline, str]
    ) -> bytes:
        label, new, saved = made
        if len(self._read) >= MAX_SHARED_STEPS:
            raise ProjectError(
                f"{self._project.name}: {MAX_SHARED_STEPS:,} steps were shared, and "
                "more cannot be: save, and open the project again"
            )
        old = self._fold.view(self._entries, seen).timeline
        step = SharedStep(
            author=author,
            number=number,
            seen=dict(seen),
            label=label[:1_000],
            at_s=time.time(),
            saved=saved,
        )
        record, entry = step_entry(step, old, old if new == old else new, self._project)
        self._read[record] = entry
        update = self._document.add(record)
        self._go_on()
        return update

    def take(self, update: bytes, where: str) -> None:
        """Take steps of somebody else; `go_on` finds what they lead to.

        Raises:
            ProjectError: It is no update; `where` names its file.
        """
        self._document.take(update, where)

    def go_on(self) -> Sequence[SharedEntry]:
        """Find what all steps lead to; return those that are new here.

        What is no step is left out.
        """
        before = self.folded.seen
        self._go_on()
        return [
            one
            for one in self._entries
            if before.get(one.step.author, 0)
            < one.step.number
            <= self.folded.seen.get(one.step.author, 0)
        ]

    def _go_on(self) -> None:
        found = [self._entry(record) for record in self._document.records()]
        self._entries = [entry for entry in found if entry is not None]
        self.folded = self._fold(self._entries)

    def view(self, seen: Seen) -> Timeline:
        """Return the timeline that some of the steps lead to."""
        return self._fold.view(self._entries, seen).timeline

    def state_of(self, digest: str) -> Seen | None:
        """Return which steps a file has; None if none here has its digest."""
        if digest == self._fold(()).saved[0]:
            return {}
        for entry in reversed(self._entries):
            step = entry.step
            if step.saved == digest:
                return {**step.seen, step.author: step.number}
        return None

    @property
    def saves(self) -> set[str]:
        """The digests of all files that were saved, as far as it is known here."""
        first = self._fold(()).saved[0]
        return {first, *(one.step.saved for one in self._entries)} - {""}

    def __len__(self) -> int:
        """Return how many steps are known here."""
        return len(self._entries)

    def whole(self) -> bytes:
        """Return one update that makes all of the steps."""
        return self._document.whole()

    @property
    def left_out(self) -> int:
        """How many parts of the document are no steps."""
        return sum(entry is None for entry in self._read.values())

    def _entry(self, record: bytes) -> SharedEntry | None:
        if record not in self._read:
            try:
                made = read_entry(
                    record,
                    self._project,
                    scope=self._scope,
                    max_bytes=self._max_bytes,
                )
            except ProjectError:
                made = None
            self._read[record] = made
        return self._read[record]
