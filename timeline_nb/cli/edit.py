"""`timeline-nb edit`: apply commands of the registry to a project file."""

import json as json_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from timeline_nb.cli.output import print_json, print_rows
from timeline_nb.cli.projects import Allow, Overwrite, open_edit
from timeline_nb.errors import TimelineError

if TYPE_CHECKING:
    from timeline_nb.notebook.edit import Edit

__all__ = ["edit", "new"]


def new(
    project: Annotated[Path, typer.Argument(help="The .tlp project file to write.")],
    size: Annotated[str, typer.Option(help="Width and height, or a name.")] = "1080p",
    rate: Annotated[str, typer.Option(help="Frames per second.")] = "25",
    overwrite: Overwrite = False,
) -> None:
    """Create an empty project file: `timeline-nb new cut.tlp --size 720p`."""
    from timeline_nb.notebook.edit import Edit
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        cut = Edit(project.stem, rate=rate, size=size, studio=studio)
        print(cut.save(project, overwrite=overwrite))


def edit(
    project: Annotated[Path | None, typer.Argument(help="A .tlp project file.")] = None,
    command: Annotated[
        str, typer.Argument(help="The command's name, as --list prints it.")
    ] = "",
    arguments: Annotated[
        str,
        typer.Option(
            "--json",
            help='The arguments as a JSON object: \'{"at": "12f"}\', or a list of '
            'objects with "command" for several; "-" reads standard input.',
        ),
    ] = "{}",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="The project file to write; PROJECT if not given."
        ),
    ] = None,
    commands: Annotated[
        bool,
        typer.Option("--list", help="List the commands with a description of each."),
    ] = False,
    schema: Annotated[
        bool,
        typer.Option("--schema", help="Print the JSON Schema of COMMAND, or of all."),
    ] = False,
    allow: Allow = None,
    overwrite: Overwrite = False,
) -> None:
    """Edit a project file: `timeline-nb edit cut.tlp split --json '{"at": "2s"}'`."""
    from timeline_nb.commands import registry
    from timeline_nb.studio import open_studio

    # Without a project, the first argument is the command whose schema is printed.
    named = command or (str(project) if schema and project is not None else "")
    if commands:
        _print_commands()
        return
    if schema:
        print_json(registry.schema(named))
        return
    if project is None:
        raise TimelineError("name a project file, or give --list or --schema")
    steps = _steps(command, _read(arguments))
    with open_studio() as studio:
        cut = open_edit(project, studio, allow)
        _perform(cut, steps)
        cut.save(output, overwrite=overwrite)
        _print_outcome(cut, output or project)


def _print_outcome(cut: "Edit", project: Path) -> None:
    from timeline_nb.commands.script import script_of

    print_json(
        {
            "project": str(project),
            "steps": cut.history.steps,
            "script": script_of(cut.session.steps_made, rate=cut.rate).splitlines(),
            "duration_s": float(cut.duration),
        }
    )


def _perform(cut: "Edit", steps: list[tuple[str, dict[str, Any]]]) -> None:
    """Apply commands in order; one that fails is named by its number."""
    from timeline_nb.cli.clips import with_clips
    from timeline_nb.commands import registry
    from timeline_nb.notebook.naming import allow_values

    for number, (name, fields) in enumerate(steps, 1):
        try:
            allow_values(cut.studio, fields)
            given = with_clips(fields, cut.studio)
            cut.perform(registry.command_from(name, given, rate=cut.rate))
        except TimelineError as error:
            if len(steps) == 1:
                raise
            raise TimelineError(f"command {number} of {len(steps)}: {error}") from error


def _print_commands() -> None:
    from timeline_nb.commands.registry import COMMANDS

    print_rows(
        (name, (kind.__doc__ or "").partition("\n")[0])
        for name, kind in COMMANDS.items()
    )


def _read(text: str) -> Any:
    source = typer.get_text_stream("stdin").read() if text == "-" else text
    try:
        return json_module.loads(source)
    except ValueError as error:
        raise TimelineError(
            f"--json: the arguments are not valid JSON: {error}; give them as "
            '{"at": "12f"}'
        ) from error


def _steps(name: str, given: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return the names of the given commands, each with its arguments."""
    several = given if isinstance(given, list) else [given]
    steps = []
    for fields in several:
        if not isinstance(fields, dict):
            raise TimelineError(
                f"--json: {fields!r} is no JSON object: give the arguments as "
                '{"at": "12f"}'
            )
        own = fields.pop("command", name)
        if not own or (name and own != name):
            raise TimelineError(
                'name a command before --json, or in each object as "command"'
            )
        steps.append((str(own), fields))
    return steps
