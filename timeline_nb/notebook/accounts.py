"""Accounts in a notebook: connect, list and disconnect them."""

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.errors import AccountError, VaultError
from timeline_nb.notebook.progress import finish
from timeline_nb.notebook.terminal_sign_in import connect_at_terminal
from timeline_nb.security.oauth.account import Account, Disconnected
from timeline_nb.security.oauth.accounts import SIGN_IN_S, Accounts
from timeline_nb.security.oauth.checked_inputs import (
    checked_client_secret,
    checked_scopes,
    checked_timeout_s,
)
from timeline_nb.security.oauth.provider import OAuthProvider
from timeline_nb.security.oauth.sign_in import SignInPrompt
from timeline_nb.security.prompt import ask_hidden
from timeline_nb.security.secret import Secret, secret_of
from timeline_nb.security.vault import Vault
from timeline_nb.studio import Studio, default_studio

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.widgets.sign_in import SignInWidget

__all__ = ["NotebookAccounts", "accounts", "has_kernel"]

# Provider, name and state.
_Lines: TypeAlias = list[tuple[str, str, str]]


class NotebookAccounts:
    """Accounts of platforms, by provider; a cell shows them as a table.

    Their tokens are kept in the vault, and renewed by themselves. No cell and no output
    contains them.

    Args:
        studio: Whose accounts; the notebook's own if not given.

    Example:
        >>> tl.accounts.read_client("youtube", "client_secret.json")
        >>> tl.accounts.connect("youtube")  # doctest: +SKIP
        >>> tl.accounts
        <accounts: none is connected: tl.accounts.connect('youtube') signs in>
    """

    def __init__(self, studio: Studio | None = None) -> None:
        self._studio = studio

    @property
    def _owner(self) -> Studio:
        return self._studio or default_studio()

    @property
    def _accounts(self) -> Accounts:
        return self._owner.accounts

    @property
    def providers(self) -> list[str]:
        """The names of the providers, sorted."""
        return self._accounts.providers

    def declare(self, provider: OAuthProvider) -> None:
        """Add a provider, in place of one of the same name.

        Example:
            >>> peertube = tl.OAuthProvider(
            ...     name="peertube",
            ...     title="PeerTube",
            ...     authorize_url="https://video.example/oauth/authorize",
            ...     token_url="https://video.example/oauth/token",
            ...     scopes=("upload",),
            ... )
            >>> tl.accounts.declare(peertube)
            >>> "peertube" in tl.accounts.providers
            True
        """
        self._accounts.declare(provider)

    def set_client(
        self,
        provider: str,
        client_id: str,
        *,
        client_secret: Secret | str | None = None,
        redirect: str = "",
    ) -> None:
        """Keep the client id by which a provider knows this program.

        Args:
            provider: The provider's name.
            client_id: As the provider shows it (TikTok: the client key).
            client_secret: Likewise. A text written in a cell stays in the notebook: it
                is asked for, and not shown, if the provider needs one and none is
                given.
            redirect: The redirect address that is registered there, if it is not the
                usual one; `{port}` in it stands for a free port.

        Raises:
            AccountError: There is no such provider, or one of them is none.
            VaultError: It cannot be kept, or nobody can be asked for the secret.

        Example:
            >>> secret = tl.Secret("s3cr3t")  # or leave it out, and type it
            >>> tl.accounts.set_client("vimeo", "0123abcd", client_secret=secret)
        """
        is_given, held = client_secret is not None, secret_of(client_secret)
        # What an error shows of this call is then masked.
        del client_secret
        if is_given and held is None:
            raise AccountError("client_secret is no text: give a str or a tl.Secret")
        held = checked_client_secret(held)
        if held is None and self._accounts.provider(provider).needs_secret:
            command = f"timeline-nb accounts client {provider}"
            held = ask_hidden(
                f"the client secret of {provider!r}: ",
                otherwise=f"set it in a terminal: {command}",
            )
        self._accounts.set_client(
            provider, client_id, client_secret=held, redirect=redirect
        )

    def read_client(self, provider: str, path: Path | str) -> None:
        """Keep the client id of the JSON file that Google's console downloads.

        Raises:
            AccountError: It cannot be read, or is no such file.
            VaultError: It cannot be kept.

        Example:
            >>> tl.accounts.read_client("youtube", "client_secret.json")
        """
        self._accounts.read_client(provider, path)

    def connect(
        self,
        provider: str,
        *,
        scopes: Iterable[str] | str = (),
        device: bool = False,
        timeout_s: float = SIGN_IN_S,
    ) -> "SignInWidget | Account":
        """Sign in to a platform, by its page in a browser.

        In a notebook, it returns a widget at once: a link to the page, and a field for
        the address at which the browser ends if it runs on another machine than the
        kernel. `await view.job` waits for the account. In a terminal, it prints the
        address, and returns the account at the end.

        Args:
            provider: The provider's name.
            scopes: What is asked for, in place of what an upload needs.
            device: Whether a code is typed on another device (RFC 8628).
            timeout_s: How long the person may take, seconds.

        Raises:
            AccountError: There is no client id (the error says where to make one), or
                scopes or timeout_s are none. Later errors are raised by the job, and
                shown by the widget.
            VaultError: The vault cannot be opened.

        Example:
            >>> tl.accounts.connect("youtube")  # doctest: +SKIP
            >>> tl.accounts.connect("vimeo", device=True)  # doctest: +SKIP
        """
        title = self._accounts.provider(provider).title
        asked, timeout_s = checked_scopes(scopes), checked_timeout_s(timeout_s)
        self._accounts.client(provider)
        if not has_kernel():
            return connect_at_terminal(
                self._accounts,
                provider,
                scopes=asked,
                device=device,
                timeout_s=timeout_s,
            )
        from timeline_nb.widgets.sign_in import SignInWidget

        return SignInWidget(
            title,
            lambda show: self.start_connect(
                provider, show, scopes=asked, device=device, timeout_s=timeout_s
            ),
            language=self._owner.language,
        )

    def start_connect(
        self,
        provider: str,
        show: Callable[[SignInPrompt], object],
        *,
        scopes: Iterable[str] | str = (),
        device: bool = False,
        timeout_s: float = SIGN_IN_S,
    ) -> Job[Account]:
        """Start `connect` as a job, which can be awaited, watched and cancelled.

        Args:
            provider: The provider's name.
            show: Called on another thread with what the person opens; its `paste` takes
                the address at which the browser ended.
            scopes: What is asked for, in place of what an upload needs.
            device: Whether a code is typed on another device (RFC 8628).
            timeout_s: How long the person may take, seconds.

        Raises:
            AccountError: There is no client id; later errors are raised by the job.
            VaultError: The vault cannot be opened.

        Example:
            >>> job = tl.accounts.start_connect("youtube", print)  # doctest: +SKIP
            >>> await job  # doctest: +SKIP
        """
        owner, asked = self._accounts, checked_scopes(scopes)
        seconds = checked_timeout_s(timeout_s)
        owner.client(provider)

        def work(reporter: Reporter) -> Account:
            return owner.connect(
                provider,
                show,
                check=reporter.check,
                scopes=asked,
                device=device,
                timeout_s=seconds,
            )

        return self._owner.start(f"connect {provider}", work, waits=True)

    def token(self, provider: str, refused: Secret | None = None) -> Secret:
        """Return an access token that is good for five more minutes.

        Args:
            provider: The provider's name.
            refused: A token that the platform refused (401): another one is returned.

        Raises:
            AccountError: The account is not connected, has ended, or cannot be renewed
                now.
            VaultError: The vault cannot be opened or written.

        Example:
            >>> token = tl.accounts.token("youtube")  # doctest: +SKIP
            >>> sent = {"Authorization": f"Bearer {token.reveal()}"}  # doctest: +SKIP
        """
        return self._accounts.token(provider, refused)

    def disconnect(self, provider: str) -> Disconnected:
        """End the access at the provider, and forget the account's tokens.

        They are forgotten even if the provider cannot be asked; the result says so.

        Raises:
            AccountError: The account is not connected.
            VaultError: They cannot be forgotten.

        Example:
            >>> tl.accounts.disconnect("youtube")  # doctest: +SKIP
        """
        return finish(lambda: self.start_disconnect(provider))

    def start_disconnect(self, provider: str) -> Job[Disconnected]:
        """Start `disconnect` as a job.

        Example:
            >>> job = tl.accounts.start_disconnect("youtube")  # doctest: +SKIP
            >>> await job  # doctest: +SKIP
        """
        owner = self._accounts
        owner.provider(provider)
        return self._owner.start(
            f"disconnect {provider}", lambda _: owner.disconnect(provider), waits=True
        )

    def list(self) -> "list[Account]":
        """Return the connected accounts.

        Raises:
            VaultError: The vault cannot be opened.

        Example:
            >>> tl.accounts.list()  # before the first `connect`
            []
        """
        return self._accounts.list()

    def table(self) -> "pd.DataFrame":
        """Return one row per account: provider, who, state, connected, expires, scopes.

        Raises:
            VaultError: The vault cannot be opened.

        Example:
            >>> list(tl.accounts.table().columns)
            ['provider', 'who', 'state', 'connected', 'expires', 'scopes']
        """
        import pandas as pd

        rows = [
            {
                "provider": account.provider,
                "who": account.who,
                "state": account.state,
                "connected": _time(account.connected_at),
                "expires": _time(account.expires_at),
                "scopes": " ".join(account.scopes),
            }
            for account in self.list()
        ]
        columns = ["provider", "who", "state", "connected", "expires", "scopes"]
        return pd.DataFrame(rows, columns=columns)

    def _lines(self) -> "_Lines | str":
        """Return what a cell shows, or why it shows nothing; ask nobody."""
        store = self._accounts.store
        if isinstance(store, Vault) and store.asks:
            return "locked by a passphrase: tl.vault.names() asks for it"
        try:
            found = self.list()
        except VaultError as error:
            return str(error)
        if not found:
            return "none is connected: tl.accounts.connect('youtube') signs in"
        return [(one.provider, one.who or "-", one.state) for one in found]

    def __repr__(self) -> str:
        lines = self._lines()
        if isinstance(lines, str):
            return f"<accounts: {lines}>"
        listed = [f"  {name}  {who}  {state}" for name, who, state in lines]
        counted = "1 account" if len(lines) == 1 else f"{len(lines)} accounts"
        return "\n".join([f"<{counted}>", *listed])

    def _repr_html_(self) -> Any:
        lines = self._lines()
        if isinstance(lines, str):
            return f"<p>{escape(f'accounts: {lines}')}</p>"
        cells = "".join(
            "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in line) + "</tr>"
            for line in lines
        )
        head = "<tr><th>provider</th><th>who</th><th>state</th></tr>"
        return f"<table>{head}{cells}</table>"


def _time(seconds: float | None) -> datetime | None:
    """Return a time of the system's clock, in UTC."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def has_kernel() -> bool:
    """Return whether this runs in a notebook's kernel, which shows widgets."""
    interactive = sys.modules.get("IPython")
    shell = interactive.get_ipython() if interactive else None
    return getattr(shell, "kernel", None) is not None


accounts = NotebookAccounts()
