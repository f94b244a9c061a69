"""Write an edit to a file of another format, by an exporter that is not trusted."""

from collections.abc import Callable
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

__all__ = ["export_edit", "export_path"]


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
    folder = target.resolve().parent

    @cache
    def known_path(path: str) -> str:
        # Thousands of clips may be of one file.
        return _known_path(path, folder, whole=whole_paths)

    known = with_paths(timeline, known_path)
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


def _known_path(path: str, folder: Path, *, whole: bool) -> str:
    if not path:
        return path
    real = Path(path).resolve()
    if folder in real.parents:
        return real.relative_to(folder).as_posix()
    return str(real) if whole else PurePath(path).name
