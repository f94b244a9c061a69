"""The accounts of a person: signed in, kept in the vault, renewed, ended."""

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import httpx

from timeline_nb.core.forks import watch_forks
from timeline_nb.core.run_async import run_async
from timeline_nb.errors import AccountError
from timeline_nb.i18n import Message
from timeline_nb.security.oauth.account import Account, Disconnected
from timeline_nb.security.oauth.attempt import sign_in_again
from timeline_nb.security.oauth.calls import CALL_S, ProviderCalls
from timeline_nb.security.oauth.checked_inputs import (
    checked_scopes,
    checked_timeout_s,
)
from timeline_nb.security.oauth.client import OAuthClient
from timeline_nb.security.oauth.client_ids import ClientIds
from timeline_nb.security.oauth.grants import EndedError, renew, revoke
from timeline_nb.security.oauth.provider import OAuthProvider
from timeline_nb.security.oauth.sign_in import SignIn, SignInPrompt
from timeline_nb.security.oauth.single_flight import SingleFlight, one_process
from timeline_nb.security.oauth.tokens import (
    Tokens,
    tokens_from_text,
    tokens_to_text,
)
from timeline_nb.security.secret import Secret
from timeline_nb.security.store import SecretStore

__all__ = ["SIGN_IN_S", "Accounts"]

# A person reads, types a password and a second factor.
SIGN_IN_S: Final = 900.0


