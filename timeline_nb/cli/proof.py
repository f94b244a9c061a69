"""Commands that prove films."""

from pathlib import Path
from typing import Annotated

import typer

from timeline_nb.cli.output import print_json
from timeline_nb.cli.projects import Allow

__all__ = ["verify"]

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
