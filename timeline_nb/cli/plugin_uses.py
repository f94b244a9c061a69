"""Commands that use what plugins offer: analyzers, importers and exporters."""

import json as json_text
import sys
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from timeline_nb.cli.output import print_json, print_rows
from timeline_nb.cli.projects import Allow, Overwrite, open_edit
from timeline_nb.core.offers import TAKEN_NAMES
from timeline_nb.errors import PluginError

__all__ = ["analyze", "export", "import_"]

Args: TypeAlias = Annotated[
    str, typer.Option("--args", help="The plugin's arguments, as a JSON object.")
]


def analyze(
    file: Annotated[Path, typer.Argument(help="A media file.")],
    analyzer: Annotated[str, typer.Argument(help="PLUGIN_ID/ANALYZER.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="The .csv or .parquet file; CSV is printed if none."
        ),
    ] = None,
    every: Annotated[
        str, typer.Option(help="Each N-th frame, or the length of a block of sound.")
    ] = "",
    start: Annotated[str, typer.Option(help="The first media time.")] = "",
    end: Annotated[str, typer.Option(help="The media time up to which.")] = "",
    args: Args = "{}",
    overwrite: Overwrite = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print the rows as JSON.")
    ] = False,
) -> None:
    """Measure the pictures or the sound of a file by an analyzer of a plugin."""
    from timeline_nb.notebook.opening import open as open_media
    from timeline_nb.recognition.exchange.files import table_path, write_table
    from timeline_nb.studio import open_studio

    if output is not None:
        table_path(output, overwrite=overwrite)
    with open_studio() as studio:
        table = open_media(file, studio=studio).analyze(
            analyzer,
            every=int(every) if every.isdecimal() else every or None,
            start=start or None,
            end=end or None,
            **_arguments(args),
        )
    if output is not None:
        write_table(table, output, overwrite=overwrite)
        print_rows({"output": output, "rows": len(table)})
    elif json:
        print_json(table.astype(object).where(table.notna(), None).to_dict("records"))
    else:
        table.to_csv(sys.stdout, index=False)


def import_(
    file: Annotated[Path, typer.Argument(help="A file that a plugin reads.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The .tlp project file to write.")
    ],
    importer: Annotated[
        str, typer.Option(help="PLUGIN_ID/IMPORTER, where several read such files.")
    ] = "",
    args: Args = "{}",
    allow: Allow = None,
    overwrite: Overwrite = False,
) -> None:
    """Read a file of another format by a plugin, and save it as a project."""
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        cut = open_edit(
            file, studio, allow, importer=importer or None, **_arguments(args)
        )
        print(cut.save(output, overwrite=overwrite))


def export(
    project: Annotated[Path, typer.Argument(help="A .tlp project file.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
    exporter: Annotated[
        str, typer.Option(help="PLUGIN_ID/EXPORTER, where several write such files.")
    ] = "",
    args: Args = "{}",
    whole_paths: Annotated[
        bool,
        typer.Option("--whole-paths", help="Let the plugin know where media lie."),
    ] = False,
    allow: Allow = None,
    overwrite: Overwrite = False,
) -> None:
    """Write a project to a file of another format by a plugin."""
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        cut = open_edit(project, studio, allow)
        print(
            cut.export(
                output,
                exporter=exporter or None,
                whole_paths=whole_paths,
                overwrite=overwrite,
                **_arguments(args),
            )
        )


def _arguments(text: str) -> dict[str, Any]:
    """Return the arguments of an option.

    Raises:
        PluginError: It is no object of JSON.
    """
    try:
        given = json_text.loads(text)
    except (ValueError, RecursionError) as error:
        raise PluginError(f"--args: it is no JSON: {error}") from error
    if not isinstance(given, dict):
        raise PluginError("--args: give an object, as '{\"least\": 3}'")
    taken = sorted(TAKEN_NAMES.intersection(given))
    if taken:
        raise PluginError(f"--args: no plugin has an argument {taken[0]!r}")
    return given
