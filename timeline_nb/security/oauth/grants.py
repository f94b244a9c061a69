"""Get tokens for a code, a refresh token or a long-lived token; revoke them."""

from dataclasses import replace
from typing import Final

from timeline_nb.errors import AccountError
from timeline_nb.i18n import Message
from timeline_nb.security.oauth.attempt import SignInAttempt, sign_in_again
from timeline_nb.security.oauth.calls import (
    ProviderAnswer,
    ProviderCalls,
    UnreachableError,
)
from timeline_nb.security.oauth.client import OAuthClient
from timeline_nb.security.oauth.provider import OAuthProvider
from timeline_nb.security.oauth.tokens import (
    TOKEN_FIELDS,
    Tokens,
    tokens_from_answer,
    who_of,
)
from timeline_nb.security.secret import Secret

__all__ = [
    "EndedError",
    "exchange_code",
    "finish_tokens",
    "refusal",
    "renew",
    "revoke",
]

# The answers after which no second request helps (RFC 6749, 5.2; Meta's 190).
_ENDED: Final = frozenset({"invalid_grant", "OAuthException 190"})


class EndedError(AccountError):
    """The provider does not renew an account's tokens: a person signs in again."""


def refusal(answer: ProviderAnswer, provider: OAuthProvider, what: str) -> AccountError:
    """Return the error of an answer without tokens."""
    error = answer.error or Message("an answer without a token")
    advice = sign_in_again(provider.name)
    if error in {"invalid_client", "unauthorized_client", "invalid_client_id"}:
        advice = Message(
            "check the client id at {page}, and set it again by "
            "tl.accounts.set_client({name}, ...)",
            page=provider.client_page or Message("the provider"),
            name=repr(provider.name),
        )
    elif error == "redirect_uri_mismatch":
        usual = Message("register the redirect address")
        advice = provider.client_help or usual
    return AccountError(
        Message(
            "{title} refuses {what} ({error}): {advice}",
            title=provider.title,
            what=what,
            error=error,
            advice=advice,
        )
    )


async def exchange_code(
    calls: ProviderCalls, attempt: SignInAttempt, code: Secret, now: float
) -> Tokens:
    """Return the tokens of a sign-in's code (RFC 6749, 4.1.3).

    Raises:
        AccountError: The provider refuses the code.
    """
    provider = attempt.provider
    fields: dict[str, Secret | str] = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": attempt.redirect_uri,
    }
    if provider.challenge != "none":
        fields["code_verifier"] = attempt.verifier
    answer = await calls.post(provider.token_url, fields, TOKEN_FIELDS)
    tokens = tokens_from_answer(answer, provider, now=now)
    if tokens is None:
        raise refusal(answer, provider, Message("the sign-in"))
    return tokens


async def finish_tokens(
    calls: ProviderCalls,
    tokens: Tokens,
    client: OAuthClient,
    *,
    asked: tuple[str, ...],
    now: float,
) -> Tokens:
    """Return a sign-in's tokens, long-lived ones if there are, with the account's name.

    Raises:
        AccountError: The person did not allow all that was asked for.
    """
    provider = calls.provider
    if provider.exchange_url:
        fields: dict[str, Secret | str] = {
            "grant_type": "ig_exchange_token",
            "access_token": tokens.access,
        }
        if client.client_secret is not None:
            fields["client_secret"] = client.client_secret
        answer = await calls.get(provider.exchange_url, fields, TOKEN_FIELDS)
        longer = tokens_from_answer(answer, provider, now=now, before=tokens)
        if longer is None:
            raise refusal(answer, provider, Message("a long-lived token"))
        tokens = longer
    # Scopes that are not named are those that were asked for (RFC 6749, 5.1).
    tokens = replace(tokens, scopes=tokens.scopes or asked, client_id=client.client_id)
    missing = sorted(set(asked) - set(tokens.scopes))
    if missing:
        raise AccountError(
            Message(
                "{title} was not allowed {missing}: {sign_in_again}, and allow all "
                "that is asked for",
                title=provider.title,
                missing=", ".join(missing),
                sign_in_again=sign_in_again(provider.name),
            )
        )
    return replace(tokens, who=tokens.who or await _who(calls, provider, tokens.access))


async def _who(calls: ProviderCalls, provider: OAuthProvider, token: Secret) -> str:
    """Return the account's name; empty if it cannot be asked for."""
    if not provider.who_url:
        return ""
    first = provider.who_path.partition(".")[0]
    try:
        answer = await calls.with_token("GET", provider.who_url, token, (first,))
    except UnreachableError:
        return ""
    return who_of(answer.values, provider.who_path) if answer.is_good else ""


async def renew(
    calls: ProviderCalls, provider: OAuthProvider, tokens: Tokens, now: float
) -> Tokens:
    """Return new tokens for old ones.

    Raises:
        EndedError: The provider renews them no more.
        UnreachableError: It cannot be asked now.
        AccountError: It refuses.
    """
    if provider.is_long_lived:
        answer = await calls.get(
            provider.renew_url,
            {"grant_type": "ig_refresh_token", "access_token": tokens.access},
            TOKEN_FIELDS,
        )
    elif tokens.refresh is not None:
        answer = await calls.post(
            provider.token_url,
            {"grant_type": "refresh_token", "refresh_token": tokens.refresh},
            TOKEN_FIELDS,
        )
    else:
        raise EndedError(
            Message(
                "the access to {title} has ended, and it gave nothing to renew it "
                "with: {sign_in_again}",
                title=provider.title,
                sign_in_again=sign_in_again(provider.name),
            )
        )
    found = tokens_from_answer(answer, provider, now=now, before=tokens)
    if found is None and answer.error in _ENDED:
        raise EndedError(
            Message(
                "{title} has ended the connection ({error}): {sign_in_again}",
                title=provider.title,
                error=answer.error,
                sign_in_again=sign_in_again(provider.name),
            )
        )
    if found is None:
        raise refusal(answer, provider, Message("to renew the access"))
    return found


async def revoke(calls: ProviderCalls, provider: OAuthProvider, tokens: Tokens) -> bool:
    """Return whether the provider revoked an account's tokens.

    A refresh token is revoked with the access tokens that came of it (RFC 7009, 2.1).

    Raises:
        UnreachableError: It cannot be asked now.
    """
    if provider.revoke == "form":
        # TikTok takes the access token only.
        is_tiktok = provider.client_field == "client_key"
        token = tokens.access if is_tiktok else tokens.refresh or tokens.access
        answer = await calls.post(provider.revoke_url, {"token": token}, ())
    elif provider.revoke == "delete":
        answer = await calls.with_token(
            "DELETE", provider.revoke_url, tokens.access, ()
        )
    else:
        return False
    # A token that is not valid any more is revoked, too (RFC 7009, 2.2).
    return answer.is_good or answer.error == "invalid_token"
