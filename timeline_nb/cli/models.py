"""`timeline-nb models`: list, add, download and remove detection models."""

from pathlib import Path
from typing import Annotated

import typer

from timeline_nb.cli.output import print_json, print_rows
from timeline_nb.cli.words import t

__all__ = ["models_app"]

models_app = typer.Typer(help="List, add, download and remove detection models.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


@models_app.command("list")
def list_models(json: Json = False) -> None:
    """List the known models, and which of them are on this machine."""
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        registry = studio.models
        entries = registry.entries()
        if json:
            print_json(
                [
                    {"name": e.name, "here": registry.is_here(e), "license": e.license}
                    for e in entries
                ]
            )
            return
        for entry in entries:
            here = "here" if registry.is_here(entry) else "-"
            print(f"{entry.name:<26} {here:<5} {entry.license:<12} {entry.about}")


@models_app.command()
def pull(
    name: Annotated[
        str, typer.Argument(help="The model's name, as `models list` prints it.")
    ],
    yes: Annotated[
        bool, typer.Option("--yes", help="Accept the license without a question.")
    ] = False,
) -> None:
    """Download a model, after its license is shown and accepted."""
    from timeline_nb.notebook.models import Models
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        entry = studio.models.entry(name)
        print_rows({"license": entry.license, "from": entry.source, "url": entry.url})
        if not yes and not typer.confirm(
            t("Accept the license and download the model?")
        ):
            raise typer.Exit(1)
        print(Models(studio).pull(name))


@models_app.command("add")
def add_model(
    file: Annotated[Path, typer.Argument(help="The ONNX file.")],
    name: Annotated[
        str,
        typer.Option(help="The name to give the model; its file's name if not given."),
    ] = "",
) -> None:
    """Copy an ONNX file into the models, to be used by name."""
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        entry = studio.models.add(file, name=name)
        layout = studio.models.load(entry.name).layout
    print_rows(
        {
            "name": entry.name,
            "layout": layout.name,
            "input": f"{layout.side[0]}x{layout.side[1]}",
            "labels": ", ".join(layout.labels[:10]),
        }
    )


@models_app.command("remove")
def remove_model(
    name: Annotated[str, typer.Argument(help="The model's name.")],
) -> None:
    """Delete a model's file from this machine."""
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        studio.models.remove(name)
