"""Edits that were never saved, whose journals lie in the folder of user data."""

import contextlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from timeline_nb.collaboration.journal_file import (
    JournalFile,
    begin_of,
    holder_of,
    remove_journal,
)
from timeline_nb.collaboration.recovery import time_of
from timeline_nb.core.partials import sweep
from timeline_nb.errors import ProjectError
from timeline_nb.project.journal import Begin, Replay, begin_record
from timeline_nb.timeline.model import Timeline

__all__ = ["UnsavedEdit", "UnsavedFolder"]

# Journals that nobody writes any more; the oldest are removed.
_MOST_KEPT: Final = 50
_SUFFIX: Final = ".journal"


@dataclass(frozen=True, eq=False)
class UnsavedEdit:
    """An edit whose steps were not saved, as its journal has it; see `tl.recover`.

    Args:
        name: The edit's name.
        when: When its last step was made.
        steps: How many there are.
        label: The last one's label.
        project: The project's file that it was begun on; None if it had none.
        path: The journal.
    """

    name: str
    when: datetime
    steps: int
    label: str
    project: Path | None
    path: Path = field(repr=False)

    def discard(self) -> None:
        """Remove the journal: the steps are gone.

        Raises:
            ProjectError: Another process has the edit by now.
        """
        try:
            taken = JournalFile.take(self.path, [begin_record(Begin())])
        except OSError as error:
            raise ProjectError(f"{self.path} cannot be removed: {error}") from error
        if taken is None:
            raise ProjectError(f"{self.name!r} was recovered elsewhere, and is in use")
        taken.leave(remove=True)

    def __repr__(self) -> str:
        of = "" if self.project is None else f" of {self.project.name}"
        count = f"{self.steps} step{'s' * (self.steps != 1)}"
        return (
            f"<UnsavedEdit {self.name!r}{of}: {count}, the last {self.label!r} at "
            f"{self.when:%Y-%m-%d %H:%M:%S}>"
        )


class UnsavedFolder:
    """The journals of edits that were never saved.

    Args:
        folder: Where they lie; made when it is needed, with the permissions 0700.
        read: Reads a journal.
    """

    def __init__(self, folder: Path, read: Callable[[Path], Replay | None]) -> None:
        self._folder = folder
        self.read = read

    def new_path(self) -> Path:
        """Return the name of a new journal, and make room for it.

        Raises:
            OSError: The folder cannot be made.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        sweep(self._folder)
        for path in self._paths()[_MOST_KEPT - 1 :]:
            if holder_of(path) is None:
                with contextlib.suppress(OSError):
                    path.unlink()
        return self._folder / f"{secrets.token_hex(8)}{_SUFFIX}"

    def edits(self) -> list[UnsavedEdit]:
        """Return the edits that nobody works on now, the newest first.

        Journals that cannot be read are left out.
        """
        found = []
        for path in self._paths():
            if holder_of(path) is not None:
                continue
            with contextlib.suppress(ProjectError):
                replay = self.read(path)
                if replay is None or replay.begin is None or replay.timeline is None:
                    continue
                own = replay.begin.project
                found.append(
                    UnsavedEdit(
                        name=replay.timeline.name,
                        when=time_of(replay),
                        steps=replay.made,
                        label=replay.label,
                        project=Path(own) if own else None,
                        path=path,
                    )
                )
        return sorted(found, key=lambda one: one.when, reverse=True)

    def count_of(self, project: Path) -> int:
        """Return how many edits of a project nobody saved, nor works on now."""
        return sum(
            _project_of(path) == str(project.resolve()) and holder_of(path) is None
            for path in self._paths()
        )

    def forget_equal(
        self, timeline: Timeline, project: Path | None, *, but: Path | None = None
    ) -> None:
        """Remove the journals that lead to a timeline, which is kept elsewhere.

        Such as of cells that ran again.

        Args:
            timeline: The timeline.
            project: Its project's file: only its journals, and those of none.
            but: The journal that is left.
        """
        ours = {"", "" if project is None else str(project.resolve())}
        for path in self._paths():
            begin = begin_of(path)
            if path == but or begin is None or begin.name != timeline.name:
                continue
            if begin.project in ours and holder_of(path) is None:
                with contextlib.suppress(ProjectError):
                    replay = self.read(path)
                    if replay is not None and replay.timeline == timeline:
                        remove_journal(path)

    def _paths(self) -> list[Path]:
        """Return the journals, that which was changed last first."""
        dated = []
        with contextlib.suppress(OSError):
            for path in self._folder.glob(f"*{_SUFFIX}"):
                with contextlib.suppress(OSError):
                    dated.append((path.stat().st_mtime_ns, path))
        return [path for _, path in sorted(dated, reverse=True)]


def _project_of(path: Path) -> str:
    begin = begin_of(path)
    return "" if begin is None else begin.project
