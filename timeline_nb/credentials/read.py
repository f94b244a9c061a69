"""Read the content credentials of a film: who, what, of which media, and if they hold.

What a file says is not trusted: it is shown as text, cut where it is long, and nothing
is fetched that it names.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from timeline_nb.access.use import open_file
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.tables import table_of
from timeline_nb.credentials.certificate import certificates_in, without_keys
from timeline_nb.credentials.library import c2pa_library, context_of, media_type
from timeline_nb.credentials.self_made import TEST_ISSUER
from timeline_nb.errors import CredentialError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LOCK_LABEL", "CredentialState", "FilmCredentials", "read_file"]

# The assertion that holds the facts of a lock.
LOCK_LABEL: Final = "org.timeline-nb.lock"
CredentialState = Literal["none", "invalid", "untrusted", "trusted"]
_IN_WORDS: Final = {
    "none": "it has no content credentials",
    "invalid": "its content credentials do not hold",
    "untrusted": "its content credentials hold; no trusted authority knows who signed",
    "trusted": "its content credentials hold; a trusted authority knows who signed",
}
_MOST_LETTERS: Final = 300
_MOST_ENTRIES: Final = 1_000
_UNTRUSTED: Final = "signingCredential.untrusted"


@dataclass(frozen=True)
class FilmCredentials:
    """What the content credentials of a file say, and whether they hold.

    Args:
        path: The file.
        state: `none`, `invalid`, `untrusted` or `trusted`.
        reasons: Why it is not better, each a code of C2PA and its explanation.
        signer: The common name in the certificate of who signed.
        issuer: Who issued that certificate.
        algorithm: Of the signature.
        time: When an authority says it was signed; empty without one.
        generator: The program that wrote the manifest.
        title: The film's title.
        actions: What was done, in order: each with `action` and `description`.
        ingredients: What it was made of: each with `title`, `format` and `state`.
        lock: The facts of the lock in it; empty without.

    Example:
        >>> still = src.save_frame("still.png", "2s")
        >>> signed = tl.sign(still, tl.trial_credentials("Ada"))
        >>> found = tl.read_credentials(signed)
        >>> found.state, found.is_valid, found.signer
        ('untrusted', True, 'Ada')
        >>> found.summary
        "still.png: its content credentials hold; no trusted authority knows who ..."
    """

    path: Path
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
    lock: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_valid(self) -> bool:
        """Whether the file is as it was signed, whoever that was."""
        return self.state in {"untrusted", "trusted"}

    @property
    def summary(self) -> str:
        """One line: whether they hold, who signed, and why not more."""
        parts = [f"{self.path.name}: {_IN_WORDS[self.state]}"]
        if self.signer:
            parts.append(f"signed by {self.signer!r}, certified by {self.issuer!r}")
        return "; ".join([*parts, *self.reasons[:3]])

    def _rows(self) -> Iterator[tuple[str, str, str]]:
        yield "state", self.state, _IN_WORDS[self.state]
        for reason in self.reasons:
            code, _, text = reason.partition(": ")
            yield "reason", code, text
        for name in ("signer", "issuer", "algorithm", "time", "generator", "title"):
            if getattr(self, name):
                yield name, getattr(self, name), ""
        for action in self.actions:
            yield "action", action["action"], action["description"]
        for one in self.ingredients:
            yield "ingredient", one["title"], f"{one['format']} {one['state']}".strip()

    def to_dataframe(self) -> "pd.DataFrame":
        """Return a row for each thing that is said: what, value, detail.

        Example:
            >>> still = src.save_frame("unsigned.png", "2s")
            >>> tl.read_credentials(still).to_dataframe()
                what value                         detail
            0  state  none  it has no content credentials
        """
        names = ("what", "value", "detail")
        rows = [dict(zip(names, row, strict=True)) for row in self._rows()]
        return table_of(rows, names)

    def __repr__(self) -> str:
        lines = (f"  {what}: {value}  {more}" for what, value, more in self._rows())
        return "\n".join([self.summary, *map(str.rstrip, lines)])

    def _repr_html_(self) -> Any:
        cell = "<td style='text-align:left'>"
        rows = "".join(
            f"<tr>{''.join(f'{cell}{escape(part)}</td>' for part in row)}</tr>"
            for row in self._rows()
        )
        return f"<div>{escape(self.summary)}</div><table>{rows}</table>"


def read_file(
    path: Path, anchors: "str | bytes | os.PathLike[str] | None" = None
) -> FilmCredentials:
    """Read the content credentials of a file, and check them against its bytes.

    Args:
        path: The file.
        anchors: Certificates of authorities that are trusted, as PEM; none if None.

    Raises:
        CredentialError: The file cannot be read, its format holds none, or the library
            is not installed.
    """
    # Their file may hold a private key, too, which no error shows then.
    anchors = None if anchors is None else without_keys(anchors)
    kind = media_type(path.suffix)
    if not kind:
        raise CredentialError(
            f"{path}: files of {path.suffix or 'no suffix'} cannot hold content "
            "credentials"
        )
    c2pa = c2pa_library()
    trusted = "" if anchors is None else certificates_in(anchors, what="anchors")
    with file_errors(path, CredentialError, verb="read"), open_file(path) as file:
        try:
            reader = c2pa.Reader.try_create(kind, file, context=context_of(trusted))
            if reader is None:
                return FilmCredentials(path, "none")
            with reader:
                text, state = reader.json(), str(reader.get_validation_state())
        except c2pa.C2paError as error:
            return FilmCredentials(path, "invalid", (f"unreadable: {_cut(error)}",))
    try:
        return _of_document(path, json.loads(text), state)
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError):
        return FilmCredentials(path, "invalid", ("unreadable: it is not as C2PA says",))


def _of_document(path: Path, document: dict[str, Any], state: str) -> FilmCredentials:
    manifests = document["manifests"]
    manifest = manifests[document["active_manifest"]]
    signed = manifest.get("signature_info") or {}
    reasons = _reasons(document)
    is_test = TEST_ISSUER in f"{signed.get('issuer')} {signed.get('common_name')}"
    if is_test:
        reasons = (*reasons, "test: a certificate made to try this, by anyone")
    is_trusted = state == "Trusted" and not is_test
    held: CredentialState = "trusted" if is_trusted else "untrusted"
    if state not in {"Valid", "Trusted"}:
        held = "invalid"
    assertions = manifest.get("assertions") or []
    return FilmCredentials(
        path,
        held,
        reasons,
        signer=_cut(signed.get("common_name") or signed.get("issuer") or ""),
        issuer=_cut(signed.get("issuer") or ""),
        algorithm=_cut(signed.get("alg") or ""),
        time=_cut(signed.get("time") or ""),
        generator=_generator(manifest),
        title=_cut(manifest.get("title") or ""),
        actions=tuple(_actions(assertions)),
        ingredients=tuple(_ingredients(manifest)),
        lock=next((a["data"] for a in assertions if a.get("label") == LOCK_LABEL), {}),
    )


def _reasons(document: dict[str, Any]) -> tuple[str, ...]:
    found = document.get("validation_status") or []
    lines = [
        f"{_cut(one.get('code') or '')}: {_cut(one.get('explanation') or '')}"
        for one in found[:_MOST_ENTRIES]
    ]
    # What is broken counts more than who is not known.
    return tuple(sorted(dict.fromkeys(lines), key=lambda one: _UNTRUSTED in one))


def _generator(manifest: dict[str, Any]) -> str:
    info = (manifest.get("claim_generator_info") or [{}])[0]
    name = info.get("name") or manifest.get("claim_generator") or ""
    return _cut(f"{name} {info.get('version') or ''}".strip())


def _actions(assertions: list[dict[str, Any]]) -> Iterator[dict[str, str]]:
    for one in assertions:
        if not str(one.get("label")).startswith("c2pa.actions"):
            continue
        for action in one["data"]["actions"][:_MOST_ENTRIES]:
            parameters = action.get("parameters") or {}
            told = action.get("description") or parameters.get("description") or ""
            yield {"action": _cut(action["action"]), "description": _cut(told)}


def _ingredients(manifest: dict[str, Any]) -> Iterator[dict[str, str]]:
    for one in (manifest.get("ingredients") or [])[:_MOST_ENTRIES]:
        state = ""
        if one.get("active_manifest"):
            results = one.get("validation_results") or {}
            failures = (results.get("activeManifest") or {}).get("failure") or []
            codes = {failure.get("code") for failure in failures}
            is_valid = codes <= {_UNTRUSTED}
            state = "has credentials" if is_valid else "invalid credentials"
        yield {
            "title": _cut(one.get("title") or ""),
            "format": _cut(one.get("format") or ""),
            "state": state,
        }


def _cut(text: Any) -> str:
    plain = "".join(c if c.isprintable() else " " for c in str(text)[:_MOST_LETTERS])
    return plain if len(str(text)) <= _MOST_LETTERS else f"{plain}…"
