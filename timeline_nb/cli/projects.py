"""Open projects for commands, with what a person allows them to read."""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from timeline_nb.cli.hints import in_terminal
from timeline_nb.cli.output import warn

if TYPE_CHECKING:
    from timeline_nb.notebook.edit import Edit
    from timeline_nb.studio import Studio

__all__ = ["Allow", "Overwrite", "open_edit"]

Allow: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(
        "--allow",
        help="A folder or file that the project may read besides its own folder and "
        "the working folder; may be given again.",
    ),
]
Overwrite: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--overwrite", help="Replace a file that timeline-nb did not write here."
    ),
]


def open_edit(
    project: Path,
    studio: "Studio",
    allow: list[Path] | None,
    *,
    format: str | None = None,  # noqa: A002 - what people call it
    **args: Any,
) -> "Edit":
    """Open a project file; print a warning if it names files that are not allowed.

    Args:
        project: The file; one of another program is imported.
        studio: Its scope grows by what is allowed.
        allow: What the person allows.
        format: Of a file that is no project, where its suffix does not tell.
        args: The format's own arguments.

    Raises:
        AccessError: There is no such file or folder to be allowed.
        ProjectError: The project cannot be opened.
    """
    from timeline_nb.notebook.edit import Edit
    from timeline_nb.notebook.naming import allow as allow_paths

    allow_paths(*(allow or ()), studio=studio)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", RuntimeWarning)
        edit = Edit.load(project, format=format, studio=studio, **args)
    for one in caught:
        warn(in_terminal(str(one.message)))
    return edit
