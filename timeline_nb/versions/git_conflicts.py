"""A project that git left in conflict: what is open, what was settled, and its file.

What a person chose is kept in the repository's `.git` until another merge, so that
conflicts can be settled one after another.
"""

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from timeline_nb.access.use import use_scope
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.file_limits import FileLimit, read_limited
from timeline_nb.core.files import write_atomic
from timeline_nb.core.structs import from_json, to_json
from timeline_nb.errors import ProjectError
from timeline_nb.timeline.merging.merged import MergedTimelines
from timeline_nb.timeline.model import Timeline
from timeline_nb.versions.git_files import merge_bytes, read_version, written_version
from timeline_nb.versions.git_program import git, repository_of

__all__ = ["GitConflict", "conflict_of"]

_RECORD_BYTES: Final = FileLimit("TIMELINE_NB_MAX_SETTLED_BYTES", 10_000_000)
_PROJECT_BYTES: Final = FileLimit("TIMELINE_NB_MAX_GIT_BYTES", 500_000_000)
# How git marks what it merged line by line, without the driver.
_MARKER: Final = b"<<<<<<< "


class _Settled(Struct, frozen=True, forbid_unknown_fields=True):
    """What was settled of a merge.

    Args:
        versions: Names the three versions that are merged.
        choices: In order, as on the command line: `0=theirs`.
    """

    versions: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class GitConflict:
    """A project that git left in conflict.

    Args:
        path: The project in the working tree.
        merged: The merge, with nothing settled.
        choices: What was settled before, in order: `0=theirs`.
        versions: Names the three versions.
        record: The file that keeps the choices.
    """

    path: Path
    merged: MergedTimelines
    choices: tuple[str, ...]
    versions: str
    record: Path

    def check_unchanged(self, expected: Timeline) -> None:
        """Check that the file is what git's merge, or settling, made of it.

        Args:
            expected: The merge as it was last written.

        Raises:
            ProjectError: Somebody changed the file since.
        """
        with file_errors(self.path, ProjectError, verb="read"), use_scope(None):
            if not self.path.exists():
                return
            data = read_limited(self.path, _PROJECT_BYTES, ProjectError)
        if _MARKER in data:
            return
        try:
            found = read_version(data, self.path.name, self.path.parent)
            is_same = self._text(found) == self._text(expected)
        except ProjectError:
            is_same = False
        if not is_same:
            raise ProjectError(
                f"{self.path} was changed since git merged it, and settling would "
                "write over that: git add it as it is, or pass --overwrite"
            )

    def write(self, timeline: Timeline, choices: tuple[str, ...]) -> None:
        """Write the project, and keep what was settled.

        Raises:
            ProjectError: A file cannot be written.
        """
        with file_errors(self.record, ProjectError):
            self.record.parent.mkdir(exist_ok=True)
            write_atomic(self.record, to_json(_Settled(self.versions, choices)))
        with file_errors(self.path, ProjectError):
            write_atomic(self.path.resolve(), self._text(timeline))

    def _text(self, timeline: Timeline) -> bytes:
        return written_version(timeline, self.path, self.merged.editor)


def conflict_of(path: Path) -> GitConflict:
    """Return the merge of a project that git left in conflict.

    Raises:
        ProjectError: It is in no repository, or in no conflict there.
    """
    top = repository_of(
        path.resolve().parent,
        advice="give a project in the repository whose merge git left in conflict",
    )
    name = path.resolve().relative_to(top.resolve()).as_posix()
    stages = [
        git(top, "show", f":{number}:{name}", check=False) for number in (1, 2, 3)
    ]
    if bool(stages[1]) != bool(stages[2]) and stages[0]:
        raise ProjectError(
            f"{path}: one side deleted it, and the other changed it: git add it to "
            "keep it, git rm it to delete it"
        )
    if not stages[1] or not stages[2]:
        raise ProjectError(f"{path} is in no conflict of a merge that git has begun")
    merged = merge_bytes(stages[0], stages[1], stages[2], path)
    own = git(top, "rev-parse", "--absolute-git-dir").decode(errors="surrogateescape")
    file = f"{_digest(name.encode(errors='surrogateescape'))}.json"
    record = Path(own.rstrip("\n")) / "timeline-nb" / file
    versions = _digest(*stages)
    choices = _choices(record, versions)
    return GitConflict(path, merged, choices, versions, record)


def _digest(*parts: bytes) -> str:
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _choices(record: Path, versions: str) -> tuple[str, ...]:
    """Return what was settled of these versions; nothing if that is not known."""
    try:
        with use_scope(None):
            known = from_json(
                read_limited(record, _RECORD_BYTES, ProjectError), _Settled
            )
    except (ProjectError, msgspec.DecodeError, UnicodeDecodeError):
        return ()
    return known.choices if known.versions == versions else ()
