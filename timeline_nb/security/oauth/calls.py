"""Calls to a provider: bounded in time and size, without redirects or foreign texts."""

import asyncio
import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from urllib.parse import quote_plus, urlencode, urlsplit

import httpx
import msgspec

from timeline_nb.errors import AccountError
from timeline_nb.i18n import Message
from timeline_nb.security.oauth.attempt import error_code_of
from timeline_nb.security.oauth.client import OAuthClient
from timeline_nb.security.oauth.provider import OAuthProvider
from timeline_nb.security.secret import Secret
from timeline_nb.security.web import SecretHeader, open_client

__all__ = ["CALL_S", "Fields", "ProviderAnswer", "ProviderCalls", "UnreachableError"]

# Of a whole call: a server that drips would keep one that counts silence only.
CALL_S: Final = 30.0
# The longest answer that is documented, Vimeo's with its user, has about 10 kB.
_MOST_BYTES: Final = 262_144
# Meta's error codes have up to five digits.
_MOST_CODE: Final = 100_000

Fields: TypeAlias = Mapping[str, "Secret | str"]


class UnreachableError(AccountError):
    """A provider did not answer as it should: it may do so later."""


@dataclass(frozen=True)
class ProviderAnswer:
    """A provider's answer, with every text in it that may be a secret masked.

    Args:
        status: The HTTP status.
        error: The error's code; empty if there is none.
        values: What was asked for by name, texts of tokens and codes as secrets.
    """

    status: int
    error: str
    values: Mapping[str, Any]

    @property
    def is_good(self) -> bool:
        """Whether it is no refusal."""
        return 200 <= self.status < 300 and not self.error

    def text(self, name: str) -> str:
        """Return a short text; empty if there is none."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def secret(self, name: str) -> Secret | None:
        """Return a secret; None if there is none."""
        value = self.values.get(name)
        return value if isinstance(value, Secret) else None


class ProviderCalls:
    """Calls of one provider by one client id.

    Args:
        provider: The provider.
        client: The client id.
        transport: Carries the requests; the network if not given.
        call_s: The longest time of a call, seconds.

    Attributes:
        provider: The provider.
    """

    def __init__(
        self,
        provider: OAuthProvider,
        client: OAuthClient,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        call_s: float = CALL_S,
    ) -> None:
        self.provider, self._client = provider, client
        self._transport, self._call_s = transport, call_s

    async def post(
        self, url: str, fields: Fields, wanted: Iterable[str]
    ) -> ProviderAnswer:
        """Post a form with the client's id and secret.

        Args:
            url: Where.
            fields: The form.
            wanted: The names of what is read in the answer.

        Raises:
            UnreachableError: No answer came, or none that can be read.
        """
        provider, client = self.provider, self._client
        form: dict[str, Secret | str] = dict(fields)
        auth = None
        if provider.client_auth == "basic" and client.client_secret is not None:
            auth = SecretHeader(_basic(client), scheme="Basic ")
        else:
            form[provider.client_field] = client.client_id
            if client.client_secret is not None:
                form["client_secret"] = client.client_secret
        return await self._call("POST", url, form, auth, wanted)

    async def get(
        self, url: str, fields: Fields, wanted: Iterable[str]
    ) -> ProviderAnswer:
        """Get an address with secret fields in its query.

        Raises:
            UnreachableError: No answer came, or none that can be read.
        """
        return await self._call("GET", url, fields, None, wanted)

    async def with_token(
        self, method: str, url: str, token: Secret, wanted: Iterable[str]
    ) -> ProviderAnswer:
        """Send a request with a token in its header (RFC 6750, 2.1).

        Raises:
            UnreachableError: No answer came, or none that can be read.
        """
        return await self._call(method, url, {}, SecretHeader(token), wanted)

    async def _call(
        self,
        method: str,
        url: str,
        fields: Fields,
        auth: SecretHeader | None,
        wanted: Iterable[str],
    ) -> ProviderAnswer:
        name = self.provider.title
        reply = await self._send(method, url, fields, auth)
        if isinstance(reply, str):
            raise UnreachableError(
                Message(
                    "{name} ({hostname}) cannot be asked: {reply}",
                    name=name,
                    hostname=urlsplit(url).hostname,
                    reply=reply,
                )
            )
        status, body = reply
        answer = _read(status, body, tuple(wanted))
        if answer is None or status >= 500 or status == 429:
            what = Message("does not answer as it should")
            if status == 429:
                what = Message("is busy")
            raise UnreachableError(
                Message(
                    "{name} ({hostname}) {what} (HTTP {status}): try again in some "
                    "minutes",
                    name=name,
                    hostname=urlsplit(url).hostname,
                    what=what,
                    status=status,
                )
            )
        return answer

    async def _send(
        self, method: str, url: str, fields: Fields, auth: SecretHeader | None
    ) -> tuple[int, Secret] | str:
        """Return the status and body of an answer, or why there is none."""
        try:
            async with (
                asyncio.timeout(self._call_s),
                open_client(timeout_s=self._call_s, transport=self._transport) as web,
                web.stream(
                    method,
                    _with_query(url, fields) if method == "GET" else url,
                    content=_form(fields) if method == "POST" else None,
                    headers=_HEADERS if method == "POST" else _ACCEPT,
                    auth=auth,
                ) as response,
            ):
                if response.is_redirect:
                    return Message(
                        "it sends the request to another address, which is refused"
                    )
                return response.status_code, await _body_of(response)
        except TimeoutError:
            limit_s = f"{self._call_s:g}"
            return Message("no whole answer came within {limit_s} s", limit_s=limit_s)
        except _TooLongError:
            most = f"{_MOST_BYTES:,}"
            return Message("its answer has more than {most} bytes", most=most)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            # The text of a foreign error may hold what was sent.
            return _REASONS.get(type(error), type(error).__name__)


_ACCEPT: Final = {"accept": "application/json"}
_HEADERS: Final = {
    **_ACCEPT,
    "content-type": "application/x-www-form-urlencoded",
}
_REASONS: Final[dict[type, str]] = {
    httpx.ConnectError: Message("no connection can be made (is this machine online?)"),
    httpx.ConnectTimeout: Message("no connection can be made in time"),
    httpx.ReadTimeout: Message("it is silent"),
    httpx.RemoteProtocolError: Message("it ended the connection"),
    httpx.ReadError: Message("the connection broke"),
}


class _TooLongError(Exception):
    """An answer is too long."""


async def _body_of(response: httpx.Response) -> Secret:
    parts: list[bytes] = []
    length = 0
    async for part in response.aiter_bytes():
        length += len(part)
        if length > _MOST_BYTES:
            del part
            parts.clear()
            raise _TooLongError
        parts.append(part)
    return Secret(b"".join(parts).decode("utf-8", "replace"))


def _form(fields: Fields) -> bytes:
    return urlencode([(name, _plain(value)) for name, value in fields.items()]).encode()


def _with_query(url: str, fields: Fields) -> str:
    if not fields:
        return url
    return f"{url}{'&' if '?' in url else '?'}{_form(fields).decode()}"


def _plain(value: "Secret | str") -> str:
    return value.reveal() if isinstance(value, Secret) else value


def _basic(client: OAuthClient) -> Secret:
    """Return what HTTP Basic sends; both are form-encoded (RFC 6749, 2.3.1)."""
    secret = client.client_secret or Secret("")
    return Secret(
        base64.b64encode(
            f"{quote_plus(client.client_id)}:{quote_plus(secret.reveal())}".encode()
        ).decode()
    )


# What is never kept as plain text.
_SECRETS: Final = frozenset(
    {"access_token", "refresh_token", "id_token", "device_code", "code"}
)


def _read(status: int, body: Secret, wanted: tuple[str, ...]) -> ProviderAnswer | None:
    """Return an answer of JSON; None if it is no object."""
    try:
        found = msgspec.json.decode(body.reveal() or "{}")
    except (msgspec.MsgspecError, ValueError, RecursionError):
        # What was refused, or has no contents, need not be JSON.
        return (
            None
            if 200 <= status < 300
            else ProviderAnswer(status, f"HTTP-{status}", {})
        )
    if not isinstance(found, dict):
        return None
    values = {
        name: _masked(name, found[name])
        for name in wanted
        if found.get(name) is not None
    }
    return ProviderAnswer(status, _error_of(status, found), values)


def _masked(name: str, value: Any) -> Any:
    if name not in _SECRETS:
        return value
    return Secret(value) if isinstance(value, str) and value else None


def _error_of(status: int, found: Mapping[str, Any]) -> str:
    """Return the code of an error: of RFC 6749, or as Meta and TikTok write it."""
    error = found.get("error") or found.get("error_type")
    if isinstance(error, dict):
        code = error.get("code")
        if code == "ok":
            # TikTok's answers have an error that says so.
            return ""
        kind = error_code_of(error.get("type")) or error_code_of(code)
        is_number = isinstance(code, int) and 0 < code < _MOST_CODE
        number = str(code) if is_number else ""
        return f"{kind} {number}".strip() or "unknown"
    if error:
        return error_code_of(error) or "unknown"
    return "" if status < 400 else f"HTTP-{status}"
