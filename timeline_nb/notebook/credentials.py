"""Content credentials in a notebook: try them, and read those of a film."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeline_nb.access.use import use_scope
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.jobs import Reporter
from timeline_nb.core.near_names import kind_of
from timeline_nb.core.output_names import output_path
from timeline_nb.credentials.certificate import Credentials, without_keys
from timeline_nb.credentials.library import media_type
from timeline_nb.credentials.read import FilmCredentials, read_file
from timeline_nb.errors import CredentialError
from timeline_nb.notebook.progress import finish
from timeline_nb.notebook.vault import NotebookVault
from timeline_nb.studio import Studio, default_studio

if TYPE_CHECKING:
    from timeline_nb.proof.signing import SigningRequest
    from timeline_nb.timeline.model import Timeline

__all__ = ["read_credentials", "sign", "signing_request", "trial_credentials"]


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
        Who signed, what was done, of which media, and its `state`: `none` (also where
        the file only says at which address they are), `invalid` (it was changed since,
        or is not valid), `untrusted` or `trusted`, with the `reasons`. A cell shows
        them as a table.

    Raises:
        CredentialError: The file cannot be read, or its format holds no credentials.

    Example:
        >>> still = src.save_frame("unsigned.png", "2s")
        >>> tl.read_credentials(still).state
        'none'
    """
    # A text of PEM may hold a private key, too, which no error shows then.
    anchors = None if anchors is None else without_keys(anchors)
    if not isinstance(path, (str, os.PathLike)):
        raise CredentialError(f"path is {kind_of(path)}: name a file")
    owner = studio or default_studio()
    place = Path(path)
    with file_errors(place, CredentialError, verb="read"):
        if place.is_file():
            owner.scope.allow(place)
    with use_scope(owner.scope):
        return read_file(place, anchors)


def sign(
    path: "str | os.PathLike[str]",
    credentials: Credentials,
    *,
    output: "str | os.PathLike[str] | None" = None,
    overwrite: bool = False,
    studio: Studio | None = None,
) -> Path:
    """Sign a film or a still that is there, whoever made it.

    The manifest says that the file was opened and published, and carries on the
    credentials that it has. `cut.render(credentials=...)` says what an edit did.

    Args:
        path: The file: MP4, MOV, M4A, AVI, WAV, MP3, FLAC, GIF, PNG, JPEG, WebP, TIFF.
        credentials: Who signs.
        output: The signed file, of the same format; it takes the place of `path` if
            not given.
        overwrite: Replace a file that was not written here.
        studio: Its jobs; the notebook's own if not given.

    Returns:
        The signed file.

    Raises:
        CredentialError: The file cannot be read, signed or written.

    Example:
        >>> still = src.save_frame("still.png", "2s")
        >>> signed = tl.sign(still, tl.trial_credentials("Ada"))
        >>> tl.read_credentials(signed).signer
        'Ada'
    """
    from timeline_nb.credentials.sign import check_can_sign, sign_opened

    owner = studio or default_studio()
    what = "the signed file, such as 'signed.png'"
    source = output_path(path, CredentialError, what=what)
    target = source
    if output is not None:
        target = output_path(output, CredentialError, what=what, field="output")
    if media_type(target.suffix) != media_type(source.suffix):
        raise CredentialError(
            f"{target}: the signed file has the format of {source.name}: give it the "
            f"suffix {source.suffix}"
        )
    whole = _whole(credentials, owner)
    check_can_sign(source, whole)
    owner.written.check(target, CredentialError, overwrite=overwrite)

    def work(reporter: Reporter) -> Path:
        reporter.report("sign", 0, 1, unit="file")
        replaced = owner.written.replacing(target, CredentialError, overwrite=overwrite)
        with replaced as partial:
            sign_opened(source, partial, target.name, whole)
        reporter.report("sign", 1, 1, unit="file")
        return target

    return finish(lambda: owner.start(f"sign {source.name}", work))


def trial_credentials(name: Any = "nobody") -> Credentials:
    """Return credentials of a certificate made now, to try signing with.

    Anybody can make one: a film that it signs is never `trusted`, and its issuer says
    so to every reader. It ends after 30 days, and its key is nowhere but in here.

    Args:
        name: Who seems to sign.

    Raises:
        CredentialError: The name is no text of 1 to 60 letters.

    Example:
        >>> who = tl.trial_credentials("Ada")
        >>> film = cut.render("signed.mp4", end="1s", credentials=who).wait()
        >>> tl.read_credentials(film.path).state
        'untrusted'
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

    whole = _whole(credentials, studio)
    check_can_sign(film, whole)
    return SigningRequest(whole, timeline, film, overwrite)


def _whole(credentials: Any, studio: Studio) -> Credentials:
    """Return credentials with their key, which may be in the vault."""
    if not isinstance(credentials, Credentials):
        raise CredentialError(
            f"credentials are {kind_of(credentials)}: give tl.Credentials("
            "certificate, key), or tl.trial_credentials() to try it"
        )
    return credentials.with_key(NotebookVault(studio).get)
