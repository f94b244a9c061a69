"""Save and load projects: atomic and locked; media may be offline."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
from filelock import FileLock, Timeout

from timeline_nb.access.scope import Scope
from timeline_nb.access.use import open_file
from timeline_nb.compose.file_uses import with_paths
from timeline_nb.compose.offline import OfflineFile, offline_files
from timeline_nb.core.app_dirs import cache_dir, data_dir, warn_unwritable
from timeline_nb.core.bounded_json import MAX_PROJECT_BYTES, parse
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.files import write_atomic
from timeline_nb.core.near_names import kind_of
from timeline_nb.core.output_names import output_path
from timeline_nb.core.partials import sweep
from timeline_nb.core.structs import fault_of, from_builtins
from timeline_nb.core.telemetry.spans import spanned
from timeline_nb.errors import ProjectError
from timeline_nb.project.digests import digest_of
from timeline_nb.project.editor_state import EditorState, editor_state_of
from timeline_nb.project.faults import free_value_faults
from timeline_nb.project.known import KnownProjects
from timeline_nb.project.references import anchor, refuse_crowd
from timeline_nb.project.sniff import description_of
from timeline_nb.project.upgrade import upgrade
from timeline_nb.project.writing import project_text
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.nesting import nesting_fault
from timeline_nb.timeline.validate import problems

__all__ = [
    "SUFFIX",
    "Project",
    "ProjectFile",
    "editor_in",
    "editor_of",
    "load",
    "locked",
    "parsed",
    "project_path",
    "refuse_faults",
    "save",
]

SUFFIX: Final = ".tlp"
_LOCK_WAIT_S: Final = 5.0


class ProjectFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of a `.tlp` file."""

    format: Literal["timeline_nb.project"]
    version: Literal[1]
    timeline: Timeline
    editor: EditorState = EditorState()


@dataclass(frozen=True)
class Project:
    """An opened project.

    Args:
        timeline: The edit.
        path: The file.
        digest: The digest of the file as it was read, to detect later changes.
        offline: Files of the edit that are missing, or that nobody allowed.
        editor: What it keeps for the editor, by field, also what later versions add.
    """

    timeline: Timeline
    path: Path
    digest: str
    offline: tuple[OfflineFile, ...]
    editor: Mapping[str, Any] = field(default_factory=dict)


def project_path(path: Path | str) -> Path:
    """Return the path of a project file: `.tlp` is added to a name without suffix.

    Raises:
        ProjectError: The path has another suffix, or is a folder.
    """
    path = output_path(path, ProjectError, what="the project, such as 'film.tlp'")
    if path.is_dir():
        raise ProjectError(f"{path} is a folder: name a file in it")
    if path.suffix.lower() == SUFFIX:
        return path
    if path.suffix:
        raise ProjectError(
            f"{path} does not end in {SUFFIX}, as a project does: save it as "
            f"{path.with_suffix(SUFFIX).name!r}"
        )
    return path.with_name(path.name + SUFFIX)


@spanned("project.save")
def save(  # noqa: PLR0913 - what is saved, over what, and what it may read
    timeline: Timeline,
    path: Path | str,
    *,
    expect: str | None = None,
    overwrite: bool = False,
    scope: Scope | None = None,
    known: KnownProjects | None = None,
    announce: Callable[[str], object] | None = None,
    editor: Mapping[str, Any] | None = None,
) -> str:
    """Write a project atomically.

    Files beside or below the project are saved with relative paths, others with
    absolute ones. The lock file is in the cache folder, not beside the project.

    Args:
        timeline: The edit.
        path: The file, as `project_path` reads it; a link is followed, and stays a
            link.
        expect: The digest that the file had when it was last read or written here. If
            None, a file that is there already must be a project of the same name which
            was saved on this machine.
        overwrite: Replace whatever is there.
        scope: What may be read now: the project may read as much of its own files when
            it is opened again. Everything if None.
        known: The projects saved here; those of the data folder if not given.
        announce: Called with the digest of what will be written, before it is.
        editor: What is kept for the editor, by field; nothing if not given.

    Returns:
        The digest of what was written.

    Raises:
        ProjectError: The file is not a project, is of a newer version or of a project
            of another name, was not saved here, changed since, or is being written by
            another program; it cannot be written; or its suffix is not `.tlp`.
    """
    known = known or KnownProjects(data_dir())
    with file_errors(path, ProjectError):
        path = project_path(path)
        target = path.resolve()
        if fault := nesting_fault(timeline):
            raise ProjectError(f"{path} cannot be written: the timeline {fault}")
        data = project_text(timeline, path, target.parent, editor)
        known.note(data, timeline, scope)
        if announce is not None:
            announce(digest_of(data))
        there = None if overwrite else _Expected(timeline.name, expect, known)
        replaceable = _replaceable(target, there)
        # Only the replacement has the lock: a process that is killed while the disk
        # takes the data lives on until it did.
        write_atomic(target, data, while_replaced=replaceable)
    return digest_of(data)


