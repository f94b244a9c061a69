"""The providers, and the client ids by which they know this program."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from timeline_nb.core.near_names import kind_of, quoted, suggestion
from timeline_nb.errors import AccountError
from timeline_nb.i18n import Message
from timeline_nb.security.oauth.checked_inputs import checked_client_secret
from timeline_nb.security.oauth.client import (
    OAuthClient,
    checked_redirect,
    client_from_text,
    client_to_text,
    read_client_file,
)
from timeline_nb.security.oauth.provider import BUILT_IN, OAuthProvider
from timeline_nb.security.secret import Secret, secret_of
from timeline_nb.security.store import SecretStore

__all__ = ["ClientIds"]


class ClientIds:
    """Keeps a client id for each provider.

    Args:
        store: Keeps them under `client:PROVIDER`.
        providers: Providers besides the built-in ones.
    """

    def __init__(
        self, store: SecretStore, providers: Iterable[OAuthProvider] = ()
    ) -> None:
        self._store = store
        self._providers = {one.name: one for one in (*BUILT_IN, *providers)}

    @property
    def store(self) -> SecretStore:
        """What keeps the client ids and tokens."""
        return self._store

    @property
    def providers(self) -> list[str]:
        """The names of the providers, sorted."""
        return sorted(self._providers)

    def declare(self, provider: Any) -> None:
        """Add a provider, in place of one of the same name.

        Raises:
            AccountError: It is no `OAuthProvider`.
        """
        if not isinstance(provider, OAuthProvider):
            raise AccountError(
                Message(
                    "{kind} is no provider: give a tl.OAuthProvider",
                    kind=kind_of(provider),
                )
            )
        self._providers[provider.name] = provider

    def provider(self, name: Any) -> OAuthProvider:
        """Return a provider by its name.

        Raises:
            AccountError: There is none of that name.
        """
        found = self._providers.get(name) if isinstance(name, str) else None
        if found is None:
            raise AccountError(
                Message(
                    "there is no provider {quoted}{hint}",
                    quoted=quoted(name),
                    hint=suggestion(name, self.providers),
                )
            )
        return found

    def set_client(
        self,
        provider: str,
        client_id: Any,
        *,
        client_secret: Secret | str | None = None,
        redirect: str = "",
    ) -> None:
        """Keep the client id by which a provider knows this program.

        Args:
            provider: The provider's name.
            client_id: As the provider shows it (TikTok: the client key).
            client_secret: Likewise, if it shows one.
            redirect: The redirect address that is registered there, if it is not the
                usual one; `{port}` in it stands for a free port.

        Raises:
            AccountError: There is no such provider, or one of them is none.
            VaultError: It cannot be kept.
        """
        is_given, held = client_secret is not None, secret_of(client_secret)
        # What an error shows of this call is then masked.
        del client_secret
        if is_given and held is None:
            raise AccountError(
                Message("client_secret is no text: give a str or a tl.Secret")
            )
        known = self.provider(provider)
        text = client_id.strip() if isinstance(client_id, str) else ""
        if not text.isascii() or not text.isprintable() or not text or " " in text:
            raise AccountError(
                Message(
                    "the client id of {title} is empty, or holds a space or a letter "
                    "outside ASCII: copy it from {client_page}",
                    title=known.title,
                    client_page=known.client_page or Message("there"),
                )
            )
        client = OAuthClient(
            client_id=text,
            client_secret=checked_client_secret(held),
            redirect=checked_redirect(redirect),
        )
        self._store.put(f"client:{provider}", client_to_text(client))

    def read_client(self, provider: str, path: Path | str) -> None:
        """Keep the client id of the JSON file that Google's console downloads.

        Raises:
            AccountError: It cannot be read, or is no such file.
            VaultError: It cannot be kept.
        """
        self.provider(provider)
        if not isinstance(path, str | Path):
            raise AccountError(
                Message(
                    "path is {kind}: give the name of the JSON file that Google's "
                    "console downloads",
                    kind=kind_of(path),
                )
            )
        client = read_client_file(Path(path))
        self._store.put(f"client:{provider}", client_to_text(client))

    def client(self, provider: str) -> OAuthClient:
        """Return the client id of a provider.

        Raises:
            AccountError: There is none; the error says where to make one.
        """
        known = self.provider(provider)
        text = self._store.get(f"client:{provider}")
        if text is None:
            raise AccountError(
                Message(
                    "there is no client id for {title}: {make}, and set it by "
                    "tl.accounts.set_client({quoted}, ...) or "
                    "'timeline-nb accounts client {provider}'",
                    title=known.title,
                    make=_how_to_make(known),
                    quoted=repr(provider),
                    provider=provider,
                )
            )
        client = client_from_text(text, provider)
        if known.needs_secret and client.client_secret is None:
            raise AccountError(
                Message(
                    "{title} gives no token without a client secret: set it by "
                    "tl.accounts.set_client({quoted}, ..., client_secret=...) or "
                    "'timeline-nb accounts client {provider}'",
                    title=known.title,
                    quoted=repr(provider),
                    provider=provider,
                )
            )
        return client


def _how_to_make(provider: OAuthProvider) -> Message:
    page, how = provider.client_page, provider.client_help
    if page and how:
        return Message("make one at {page} ({how})", page=page, how=how)
    if page:
        return Message("make one at {page}", page=page)
    return Message("make one ({how})", how=how) if how else Message("make one")
