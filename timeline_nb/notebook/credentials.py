"""Content credentials in a notebook: try them, and read those of a film."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeline_nb.access.use import use_scope
from timeline_nb.credentials.certificate import Credentials
from timeline_nb.credentials.read import FilmCredentials, read_file
from timeline_nb.errors import CredentialError
from timeline_nb.notebook.vault import NotebookVault
from timeline_nb.studio import Studio, default_studio

if TYPE_CHECKING:
    from timeline_nb.proof.signing import SigningRequest
    from timeline_nb.timeline.model import Timeline

__all__ = ["read_credentials", "signing_request", "trial_credentials"]


def read_credentials(
    path: "str | os.PathLike[str]",
    *,
    anchors: "str | bytes | os.PathLike[str] | None" = None,
    studio: Studio | None = None,
) -> FilmCredentials:
    """Read the content credentials (C2PA) of a film or a still, and check them.

    Nothing is fetched from any network.

    Args:
        path: The file, also one that another program signed.
        anchors: The certificates of authorities that you trust, as a PEM file or its
            text; without them, nobody is trusted.
        studio: What it may read grows by the file; the notebook's own if not given.

    Returns:
        Who signed, what was done, of which media, and its `state`: `none`, `invalid`
        (it was changed since, or is not valid), `untrusted` or `trusted`, with the
        `reasons`. A cell shows them as a table.

    Raises:
        CredentialError: The file cannot be read, or its format holds no credentials.

    Example:
        >>> tl.read_credentials("film.mp4").state  # doctest: +SKIP
        'untrusted'
    """
    if not isinstance(path, (str, os.PathLike)):
        raise CredentialError(f"path is a {type(path).__name__}: name a file")
    owner = studio or default_studio()
    place = Path(path)
    if place.is_file():
        owner.scope.allow(place)
    with use_scope(owner.scope):
        return read_file(place, anchors)


def trial_credentials(name: Any = "nobody") -> Credentials:
    """Return credentials of a certificate made now, to try signing with.

    Anybody can make one: a film that it signs is never `trusted`, and its issuer says
    so to every reader. It ends after 30 days, and its key is nowhere but in here.

    Args:
        name: Who seems to sign.

    Raises:
        CredentialError: The name is no text of 1 to 60 letters.

    Example:
        >>> cut.render("film.mp4", credentials=tl.trial_credentials())  # doctest: +SKIP
    """
    from timeline_nb.credentials.self_made import self_made

    most = 60
    fits = isinstance(name, str) and name.isprintable() and 0 < len(name) <= most
    if not fits:
        raise CredentialError(f"name={name!r}: give a name of 1 to {most} letters")
    chain, key = self_made(name)
    return Credentials(chain, key)


def signing_request(
    credentials: Any,
    timeline: "Timeline",
    film: Path,
    studio: Studio,
    *,
    overwrite: bool,
) -> "SigningRequest":
    """Return the request to sign a film that is about to be rendered.

    Raises:
        CredentialError: These are no credentials, or they cannot sign such a film.
        VaultError: The key is not in the vault.
    """
    from timeline_nb.credentials.sign import check_can_sign
    from timeline_nb.proof.signing import SigningRequest

    if not isinstance(credentials, Credentials):
        raise CredentialError(
            f"credentials are a {type(credentials).__name__}: give tl.Credentials("
            "certificate, key), or tl.trial_credentials() to try it"
        )
    whole = credentials.with_key(NotebookVault(studio).get)
    check_can_sign(film, whole)
    return SigningRequest(whole, timeline, film, overwrite)
