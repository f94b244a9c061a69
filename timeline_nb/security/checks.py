"""Whether API keys are good: one request each that costs nothing.

"No" and "cannot say" are different news: a key is invalid only if its provider says so.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Final

import msgspec
from cachetools import TTLCache

from timeline_nb.core.locks import new_lock
from timeline_nb.core.near_names import near_names, quoted
from timeline_nb.core.structs import to_json
from timeline_nb.errors import VaultError
from timeline_nb.security.key_request import KeyAnswer, request_answer
from timeline_nb.security.provider import KeyProvider
from timeline_nb.security.providers import KeyProviders
from timeline_nb.security.secret import Secret

__all__ = ["KeyCheck", "KeyChecks", "Verdict"]

_AT_ONCE: Final = 16
_MOST_KEPT: Final = 256
_REASONS: Final = {
    402: "its account has no credit left",
    403: "it may not do this: see its permissions, its service and your country",
    429: "its quota is used up, or there were too many requests: try again later",
}


class Verdict(StrEnum):
    """What is known of a key.

    `limited`: the provider answers, but does not let the key do this now. `unknown`:
    there was no answer that says anything.
    """

    VALID = "valid"
    INVALID = "invalid"
    LIMITED = "limited"
    UNKNOWN = "unknown"


class KeyCheck(msgspec.Struct, frozen=True, kw_only=True):
    """How a key was found.

    Args:
        name: The key's name in the vault.
        verdict: What is known of it.
        reason: Why, in a sentence.
        host: Who was asked; empty if nobody was.
        checked_at: When, in UTC.
    """

    name: str
    verdict: Verdict
    reason: str
    host: str
    checked_at: datetime


class KeyChecks:
    """Tries keys, and remembers for a while what was found.

    Nothing of a key is kept: verdicts are kept in memory under a keyed hash.

    Args:
        providers: Who may be asked; those built in if not given.
        timeout_s: Seconds for one key.
        keep_s: Seconds for which a verdict is kept; `unknown` is not kept.
        clock: Seconds that only grow.

    Example:
        >>> import asyncio
        >>> from timeline_nb.security.checks import KeyChecks
        >>> from timeline_nb.security.secret import Secret
        >>> found = asyncio.run(KeyChecks().check("acme", Secret("a-key")))
        >>> str(found.verdict)
        'unknown'
    """

    def __init__(
        self,
        providers: KeyProviders | None = None,
        *,
        timeout_s: float = 10.0,
        keep_s: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.providers = KeyProviders() if providers is None else providers
        self._timeout_s = timeout_s
        self._salt = secrets.token_bytes(32)
        self._lock = new_lock("verdicts on keys")
        self._kept: TTLCache[bytes, KeyCheck] = TTLCache(_MOST_KEPT, keep_s, clock)

    def __repr__(self) -> str:
        return f"KeyChecks({self.providers!r})"

    async def check(
        self, name: str, secret: Secret, *, fresh: bool = False
    ) -> KeyCheck:
        """Return whether a key is good.

        Args:
            name: The key's name, which is its provider's.
            secret: The key.
            fresh: Whether it is asked again though a verdict is kept.
        """
        provider = self.providers.get(name)
        if provider is None:
            reason = _no_provider(name, self.providers.names())
            return _found(name, _Finding(Verdict.UNKNOWN, reason))
        tag = self._tag(provider, secret)
        if not fresh and (known := self._known(tag)) is not None:
            return known
        finding = await self._find(provider, secret)
        result = _found(name, finding, provider.host)
        if finding.verdict is not Verdict.UNKNOWN:
            with self._lock:
                self._kept[tag] = result
        return result

    async def check_all(
        self,
        keys: Mapping[str, Secret],
        *,
        fresh: bool = False,
        report: Callable[[int], object] = lambda _: None,
    ) -> list[KeyCheck]:
        """Return whether keys are good, in their order; they are tried side by side.

        Args:
            keys: By their names.
            fresh: Whether they are asked again though verdicts are kept.
            report: Called with the number of keys done, after each.
        """
        found: dict[str, KeyCheck] = {}
        waiting = iter(keys.items())

        async def work() -> None:
            for name, secret in waiting:
                found[name] = await self.check(name, secret, fresh=fresh)
                report(len(found))

        await asyncio.gather(*(work() for _ in range(min(_AT_ONCE, len(keys)))))
        return [found[name] for name in keys]

    def _tag(self, provider: KeyProvider, secret: Secret) -> bytes:
        """Return what a key is kept under: a hash that only this object can make."""
        tag = blake2b(to_json(provider), key=self._salt, digest_size=32)
        tag.update(b"\0" + secret.reveal().encode("utf-8", "surrogatepass"))
        return tag.digest()

    def _known(self, tag: bytes) -> KeyCheck | None:
        with self._lock:
            return self._kept.get(tag)

    async def _find(self, provider: KeyProvider, secret: Secret) -> "_Finding":
        try:
            key = Secret.key(secret.reveal(), name=provider.name)
        except VaultError as error:
            return _Finding(Verdict.INVALID, f"it was not sent: {error}")
        answer = await request_answer(provider, key, timeout_s=self._timeout_s)
        return _judge(provider, answer)


@dataclass(frozen=True)
class _Finding:
    verdict: Verdict
    reason: str


def _found(name: str, finding: _Finding, host: str = "") -> KeyCheck:
    return KeyCheck(
        name=name,
        verdict=finding.verdict,
        reason=finding.reason,
        host=host,
        checked_at=datetime.now(UTC),
    )


def _no_provider(name: str, known: list[str]) -> str:
    near = " or ".join(map(repr, near_names(name, known)))
    hint = f" (did you mean {near}?)" if near else ""
    what = f"no provider {quoted(name)} is known{hint}"
    return f"{what}: tl.vault.declare(name, address=...) says who is asked"


def _judge(provider: KeyProvider, answer: KeyAnswer) -> _Finding:
    """Return what an answer says of the key.

    401 and 429 are HTTP's own words for it (RFC 9110, 15.5.2; RFC 6585, 4). Other codes
    come from gateways and sign-in pages, too, and count only with a JSON object.
    """
    status, title = answer.status, provider.title
    if answer.fault:
        return _Finding(Verdict.UNKNOWN, answer.fault)
    document = _json_object(answer.body)
    if 200 <= status < 300:
        if document is None or (provider.proof and provider.proof not in document):
            what = (
                f"{provider.host} answers {status}, but not as {title} does: is there"
            )
            return _Finding(Verdict.UNKNOWN, f"{what} a sign-in page in between?")
        return _Finding(Verdict.VALID, f"{title} accepts it")
    says_so = document is not None or status in {401, 429}
    is_named = 400 <= status < 500 and any(
        text.encode() in answer.body for text in provider.invalid_texts
    )
    if says_so and (status in provider.invalid or is_named):
        advice = f": make a new one at {provider.page}" if provider.page else ""
        return _Finding(Verdict.INVALID, f"{title} refuses it ({status}){advice}")
    if says_so and status in provider.limited:
        why = _REASONS.get(status, "it is limited")
        return _Finding(Verdict.LIMITED, f"{title} answers {status}: {why}")
    what = "a fault of its own" if status >= 500 else "nothing about the key"
    return _Finding(Verdict.UNKNOWN, f"{provider.host} answers {status}, {what}")


def _json_object(body: bytes) -> dict[str, object] | None:
    """Return a JSON object, or None if the body is none."""
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    return document if isinstance(document, dict) else None