@spanned("project.load")
def load(
    path: Path | str,
    *,
    max_bytes: int = MAX_PROJECT_BYTES,
    scope: Scope | None = None,
    known: KnownProjects | None = None,
    folder: Path | None = None,
) -> Project:
    """Read a project from a file that is not trusted.

    Args:
        path: The file.
        max_bytes: The memory that it may take.
        scope: What may be read: files that it refuses are offline. It grows by what a
            project that was saved here could read then. Everything if None.
        known: The projects saved here; those of the data folder if not given.
        folder: Relative paths in it begin there; in its own folder if not given.

    Raises:
        ProjectError: It is missing, broken, too large, of a newer version, or not a
            valid timeline; the message has the JSON path to the place. Of a file that
            is no project, it says what it is.
    """
    try:
        path = Path(path)
    except TypeError as error:
        raise ProjectError(
            f"path={path!r} is {kind_of(path)}: name a project file"
        ) from error
    name = str(path)
    with file_errors(path, ProjectError, verb="opened"):
        data = _bytes_of(path, max_bytes)
        sweep(path.parent)
    if scope is not None:
        (known or KnownProjects(data_dir())).allow_files(data, scope)
    folder = path.resolve().parent if folder is None else folder
    document = _document(data, name, max_bytes)
    # What is left of it while the timeline is built takes little.
    editor = document.get("editor", {})
    timeline = _built(document, name, folder, scope)
    del document
    refuse_faults(timeline, name)
    offline = tuple(offline_files(timeline, scope))
    return Project(timeline, path, digest_of(data), offline, editor)


def parsed(
    data: bytes,
    name: str,
    folder: Path,
    *,
    max_bytes: int = MAX_PROJECT_BYTES,
    scope: Scope | None = None,
) -> Timeline:
    """Return the timeline of a document that is not trusted; its faults are not sought.

    Args:
        data: The document.
        name: How messages call it.
        folder: Relative paths in it begin there.
        max_bytes: The memory that it may take.
        scope: What may be read: no file that it refuses is looked for.

    Raises:
        ProjectError: It is no document of a project.
    """
    return _built(_document(data, name, max_bytes), name, folder, scope)


def editor_of(data: bytes, name: str) -> Mapping[str, Any]:
    """Return what a document keeps for the editor, by field; nothing if it is broken.

    Args:
        data: The document.
        name: How messages call it.
    """
    try:
        editor: Mapping[str, Any] = _document(data, name).get("editor", {})
        editor_state_of(editor, name)
    except ProjectError:
        return {}
    return editor


def editor_in(path: Path, *, max_bytes: int = MAX_PROJECT_BYTES) -> Mapping[str, Any]:
    """Return what a project's file keeps for the editor; nothing if it is broken.

    Raises:
        ProjectError: There is no such file, or it cannot be read.
    """
    with file_errors(path, ProjectError, verb="read"):
        data = _bytes_of(path, max_bytes)
    return editor_of(data, path.name)


