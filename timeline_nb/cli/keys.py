"""Commands that keep keys in the vault; none takes a key as an argument."""

import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from timeline_nb.cli.key_checks import check_keys, import_keys
from timeline_nb.cli.output import print_json, print_rows, warn
from timeline_nb.cli.words import t
from timeline_nb.errors import VaultError

if TYPE_CHECKING:
    from timeline_nb.security.secret import Secret
    from timeline_nb.security.vault import Vault

__all__ = ["keys_app"]

# More than any key has; a file given by mistake is not read whole.
_MOST_BYTES: Final = 100_000

keys_app = typer.Typer(help="Keep API keys and tokens in an encrypted vault.")
keys_app.command("check")(check_keys)
keys_app.command("import")(import_keys)
Name = Annotated[str, typer.Argument(help="Its name, such as that of the provider.")]


@keys_app.command("list")
def list_keys(
    json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead of text.")
    ] = False,
) -> None:
    """List the names, with the last letters of long keys."""
    found = {name: secret.hint for name, secret in _vault().entries().items()}
    if json:
        print_json([{"name": name, "hint": hint} for name, hint in found.items()])
    elif found:
        print_rows(found)
    else:
        warn(t("no keys: timeline-nb keys add NAME keeps one"))


@keys_app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
)
def add(
    context: typer.Context,
    name: Name,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the key of this name.")
    ] = False,
) -> None:
    """Keep a key, typed at a prompt that does not show it, or piped in."""
    from timeline_nb.core.near_names import quoted
    from timeline_nb.security.prompt import ask_hidden
    from timeline_nb.security.secret import Secret

    if context.args:
        # Not shown: it may be the key.
        raise VaultError(
            "a key is not given as an argument, which the shell keeps: leave it out, "
            "and type or pipe it in"
        )
    vault = _vault()
    if not replace and vault.get(name) is not None:
        raise VaultError(
            f"the vault has a key named {quoted(name)}: say --replace to replace it"
        )
    if sys.stdin is not None and sys.stdin.isatty():
        typed = ask_hidden(f"the key of {name!r}: ", otherwise="pipe it in")
    else:
        typed = _piped()
    vault.put(name, Secret.key(typed, name=name))
    print(t("{name} is kept", name=name))


@keys_app.command()
def remove(name: Name) -> None:
    """Forget a key."""
    vault = _vault()
    if vault.get(name) is None:
        from timeline_nb.core.near_names import quoted, suggestion

        raise VaultError(
            f"the vault has no secret named {quoted(name)}"
            f"{suggestion(name, vault.names())}"
        )
    vault.delete(name)
    print(t("{name} is removed", name=name))


@keys_app.command()
def rotate(
    to: Annotated[
        str | None,
        typer.Option(
            help="Change what opens the vault: keyring, or passphrase.",
            show_default="as before",
        ),
    ] = None,
) -> None:
    """Encrypt everything anew with a new key, and remove the old one."""
    vault = _vault()
    before = vault.kept_by
    vault.rotate(to)  # type: ignore[arg-type] # it checks the word
    if vault.kept_by != "passphrase":
        print(
            t(
                "{path} has a new key, by the {keeper}",
                path=vault.path,
                keeper=vault.kept_by,
            )
        )
    elif to is None and before == "passphrase":
        print(t("{path} has a new key; the passphrase stays the same", path=vault.path))
        print(t("a new one: timeline-nb keys rotate --to passphrase"))
    else:
        print(t("{path} has a new key, by a new passphrase", path=vault.path))


@keys_app.command("accept-older")
def accept_older() -> None:
    """Accept a vault older than the last one saved: a copy put back on purpose."""
    _vault().accept_older()


def _vault() -> "Vault":
    from timeline_nb.core.app_dirs import data_dir
    from timeline_nb.security.vault import open_vault

    return open_vault(data_dir() / "vault")


def _piped() -> "Secret":
    """Return what is piped in.

    Raises:
        VaultError: It is too long for a key.
    """
    from timeline_nb.security.secret import Secret

    # An error of a decoder would hold it; what is no UTF-8 is refused as no key.
    stream = typer.get_binary_stream("stdin")
    given = Secret(stream.read(_MOST_BYTES + 1).decode(errors="surrogateescape"))
    if len(given.reveal()) > _MOST_BYTES:
        raise VaultError(f"more than {_MOST_BYTES:,} bytes were piped in: no key")
    return given
