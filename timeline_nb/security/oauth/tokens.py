"""Tokens of an account: read from an answer, kept in the vault, due or not."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from timeline_nb.errors import AccountError
from timeline_nb.i18n import Message
from timeline_nb.security.oauth.calls import ProviderAnswer
from timeline_nb.security.oauth.provider import OAuthProvider
from timeline_nb.security.secret import Secret

__all__ = [
    "REFRESH_AHEAD_S",
    "TOKEN_FIELDS",
    "Tokens",
    "tokens_from_answer",
    "tokens_from_text",
    "tokens_to_text",
    "who_of",
]

# An upload that begins now may run for minutes before the token is looked at.
REFRESH_AHEAD_S: Final = 300
# The names that a token's answer is read for.
TOKEN_FIELDS: Final = (
    "access_token",
    "refresh_token",
    "expires_in",
    "token_type",
    "scope",
    "permissions",
    "user",
)
# What fits into a header; providers' tokens have up to 2,048 letters.
_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,16384}")
_MOST_EXPIRES_S: Final = 10 * 366 * 86_400
_MOST_NAME_CHARS: Final = 200
_MOST_SCOPES: Final = 100


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """What a provider gave for an account.

    Args:
        access: The access token.
        refresh: The refresh token, if there is one.
        issued_at: When they came, seconds since 1970.
        expires_at: When the access token ends; None if that is not known, or never.
        scopes: What the person allowed.
        who: The account's name; empty if not known.
        client_id: By which client id.
        is_ended: Whether the provider refused to renew them: a person signs in again.
    """

    access: Secret
    refresh: Secret | None
    issued_at: float
    expires_at: float | None
    scopes: tuple[str, ...]
    who: str = ""
    client_id: str = ""
    is_ended: bool = False

    def is_due(self, provider: OAuthProvider, now: float) -> bool:
        """Return whether the access token is to be renewed now.

        It is from five minutes before its end. A long-lived token is as soon as it can
        be: one that has ended cannot be renewed.
        """
        if provider.is_long_lived and now - self.issued_at >= provider.renew_after_s:
            return True
        return self.expires_at is not None and now >= self.expires_at - REFRESH_AHEAD_S

    def is_good(self, now: float) -> bool:
        """Return whether the access token has not ended."""
        return not self.is_ended and (self.expires_at is None or now < self.expires_at)


def tokens_from_answer(
    answer: ProviderAnswer,
    provider: OAuthProvider,
    *,
    now: float,
    before: Tokens | None = None,
) -> Tokens | None:
    """Return the tokens of a provider's answer; None if there are none.

    Args:
        answer: The answer to a request for tokens, read for `TOKEN_FIELDS`.
        provider: The provider.
        now: Seconds since 1970 when it came.
        before: What was renewed: what the answer leaves out stays as it was.

    Raises:
        AccountError: The tokens are of a type that is not known.
    """
    access = answer.secret("access_token")
    if not answer.is_good or access is None or not _TOKEN.fullmatch(access.reveal()):
        return None
    # Meta's first answer does not say; RFC 6749 (7.1) forbids the use of others.
    kind = answer.text("token_type") or "bearer"
    if kind.lower() != "bearer":
        raise AccountError(
            Message(
                "{title} gave a token of a type that is not known here: only 'Bearer' "
                "is",
                title=provider.title,
            )
        )
    refresh = answer.secret("refresh_token")
    if refresh is not None and not _TOKEN.fullmatch(refresh.reveal()):
        refresh = None
    lasts_s = _seconds_of(answer.values.get("expires_in"))
    scopes = _scopes_of(answer.values.get("scope") or answer.values.get("permissions"))
    tokens = Tokens(
        access=access,
        refresh=refresh,
        issued_at=now,
        expires_at=None if lasts_s is None else now + lasts_s,
        scopes=scopes,
        who=who_of(answer.values, provider.who_path) if not provider.who_url else "",
    )
    if before is None:
        return tokens
    return replace(
        tokens,
        # Google sends none with a renewal; others rotate it.
        refresh=tokens.refresh or before.refresh,
        scopes=tokens.scopes or before.scopes,
        who=tokens.who or before.who,
        client_id=before.client_id,
    )


def _seconds_of(value: Any) -> float | None:
    """Return how long a token lasts; None if that is not said, or is no time."""
    if isinstance(value, str):
        # Some send the number as text.
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # An integer may have more digits than a float holds.
    if not value >= 0 or value == math.inf:
        return None
    return float(min(value, _MOST_EXPIRES_S))


def _scopes_of(value: Any) -> tuple[str, ...]:
    """Return scopes: separated by spaces (RFC 6749) or commas, or a list."""
    words: Iterable[Any] = ()
    if isinstance(value, str):
        words = re.split(r"[\s,]+", value[:_TOKEN_CHARS])
    elif isinstance(value, list):
        words = value
    good = (word for word in words if isinstance(word, str) and _is_scope(word))
    return tuple(sorted(set(good)))[:_MOST_SCOPES]


_TOKEN_CHARS: Final = 16_384


def _is_scope(word: str) -> bool:
    return bool(word) and len(word) <= _MOST_NAME_CHARS and word.isprintable()


def who_of(values: Any, path: str) -> str:
    """Return the text that a path of keys and places leads to; empty if none does."""
    for step in path.split(".") if path else []:
        if isinstance(values, dict):
            values = values.get(step)
        elif isinstance(values, list) and step.isdecimal() and int(step) < len(values):
            values = values[int(step)]
        else:
            return ""
    if not path or not isinstance(values, str):
        return ""
    return "".join(c if c.isprintable() else " " for c in values[:_MOST_NAME_CHARS])


class _Stored(msgspec.Struct, omit_defaults=True):
    """How tokens are kept: as JSON, within the store."""

    access: str
    issued_at: float
    refresh: str = ""
    expires_at: float | None = None
    scopes: list[str] = []
    who: str = ""
    client_id: str = ""
    is_ended: bool = False


def tokens_to_text(tokens: Tokens) -> Secret:
    """Return tokens as the text that the store keeps."""
    return Secret(
        msgspec.json.encode(
            _Stored(
                access=tokens.access.reveal(),
                refresh=tokens.refresh.reveal() if tokens.refresh else "",
                issued_at=tokens.issued_at,
                expires_at=tokens.expires_at,
                scopes=list(tokens.scopes),
                who=tokens.who,
                client_id=tokens.client_id,
                is_ended=tokens.is_ended,
            )
        ).decode()
    )


def tokens_from_text(text: Secret) -> Tokens | None:
    """Return the tokens of a stored text; None if it is no such text."""
    try:
        stored = msgspec.json.decode(text.reveal(), type=_Stored)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return Tokens(
        access=Secret(stored.access),
        refresh=Secret(stored.refresh) if stored.refresh else None,
        issued_at=stored.issued_at,
        expires_at=stored.expires_at,
        scopes=tuple(stored.scopes),
        who=stored.who,
        client_id=stored.client_id,
        is_ended=stored.is_ended,
    )
