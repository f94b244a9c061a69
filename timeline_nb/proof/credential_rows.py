"""What a signed film says, beside what its lock says."""

from collections.abc import Iterator
from pathlib import Path

from timeline_nb.access.use import use_scope
from timeline_nb.credentials.library import media_type
from timeline_nb.credentials.read import read_file
from timeline_nb.errors import CredentialError
from timeline_nb.proof.comparison import Fact
from timeline_nb.proof.lock import FilmFact

__all__ = ["credential_rows"]


def credential_rows(film: FilmFact, path: Path) -> Iterator[Fact]:
    """Yield a row for the content credentials of a film that has any.

    They hold if the film is as it was signed, and was signed with this lock. Who
    signed is shown, and does not decide; nor does it that their certificate has ended
    since, which it will.

    Args:
        film: What the lock says of the film.
        path: Where it is now.
    """
    if not media_type(path.suffix) or not path.is_file():
        return
    try:
        # It is hashed beside its lock whatever may be read, and so is this.
        with use_scope(None):
            found = read_file(path)
    except CredentialError as error:
        # Without the library, it is not known whether it is signed.
        yield Fact("credentials", "", f"not read: {error}", held=None)
        return
    if found.state == "none":
        return
    then = f"a film of sha256 {film.sha256}"
    stated = found.lock.get("film")
    own = stated.get("sha256") if isinstance(stated, dict) else None
    is_own = own == film.sha256
    if found.has_ended and is_own:
        why = f"signed by {found.signer!r}; {found.reasons[0]}"
        yield Fact("credentials", then, why, held=None)
    elif found.state == "invalid":
        why = "; ".join(found.reasons[:3])
        yield Fact("credentials", then, f"invalid: {why}", held=False)
    elif not is_own:
        yield Fact("credentials", then, "of another film or lock", held=False)
    else:
        by = f"signed by {found.signer!r}, certified by {found.issuer!r}"
        yield Fact("credentials", then, f"valid, {found.state}; {by}", held=True)
