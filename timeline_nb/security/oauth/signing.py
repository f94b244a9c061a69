"""Sign requests of plugins for an account; they never see its token."""

from collections.abc import Callable
from urllib.parse import urlsplit

from timeline_nb.errors import AccountError
from timeline_nb.i18n import Message
from timeline_nb.security.oauth.accounts import Accounts

__all__ = ["signature"]


def signature(
    accounts: Accounts, account: str, host: str
) -> Callable[[], dict[str, str]]:
    """Return what gives the headers of a request to a provider's own host.

    The headers are made when they are asked for, so that no variable holds the token.

    Args:
        accounts: Has the tokens.
        account: The provider's name.
        host: Where the request goes: that of the provider's interface, where it tells
            the account's name (`who_url`).

    Raises:
        AccountError: The host is another one, or the account is not connected.
        VaultError: The vault cannot be read.
    """
    provider = accounts.provider(account)
    own = urlsplit(provider.who_url).hostname
    if host != own:
        where = Message("none are")
        if own:
            where = Message("only those to {own} are", own=own)
        raise AccountError(
            Message(
                "requests to {host} are not signed for {title}: {where}",
                host=host,
                title=provider.title,
                where=where,
            )
        )
    token = accounts.token(account)
    return lambda: {"authorization": f"Bearer {token.reveal()}"}
