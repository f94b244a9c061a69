"""`timeline-nb diff`: what changed from one project to another."""

from pathlib import Path
from typing import Annotated

import typer

from timeline_nb.cli.output import print_json

__all__ = ["diff"]


def diff(
    old: Annotated[Path, typer.Argument(help="The .tlp project file before.")],
    new: Annotated[Path, typer.Argument(help="The .tlp project file after.")],
    json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead of text.")
    ] = False,
) -> None:
    """Print what changed from one project to another, a line per change."""
    from timeline_nb.notebook.compared import diff as compare
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        found = compare(old, new, studio=studio)
    if json:
        print_json(found.to_rows())
    else:
        print(found)
