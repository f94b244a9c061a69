"""What a manifest states, cut to what is shown: all of it may be a stranger's.

It is made in the process that reads a file, and is all that the kernel sees of it.
"""

from collections.abc import Iterator
from typing import Any, Final, Literal, TypeAlias

from msgspec import Struct

from timeline_nb.core.call_errors import ExplainingMeta
from timeline_nb.credentials.self_made import TEST_ISSUER

__all__ = [
    "EXPIRED",
    "LOCK_LABEL",
    "TRIAL",
    "UNTRUSTED",
    "CredentialState",
    "StatedCredentials",
    "cut",
    "stated_in",
]

CredentialState: TypeAlias = Literal["none", "invalid", "untrusted", "trusted"]
# The assertion that holds the facts of a lock.
LOCK_LABEL: Final = "org.timeline-nb.lock"
_MOST_LETTERS: Final = 300
_MOST_ENTRIES: Final = 1_000
# Codes of C2PA.
UNTRUSTED: Final = "signingCredential.untrusted"
EXPIRED: Final = "signingCredential.expired"
# The code of what a certificate made to try it signed.
TRIAL: Final = "test"
_CHANGED: Final = "bytes of the file were changed after it was signed"
# In place of the library's words, which are for programmers (C2PA 2.1, 15.2).
_IN_WORDS: Final = {
    EXPIRED: "the certificate has ended, and no authority says that it was signed "
    "before",
    "assertion.bmffHash.mismatch": _CHANGED,
    "assertion.dataHash.mismatch": _CHANGED,
    "assertion.boxesHash.mismatch": _CHANGED,
    "assertion.hashedURI.mismatch": "what the manifest says was changed after it was "
    "signed",
    "claimSignature.mismatch": "the signature is of another manifest",
}


class StatedCredentials(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    metaclass=ExplainingMeta,
):
    """What the content credentials of a file state: see `FilmCredentials`."""

    state: CredentialState
    reasons: tuple[str, ...] = ()
    signer: str = ""
    issuer: str = ""
    algorithm: str = ""
    time: str = ""
    generator: str = ""
    title: str = ""
    actions: tuple[dict[str, str], ...] = ()
    ingredients: tuple[dict[str, str], ...] = ()
    lock: dict[str, Any] = {}


def stated_in(document: dict[str, Any], state: str) -> StatedCredentials:
    """Return what is stated in a document as the library writes it.

    Args:
        document: Its manifests.
        state: What the library finds: `Invalid`, `Valid` or `Trusted`.

    Raises:
        KeyError, TypeError, AttributeError: It is not as C2PA says.
    """
    manifests = document["manifests"]
    manifest = manifests[document["active_manifest"]]
    signed = manifest.get("signature_info") or {}
    reasons = _reasons(document)
    is_test = TEST_ISSUER in f"{signed.get('issuer')} {signed.get('common_name')}"
    if is_test:
        reasons = (*reasons, f"{TRIAL}: a certificate made to try this, by anyone")
    is_trusted = state == "Trusted" and not is_test
    held: CredentialState = "trusted" if is_trusted else "untrusted"
    if state not in {"Valid", "Trusted"}:
        held = "invalid"
    assertions = manifest.get("assertions") or []
    return StatedCredentials(
        state=held,
        reasons=reasons,
        signer=cut(signed.get("common_name") or signed.get("issuer") or ""),
        issuer=cut(signed.get("issuer") or ""),
        algorithm=cut(signed.get("alg") or ""),
        time=cut(signed.get("time") or ""),
        generator=_generator(manifest),
        title=cut(manifest.get("title") or ""),
        actions=tuple(_actions(assertions)),
        ingredients=tuple(_ingredients(manifest)),
        lock=_lock(assertions),
    )


def _lock(assertions: list[dict[str, Any]]) -> dict[str, Any]:
    found = (one["data"] for one in assertions if one.get("label") == LOCK_LABEL)
    return next((one for one in found if isinstance(one, dict)), {})


def _reasons(document: dict[str, Any]) -> tuple[str, ...]:
    found = document.get("validation_status") or []
    lines = [
        f"{cut(code)}: {_IN_WORDS.get(code) or cut(one.get('explanation') or '')}"
        for one in found[:_MOST_ENTRIES]
        if isinstance(code := one.get("code") or "", str)
    ]
    # What is broken counts more than who is not known.
    return tuple(sorted(dict.fromkeys(lines), key=lambda one: UNTRUSTED in one))


def _generator(manifest: dict[str, Any]) -> str:
    info = (manifest.get("claim_generator_info") or [{}])[0]
    name = info.get("name") or manifest.get("claim_generator") or ""
    return cut(f"{name} {info.get('version') or ''}".strip())


def _actions(assertions: list[dict[str, Any]]) -> Iterator[dict[str, str]]:
    for one in assertions:
        if not str(one.get("label")).startswith("c2pa.actions"):
            continue
        for action in one["data"]["actions"][:_MOST_ENTRIES]:
            parameters = action.get("parameters") or {}
            told = action.get("description") or parameters.get("description") or ""
            yield {"action": cut(action["action"]), "description": cut(told)}


def _ingredients(manifest: dict[str, Any]) -> Iterator[dict[str, str]]:
    for one in (manifest.get("ingredients") or [])[:_MOST_ENTRIES]:
        state = ""
        if one.get("active_manifest"):
            results = one.get("validation_results") or {}
            failures = (results.get("activeManifest") or {}).get("failure") or []
            codes = {failure.get("code") for failure in failures}
            is_valid = codes <= {UNTRUSTED}
            state = "has credentials" if is_valid else "invalid credentials"
        yield {
            "title": cut(one.get("title") or ""),
            "format": cut(one.get("format") or ""),
            "state": state,
        }


def cut(text: Any) -> str:
    """Return a text as it may be shown: on one line, and not long."""
    plain = "".join(c if c.isprintable() else " " for c in str(text)[:_MOST_LETTERS])
    return plain if len(str(text)) <= _MOST_LETTERS else f"{plain}…"
