"""Commands that install, grant and call plugins."""

import json as json_text
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from timeline_nb.cli.output import print_json, print_rows
from timeline_nb.errors import PluginError

if TYPE_CHECKING:
    from timeline_nb.wasm_plugins.plugins import InstalledPlugin, Plugins

__all__ = ["plugins_app"]

plugins_app = typer.Typer(help="Run other people's code in a sandbox.")
Name = Annotated[str, typer.Argument(help="The plugin's id, as 'list' shows it.")]


@plugins_app.command()
def add(
    file: Annotated[
        Path, typer.Argument(help="Its .wasm file, or a bundled one's name.")
    ],
    grant: Annotated[
        list[str] | None,
        typer.Option(help="What it may do, such as network:*.example.com."),
    ] = None,
) -> None:
    """Install a plugin, and print what it asks for; nothing of it runs yet."""
    with _plugins() as plugins:
        _show(plugins.install(file, grant or ()))


@plugins_app.command("list")
def list_plugins(
    json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead of text.")
    ] = False,
) -> None:
    """List the installed plugins and what they may do."""
    with _plugins() as plugins:
        found = plugins.all()
    if json:
        print_json([_facts(one) for one in found])
        return
    for one in found:
        _show(one)


@plugins_app.command()
def grant(
    name: Name,
    permissions: Annotated[
        list[str], typer.Argument(help="Such as read:/home/ada/films.")
    ],
    take_back: Annotated[
        bool, typer.Option("--revoke", help="Take the permissions back.")
    ] = False,
) -> None:
    """Let a plugin do what it asks for, or a part of it."""
    with _plugins() as plugins:
        change = plugins.revoke if take_back else plugins.grant
        _show(change(name, *permissions))


@plugins_app.command()
def remove(name: Name) -> None:
    """Delete a plugin with its permissions."""
    with _plugins() as plugins:
        plugins.remove(name)
    print(f"{name} is removed")


@plugins_app.command()
def call(
    name: Name,
    command: Annotated[str, typer.Argument(help="One of its commands.")],
    args: Annotated[
        str, typer.Argument(help='Its arguments as JSON: \'{"film": "a.mp4"}\'.')
    ] = "{}",
) -> None:
    """Run a command of a plugin and print its result as JSON."""
    try:
        given: Any = json_text.loads(args)
    except (ValueError, RecursionError) as error:
        raise PluginError(f"the arguments are not JSON: {error}") from error
    if not isinstance(given, dict):
        raise PluginError('the arguments are an object: \'{"film": "a.mp4"}\'')
    with _plugins() as plugins:
        print_json(plugins.call(name, command, given))


@plugins_app.command("new")
def new_plugin(
    name: Annotated[
        str, typer.Argument(help="Its id, such as org.example.sparkle, or a word.")
    ],
    lang: Annotated[
        str, typer.Option(help="The language: assemblyscript, c or rust.")
    ] = "assemblyscript",
    kind: Annotated[
        str,
        typer.Option("--type", help="effect, transition, generator, analyzer or tool."),
    ] = "effect",
) -> None:
    """Create the project of a new plugin in a folder of its name."""
    from timeline_nb.wasm_plugins.authoring.scaffold import new_project

    folder = new_project(name, lang, kind)
    print(f"{folder} is ready: read README.md there")


@plugins_app.command("test")
def try_project(
    folder: Annotated[
        Path, typer.Argument(help="The project's folder, or a .wasm file.")
    ] = Path(),
    build: Annotated[
        bool, typer.Option("--build", help="Run its build.sh first.")
    ] = False,
    grant: Annotated[
        list[str] | None, typer.Option(help="What it may do meanwhile.")
    ] = None,
) -> None:
    """Test a plugin: its manifest, limits, effects, and the examples of tests.json."""
    from timeline_nb.wasm_plugins.authoring.builds import build_project
    from timeline_nb.wasm_plugins.authoring.trial import try_plugin

    if build:
        build_project(folder)
    report = try_plugin(folder, grant=grant or ())
    print(report)
    if report.failures:
        raise typer.Exit(1)


@plugins_app.command("abi")
def print_interface() -> None:
    """Print the interface of plugins: exports, host calls, manifest, limits."""
    from timeline_nb.wasm_plugins.authoring.interface_page import interface_page

    print(interface_page())


@contextmanager
def _plugins() -> "Iterator[Plugins]":
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        yield studio.plugins


def _facts(one: "InstalledPlugin") -> dict[str, Any]:
    manifest = one.manifest
    return {
        "id": manifest.id,
        "version": manifest.version,
        "name": manifest.name,
        "license": manifest.license,
        "level": one.level,
        "granted": list(map(str, one.granted)),
        "missing": list(map(str, one.missing)),
        "commands": [command.name for command in manifest.commands],
        "effects": [effect.name for effect in manifest.effects],
        "analyzers": [analyzer.name for analyzer in manifest.analyzers],
        "importers": {own.name: list(own.suffixes) for own in manifest.importers},
        "exporters": {own.name: list(own.suffixes) for own in manifest.exporters},
    }


def _show(one: "InstalledPlugin") -> None:
    manifest = one.manifest
    print(f"{manifest.id} {manifest.version} ({manifest.license}), limits: {one.level}")
    rows = [("  may", f"{granted.sentence} ({granted})") for granted in one.granted]
    rows += [("  asks to", f"{asked.sentence} ({asked})") for asked in one.missing]
    rows += [("  offers", line) for line in manifest.uses]
    print_rows(rows)
