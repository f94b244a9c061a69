"""Commands that sign in to platforms; none takes a secret as an argument."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from timeline_nb.cli.output import print_json, print_rows, warn
from timeline_nb.cli.words import said, t
from timeline_nb.errors import AccountError

if TYPE_CHECKING:
    from timeline_nb.security.oauth.accounts import Accounts
    from timeline_nb.security.secret import Secret

__all__ = ["accounts_app"]

accounts_app = typer.Typer(help="Sign in to platforms, to publish films there.")
Provider = Annotated[
    str, typer.Argument(help="youtube, vimeo, instagram, tiktok, or a declared one.")
]


@accounts_app.command("list")
def list_accounts(
    json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead of text.")
    ] = False,
) -> None:
    """List the connected accounts."""
    found = _accounts().list()
    if json:
        print_json(found)
        return
    if not found:
        warn(t("no accounts are connected: timeline-nb accounts connect PROVIDER"))
    print_rows(
        [(one.provider, f"{one.who or '-'}  {said(one.state)}") for one in found]
    )


@accounts_app.command()
def connect(
    provider: Provider,
    device: Annotated[
        bool, typer.Option(help="Type a code on another device, where there is a way.")
    ] = False,
    scope: Annotated[
        list[str] | None,
        typer.Option(help="Ask for this scope, in place of what an upload needs."),
    ] = None,
    timeout: Annotated[
        float, typer.Option(help="How long the person may take, seconds.")
    ] = 900.0,
) -> None:
    """Sign in by the platform's page in a browser, here or on another machine."""
    from timeline_nb.notebook.terminal_sign_in import connect_at_terminal

    account = connect_at_terminal(
        _accounts(), provider, scopes=scope or (), device=device, timeout_s=timeout
    )
    if account.who:
        print(t("{provider} is connected: {who}", provider=provider, who=account.who))
    else:
        print(t("{provider} is connected", provider=provider))


@accounts_app.command()
def disconnect(provider: Provider) -> None:
    """End the access at the platform, and forget the account."""
    outcome = _accounts().disconnect(provider)
    print(t("{provider} is disconnected", provider=provider))
    if outcome.advice:
        warn(t("it could not be revoked: {advice}", advice=said(outcome.advice)))


@accounts_app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
)
def client(
    context: typer.Context,
    provider: Provider,
    client_id: Annotated[
        str, typer.Argument(help="The client id, as the provider shows it.")
    ] = "",
    file: Annotated[
        Path | None, typer.Option(help="The JSON file of Google's console.")
    ] = None,
    redirect: Annotated[
        str, typer.Option(help="The redirect address that is registered there.")
    ] = "",
) -> None:
    """Keep the client id of a provider; its secret is typed or piped in."""
    if context.args:
        # Not shown: it may be the secret.
        raise AccountError(
            "a client secret is not given as an argument, which the shell keeps: leave "
            "it out, and type or pipe it in"
        )
    accounts = _accounts()
    known = accounts.provider(provider)
    if file is not None:
        accounts.read_client(provider, file)
    elif client_id:
        accounts.set_client(
            provider, client_id, client_secret=_secret_of(provider), redirect=redirect
        )
    else:
        print_rows(
            {
                "provider": known.title,
                "make one at": known.client_page,
                "how": known.client_help,
                "redirect address": known.redirect.replace("{port}", "*"),
            }
        )
        return
    print(t("the client id of {provider} is kept", provider=provider))


def _secret_of(provider: str) -> "Secret | None":
    """Return the client secret that is typed or piped in; None if it is empty."""
    from timeline_nb.security.prompt import ask_hidden
    from timeline_nb.security.secret import Secret

    if sys.stdin is not None and sys.stdin.isatty():
        typed = ask_hidden(
            f"the client secret of {provider!r} (Enter if there is none): ",
            otherwise="pipe it in",
        )
    else:
        typed = Secret(typer.get_text_stream("stdin").readline(4096))
    stripped = Secret(typed.reveal().strip())
    return stripped or None


def _accounts() -> "Accounts":
    from timeline_nb.core.app_dirs import data_dir
    from timeline_nb.security.oauth.accounts import Accounts
    from timeline_nb.security.vault import open_vault

    folder = data_dir()
    return Accounts(open_vault(folder / "vault"), lock_folder=folder / "accounts")
