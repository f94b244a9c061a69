"""Commands that install, enable, grant and call plugins."""

import json as json_text
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from timeline_nb.cli.output import print_json, print_rows
from timeline_nb.cli.words import said, t
from timeline_nb.core.structs import to_builtins
from timeline_nb.errors import PluginError
from timeline_nb.notebook.python_plugins import RUNS_FREELY

if TYPE_CHECKING:
    from timeline_nb.python_plugins.plugins import FoundPlugin
    from timeline_nb.studio import Studio
    from timeline_nb.wasm_plugins.plugins import InstalledPlugin, Plugins

__all__ = ["plugins_app"]

plugins_app = typer.Typer(
    help="Run other people's code: in a sandbox, or Python packages with full rights."
)
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
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask for each permission whether to grant it.")
    ] = False,
) -> None:
    """Install a plugin, and print what it asks for; nothing of it runs yet."""
    with _plugins() as plugins:
        found = plugins.install(file, grant or ())
        _show(found)
        if ask:
            _show(plugins.grant(found.manifest.id, *_asked_for(found)))
        elif wanted := [str(one) for one in found.missing if one.kind != "process"]:
            names = " ".join(map(quote, wanted))
            command = f"timeline-nb plugins grant {found.manifest.id} {names}"
            print(t("to allow it: {command}", command=command))


def _asked_for(found: "InstalledPlugin") -> Iterator[str]:
    """Ask a person for each permission, and what it is narrowed to."""
    for one in found.missing:
        if one.kind == "process":
            continue
        if not typer.confirm(
            t("May it {act} ({permission})?", act=said(one.sentence), permission=one),
            default=False,
        ):
            continue
        target = one.target
        if "*" in target:
            # All hosts below a name can be granted as they stand.
            whole = target if target.startswith("*.") else None
            target = str(typer.prompt(t("Which"), default=whole)).strip()
        yield f"{one.kind}:{target}" if target else one.kind


@plugins_app.command()
def show(name: Name) -> None:
    """Print what a plugin may do, what it asks for, and what it needs."""
    with _plugins() as plugins:
        _show(plugins.installed(name))


@plugins_app.command("list")
def list_plugins(
    json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead of text.")
    ] = False,
) -> None:
    """List the installed plugins and what they may do; none is loaded for it."""
    with _studio() as studio:
        found = studio.plugins.all() if studio.has_wasm_plugins else []
        packages = studio.python_plugins.all()
    if json:
        print_json([*map(_facts, found), *map(_package_facts, packages)])
        return
    for one in found:
        _show(one)
    for package in packages:
        _show_package(package)


@plugins_app.command()
def enable(
    name: Annotated[str, typer.Argument(help="The Python plugin, as 'list' shows it.")],
    package: Annotated[
        str | None, typer.Option(help="Its package, where several have one.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Let it run with full rights, unasked.")
    ] = False,
) -> None:
    """Let a plugin of an installed Python package run, with full rights.

    As any package that you import, it can read, change, delete and send all your files,
    keys and accounts, and start programs. Nothing limits it.
    """
    from timeline_nb.notebook.python_plugins import check_free
    from timeline_nb.python_plugins.plugins import FULL_RIGHTS

    with _studio() as studio:
        found = studio.python_plugins.found(name, package)
        check_free(studio, name)
        print(f"{name} {found.version} of the package {found.package}", file=sys.stderr)
        print(t(FULL_RIGHTS), file=sys.stderr)
        if not yes:
            typer.confirm(t("Enable it?"), abort=True, err=True)
        _show_package(studio.python_plugins.enable(name, package))


@plugins_app.command()
def disable(name: Name) -> None:
    """Use a Python plugin no longer; its package stays installed."""
    with _studio() as studio:
        studio.python_plugins.disable(name)
    print(t("{name} is disabled", name=name))


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
    """Let a plugin do what it asks for, or a part of it; --revoke takes it back."""
    with _plugins() as plugins:
        change = plugins.revoke if take_back else plugins.grant
        _show(change(name, *permissions))


@plugins_app.command()
def remove(name: Name) -> None:
    """Delete a plugin with its permissions."""
    with _plugins() as plugins:
        plugins.remove(name)
    print(t("{name} is removed", name=name))


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
    from timeline_nb.notebook.python_plugins import is_python

    with _studio() as studio:
        if not is_python(studio, name):
            print_json(studio.plugins.call(name, command, given))
            return
        # What its code prints is no part of the JSON.
        with redirect_stdout(sys.stderr):
            result = studio.python_plugins.call(name, command, given)
        try:
            print_json(to_builtins(result))
        except (TypeError, ValueError, RecursionError, NotImplementedError) as error:
            raise PluginError(
                f"what {command} of {name} returned has no form in JSON: {error}"
            ) from error


@contextmanager
def _studio() -> "Iterator[Studio]":
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        yield studio


@plugins_app.command("new")
def new_plugin(
    name: Annotated[
        str, typer.Argument(help="Its id, such as org.example.sparkle, or a word.")
    ],
    lang: Annotated[
        str, typer.Option(help="The language: assemblyscript, c, rust or python.")
    ] = "assemblyscript",
    kind: Annotated[
        str,
        typer.Option(
            "--type",
            help="effect, transition, generator, analyzer, importer, exporter or "
            "tool; not of python.",
        ),
    ] = "effect",
) -> None:
    """Create the project of a new plugin in a folder of its name.

    One in Python declares plugins of all types, and runs with full rights.
    """
    if lang == "python":
        from timeline_nb.python_plugins.scaffold import new_python_project

        folder = new_python_project(name)
        print(t("{folder} is ready: read README.md there", folder=folder))
        return
    from timeline_nb.wasm_plugins.authoring.scaffold import new_project

    folder = new_project(name, lang, kind)
    print(t("{folder} is ready: read README.md there", folder=folder))


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
    with _studio() as studio:
        yield studio.plugins


def _facts(one: "InstalledPlugin") -> dict[str, Any]:
    manifest = one.manifest
    return {
        "id": manifest.id,
        "version": manifest.version,
        "name": manifest.name,
        "license": manifest.license,
        "runs": "in a sandbox",
        "level": one.level,
        "granted": list(map(str, one.granted)),
        "missing": list(map(str, one.missing)),
        "commands": [command.name for command in manifest.commands],
        "effects": [effect.name for effect in manifest.effects],
        "analyzers": [analyzer.name for analyzer in manifest.analyzers],
        "importers": {own.name: list(own.suffixes) for own in manifest.importers},
        "exporters": {own.name: list(own.suffixes) for own in manifest.exporters},
    }


def _package_facts(one: "FoundPlugin") -> dict[str, Any]:
    return {
        "id": one.name,
        "version": one.version,
        "package": one.package,
        "license": one.entry.license if one.entry else "",
        "runs": RUNS_FREELY,
        "state": one.state,
    }


def _show_package(one: "FoundPlugin") -> None:
    print(
        f"{one.name} {one.version} (package {one.package}), {RUNS_FREELY}: {one.state}"
    )


def _show(one: "InstalledPlugin") -> None:
    manifest = one.manifest
    print(f"{manifest.id} {manifest.version} ({manifest.license}), limits: {one.level}")
    rows = [
        ("  may", f"{said(granted.sentence)} ({granted})") for granted in one.granted
    ]
    rows += [
        ("  asks to", f"{said(asked.sentence)} ({asked})") for asked in one.missing
    ]
    for needed in one.requires:
        rows.append(("  needs", said(needed.sentence).removeprefix("needs ")))
    rows += [("  offers", line) for line in manifest.uses]
    print_rows(rows)
