"""Client ids: what a provider knows this program by, made by each person."""

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from timeline_nb.core.near_names import quoted
from timeline_nb.errors import AccountError
from timeline_nb.i18n import Message
from timeline_nb.security.oauth.provider import PORT, OAuthProvider
from timeline_nb.security.secret import Secret

__all__ = [
    "OAuthClient",
    "checked_redirect",
    "client_from_text",
    "client_to_text",
    "is_loopback",
    "read_client_file",
]

# Google's file has 400 bytes.
_MOST_BYTES: Final = 65_536


class OAuthClient(msgspec.Struct, frozen=True, kw_only=True):
    """A client id, with its secret if it has one.

    Args:
        client_id: As the provider shows it.
        client_secret: Likewise; desktop clients of Google have one, though it is none
            (RFC 8252, 8.5).
        redirect: Where the browser ends, if another address was registered than the
            provider's usual one.
    """

    client_id: str
    client_secret: Secret | None = None
    redirect: str = ""

    def redirect_of(self, provider: OAuthProvider) -> str:
        """Return where the browser ends; `{port}` stands for a free port."""
        return self.redirect or provider.redirect


class _StoredClient(msgspec.Struct, omit_defaults=True):
    """How a client is kept: as JSON, within the store."""

    client_id: str
    client_secret: str = ""
    redirect: str = ""


def client_to_text(client: OAuthClient) -> Secret:
    """Return a client as the text that the store keeps."""
    secret = client.client_secret
    return Secret(
        msgspec.json.encode(
            _StoredClient(
                client.client_id,
                secret.reveal() if secret is not None else "",
                client.redirect,
            )
        ).decode()
    )


def client_from_text(text: Secret, name: str) -> OAuthClient:
    """Return the client of a stored text.

    Raises:
        AccountError: It is none.
    """
    client = _decoded(text)
    if client is None:
        raise AccountError(
            Message(
                "the client id of {name} in the vault cannot be read: set it again by "
                "tl.accounts.set_client({name}, ...)",
                name=repr(name),
            )
        )
    return client


def _decoded(text: Secret) -> OAuthClient | None:
    try:
        stored = msgspec.json.decode(text.reveal(), type=_StoredClient)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return checked_client(stored.client_id, stored.client_secret, stored.redirect)


def checked_client(client_id: str, client_secret: str, redirect: str) -> OAuthClient:
    """Return a client of plain texts, which are not kept."""
    return OAuthClient(
        client_id=client_id.strip(),
        client_secret=Secret(client_secret.strip()) if client_secret.strip() else None,
        redirect=redirect,
    )


def read_client_file(path: Path) -> OAuthClient:
    """Return the client of the JSON file that Google's console downloads.

    Args:
        path: `client_secret_….json`, of a desktop, a device or a web client.

    Raises:
        AccountError: It cannot be read, or is no such file. The error does not show
            what is in it.
    """
    reason = ""
    try:
        with path.expanduser().open("rb") as file:
            content = Secret(file.read(_MOST_BYTES + 1).decode("utf-8-sig", "replace"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
    except (ValueError, RuntimeError):
        reason = Message("no file has such a name")
    if reason:
        raise AccountError(
            Message("{path} cannot be read: {reason}", path=path, reason=reason)
        )
    client = _google_client(content)
    if client is None:
        raise AccountError(
            Message(
                "{path} is no OAuth client of Google: download the JSON file of a "
                "client id at https://console.cloud.google.com/apis/credentials",
                path=path,
            )
        )
    return client


class _GoogleClient(msgspec.Struct):
    client_id: str
    client_secret: str = ""
    redirect_uris: list[str] = []


class _GoogleFile(msgspec.Struct):
    installed: _GoogleClient | None = None
    web: _GoogleClient | None = None


def _google_client(content: Secret) -> OAuthClient | None:
    try:
        file = msgspec.json.decode(content.reveal(), type=_GoogleFile)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    found = file.installed or file.web
    if found is None or not found.client_id:
        return None
    # A desktop client takes any port of this machine; a web client what is listed.
    listed = found.redirect_uris if file.installed is None else []
    local = [uri for uri in listed if is_loopback(uri)]
    return checked_client(found.client_id, found.client_secret, (local or [""])[0])


def is_loopback(uri: str) -> bool:
    """Return whether the browser can be received at an address on this machine."""
    try:
        parts = urlsplit(uri.replace(PORT, "1"))
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme == "http"
        and parts.hostname in {"127.0.0.1", "localhost"}
        and bool(port)
    )


def checked_redirect(redirect: Any) -> str:
    """Return a redirect address that a client registered.

    Raises:
        AccountError: It is none.
    """
    uri = redirect.strip() if isinstance(redirect, str) else " "
    is_plain = uri.isascii() and uri.isprintable() and " " not in uri
    is_known = not uri or is_loopback(uri) or uri.startswith("https://")
    if not is_plain or not is_known:
        raise AccountError(
            Message(
                "{quoted} is no redirect address: give one on this machine, such as "
                "'http://127.0.0.1:{port}/callback', or one of https",
                quoted=quoted(redirect),
                port=PORT,
            )
        )
    return uri