class Accounts(ClientIds):
    """Connects accounts, and returns tokens that are good for five more minutes.

    Args:
        store: Keeps tokens under `account:PROVIDER`, client ids under
            `client:PROVIDER`.
        lock_folder: Where processes that share the store agree who renews a token.
        providers: Providers besides the built-in ones.
        clock: Returns the seconds since 1970.
        transport: Carries the requests; the network if not given.
        call_s: The longest time of a call to a provider, seconds.

    Example:
        >>> from timeline_nb.security.store import MemoryStore
        >>> accounts = Accounts(MemoryStore())
        >>> accounts.set_client("youtube", "123.apps.googleusercontent.com")
        >>> accounts.list()
        []
    """

    def __init__(  # noqa: PLR0913 - what tests and studios replace
        self,
        store: SecretStore,
        *,
        lock_folder: Path | None = None,
        providers: Iterable[OAuthProvider] = (),
        clock: Callable[[], float] = time.time,
        transport: httpx.AsyncBaseTransport | None = None,
        call_s: float = CALL_S,
    ) -> None:
        super().__init__(store, providers)
        self._lock_folder = lock_folder
        self._clock, self._transport, self._call_s = clock, transport, call_s
        self._renewals: SingleFlight[Tokens] = SingleFlight()
        watch_forks(self._renewals)

    def __repr__(self) -> str:
        return f"Accounts({', '.join(one.provider for one in self.list())})"

    def connect(  # noqa: PLR0913 - how a person signs in
        self,
        provider: str,
        show: Callable[[SignInPrompt], object],
        *,
        check: Callable[[], object] = lambda: None,
        scopes: Iterable[str] | str = (),
        device: bool = False,
        timeout_s: float = SIGN_IN_S,
    ) -> Account:
        """Sign in a person, and keep the account's tokens; blocks until then.

        Args:
            provider: The provider's name.
            show: Called once with the address that the person opens. It is called on
                another thread, and must not block.
            check: Called several times a second meanwhile; what it raises ends the
                sign-in.
            scopes: What is asked for, in place of what an upload needs.
            device: Whether the person types a code on another device (RFC 8628).
            timeout_s: How long the person may take, seconds.

        Raises:
            AccountError: There is no client id, scopes or timeout_s are none, or the
                sign-in was refused or not finished in time.
            VaultError: The tokens cannot be kept.
        """
        asked, seconds = checked_scopes(scopes), checked_timeout_s(timeout_s)
        known, client = self.provider(provider), self.client(provider)
        calls = self._calls(known, client)
        sign_in = SignIn(known, client, calls, self._clock, asked)
        tokens = run_async(
            partial(sign_in.run, show, device=device, timeout_s=seconds), check
        )
        with self._alone(known):
            self._save(provider, tokens)
        return self._account(known, tokens)

    def list(self) -> list[Account]:
        """Return the connected accounts, by the names of their providers.

        Raises:
            VaultError: The vault cannot be read.
        """
        prefix = "account:"
        found = []
        for name in self._store.names():
            known = self._providers.get(name.removeprefix(prefix))
            text = self._store.get(name) if name.startswith(prefix) and known else None
            tokens = tokens_from_text(text) if text is not None else None
            if known is not None and tokens is not None:
                found.append(self._account(known, tokens))
        return found

    def token(self, provider: str, refused: Secret | None = None) -> Secret:
        """Return an access token that is good for five more minutes; thread-safe.

        It is renewed before if need be: once, however many threads, event loops and
        processes ask for it.

        Args:
            provider: The provider's name.
            refused: A token that the platform refused (401): another one is returned.

        Raises:
            AccountError: The account is not connected, has ended, or cannot be renewed
                now.
            VaultError: The vault cannot be read or written.
        """
        known = self.provider(provider)
        tokens = self._tokens(known)
        if not self._is_due(known, tokens, refused):
            return tokens.access
        tokens = self._renewals.run(provider, partial(self._renewed, known, refused))
        if refused is not None and tokens.access == refused:
            # Another caller's renewal began before the token was refused.
            tokens = self._renewals.run(
                provider, partial(self._renewed, known, refused)
            )
        return tokens.access

    def disconnect(self, provider: str, *, revoke_token: bool = True) -> Disconnected:
        """End the access at the provider, and forget the account's tokens.

        They are forgotten though the provider cannot be asked; the result says so.

        Args:
            provider: The provider's name.
            revoke_token: Whether the provider is asked.

        Raises:
            AccountError: The account is not connected.
            VaultError: They cannot be forgotten.
        """
        known = self.provider(provider)
        with self._alone(known):
            text = self._store.get(f"account:{provider}")
            if text is None:
                raise self._missing(known)
            tokens = tokens_from_text(text)
            is_revoked = False
            if revoke_token and tokens is not None:
                is_revoked = self._revoke(known, tokens)
            self._store.delete(f"account:{provider}")
        advice = ""
        if not is_revoked:
            advice = Message(
                "end the access of {title} at {where}",
                title=known.title,
                where=known.manage_url or Message("its settings"),
            )
        return Disconnected(provider=provider, is_revoked=is_revoked, advice=advice)

    def _revoke(self, known: OAuthProvider, tokens: Tokens) -> bool:
        try:
            calls = self._calls(known, self.client(known.name))
            return run_async(lambda: revoke(calls, known, tokens))
        except AccountError:
            return False

    # Renewal

    def _is_due(
        self, known: OAuthProvider, tokens: Tokens, refused: Secret | None
    ) -> bool:
        is_refused = refused is not None and refused == tokens.access
        return is_refused or tokens.is_due(known, self._clock())

    def _renewed(self, known: OAuthProvider, refused: Secret | None) -> Tokens:
        """Return new tokens: this process's, or those that another one has saved."""
        with self._alone(known):
            tokens = self._tokens(known)
            if not self._is_due(known, tokens, refused):
                return tokens
            is_refused = refused is not None and refused == tokens.access
            # The five minutes before its end are for providers that do not answer.
            is_usable = not is_refused and tokens.is_good(self._clock())
            if is_usable and not (known.is_long_lived or tokens.refresh):
                return tokens
            try:
                fresh = self._ask(known, tokens)
            except EndedError:
                fresh = None
            except AccountError:
                if not is_usable:
                    raise
                return tokens
            if fresh is None:
                fresh = replace(tokens, is_ended=True)
            return self._replaced(known, tokens, fresh)

    def _ask(self, known: OAuthProvider, tokens: Tokens) -> Tokens:
        """Return renewed tokens.

        Raises:
            EndedError: The provider renews them no more.
            AccountError: They cannot be renewed now.
        """
        client = self.client(known.name)
        if tokens.client_id and tokens.client_id != client.client_id:
            raise AccountError(
                Message(
                    "{title} was connected by another client id: {sign_in_again}",
                    title=known.title,
                    sign_in_again=sign_in_again(known.name),
                )
            )
        age_s = self._clock() - tokens.issued_at
        if known.is_long_lived and age_s < known.renew_after_s:
            raise AccountError(
                Message(
                    "{title} refuses the token, and renews none that is younger than "
                    "{renew_after_s} hours: {sign_in_again}",
                    title=known.title,
                    renew_after_s=f"{known.renew_after_s / 3600:g}",
                    sign_in_again=sign_in_again(known.name),
                )
            )
        calls = self._calls(known, client)
        return run_async(lambda: renew(calls, known, tokens, self._clock()))

    def _replaced(self, known: OAuthProvider, old: Tokens, new: Tokens) -> Tokens:
        """Save tokens in place of those they came from, and return what counts.

        A sign-in, or a program that knows no lock, may have saved others meanwhile.

        Raises:
            EndedError: The provider has ended the connection.
        """
        now = self._tokens(known)
        if now.access != old.access:
            return now
        # Before anyone uses them: a rotated token that is lost locks out.
        self._save(known.name, new)
        return self._tokens(known) if new.is_ended else new

    def _alone(self, known: OAuthProvider) -> AbstractContextManager[None]:
        name = f"account-{known.name}"
        return one_process(self._lock_folder, name, 3 * self._call_s)

    # The store

    def _tokens(self, known: OAuthProvider) -> Tokens:
        text = self._store.get(f"account:{known.name}")
        tokens = tokens_from_text(text) if text is not None else None
        if tokens is None:
            raise self._missing(known)
        if tokens.is_ended:
            raise EndedError(
                Message(
                    "{title} has ended the connection: {sign_in_again}",
                    title=known.title,
                    sign_in_again=sign_in_again(known.name),
                )
            )
        return tokens

    def _missing(self, known: OAuthProvider) -> AccountError:
        return AccountError(
            Message(
                "no account of {title} is connected: {sign_in_again}",
                title=known.title,
                sign_in_again=sign_in_again(known.name),
            )
        )

    def _save(self, provider: str, tokens: Tokens) -> None:
        self._store.put(f"account:{provider}", tokens_to_text(tokens))

    def _account(self, known: OAuthProvider, tokens: Tokens) -> Account:
        return Account(
            provider=known.name,
            who=tokens.who,
            scopes=tokens.scopes,
            connected_at=tokens.issued_at,
            expires_at=tokens.expires_at,
            is_renewable=known.is_long_lived or tokens.refresh is not None,
            is_ended=tokens.is_ended,
        )

    def _calls(self, known: OAuthProvider, client: OAuthClient) -> ProviderCalls:
        return ProviderCalls(
            known, client, transport=self._transport, call_s=self._call_s
        )
