"""Commands that use analyzers of plugins."""

import sys
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from timeline_nb.cli.json_arguments import arguments_from
from timeline_nb.cli.output import print_json, print_rows
from timeline_nb.cli.projects import Overwrite

__all__ = ["analyze"]

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
    from timeline_nb.core.csv_cells import table_as_text
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
            **arguments_from(args),
        )
    if output is not None:
        write_table(table, output, overwrite=overwrite)
        print_rows({"output": output, "rows": len(table)})
    elif json:
        print_json(table.astype(object).where(table.notna(), None).to_dict("records"))
    else:
        table_as_text(table).to_csv(sys.stdout, index=False)
