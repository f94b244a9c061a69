"""`timeline-nb credentials`: what a film says of who made it, and of what."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from timeline_nb.cli.output import print_json
from timeline_nb.errors import CredentialError

if TYPE_CHECKING:
    from timeline_nb.credentials.certificate import Credentials

__all__ = ["Certificate", "SigningKey", "credentials", "credentials_of"]

Certificate: TypeAlias = Annotated[
    Path | None,
    typer.Option(help="Sign the film by this PEM file of certificates, and --key."),
]
SigningKey: TypeAlias = Annotated[
    str, typer.Option(help="The name of the signing key in the vault.")
]

_DO_NOT_HOLD: Final = 1
_NONE: Final = 3


def credentials(
    film: Annotated[Path, typer.Argument(help="A film or a still.")],
    anchors: Annotated[
        Path | None,
        typer.Option(help="A PEM file of the authorities that you trust."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead of text.")
    ] = False,
) -> None:
    """Print content credentials (C2PA); exit with 1 if they do not hold, 3 if none."""
    from timeline_nb.notebook.credentials import read_credentials
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        found = read_credentials(film, anchors=anchors, studio=studio)
    if json:
        rows = found.to_dataframe().to_dict("records")
        print_json({"state": found.state, "rows": rows, "lock": found.lock})
    else:
        print(found)
    if not found.is_valid:
        raise typer.Exit(_NONE if found.state == "none" else _DO_NOT_HOLD)


def credentials_of(certificate: Path | None, key: str) -> "Credentials | None":
    """Return the credentials that options name; None if they name none.

    Raises:
        CredentialError: One option is missing, or the certificate cannot be used.
    """
    if certificate is None and not key:
        return None
    if certificate is None or not key:
        raise CredentialError(
            "to sign a film, give both --certificate FILE.pem and --key NAME: in a "
            "cell, tl.vault.put(NAME, tl.Secret(text)) keeps the key"
        )
    from timeline_nb.credentials.certificate import Credentials

    return Credentials(certificate, key)
