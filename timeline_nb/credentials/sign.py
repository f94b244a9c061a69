"""Sign a film: its manifest, with those of its media, goes into the file."""

import io
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from timeline_nb.access.use import open_file, use_scope
from timeline_nb.core.file_errors import file_errors
from timeline_nb.credentials.certificate import Credentials
from timeline_nb.credentials.library import c2pa_library, context_of, media_type
from timeline_nb.credentials.sign_apart import OpenIngredient, sign_apart
from timeline_nb.errors import CredentialError

__all__ = ["Ingredient", "check_can_sign", "sign", "sign_opened"]

# A picture of one pixel, which is signed to try a certificate (RFC 2083).
_PIXEL: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8ffff3f0005fe02fea72d1b660000000049454e44ae426082"
)


@dataclass(frozen=True)
class Ingredient:
    """A file that a film was made of.

    Args:
        label: By which actions name it.
        title: Its name.
        path: Where it is read, with the credentials that it may have.
        relationship: `componentOf` of a part of the film, `parentOf` of what it was
            before.
    """

    label: str
    title: str
    path: Path
    relationship: str = "componentOf"


def check_can_sign(film: Path, credentials: Credentials) -> None:
    """Check that a film of this name can hold credentials, and that these sign.

    Raises:
        CredentialError: The format cannot, the library is missing, or it does not take
            the certificate.
    """
    if not media_type(film.suffix):
        raise CredentialError(
            f"{film}: files of {film.suffix or 'no suffix'} cannot hold content "
            "credentials: name the film .mp4, .mov, .m4a, .avi, .wav or .mp3"
        )
    created = {"action": "c2pa.created", "digitalSourceType": _SOURCE}
    actions = {"label": "c2pa.actions.v2", "data": {"actions": [created]}}
    definition = {"title": "trial", "assertions": [actions]}
    signed = io.BytesIO()
    pixel = io.BytesIO(_PIXEL)
    state = _signed(definition, (), credentials, "image/png", pixel, signed)
    if state == "Invalid":
        raise CredentialError(
            f"the certificate of {credentials.name!r} makes no valid signatures of "
            "content credentials: it has to be for them (C2PA, certificate profile)"
        )


_SOURCE: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation"


def sign(
    film: Path,
    signed: Path,
    definition: dict[str, Any],
    ingredients: Sequence[Ingredient],
    credentials: Credentials,
) -> None:
    """Write a film with a signed manifest; its streams stay as they are.

    Args:
        film: The film.
        signed: The new file.
        definition: Of the manifest, as c2pa reads it.
        ingredients: Files whose own credentials are carried on.
        credentials: Who signs.

    Raises:
        CredentialError: A file cannot be read or written, or the library refuses.
    """
    kind = media_type(film.suffix)
    with file_errors(film, CredentialError, verb="signed"), use_scope(None):
        # It was written or named by a person; media are read as the scope allows.
        source = open_file(film)
    with file_errors(film, CredentialError, verb="signed"):
        with source, signed.open("w+b") as target:
            own = definition, ingredients, credentials, kind, source, target
            # Windows hands no descriptors on.
            state = _signed(*own) if sys.platform == "win32" else _signed_apart(*own)
        if state == "Invalid":
            raise CredentialError(f"{film} was signed, and does not verify")


def sign_opened(
    source: Path, signed: Path, title: str, credentials: Credentials
) -> None:
    """Sign a file that was made elsewhere; as `sign`.

    Raises:
        CredentialError: As `sign`.
    """
    actions = [
        {"action": "c2pa.opened", "parameters": {"ingredientIds": ["source"]}},
        {"action": "c2pa.published"},
    ]
    definition = {
        "claim_generator_info": [{"name": "timeline_nb"}],
        "title": title,
        "format": media_type(source.suffix),
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}],
    }
    parent = Ingredient("source", source.name, source, "parentOf")
    with use_scope(None):
        sign(source, signed, definition, [parent], credentials)


def _signed_apart(  # noqa: PLR0913, PLR0917 - as `_signed`
    definition: dict[str, Any],
    ingredients: Sequence[Ingredient],
    credentials: Credentials,
    kind: str,
    source: Any,
    target: Any,
) -> str:
    with ExitStack() as stack:
        opened = [
            OpenIngredient(
                file=stack.enter_context(open_file(one.path)),
                kind=media_type(one.path.suffix),
                facts=_facts(one),
            )
            for one in ingredients
        ]
        return sign_apart(
            definition, opened, credentials, kind=kind, source=source, target=target
        )


def _facts(one: Ingredient) -> dict[str, str]:
    named = {"title": one.title, "relationship": one.relationship}
    return {**named, "label": one.label}


def _signed(  # noqa: PLR0913, PLR0917 - what is signed, by whom, from where to where
    definition: dict[str, Any],
    ingredients: Sequence[Ingredient],
    credentials: Credentials,
    kind: str,
    source: Any,
    target: Any,
) -> str:
    c2pa = c2pa_library()
    failed = ""
    try:
        with ExitStack() as stack:
            builder = c2pa.Builder(definition, context=context_of())
            for one in ingredients:
                file = stack.enter_context(open_file(one.path))
                builder.add_ingredient(_facts(one), media_type(one.path.suffix), file)
            signer = c2pa.Signer.from_callback(
                credentials.sign,
                c2pa.C2paSigningAlg[credentials.algorithm],
                credentials.chain,
                None,
            )
            stack.callback(signer.close)
            builder.sign(signer, kind, source, target)
    except c2pa.C2paError as error:
        failed = str(error)
    # Not in the block above: the library's frames hold what it was given.
    if failed:
        raise CredentialError(f"it cannot be signed: {failed}")
    target.seek(0)
    return _state(target, kind)


def _state(file: Any, kind: str) -> str:
    c2pa = c2pa_library()
    try:
        with c2pa.Reader(kind, file, context=context_of()) as reader:
            return str(reader.get_validation_state())
    except c2pa.C2paError:
        return "Invalid"
