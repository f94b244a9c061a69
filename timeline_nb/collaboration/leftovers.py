"""What a shared edit left whose kernels were all killed: kept as an unsaved edit."""

import contextlib
import secrets
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from timeline_nb.access.scope import Scope
from timeline_nb.collaboration.journal_file import JournalFile
from timeline_nb.collaboration.readable_files import ReadableFiles
from timeline_nb.collaboration.recovery import Recovery
from timeline_nb.collaboration.replica import Replica
from timeline_nb.collaboration.shared_document import can_share
from timeline_nb.collaboration.shared_folder import SharedFolder
from timeline_nb.collaboration.unsaved import UnsavedFolder
from timeline_nb.errors import ProjectError
from timeline_nb.project.journal import Begin, Snapshot, begin_record, snapshot_record
from timeline_nb.project.known import KnownProjects
from timeline_nb.timeline.model import Timeline

__all__ = ["Leftovers"]


class Leftovers:
    """Keeps the steps of shared edits that nobody has open any more.

    Args:
        unsaved: The folder of edits that were never saved.
        known: Keeps which files they may read.
        scope: What may be read.
        max_bytes: The memory that an edit may take.
    """

    def __init__(
        self,
        unsaved: UnsavedFolder,
        known: KnownProjects,
        scope: Scope,
        *,
        max_bytes: int,
    ) -> None:
        self._unsaved, self._known = unsaved, known
        self._scope, self._max_bytes = scope, max_bytes

    def rescue(self, project: Path, has: Collection[Timeline]) -> Recovery | None:
        """Keep what a shared edit of a project left, and remove its folder.

        Args:
            project: The project's file.
            has: Timelines that are kept elsewhere.

        Returns:
            The steps that were kept among the unsaved edits; None if there are none, or
            somebody shares the edit now.

        Raises:
            ProjectError: What was left cannot be read, or not be kept.
        """
        folder = SharedFolder(
            project, "nobody", scope=self._scope, max_bytes=self._max_bytes
        )
        if not folder.exists or not can_share() or folder.members():
            return None
        found = self._found(folder)
        if found is not None and _plain(found.timeline) in map(_plain, has):
            found = None
        if found is not None:
            try:
                self._keep(found, folder.project)
            except OSError as error:
                raise ProjectError(
                    f"what is in {folder.path} cannot be kept: {error}"
                ) from error
        folder.leave(remove=True)
        return found

    def _found(self, folder: SharedFolder) -> Recovery | None:
        base = folder.look()
        if base is None:
            return None
        replica = Replica(
            base.timeline,
            base.digest,
            "nobody",
            folder.project,
            scope=self._scope,
            max_bytes=self._max_bytes,
        )
        for name, update in folder.updates():
            with contextlib.suppress(ProjectError):
                replica.take(update, name)
        steps = [one.step for one in replica.go_on() if one.step.delta is not None]
        seen = replica.folded.saved[1]
        unsaved = [one for one in steps if one.number > seen.get(one.author, 0)]
        if not unsaved:
            return None
        return Recovery(
            whole=replica.folded.timeline,
            when=datetime.fromtimestamp(unsaved[-1].at_s, UTC).astimezone(),
            steps=len(unsaved),
            label=unsaved[-1].label,
            before=replica.view(seen),
        )

    def _keep(self, one: Recovery, project: Path) -> None:
        path = self._unsaved.new_path()
        files = ReadableFiles(self._known, self._scope, secrets.token_hex(16))
        files.note(one.timeline, one.timeline)
        begin = Begin(name=one.timeline.name, project=str(project), key=files.key)
        head = Snapshot(
            steps=one.steps, label=one.label[:1_000], at_s=one.when.timestamp()
        )
        records = [begin_record(begin), snapshot_record(head, one.timeline, path)]
        made = JournalFile.take(path, records)
        if made is None:
            raise FileExistsError(f"{path} is another's")
        made.leave(remove=False)


def _plain(timeline: Timeline) -> Timeline:
    """Return a timeline without the number of the next item, which each kernel has."""
    return replace(timeline, next_id=0)
