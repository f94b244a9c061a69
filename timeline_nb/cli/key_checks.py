"""Commands that check keys, and take them over from `.env` files."""

from pathlib import Path
from typing import Annotated

import typer

from timeline_nb.cli.output import print_json, warn
from timeline_nb.cli.words import t
from timeline_nb.errors import VaultError

__all__ = ["check_keys", "import_keys"]

_INVALID = 3
_NOT_CERTAIN = 4

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Providers = Annotated[
    Path | None,
    typer.Option(help="A JSON file with more providers: objects with name, address …"),
]


def check_keys(
    names: Annotated[
        list[str] | None, typer.Argument(help="Names of keys; all if not given.")
    ] = None,
    providers: Providers = None,
    json: Json = False,
) -> None:
    """Ask the providers whether keys are good; nothing is spent.

    Exits with 3 if a key is invalid, and with 4 if one is limited or nothing is known
    of it.
    """
    from timeline_nb.core.interrupts import StartedJobs
    from timeline_nb.notebook.vault import NotebookVault
    from timeline_nb.security.providers import declare_file
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        if providers is not None:
            declare_file(studio.key_checks.providers, providers)
        # An interrupt cancels the job, at any moment.
        with StartedJobs():
            report = NotebookVault(studio).start_check(*names or ()).wait()
    if json:
        print_json(list(report))
    else:
        print(report)
    if any(check.verdict == "invalid" for check in report):
        raise typer.Exit(_INVALID)
    if not report.all_valid:
        raise typer.Exit(_NOT_CERTAIN)


def import_keys(
    take: Annotated[
        list[str] | None,
        typer.Option(help="A variable to take over, or FILE:NAME; may be repeated."),
    ] = None,
    comment_out: Annotated[
        bool,
        typer.Option("--comment-out", help="Then put # before the lines taken."),
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace other keys in the vault.")
    ] = False,
    folder: Annotated[
        Path | None, typer.Option(help="Where to begin; here if not given.")
    ] = None,
    providers: Providers = None,
    json: Json = False,
) -> None:
    """List the keys in .env files here and above; take over those that are named."""
    from timeline_nb.notebook.vault import NotebookVault
    from timeline_nb.security.providers import declare_file
    from timeline_nb.studio import open_studio

    if not take and (comment_out or replace):
        raise VaultError("say what is taken over: --take NAME")
    with open_studio() as studio:
        if providers is not None:
            declare_file(studio.key_checks.providers, providers)
        vault = NotebookVault(studio)
        if take:
            found = vault.take_env(
                take,
                folder=folder,
                comment_out=comment_out,
                replace=replace,
                how="--replace",
            )
        else:
            found = vault.find_env(folder)
    if json:
        print_json(found.rows())
    else:
        print(found)
    if found and not take:
        warn(t("nothing was taken over: name what is with --take NAME"))
