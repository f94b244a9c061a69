"""One attempt to sign in: its address, and what is read of the address it ends at."""

import base64
import hashlib
import hmac
import re
import secrets
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from timeline_nb.core.locks import new_lock
from timeline_nb.errors import AccountError
from timeline_nb.i18n import Message
from timeline_nb.security.oauth.client import OAuthClient
from timeline_nb.security.oauth.provider import OAuthProvider
from timeline_nb.security.secret import Secret

__all__ = ["ForeignAnswerError", "SignInAttempt", "error_code_of", "sign_in_again"]

# Addresses that browsers hand on are shorter.
_MOST_CHARS: Final = 16_384
_MOST_FIELDS: Final = 40
# A few words in lower case, as all codes of RFC 6749, 6750, 7009 and 8628 are, or that
# of Meta: an answer may have a token in a code's place, which has digits or capitals.
_ERROR_CODE: Final = re.compile(r"OAuthException|[a-z]{2,16}(?:_[a-z]{2,16}){0,4}")


class ForeignAnswerError(AccountError):
    """An address does not belong to this sign-in, which goes on."""


def error_code_of(value: object) -> str:
    """Return an error code as it may be shown; empty if it is none."""
    text = value if isinstance(value, str) else ""
    return text if _ERROR_CODE.fullmatch(text) else ""


def sign_in_again(provider: str) -> str:
    """Return how a person signs in."""
    return Message(
        "sign in by tl.accounts.connect({quoted}) or "
        "'timeline-nb accounts connect {provider}'",
        quoted=repr(provider),
        provider=provider,
    )


class SignInAttempt:
    """One attempt with its state and PKCE verifier (RFC 7636), used once.

    Args:
        provider: Where a person signs in.
        client: The client id.
        redirect_uri: Where the browser ends.
        scopes: What is asked for.
    """

    def __init__(
        self,
        provider: OAuthProvider,
        client: OAuthClient,
        redirect_uri: str,
        scopes: tuple[str, ...],
    ) -> None:
        self.provider = provider
        self.client = client
        self.redirect_uri = redirect_uri
        self.scopes = scopes
        # 48 bytes are 64 letters: RFC 7636 takes 43 to 128.
        self._verifier = Secret(secrets.token_urlsafe(48))
        self._state = Secret(secrets.token_urlsafe(32))
        self._lock = new_lock("the state of a sign-in")
        self._is_used = False

    def __repr__(self) -> str:
        return f"SignInAttempt({self.provider.name})"

    @property
    def verifier(self) -> Secret:
        """The PKCE verifier, which proves who began."""
        return self._verifier

    def address(self) -> str:
        """Return the address that a person opens; no secret is in it."""
        provider = self.provider
        fields = {
            "response_type": "code",
            provider.client_field: self.client.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": provider.scope_separator.join(self.scopes),
            "state": self._state.reveal(),
            **dict(provider.extra),
        }
        if provider.challenge != "none":
            fields["code_challenge"] = self._challenge()
            fields["code_challenge_method"] = "S256"
        separator = "&" if urlsplit(provider.authorize_url).query else "?"
        return f"{provider.authorize_url}{separator}{urlencode(fields)}"

    def _challenge(self) -> str:
        digest = hashlib.sha256(self._verifier.reveal().encode()).digest()
        if self.provider.challenge == "hex":
            return digest.hex()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def code_from(self, address: Secret) -> Secret:
        """Return the code in the address that the browser ended at, once.

        Args:
            address: The whole address, or what follows its `?`.

        Raises:
            ForeignAnswerError: It does not belong to this attempt, or was used.
            AccountError: The provider refuses; the attempt is over.
        """
        fields = _fields_of(address)
        # The state first: an answer that is not ours is not even read for its error.
        if not _is_same(fields.get("state"), self._state):
            raise ForeignAnswerError(
                Message(
                    "that address does not belong to this sign-in: copy the whole "
                    "address of the page that the browser ended at, from 'http' to "
                    "its end"
                )
            )
        with self._lock:
            was_used, self._is_used = self._is_used, True
        name = self.provider.name
        if was_used:
            raise ForeignAnswerError(
                Message(
                    "that address was used already: {sign_in_again}",
                    sign_in_again=sign_in_again(name),
                )
            )
        title = self.provider.title
        issuer = fields.get("iss")
        if self.provider.issuer and issuer and issuer.reveal() != self.provider.issuer:
            raise AccountError(
                Message(
                    "the answer comes from another issuer than {title}", title=title
                )
            )
        if "error" in fields:
            raise AccountError(
                Message(
                    "{title} did not sign in {why}: {sign_in_again}",
                    title=title,
                    why=_reason_of(error_code_of(fields["error"].reveal())),
                    sign_in_again=sign_in_again(name),
                )
            )
        if not fields.get("code"):
            raise AccountError(
                Message(
                    "{title} sent the browser back without a code: {sign_in_again}",
                    title=title,
                    sign_in_again=sign_in_again(name),
                )
            )
        return fields["code"]


def _reason_of(code: str) -> str:
    if code == "access_denied":
        return Message("as the access was denied")
    return f"({code})" if code else Message("(without a reason)")


def _is_same(given: Secret | None, due: Secret) -> bool:
    return given is not None and hmac.compare_digest(
        given.reveal().encode("utf-8", "replace"), due.reveal().encode()
    )


def _fields_of(address: Secret) -> dict[str, Secret]:
    """Return the fields of an address's query; none that is given twice."""
    if len(address.reveal()) > _MOST_CHARS:
        return {}
    try:
        found = parse_qs(_query_of(address).reveal(), max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    # A field may be there once (RFC 6749, 3.1): of two, no one knows which counts.
    return {name: Secret(texts[0]) for name, texts in found.items() if not texts[1:]}


def _query_of(address: Secret) -> Secret:
    """Return the query of a pasted address, without what people paste around it."""
    # An address that was copied from a terminal may be broken over lines.
    text = Secret("".join(address.reveal().split()).strip("<>\"'`"))
    try:
        query = urlsplit(text.reveal()).query
    except ValueError:
        return Secret("")
    if not query and "=" in text.reveal() and "://" not in text.reveal():
        query = text.reveal().partition("#")[0]
    return Secret(query)
