"""The device flow (RFC 8628): a person types a code on another device."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from timeline_nb.errors import AccountError
from timeline_nb.i18n import Message
from timeline_nb.security.oauth.attempt import sign_in_again
from timeline_nb.security.oauth.calls import (
    ProviderAnswer,
    ProviderCalls,
    UnreachableError,
)
from timeline_nb.security.oauth.grants import refusal
from timeline_nb.security.oauth.provider import OAuthProvider
from timeline_nb.security.oauth.tokens import TOKEN_FIELDS, Tokens, tokens_from_answer
from timeline_nb.security.secret import Secret

__all__ = ["DeviceCode", "begin_device_flow", "wait_for_device"]

_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
_FIELDS: Final = (
    "device_code",
    "user_code",
    "verification_uri",
    "verification_url",
    "activate_link",
    "expires_in",
    "interval",
)
# RFC 8628, 3.2 and 3.5.
_USUAL_INTERVAL_S: Final = 5.0
_SLOWER_S: Final = 5.0
_MOST_INTERVAL_S: Final = 60.0
_MOST_EXPIRES_S: Final = 1_800.0
_USER_CODE: Final = re.compile(r"[A-Za-z0-9 _-]{1,40}")
_PENDING: Final = frozenset({"authorization_pending", "slow_down"})
_OVER: Final = {
    "access_denied": Message("the access was denied"),
    "expired_token": Message("the code was not typed in time"),
}


@dataclass(frozen=True, kw_only=True)
class DeviceCode:
    """A code that a person types.

    Args:
        user_code: What is typed.
        address: Where.
        device_code: By which the tokens are asked for.
        interval_s: Seconds between two requests for them.
        expires_in_s: Seconds for which it is valid.
    """

    user_code: str
    address: str
    device_code: Secret
    interval_s: float
    expires_in_s: float


async def begin_device_flow(
    calls: ProviderCalls, provider: OAuthProvider, scopes: tuple[str, ...]
) -> DeviceCode:
    """Ask for a code (RFC 8628, 3.1).

    Raises:
        AccountError: The provider gives none.
    """
    fields = {"scope": provider.scope_separator.join(scopes)}
    if provider.device_form == "vimeo":
        fields["grant_type"] = "device_grant"
    answer = await calls.post(provider.device_url, fields, _FIELDS)
    device_code = answer.secret("device_code")
    address = (
        answer.text("verification_uri")
        or answer.text("verification_url")  # Google
        or answer.text("activate_link")  # Vimeo
    )
    user_code = answer.text("user_code")
    if not answer.is_good or device_code is None:
        raise refusal(answer, provider, Message("a code for this device"))
    if not _USER_CODE.fullmatch(user_code) or not _is_page(address):
        raise AccountError(
            Message(
                "{title} gave a code or an address that is none: sign in without the "
                "device flow",
                title=provider.title,
            )
        )
    return DeviceCode(
        user_code=user_code,
        address=address,
        device_code=device_code,
        interval_s=_number(answer, "interval", _USUAL_INTERVAL_S, _MOST_INTERVAL_S),
        expires_in_s=_number(answer, "expires_in", _MOST_EXPIRES_S, _MOST_EXPIRES_S),
    )


def _is_page(address: str) -> bool:
    """Return whether an address may be shown as a link."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_local = parts.hostname in {"127.0.0.1", "localhost"}
    return parts.scheme == "https" or (parts.scheme == "http" and is_local)


def _number(answer: ProviderAnswer, name: str, usual: float, most: float) -> float:
    value: Any = answer.values.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        return usual
    return float(min(value, most))


async def wait_for_device(
    calls: ProviderCalls,
    provider: OAuthProvider,
    code: DeviceCode,
    clock: Callable[[], float],
) -> Tokens:
    """Ask for the tokens until the person has typed the code (RFC 8628, 3.4).

    Raises:
        AccountError: The person denied it, or did not type it in time.
    """
    form: dict[str, Secret | str] = {"device_code": code.device_code}
    if provider.device_form == "vimeo":
        form["user_code"] = code.user_code
    else:
        form["grant_type"] = _GRANT
    interval_s = code.interval_s
    ends_at = asyncio.get_running_loop().time() + code.expires_in_s
    while asyncio.get_running_loop().time() + interval_s < ends_at:
        await asyncio.sleep(interval_s)
        try:
            answer = await calls.post(
                provider.device_poll_url or provider.token_url, form, TOKEN_FIELDS
            )
        except UnreachableError:
            # Slower at each failure (RFC 8628, 3.5).
            interval_s = min(2 * interval_s, _MOST_INTERVAL_S)
            continue
        tokens = tokens_from_answer(answer, provider, now=clock())
        if tokens is not None:
            return tokens
        if answer.error == "slow_down":
            interval_s += _SLOWER_S
        _check(answer, provider)
    raise _over(provider, "expired_token")


def _check(answer: ProviderAnswer, provider: OAuthProvider) -> None:
    """Raise an error unless the person may still type the code."""
    if answer.error in _OVER:
        raise _over(provider, answer.error)
    # Vimeo documents no code for its answer while it waits.
    is_vague = provider.device_form == "vimeo" and answer.error not in {
        "invalid_client",
        "invalid_grant",
    }
    if answer.error not in _PENDING and not is_vague:
        raise refusal(answer, provider, Message("the code for this device"))


def _over(provider: OAuthProvider, error: str) -> AccountError:
    return AccountError(
        Message(
            "{title} did not sign in, as {why}: {sign_in_again}",
            title=provider.title,
            why=_OVER[error],
            sign_in_again=sign_in_again(provider.name),
        )
    )