def _built(
    document: dict[str, Any], name: str, folder: Path, scope: Scope | None
) -> Timeline:
    """Return the timeline of a document of the current version."""
    refuse_crowd(document, name)
    anchor(document, folder, name, scope)
    try:
        timeline = from_builtins(document, ProjectFile).timeline
    except msgspec.ValidationError as error:
        raise ProjectError(f"{name}: {fault_of(error)}") from None
    return with_paths(timeline, lambda own: str(folder / own))


def _bytes_of(path: Path, max_bytes: int) -> bytes:
    """Return what a file holds, unless it is larger than its memory."""
    with open_file(path) as file:
        size = os.fstat(file.fileno()).st_size
        # The text is held twice while it is read.
        if size * 2 > max_bytes:
            raise ProjectError(
                f"{path} has {size / 1e6:,.0f} MB, and would take more memory than "
                f"{max_bytes / 1e6:,.0f} MB: Settings(project_bytes=...) allows more"
            )
        return file.read(size)


def refuse_faults(timeline: Timeline, name: str) -> None:
    """Refuse a timeline that is not valid.

    Raises:
        ProjectError: It is not; the message has the path to the first fault.
    """
    if fault := nesting_fault(timeline):
        raise ProjectError(f"{name}: $.timeline {fault}")
    found = problems(timeline, check_types=False)
    if found:
        first = found[0]
        raise ProjectError(f"{name}: $.timeline.{first.where}: {first.message}")
    for where, fault in free_value_faults(timeline, "$.timeline"):
        raise ProjectError(f"{name}: {where} {fault}")


def _document(
    data: bytes, name: str, max_bytes: int = MAX_PROJECT_BYTES
) -> dict[str, Any]:
    """Return the document of a file, of the current version.

    Raises:
        ProjectError: It is no project, or of a newer version.
    """
    try:
        return upgrade(parse(data, name, max_bytes=max_bytes), name)
    except ProjectError as error:
        what = description_of(data)
        if not what:
            raise
        raise ProjectError(f"{name} is not a project but {what}") from error


@dataclass(frozen=True)
class _Expected:
    """The project that a file must hold to be replaced.

    Args:
        name: Of the edit.
        digest: Of the file as it was last read or written; None if that is not known.
        known: The projects saved here.
    """

    name: str
    digest: str | None
    known: KnownProjects


def _refuse_other(target: Path, there: _Expected) -> None:
    """Refuse to replace a file that is not the project being saved."""
    way = "save under another name, or pass overwrite=True to replace it"
    with file_errors(target, ProjectError, verb="read"):
        data = target.read_bytes()
    if there.digest is not None:
        if digest_of(data) != there.digest:
            raise ProjectError(
                f"{target} was changed by another program since it was opened: {way}"
            )
        return
    try:
        content = _document(data, str(target)).get("timeline")
    except ProjectError as error:
        raise ProjectError(f"{error}; {way}") from error
    name = content.get("name") if isinstance(content, dict) else None
    if name != there.name:
        raise ProjectError(
            f"{target} is the project {name!r}, and this one is {there.name!r}: {way}"
        )
    if not there.known.has(data):
        raise ProjectError(
            f"{target} was not saved here, or another program changed it: {way}"
        )


@contextmanager
def _replaceable(target: Path, there: _Expected | None) -> Iterator[None]:
    """Lock a project while it is replaced, and refuse another file than expected."""
    with locked(target):
        if there is not None and target.exists():
            _refuse_other(target, there)
        yield


@contextmanager
def locked(target: Path) -> Iterator[None]:
    """Hold the lock of a project, or of a folder beside it.

    Without a cache folder there is none.

    Args:
        target: The file or folder, with its links followed.

    Raises:
        ProjectError: Another program holds it for seconds.
    """
    folder = cache_dir() / "locks"
    lock = FileLock(folder / f"{digest_of(os.fsencode(target))}.lock")
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(lock.acquire(timeout=_LOCK_WAIT_S))
        except Timeout as error:
            raise ProjectError(
                f"{target} is being written by another program: try again"
            ) from error
        except OSError as error:
            warn_unwritable(cache_dir(), error)
        yield
