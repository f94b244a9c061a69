"""What a journal offers when its project is opened: steps that were never saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, Final

from timeline_nb.access.scope import Scope
from timeline_nb.collaboration.journal_file import begin_of
from timeline_nb.errors import ProjectError
from timeline_nb.project.document import Project
from timeline_nb.project.journal import Replay, read_journal
from timeline_nb.project.known import KnownProjects
from timeline_nb.project.whole_edit import parts_of, whole_of
from timeline_nb.timeline.comparing.difference import Diff
from timeline_nb.timeline.model import Timeline

__all__ = [
    "Recovery",
    "known_key",
    "recovery_in",
    "recovery_of",
    "replayed",
    "time_of",
]

_SHOWN: Final = 3


@dataclass(frozen=True, eq=False)
class Recovery:
    """Steps of an edit that were not saved, as its journal has them.

    Args:
        whole: The edit after the last of them, with what is kept for the editor.
        when: When the last was made.
        steps: How many there are.
        label: The last one's label.
        before: The same without them, for `changes`.
    """

    whole: Timeline = field(repr=False)
    when: datetime
    steps: int
    label: str
    before: Timeline = field(repr=False)

    @property
    def timeline(self) -> Timeline:
        """The edit after the last of them."""
        return parts_of(self.whole)[0]

    @property
    def editor(self) -> Mapping[str, Any]:
        """What is kept for the editor after the last of them: guides and bins."""
        return parts_of(self.whole)[1]

    @cached_property
    def changes(self) -> Diff:
        """What the steps changed, as `tl.diff` says it."""
        before, kept = parts_of(self.before)
        return Diff(
            before,
            self.timeline,
            names=("saved", "with these steps"),
            kept=(kept, self.editor),
        )

    def __str__(self) -> str:
        count = f"{self.steps} step{'s' * (self.steps != 1)}"
        last = f", the last {self.label!r}" if self.label else ""
        return f"{count}{last} at {self.when:%Y-%m-%d %H:%M:%S}"

    def __repr__(self) -> str:
        shown = "; ".join(str(change) for change in self.changes[:_SHOWN])
        rest = len(self.changes) - _SHOWN
        more = f" and {rest} more changes" if rest > 0 else ""
        shown = shown or "no change"
        return f"<Recovery of {self}: {shown}{more}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(str(self))}</p>{self.changes._repr_html_()}"


def recovery_of(
    project: Project,
    journal: Path,
    *,
    scope: Scope,
    known: KnownProjects,
    max_bytes: int,
) -> Recovery | None:
    """Return what the journal of a project offers; None if all of it was saved.

    Raises:
        ProjectError: The journal is broken, or was begun on another state of the file.
    """
    replay = replayed(journal, scope=scope, known=known, max_bytes=max_bytes)
    saved = whole_of(project.timeline, project.editor)
    if replay is None or replay.timeline in (None, saved):
        return None
    if replay.steps_since(project.digest) is None:
        raise ProjectError(
            f"{journal.name} has steps on another state of {project.path.name}, which "
            "was changed since"
        )
    return recovery_in(replay, saved, project.digest)


def recovery_in(
    replay: Replay | None, before: Timeline | None, digest: str | None
) -> Recovery | None:
    """Return what a journal has that a project's file has not; None if there is none.

    A save that the journal announces may never have come to the file: what the file has
    follows from its digest alone.

    Args:
        replay: The journal.
        before: The edit of the file, if there is one, with what is kept beside it.
        digest: The file's digest. Of a state that the journal does not know, the file
            has none of its steps.
    """
    if replay is None or replay.timeline is None or replay.timeline == before:
        return None
    since = replay.steps_since(digest) if digest is not None else None
    steps = replay.made if since is None else since
    if not steps:
        return None
    return Recovery(
        whole=replay.timeline,
        when=time_of(replay),
        steps=steps,
        label=replay.label,
        before=replay.timeline if before is None else before,
    )


def replayed(
    journal: Path, *, scope: Scope, known: KnownProjects, max_bytes: int
) -> Replay | None:
    """Read a journal, and allow what its edit could read when it was written here.

    Raises:
        ProjectError: It is broken, or too large.
    """
    begin = begin_of(journal)
    if begin is not None and begin.key:
        known.allow_files(known_key(begin.key), scope)
    return read_journal(journal, scope=scope, max_bytes=max_bytes)


def known_key(key: str) -> bytes:
    """Return the content under which a journal's files are known; no project's."""
    return f"journal {key}".encode(errors="replace")


def time_of(replay: Replay) -> datetime:
    """Return when the last step of a journal was made, as clocks here show it."""
    return datetime.fromtimestamp(replay.at_s, UTC).astimezone()
