"""`timeline-nb relink`: find the media of a project that moved."""

from pathlib import Path
from typing import Annotated

import typer

from timeline_nb.cli.output import print_json, print_rows
from timeline_nb.cli.projects import Allow, Overwrite, open_edit

__all__ = ["relink"]

_SOME_ARE_MISSING = 3


def relink(
    project: Annotated[Path, typer.Argument(help="A .tlp project file.")],
    folder: Annotated[
        Path, typer.Argument(help="The folder, searched with its subfolders.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="The project file to write; PROJECT if not given."
        ),
    ] = None,
    allow: Allow = None,
    overwrite: Overwrite = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead of text.")
    ] = False,
) -> None:
    """Find media that moved, by content and name; exit with 3 if some are missing."""
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        cut = open_edit(project, studio, allow)
        found = cut.relink(folder)
        saved = cut.save(output, overwrite=overwrite) if found.found else project
    missing = [one.path for one in found.missing]
    if json:
        print_json(
            {
                "project": str(saved),
                "found": found.found,
                "missing": missing,
                "doubtful": found.doubtful,
            }
        )
    else:
        rows = [("found", f"{old} is {new}") for old, new in found.found.items()]
        rows += [("missing", path) for path in missing if path not in found.doubtful]
        rows += [
            ("missing", f"{old}; {other} has other content")
            for old, other in found.doubtful.items()
        ]
        print_rows(rows or [("found", "nothing is offline")])
    if missing:
        raise typer.Exit(_SOME_ARE_MISSING)
