"""`timeline-nb diff` and `merge`: what changed in a project, and both at once."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from timeline_nb.cli.output import print_json, warn
from timeline_nb.cli.projects import Overwrite
from timeline_nb.cli.words import tn
from timeline_nb.errors import ProjectError, TimelineError

if TYPE_CHECKING:
    from timeline_nb.timeline.merging.merged import MergedTimelines

__all__ = ["Settle", "diff", "merge", "settle_all"]

Settle: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--settle",
        help="The side of a conflict by its number: 0=theirs; may be given again.",
    ),
]


def diff(
    old: Annotated[Path, typer.Argument(help="The .tlp project file before.")],
    new: Annotated[Path, typer.Argument(help="The .tlp project file after.")],
    picture: Annotated[
        Path | None,
        typer.Option(help="Draw both, and what changed, on this .html page."),
    ] = None,
    overwrite: Overwrite = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead of text.")
    ] = False,
) -> None:
    """Print what changed from one project to another, a line per change."""
    from timeline_nb.core.output_names import output_path
    from timeline_nb.notebook.compared import diff as compare
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        found = compare(old, new, studio=studio)
        if picture is not None:
            page = output_path(picture, ProjectError, what="the page")
            if page.suffix.lower() not in {".html", ".htm"}:
                raise ProjectError(f"{page}: a page ends in .html")
            data = found.to_page().encode()
            studio.written.write(page, data, ProjectError, overwrite=overwrite)
    if json:
        print_json(found.to_rows())
    else:
        print(found)


def merge(
    base: Annotated[Path, typer.Argument(help="The project that both began with.")],
    ours: Annotated[Path, typer.Argument(help="What one side made of it.")],
    theirs: Annotated[Path, typer.Argument(help="What the other side made of it.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The .tlp project file to write.")
    ],
    prefer: Annotated[
        str, typer.Option(help="The side of all other conflicts: ours or theirs.")
    ] = "",
    settle: Settle = None,
    overwrite: Overwrite = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead of text.")
    ] = False,
) -> None:
    """Merge two versions of a project; print conflicts, and exit with 1 if any is open.

    The file is written in any case; what is open is in it as in OURS.
    """
    from timeline_nb.notebook.compared import merge as merge_edits
    from timeline_nb.project.document import save
    from timeline_nb.studio import open_studio

    side: Any = prefer
    with open_studio() as studio:
        found = merge_edits(base, ours, theirs, prefer=side, studio=studio)
        settle_all(found, settle)
        save(
            found.timeline,
            output,
            overwrite=overwrite,
            known=studio.known_projects,
            scope=studio.scope,
            editor=found.editor,
        )
    if json:
        print_json(found.to_rows())
    else:
        print(found)
    if not found.is_settled:
        warn(
            tn(
                "{count} conflict is open",
                "{count} conflicts are open",
                len(found.open),
            )
        )
        raise typer.Exit(1)


def settle_all(found: "MergedTimelines", settle: list[str] | None) -> None:
    """Settle conflicts as the options of a command say: `0=theirs`.

    Raises:
        TimelineError: An option is no number and side, or there is no such conflict.
    """
    for text in settle or ():
        number, _, side = text.partition("=")
        if not number.isdecimal():
            raise TimelineError(
                f"--settle {text!r}: give a number and a side: 0=theirs"
            )
        chosen: Any = side
        found.settle(int(number), chosen)
