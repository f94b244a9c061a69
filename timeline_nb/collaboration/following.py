"""Reads the journal of another process, and shows its steps as they are made."""

import contextlib
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from timeline_nb.access.scope import Scope
from timeline_nb.access.use import open_file, use_scope
from timeline_nb.collaboration.journal_file import holder_of
from timeline_nb.core.framing import records_in
from timeline_nb.errors import ProjectError
from timeline_nb.project.document import Project, refuse_faults
from timeline_nb.project.journal import Replay
from timeline_nb.project.whole_edit import whole_of
from timeline_nb.timeline.model import Timeline

__all__ = ["Followed", "Follower"]

_log = logging.getLogger(__name__)
_EVERY_S: Final = 0.2
# Of reading, one after another.
_MOST_FAULTS: Final = 10


class Followed(Protocol):
    """What shows the steps of another process, with what is kept for the editor."""

    def show_step(self, label: str, new: Timeline) -> bool:
        """Show a step; return whether more are wanted."""

    def file_is(self, digest: str, timeline: Timeline) -> None:
        """Note what the project's file has by now."""

    def holder_ended(self) -> None:
        """Note that the other process has ended, or given the project up."""


class Follower:
    """Follows a journal on a thread of its own.

    Args:
        journal: The journal.
        shows: Shows the steps.
        scope: What may be read.
        max_bytes: The memory that what is read may take.
        load: Reads the project's file, after the other one saved it.
    """

    def __init__(
        self,
        journal: Path,
        shows: Followed,
        *,
        scope: Scope,
        max_bytes: int,
        load: Callable[[], Project],
    ) -> None:
        self._journal, self._shows = journal, shows
        self._scope, self._max_bytes, self._load = scope, max_bytes, load
        self._stopped = threading.Event()
        self._file: os.stat_result | None = None
        self._place = 0
        self._replay = Replay(journal, scope, max_bytes)
        self._shown: Timeline | None = None
        self._base = ""

    def start(self) -> None:
        """Begin; returns at once."""
        thread = threading.Thread(
            target=self._run, name="timeline_nb follower", daemon=True
        )
        thread.start()

    def stop(self) -> None:
        """Follow no longer."""
        self._stopped.set()

    def _run(self) -> None:
        faults = 0
        while not self._stopped.wait(_EVERY_S):
            # In this order: what was written before the end is read.
            is_there = holder_of(self._journal) is not None
            try:
                if not self._read():
                    return
                faults = 0
            except (ProjectError, OSError) as error:
                faults += 1
                if faults > _MOST_FAULTS:
                    _log.warning(
                        "%s is not followed any more: %s", self._journal, error
                    )
                    return
            if not is_there:
                with contextlib.suppress(ProjectError):
                    self._read_file()
                self._shows.holder_ended()
                return

    def _read(self) -> bool:
        """Show what was written since; return whether it is still followed.

        Raises:
            OSError: There is no journal by now.
            ProjectError: It cannot be read.
        """
        with use_scope(None), open_file(self._journal) as file:
            status = os.fstat(file.fileno())
            if self._file is None or not os.path.samestat(self._file, status):
                self._file, self._place = status, 0
                self._replay = Replay(self._journal, self._scope, self._max_bytes)
            if status.st_size > self._max_bytes // 2:
                raise ProjectError(f"{self._journal} is too large to be followed")
            file.seek(self._place)
            data = file.read(status.st_size - self._place)
        read = 0
        for record, end in records_in(data):
            self._replay.take(record)
            read = end
        self._place += read
        return self._show()

    def _read_file(self) -> None:
        """Show what the other one saved last, if that was not seen.

        Raises:
            ProjectError: The project's file cannot be read.
        """
        project = self._load()
        whole = whole_of(project.timeline, project.editor)
        if project.digest != self._base and self._show_one(whole):
            self._shows.file_is(project.digest, whole)

    def _show(self) -> bool:
        replay = self._replay
        if replay.begin is None:
            return True
        target = replay.timeline
        if replay.base != self._base:
            project = self._load()
            if project.digest == replay.base:
                self._base = replay.base
                target = target or whole_of(project.timeline, project.editor)
                if not self._show_one(target):
                    return False
                if replay.steps_since(self._base) == 0:
                    self._shows.file_is(project.digest, target)
        return target is None or self._show_one(target)

    def _show_one(self, target: Timeline) -> bool:
        if target is self._shown:
            return True
        refuse_faults(target, str(self._journal))
        self._shown = target
        return self._shows.show_step(self._replay.label, target)
