"""Answers of token endpoints, mutated: an account is renewed, or says why not."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from timeline_nb.errors import AccountError
from timeline_nb.security.oauth.accounts import Accounts
from timeline_nb.security.oauth.tokens import Tokens, tokens_to_text
from timeline_nb.security.secret import Secret
from timeline_nb.security.store import MemoryStore

_NOW: Final = 1_800_000_000.0
_ACCESS: Final = "access-" + "a" * 30
_REFRESH: Final = "refresh-" + "b" * 30
# What is put in the place of a field.
_VALUES: Final[tuple[Any, ...]] = (
    *(None, True, 0, -1, 10**400, 1e308, "", " ", "\n", "\0", "\ud800", "é" * 50),
    *([], {}, [[]], {"a": 1}, "x" * 20_000, "Bearer", "mac", "bearer ", "3600"),
    *("invalid_grant", "authorization_pending", _ACCESS, _REFRESH, f"no {_REFRESH}"),
    *({"type": _REFRESH, "code": 190}, {"code": "ok"}, float("nan"), "a,b c\td"),
)
_FIELDS: Final = (
    *("access_token", "refresh_token", "expires_in", "token_type", "scope", "error"),
    *("error_description", "permissions", "user", "error_type"),
)
_STATUSES: Final = (200, 200, 200, 201, 204, 302, 400, 401, 403, 428, 429, 500, 503)


@dataclass
class TokenFigures:
    """What became of many answers.

    Args:
        tried: How many there were.
        renewed: After how many the account had other tokens.
        faults: What went wrong.
    """

    tried: int = 0
    renewed: int = 0
    faults: list[str] = field(default_factory=list)


def token_answers(count: int, seed: int) -> TokenFigures:
    """Renew tokens with answers that were changed.

    A fault is a foreign error, a secret in an error, or an account that is lost though
    the provider did not end it.

    Args:
        count: How many answers.
        seed: Of chance.
    """
    chance, figures = random.Random(seed), TokenFigures()
    names = ("youtube", "tiktok", "vimeo", "instagram")
    for number in range(count):
        fault, is_renewed = _outcome_of(chance.choice(names), _answer(chance))
        figures.tried += 1
        figures.renewed += is_renewed
        if fault:
            figures.faults.append(f"answer {number} of seed {seed}: {fault}")
    return figures


def _answer(chance: random.Random) -> Callable[[httpx.Request], httpx.Response]:
    honest: dict[str, Any] = {
        "access_token": "new-" + "c" * 30,
        "expires_in": 3600,
        "token_type": "Bearer",
    }
    for _ in range(chance.choice((0, 1, 1, 2, 4))):
        honest[chance.choice(_FIELDS)] = chance.choice(_VALUES)
    if chance.random() < 0.2:
        # A lying server has a secret in a code's place.
        secret = chance.choice((_ACCESS, _REFRESH, f"{_ACCESS}_x"))
        honest["error"] = chance.choice((secret, {"type": secret}, {"code": secret}))
    body = json.dumps(honest).encode()
    if chance.random() < 0.3:
        at = chance.randrange(len(body))
        change = chance.choice((b"", b"[" * 5_000, b"\xff", b'"', b"}", b"\0"))
        body = body[:at] + change + body[at + chance.choice((0, 1, 9)) :]
    status = chance.choice(_STATUSES)
    headers = {"location": f"https://evil.example/?{_REFRESH}"}
    if chance.random() < 0.1:
        headers["content-encoding"] = chance.choice(("gzip", "br", "x"))
    return lambda _: httpx.Response(status, content=body, headers=headers)


def _outcome_of(
    name: str, answer: Callable[[httpx.Request], httpx.Response]
) -> tuple[str, bool]:
    """Return what is wrong, and whether there are other tokens."""
    store = MemoryStore()
    tokens = Tokens(
        access=Secret(_ACCESS),
        refresh=Secret(_REFRESH),
        issued_at=_NOW - 2 * 86_400,
        expires_at=_NOW + 10,
        scopes=("a",),
        client_id="me",
    )
    store.put(f"account:{name}", tokens_to_text(tokens))
    accounts = Accounts(
        store, clock=lambda: _NOW, transport=httpx.MockTransport(answer)
    )
    accounts.set_client(name, "me", client_secret=Secret("client-" + "d" * 30))
    said, is_renewed = "", False
    try:
        token = accounts.token(name, Secret(_ACCESS))
    except AccountError as error:
        said = f"{error}{error.__cause__}"
    except Exception as error:  # noqa: BLE001 - what is looked for
        return f"{type(error).__name__}: {error}", False
    else:
        is_renewed = True
        if not httpx.Headers({"authorization": token.reveal()}).raw:
            return "a token that no header takes", True
        if not token.reveal().isascii() or not token.reveal().isprintable():
            return f"a token that no header takes: {token.hint}", True
    if any(secret in said for secret in (_ACCESS, _REFRESH, "d" * 30)):
        return f"a secret in {said!r}", is_renewed
    if len(accounts.list()) != 1:
        return "the account is lost", is_renewed
    return "", is_renewed
