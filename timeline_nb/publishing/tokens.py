"""Where uploads get their tokens: a key in the vault, or a connected account."""

from collections.abc import Callable
from typing import Final, Protocol

from timeline_nb.errors import AccountError, VaultError
from timeline_nb.i18n import Message
from timeline_nb.publishing.caller import Authorize
from timeline_nb.security.secret import Secret
from timeline_nb.security.store import SecretStore

__all__ = ["TokenSource", "authorizer"]

# Telegram has bots with a token; Vimeo gives personal tokens, too.
_KEYS_ALONE: Final = {"telegram"}
_KEYS_TOO: Final = {"vimeo"}


class TokenSource(Protocol):
    """Gives tokens of connected accounts, renewed in time."""

    def token(self, provider: str, refused: Secret | None = None) -> Secret:
        """Return a token; given one that was refused, another one."""
        ...


def authorizer(
    vault: Callable[[], SecretStore], accounts: Callable[[], TokenSource]
) -> Callable[[str], Authorize]:
    """Return what gives the tokens of an account by its name.

    Args:
        vault: Returns the vault, which is opened when it is first needed.
        accounts: Returns the accounts.
    """

    def of(name: str) -> Authorize:
        def authorize(refused: Secret | None) -> Secret:
            key = _key(vault(), name)
            if key is None:
                return accounts().token(name, refused)
            if refused is not None and key == refused:
                raise AccountError(
                    Message(
                        "{name} refuses the key in the vault: give it again with "
                        "tl.vault.ask({other})",
                        name=name,
                        other=repr(name),
                    )
                )
            return key

        return authorize

    return of


def _key(store: SecretStore, name: str) -> Secret | None:
    """Return the key of an account that needs no sign-in; None for others.

    Raises:
        VaultError: The account has keys alone, and the vault has none.
    """
    if name in _KEYS_ALONE:
        key = store.get(name)
        if key is None:
            raise VaultError(
                Message(
                    "the vault has no key named {name}: tl.vault.ask({name}) asks "
                    "for it; in a terminal, timeline-nb keys add {other}",
                    name=repr(name),
                    other=name,
                )
            )
        return key
    # A person who signed in afterwards wants that account.
    is_connected = name in _KEYS_TOO and store.get(f"account:{name}") is not None
    return store.get(name) if name in _KEYS_TOO and not is_connected else None
