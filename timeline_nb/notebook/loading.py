"""Load an edit: a project file, or a file of another program."""

from pathlib import Path
from typing import Any, Literal, overload

from timeline_nb.interchange.report import Report
from timeline_nb.notebook.edit import Edit
from timeline_nb.notebook.importing import import_file, reader_for
from timeline_nb.notebook.projects import open_project
from timeline_nb.studio import Studio, default_studio

__all__ = ["load"]


@overload
def load(
    path: Path | str,
    *,
    format: str | None = None,
    strict: bool = False,
    dry_run: Literal[False] = False,
    studio: Studio | None = None,
    **args: Any,
) -> Edit: ...


@overload
def load(
    path: Path | str,
    *,
    format: str | None = None,
    strict: bool = False,
    dry_run: Literal[True],
    studio: Studio | None = None,
    **args: Any,
) -> Report: ...


def load(
    path: Path | str,
    *,
    format: str | None = None,  # noqa: A002 - what people call it
    strict: bool = False,
    dry_run: bool = False,
    studio: Studio | None = None,
    **args: Any,
) -> Edit | Report:
    """Open a project file, or a file of another program, as an edit.

    Args:
        path: The file; its suffix and content select the format.
        format: `"otio"` or another name of a format, or `PLUGIN_ID/importer`.
        strict: Raise an error if anything of the file is lost.
        dry_run: Return the report alone: what of the file would be lost.
        studio: Its caches and threads are used; the notebook's if not given.
        args: The format's or the plugin's own arguments.

    Returns:
        The edit, whose `import_report` tells what was lost; or the report.

    Raises:
        ProjectError: As `Edit.load`.
        PluginError: As `Edit.load`.

    Example:
        >>> report = cut.export("film.otio", overwrite=True)
        >>> again = tl.load("film.otio")
        >>> again.duration, again.import_report.lost
        (Fraction(4, 1), [])
    """
    if not dry_run:
        return Edit.load(path, format=format, strict=strict, studio=studio, **args)
    studio = studio or default_studio()
    reader = reader_for(path, studio, format, args)
    if reader is None:
        return Report(open_project(path, studio).path, "tlp", "import")
    return import_file(path, studio, reader, args, strict=strict)[1]
