"""Commands that prove films."""

from pathlib import Path
from typing import Annotated

import typer

from timeline_nb.cli.output import print_json, print_rows
from timeline_nb.cli.projects import Allow, Overwrite, open_edit

__all__ = ["pack", "unpack", "verify"]

_DIFFERS = 1
_MISSING = 3


def verify(
    lock: Annotated[Path, typer.Argument(help="The lock of a film.")],
    render: Annotated[
        bool, typer.Option("--render", help="Render the film again, and compare.")
    ] = False,
    level: Annotated[
        str, typer.Option(help="What counts then: bytes, frames, or similar.")
    ] = "similar",
    workers: Annotated[
        int | None, typer.Option(min=1, help="How many segments are encoded at once.")
    ] = None,
    allow: Allow = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead of text.")
    ] = False,
) -> None:
    """Prove a film by its lock; exit with 1 if it differs, 3 if a file is missing."""
    from timeline_nb.notebook.naming import allow as allow_paths
    from timeline_nb.notebook.verifying import verify as verify_lock
    from timeline_nb.proof.comparison import as_level
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        allow_paths(*(allow or ()), studio=studio)
        found = verify_lock(
            lock, render=render, level=as_level(level), workers=workers, studio=studio
        )
    if json:
        print_json(found.to_json())
    else:
        print(found)
    if not found.held:
        only_missing = len(found.missing) == len(found.differing) > 0
        raise typer.Exit(_MISSING if only_missing else _DIFFERS)


def pack(
    project: Annotated[Path, typer.Argument(help="A .tlp project file.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The .zip file to write.")
    ],
    handles: Annotated[
        str, typer.Option(help="The media kept around what is used, such as 2s.")
    ] = "1s",
    whole: Annotated[bool, typer.Option("--whole", help="Carry media whole.")] = False,
    allow: Allow = None,
    overwrite: Overwrite = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead of text.")
    ] = False,
) -> None:
    """Write a project with the media that it uses to a zip file."""
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        cut = open_edit(project, studio, allow)
        made = cut.pack(output, handles=handles, whole=whole, overwrite=overwrite)
    rows = made.to_dataframe().to_dict("records")
    if json:
        facts = {"plugins": made.plugins, "effects": list(made.effects)}
        print_json({"pack": str(made.path), "files": rows, **facts})
        return
    size = f"{made.size_bytes / 1e6:.1f} MB"
    print_rows({"pack": made.path, "size": size, "files": len(rows)})
    for name in (*made.plugins, *made.effects):
        print_rows({"needs": name})


def unpack(
    file: Annotated[Path, typer.Argument(help="A .zip file that `pack` wrote.")],
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
) -> None:
    """Unpack a project with its media, and print the path of the project."""
    from timeline_nb.notebook.unpacking import unpack as unpack_to
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        print(unpack_to(file, folder, studio=studio).project_path)
