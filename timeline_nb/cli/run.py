"""`timeline-nb run`: execute a notebook with parameters."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

import typer

from timeline_nb.cli.output import print_json, print_rows
from timeline_nb.cli.projects import Overwrite
from timeline_nb.core.file_limits import FileLimit, read_limited
from timeline_nb.errors import NotebookError

if TYPE_CHECKING:
    from timeline_nb.runs.batch import BatchResult
    from timeline_nb.runs.notebook_file import NotebookFile
    from timeline_nb.runs.outcome import NotebookRun

__all__ = ["run"]

_SOME_ROWS_FAILED: Final = 3
_MAX_PARAMETERS_BYTES: Final = FileLimit("TIMELINE_NB_MAX_PARAMETERS_BYTES", 1 << 20)


Parameters: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--parameter", "-p", help="NAME=VALUE; may be given again. See --list."
    ),
]
ParameterFile: TypeAlias = Annotated[
    Path | None, typer.Option("--file", "-f", help="A JSON file with values by name.")
]
Output: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", help="Keep the executed notebook here, also if it fails."
    ),
]
Folder: TypeAlias = Annotated[
    Path | None, typer.Option(help="The working folder; the notebook's if not given.")
]
Kernel: TypeAlias = Annotated[
    str | None, typer.Option(help="The kernel; the notebook's if not given.")
]
Timeout: TypeAlias = Annotated[
    float | None, typer.Option(help="How many seconds one cell may take.")
]
Names: TypeAlias = Annotated[
    bool, typer.Option("--list", help="List the parameters, and run nothing.")
]
Locks: TypeAlias = Annotated[
    bool,
    typer.Option("--lock", help="Write a lock beside each film, which proves it."),
]
Batch: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        help="A CSV file: the notebook runs once for each row, and columns are its "
        "parameters or parts of the films' names. -o is the folder of the films."
    ),
]
Film: TypeAlias = Annotated[
    str,
    typer.Option(help="The name of a row's film, of its columns and {row}."),
]
Jobs: TypeAlias = Annotated[
    int, typer.Option(min=1, max=64, help="How many rows run at once.")
]
Again: TypeAlias = Annotated[
    bool, typer.Option("--again", help="Make the films anew that are there.")
]
FilmParameter: TypeAlias = Annotated[
    str, typer.Option(help="The parameter that takes the path of a row's film.")
]
Json: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print JSON instead of text.")
]


def run(
    notebook: Annotated[Path, typer.Argument(help="The notebook to execute.")],
    parameter: Parameters = None,
    file: ParameterFile = None,
    output: Output = None,
    folder: Folder = None,
    kernel: Kernel = None,
    timeout: Timeout = None,
    names: Names = False,
    batch: Batch = None,
    film: Film = "{name}.mp4",
    jobs: Jobs = 2,
    again: Again = False,
    film_parameter: FilmParameter = "film",
    lock: Locks = False,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Execute a notebook: `timeline-nb run cut.ipynb -p film=a.mp4 -o out.ipynb`.

    A batch makes one film for each row of a table, and exits with 3 if some failed:
    `timeline-nb run cut.ipynb --batch rows.csv --film "{name}.mp4" -o films`.
    """
    from timeline_nb.notebook.run_batch import run_batch
    from timeline_nb.notebook.runs import notebook_path, run_notebook
    from timeline_nb.runs.notebook_file import read_notebook
    from timeline_nb.studio import open_studio

    found = read_notebook(notebook_path(notebook))
    if names:
        _print_parameters(found, json=json)
        return
    values = {**_of_file(file), **_of_words(found, parameter or [])}
    how: dict[str, Any] = {"folder": folder, "kernel": kernel}
    how |= {"cell_timeout_s": timeout, "lock": lock, "overwrite": overwrite}
    with open_studio() as studio:
        if batch is None:
            done = run_notebook(notebook, values, output=output, studio=studio, **how)
            _print_outcome(done, json=json)
            return
        made = run_batch(
            notebook,
            batch,
            film=film,
            to=output or ".",
            parameters=values,
            film_parameter=film_parameter,
            jobs=jobs,
            again=again,
            studio=studio,
            **how,
        )
        _print_batch(made, json=json)


def _print_batch(result: "BatchResult", *, json: bool) -> None:
    """Print a line for each film, and exit with 3 if some failed."""
    if json:
        print_json(result.to_dataframe().to_dict("records"))
    else:
        for row in result.rows:
            end = row.error or f"{row.sha256[:12]}  {row.seconds:.1f} s"
            print(f"{row.row:>5}  {row.status:<6}  {row.film}  {end}")
    if result.failed:
        raise typer.Exit(_SOME_ROWS_FAILED)


def _print_outcome(done: "NotebookRun", *, json: bool) -> None:
    facts = {
        "notebook": str(done.notebook),
        "output": str(done.output) if done.output else None,
        "parameters": done.parameters,
        "cells": done.cells,
        "seconds": round(done.seconds, 3),
    }
    if json:
        print_json(facts)
        return
    given = ", ".join(f"{name}={value!r}" for name, value in done.parameters.items())
    print_rows({**facts, "output": done.output or "-", "parameters": given or "-"})


def _print_parameters(found: "NotebookFile", *, json: bool) -> None:
    rows = [
        {"name": one.name, "default": one.default, "type": one.kind, "about": one.about}
        for one in found.parameters
    ]
    if json:
        print_json(rows)
        return
    print_rows(
        (one["name"], f"= {one['default']}  {one['about']}".rstrip()) for one in rows
    )


def _of_file(path: Path | None) -> dict[str, Any]:
    """Return the values of a JSON file."""
    import msgspec

    if path is None:
        return {}
    data = read_limited(path, _MAX_PARAMETERS_BYTES, NotebookError)
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise NotebookError(
            f'{path} is no JSON object of values by name, such as {{"score": 0.4}}'
        ) from None


def _of_words(found: "NotebookFile", words: list[str]) -> dict[str, Any]:
    """Return the values of `-p name=value`, each of its parameter's type."""
    from timeline_nb.runs.parameters import values_of
    from timeline_nb.runs.prepare import check_declares

    given = {}
    for word in words:
        name, mark, text = word.partition("=")
        if not mark:
            raise NotebookError(f"-p {word!r} has no value: write -p name=value")
        given[name.strip()] = text
    if given:
        check_declares(found)
    return values_of(given, found.parameters, notebook=found.path.name, texts=True)
