"""The journal of an edit that is not saved: its steps, as they are read after a kill.

A journal lies beside its project. It begins with what the project's file was, then has
the whole timeline before the first step, and each step. What a save is about to write
is noted before, so that the steps after it differ from those that the file has.

What is read may be anybody's: it is bounded, and checked as a project is.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import msgspec

from timeline_nb.access.scope import Scope
from timeline_nb.access.use import open_file, use_scope
from timeline_nb.core.bounded_json import MAX_PROJECT_BYTES
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.framing import framed, records_in
from timeline_nb.core.structs import fault_of
from timeline_nb.errors import ProjectError
from timeline_nb.project.delta import Delta, applied, delta_between
from timeline_nb.project.document import parsed, refuse_faults
from timeline_nb.project.writing import project_text
from timeline_nb.timeline.model import Timeline

__all__ = [
    "MAX_RECORDS",
    "Begin",
    "Replay",
    "Saving",
    "Snapshot",
    "StepRecord",
    "Writer",
    "begin_record",
    "journal_path",
    "read_journal",
    "saving_record",
    "snapshot_record",
    "step_record",
]

VERSION: Final = 1
# Writers begin a new file long before.
MAX_RECORDS: Final = 5_000
# The line before a record's timeline: a delta of 1,000 tracks has some 10 KB.
_MAX_HEAD_BYTES: Final = 200_000
_MAX_BEGIN_BYTES: Final = 20_000

_Short: TypeAlias = Annotated[str, msgspec.Meta(max_length=1_000)]
_Long: TypeAlias = Annotated[str, msgspec.Meta(max_length=4_096)]
_Seconds: TypeAlias = Annotated[float, msgspec.Meta(ge=0, le=1e11)]
_Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**40)]


class Writer(msgspec.Struct, frozen=True, kw_only=True):
    """Who writes a journal.

    Args:
        user: The name of the person's account.
        host: The machine.
        place: The notebook, where that is known, or the program.
        pid: The process.
        since_s: When it began, in seconds since 1970.
        shares: Whether others may edit with it, in a shared document.
    """

    user: _Short = ""
    host: _Short = ""
    place: _Short = ""
    pid: _Count = 0
    since_s: _Seconds = 0.0
    shares: bool = False


class Begin(msgspec.Struct, frozen=True, kw_only=True, tag="begin"):
    """The first record.

    Args:
        version: Of the journal's form.
        base: The digest of the project's file; empty of an edit that was never saved.
        name: The edit's name.
        project: Where the project's file is; empty where the journal lies beside it.
        key: Under which this machine knows what the edit could read.
        writer: Who writes it.
    """

    version: int = VERSION
    base: _Short = ""
    name: _Short = ""
    project: _Long = ""
    key: _Short = ""
    writer: Writer = Writer()


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, tag="snapshot"):
    """The whole timeline, which follows.

    Args:
        steps: How many steps lie between it and the file of its base.
        label: That of the last of them.
        at_s: When that was made, in seconds since 1970.
    """

    steps: _Count = 0
    label: _Short = ""
    at_s: _Seconds = 0.0


class StepRecord(msgspec.Struct, frozen=True, kw_only=True, tag="step"):
    """A step; what is new of the timeline follows."""

    label: _Short
    at_s: _Seconds
    delta: Delta


class Saving(msgspec.Struct, frozen=True, kw_only=True, tag="saving"):
    """A file of this digest is about to be written: it has all steps before this."""

    digest: _Short


_Head: TypeAlias = Begin | Snapshot | StepRecord | Saving


def journal_path(project: Path) -> Path:
    """Return where the journal of a project lies: beside its file, links followed.

    Example:
        >>> journal_path(Path("/films/street.tlp")).name
        '.street.tlp.journal'
    """
    # Path.resolve raises of a loop of links, which a save then refuses by name.
    target = Path(os.path.realpath(project))
    return target.with_name(f".{target.name}.journal")


def begin_record(begin: Begin) -> bytes:
    """Return the first record of a journal."""
    return framed(msgspec.json.encode(begin))


def saving_record(digest: str) -> bytes:
    """Return the record of a save that is about to happen."""
    return framed(msgspec.json.encode(Saving(digest=digest)))


def snapshot_record(head: Snapshot, timeline: Timeline, path: Path) -> bytes:
    """Return the record of a whole timeline, for a journal at `path`."""
    return _with_timeline(head, timeline, path)


def step_record(
    label: str, at_s: float, old: Timeline, new: Timeline, path: Path
) -> tuple[bytes, Timeline]:
    """Return the record of a step, and the timeline of what is new in it."""
    delta, beside = delta_between(old, new)
    head = StepRecord(label=label[:1_000], at_s=at_s, delta=delta)
    return _with_timeline(head, beside, path), beside


def _with_timeline(
    head: Snapshot | StepRecord, timeline: Timeline, path: Path
) -> bytes:
    text = project_text(timeline, path, path.parent)
    return framed(msgspec.json.encode(head) + b"\n" + text)


@dataclass
class Replay:
    """What the records of a journal lead to.

    Args:
        path: The journal, for messages and for the paths in it.
        scope: What may be read: no file that it refuses is looked for.
        max_bytes: The memory that a record may take.
    """

    path: Path
    scope: Scope | None = None
    max_bytes: int = MAX_PROJECT_BYTES
    begin: Begin | None = field(default=None, init=False)
    # The newest base: of the file that has all before it.
    base: str = field(default="", init=False)
    timeline: Timeline | None = field(default=None, init=False)
    # Since the newest base.
    steps: int = field(default=0, init=False)
    label: str = field(default="", init=False)
    at_s: float = field(default=0.0, init=False)
    # The steps when each base was the newest, and how many there were.
    bases: dict[str, int] = field(default_factory=dict, init=False)
    made: int = field(default=0, init=False)

    def take(self, record: bytes) -> None:
        """Follow a record.

        Raises:
            ProjectError: It is none, or does not fit those before it.
        """
        head = self._head(record)
        text = record.partition(b"\n")[2]
        if self.begin is None:
            if not isinstance(head, Begin):
                raise ProjectError(f"{self.path} is not a journal: it does not begin")
            if head.version > VERSION:
                raise ProjectError(
                    f"{self.path} was written by a newer version of timeline_nb: "
                    "update this one"
                )
            self.begin = head
            self._note_base(head.base)
        elif isinstance(head, Snapshot):
            self.timeline = self._timeline(text)
            self.made += head.steps
            if head.steps:
                self.label, self.at_s = head.label, head.at_s
        elif isinstance(head, StepRecord):
            if self.timeline is None:
                raise ProjectError(f"{self.path}: a step has no timeline before it")
            beside = self._timeline(text)
            try:
                self.timeline = applied(head.delta, beside, self.timeline)
            except ProjectError as error:
                raise ProjectError(f"{self.path}: {error}") from error
            self.made += 1
            self.label, self.at_s = head.label, head.at_s
        elif isinstance(head, Saving):
            self._note_base(head.digest)
        else:
            raise ProjectError(f"{self.path} begins twice")

    def steps_since(self, digest: str) -> int | None:
        """Return how many steps a file of a digest lacks; None if it is another."""
        made = self.bases.get(digest)
        return None if made is None else self.made - made

    def _note_base(self, digest: str) -> None:
        self.base = digest
        self.bases[digest] = self.made

    def _head(self, record: bytes) -> _Head:
        end = record.find(b"\n", 0, _MAX_HEAD_BYTES)
        if end < 0 and len(record) > _MAX_BEGIN_BYTES:
            raise ProjectError(f"{self.path} is not a journal: a record has no head")
        try:
            return msgspec.json.decode(
                record if end < 0 else record[:end],
                type=Begin | Snapshot | StepRecord | Saving,
            )
        except (msgspec.MsgspecError, RecursionError) as error:
            words = (
                fault_of(error)
                if isinstance(error, msgspec.ValidationError)
                else "a record is no JSON"
            )
            raise ProjectError(f"{self.path} is not a journal: {words}") from None

    def _timeline(self, text: bytes) -> Timeline:
        return parsed(
            text,
            str(self.path),
            self.path.parent,
            max_bytes=self.max_bytes,
            scope=self.scope,
        )


def read_journal(
    path: Path, *, scope: Scope | None = None, max_bytes: int = MAX_PROJECT_BYTES
) -> Replay | None:
    """Read a journal that is not trusted; its last record may be cut off.

    Args:
        path: The journal.
        scope: What may be read: no file that it refuses is looked for.
        max_bytes: The memory that it may take.

    Returns:
        What its records lead to; None if there is no journal, or none that began.

    Raises:
        ProjectError: It is no journal, too large, or holds no valid timeline.
    """
    data = _bytes_of(path, max_bytes)
    if data is None:
        return None
    replay = Replay(path, scope, max_bytes)
    for number, (record, _) in enumerate(records_in(data)):
        if number >= MAX_RECORDS:
            raise ProjectError(f"{path} has more than {MAX_RECORDS:,} records")
        replay.take(record)
    if replay.begin is None:
        if data and not data.startswith(b"TNR1"[: len(data)]):
            raise ProjectError(f"{path} is not a journal")
        return None
    if replay.timeline is not None:
        refuse_faults(replay.timeline, str(path))
    return replay


def _bytes_of(path: Path, max_bytes: int) -> bytes | None:
    """Return what a journal holds, unless it is too large; None if there is none."""
    if path.is_symlink():
        raise ProjectError(f"{path} is a link, which no journal is")
    with file_errors(path, ProjectError, verb="read"):
        try:
            # Scopes refuse hidden files, and nobody else named this one.
            with use_scope(None):
                file = open_file(path)
        except FileNotFoundError:
            return None
        with file:
            size = os.fstat(file.fileno()).st_size
            if size * 2 > max_bytes:
                raise ProjectError(
                    f"{path} has {size / 1e6:,.0f} MB, and would take more memory than "
                    f"{max_bytes / 1e6:,.0f} MB: Settings(project_bytes=...) allows "
                    "more"
                )
            return file.read(size)
