"""Write an edit to a file of another format, all of it or nothing."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from timeline_nb.compose.file_uses import with_paths
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.offers import offer_errors
from timeline_nb.core.output_names import output_path
from timeline_nb.core.written_files import WrittenFiles
from timeline_nb.errors import PluginError, ProjectError
from timeline_nb.project.importing import document_of
from timeline_nb.timeline.formats import Exporter, ExportRequest
from timeline_nb.timeline.model import Timeline

__all__ = ["export_edit", "export_path", "with_known_paths", "write_files"]


def export_path(
    path: Path | str, written: WrittenFiles, *, overwrite: bool = False
) -> Path:
    """Return the path of a file that an edit is to be written to.

    Args:
        path: The file.
        written: The files that were written here.
        overwrite: Whether others may be replaced.

    Raises:
        ProjectError: No file can have the name, its folder is missing, or another
            program's file is there.
    """
    target = output_path(path, ProjectError, what="the edit, such as 'film.edl'")
    if target.is_dir():
        raise ProjectError(f"{target} is a folder: name a file in it")
    if not target.absolute().parent.is_dir():
        raise ProjectError(f"{target}: there is no folder {target.absolute().parent}")
    written.check(target, ProjectError, overwrite=overwrite)
    return target


def export_edit(  # noqa: PLR0913 - what is written, by whom, where and how
    exporter: Exporter,
    timeline: Timeline,
    target: Path,
    args: dict[str, Any],
    *,
    written: WrittenFiles,
    overwrite: bool,
    whole_paths: bool,
    check: Callable[[], object],
) -> Path:
    """Have an exporter write an edit to a file: all of it, or nothing.

    Args:
        exporter: Writes the file.
        timeline: The edit.
        target: The file, as `export_path` returns it.
        args: The exporter's arguments, checked.
        written: The files that were written here.
        overwrite: Whether others may be replaced.
        whole_paths: Whether the exporter is given where media lie. Else it is given
            their names, and of those beside or below the target the way from there.
        check: Called several times a second meanwhile; what it raises ends the work.

    Raises:
        PluginError: The exporter failed, or wrote nothing.
        ProjectError: The file cannot be written.
    """
    known, _ = with_known_paths(timeline, target, whole_paths=whole_paths)
    document = document_of(known)
    with (
        file_errors(target, ProjectError),
        written.replacing(target, ProjectError, overwrite=overwrite) as partial,
    ):
        request = ExportRequest(
            timeline=known,
            document=document,
            path=partial,
            name=target.name,
            args=args,
            check=check,
        )
        with offer_errors(exporter.name, request.name):
            exporter.write(request)
        if not partial.stat().st_size:
            raise PluginError(f"{exporter.name} wrote nothing to {target.name}")
    return target


def with_known_paths(
    timeline: Timeline, target: Path, *, whole_paths: bool
) -> tuple[Timeline, dict[str, str]]:
    """Return an edit with the paths that a file may hold, and the real ones by them.

    Args:
        timeline: The edit.
        target: The file: paths below its folder become the way from there.
        whole_paths: Whether others stay whole, and not their names alone.
    """
    folder = target.resolve().parent
    real: dict[str, str] = {}

    @cache
    def known_path(path: str) -> str:
        # Thousands of clips may be of one file.
        told = _known_path(path, folder, whole=whole_paths)
        real.setdefault(told, path)
        return told

    return with_paths(timeline, known_path), real


def write_files(
    target: Path,
    files: Mapping[str, bytes],
    *,
    written: WrittenFiles,
    overwrite: bool,
) -> tuple[Path, ...]:
    """Write a file, and those beside it; nothing if one of them may not be replaced.

    Args:
        target: The first file.
        files: The content of each, by its name: the target's first.
        written: The files that were written here.
        overwrite: Whether others may be replaced.

    Returns:
        The paths, in that order.

    Raises:
        ProjectError: Another program's file is there, or one cannot be written.
    """
    paths = tuple(target.with_name(name) for name in files)
    for path in paths:
        if path.is_dir():
            raise ProjectError(f"{path} is a folder: choose another name")
        written.check(path, ProjectError, overwrite=overwrite)
    # The first names the others: it comes last, when they are there.
    for path, data in reversed([*zip(paths, files.values(), strict=True)]):
        with file_errors(path, ProjectError):
            written.write(path, data, ProjectError, overwrite=overwrite)
    return paths


def _known_path(path: str, folder: Path, *, whole: bool) -> str:
    if not path:
        return path
    real = Path(path).resolve()
    if folder in real.parents:
        return real.relative_to(folder).as_posix()
    return str(real) if whole else PurePath(path).name
