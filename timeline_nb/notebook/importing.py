"""Read a file of another format as an edit, with a report of what was lost."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias

from timeline_nb.compose.offline import offline_files
from timeline_nb.core.file_limits import FileLimit, read_limited
from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import ProjectError
from timeline_nb.interchange.formats import arguments_of, read
from timeline_nb.interchange.registered import Format
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import ReadRequest
from timeline_nb.notebook.edit_formats import Reader, find_reader
from timeline_nb.notebook.found_media import MediaFinder
from timeline_nb.notebook.progress import finish
from timeline_nb.notebook.projects import (
    allow_folder_of,
    warn_of_missing,
    warn_of_refused,
)
from timeline_nb.project.importing import checked_edit, import_edit
from timeline_nb.studio import Studio
from timeline_nb.timeline.model import Timeline

__all__ = ["MAX_EDIT_BYTES", "import_file", "reader_for"]

_Check: TypeAlias = Callable[[], None]
# A feature film with all its takes has 20 MB as XML.
MAX_EDIT_BYTES: Final = FileLimit("TIMELINE_NB_MAX_EDIT_BYTES", 200_000_000)


def reader_for(
    path: Path | str, studio: Studio, name: str | None, args: dict[str, Any]
) -> Reader | None:
    """Return who reads a file as an edit; None of a project file.

    Raises:
        PluginError: There is no importer of that name.
        ProjectError: There is no such format, several read such files, or there are
            arguments, and nothing that takes them.
    """
    found = find_reader(path, studio, name)
    if found is None and args:
        raise ProjectError(f"{path}: nothing reads it that takes {min(args)}=")
    return found


def import_file(
    path: Path | str,
    studio: Studio,
    reader: Reader,
    args: dict[str, Any],
    *,
    strict: bool = False,
) -> tuple[Timeline, Report]:
    """Read a file that a person named, and allow its folder.

    What it names elsewhere is offline; a warning says so.

    Args:
        path: The file.
        studio: Finds and opens media.
        reader: Reads the file.
        args: The reader's own arguments.
        strict: Whether losses are refused.

    Raises:
        ProjectError: There is no such file, what is made of it is no valid edit, an
            argument does not fit, or something is lost and `strict`.
        PluginError: A plugin's argument does not fit, or it failed.
    """
    file, scope = Path(path), studio.scope
    report = Report(file, reader.name, "import")
    if isinstance(reader, Format):
        arguments_of(reader, "import", args)
        checked = args
    else:
        checked = reader.checked(args)
    allow_folder_of(file, studio)

    def work(reporter: Reporter) -> Timeline:
        if isinstance(reader, Format):
            return _read(reader, checked, report, studio, reporter.check)
        report.add(
            "the edit",
            "all",
            "approximated",
            None,
            f"{reader.name} is a plugin, which does not say what it leaves out",
        )
        return import_edit(
            reader,
            file,
            checked,
            library=studio.library,
            scope=scope,
            max_bytes=studio.settings.project_bytes,
            check=reporter.check,
        )

    timeline = finish(lambda: studio.start(f"import {file.name}", work))
    offline = offline_files(timeline, scope)
    for lost in dict.fromkeys(one.path for one in offline):
        report.add_offline(lost)
    if strict:
        report.refuse_losses()
    warn_of_refused(file, offline, scope)
    warn_of_missing(file, timeline)
    return timeline, report


def _read(
    own: Format, args: dict[str, Any], report: Report, studio: Studio, check: _Check
) -> Timeline:
    file = report.path
    held = file / own.inside if own.inside else file
    folder = held.resolve().parent
    request = ReadRequest(
        data=b""
        if own.opens_file
        else read_limited(held, MAX_EDIT_BYTES, ProjectError),
        name=file.name,
        path=file,
        report=report,
        find=MediaFinder(folder, studio.library, studio.scope, check),
        check=check,
    )
    return checked_edit(
        read(own, request, args),
        f"{file.name}, read as {own.name}",
        folder,
        library=studio.library,
        scope=studio.scope,
        max_bytes=studio.settings.project_bytes,
        check=check,
    )
