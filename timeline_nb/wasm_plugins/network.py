"""Requests that plugins ask for: to hosts that a person allowed, and nowhere else.

A name is resolved once, each of its addresses is checked, and the connection is made to
one of these: a second answer of the DNS cannot lead elsewhere. TLS still checks the
certificate against the name. Each redirect is checked like a request of its own.
"""

import asyncio
import logging
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

from timeline_nb.core.worker_threads import WorkerThreads
from timeline_nb.errors import PluginError, TimelineNbError
from timeline_nb.i18n import Message
from timeline_nb.wasm_plugins.addresses import is_public
from timeline_nb.wasm_plugins.permissions import Permission, host_matches
from timeline_nb.wasm_plugins.web_body import body_of

if TYPE_CHECKING:
    import httpx

__all__ = [
    "Authorize",
    "DeniedError",
    "Signature",
    "UnsignedError",
    "WebAnswer",
    "WebClient",
    "WebRequest",
]

# Returns headers that sign a request. They are asked for when they are sent: a variable
# that held them would be shown by tracebacks.
Signature: TypeAlias = Callable[[], Mapping[str, str]]
# Takes an account and a host; refuses hosts that are not the account's.
Authorize: TypeAlias = Callable[[str, str], Signature]
Resolve: TypeAlias = Callable[[str, int], list[str]]
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_REDIRECTS: Final = 5
_REDIRECT_CODES: Final = (301, 302, 303, 307, 308)
# No answer for so long, and a request has failed.
_SILENCE_S: Final = 30.0
# Of a host, such as one of IPv6 where there is no way and one of IPv4.
_MOST_ADDRESSES: Final = 3
_MASK: Final = "••••••"
# What carries a person's rights, or says where a message ends and whom it is for.
_FORBIDDEN: Final = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "expect",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_SECRET_ANSWERS: Final = frozenset({"set-cookie", "set-cookie2", "authentication-info"})
# RFC 9110, 5.6.2 and 5.5.
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_VALUE: Final = re.compile(r"[\x20-\x7e\t]{0,8000}")


class DeniedError(PluginError):
    """A plugin asked for what it may not."""


class UnsignedError(PluginError):
    """A request needs an account that cannot be used now."""


@dataclass(frozen=True)
class WebRequest:
    """A request.

    Args:
        method: One of `METHODS`.
        url: The address.
        headers: Names and values.
        body: The parts of the body, made anew for each redirect; none if None.
        length: The bytes of the body.
        account: Whose rights it needs; nobody's if empty.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Callable[[], AsyncIterator[bytes]] | None = None
    length: int = 0
    account: str = ""


@dataclass(frozen=True)
class WebAnswer:
    """An answer.

    Args:
        status: The status code.
        headers: Names in lower case; without those that hold a person's rights.
        body: At most 16 MiB, no longer compressed.
    """

    status: int
    headers: dict[str, str]
    body: bytes


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, as the system has them.

    Raises:
        OSError: It has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


@cache
def _tls() -> ssl.SSLContext:
    import httpx

    # Quiet: they write addresses, which may hold a key, to the log.
    for name in ("httpx", "httpcore"):
        logger = logging.getLogger(name)
        if logger.getEffectiveLevel() < logging.WARNING:
            logger.setLevel(logging.WARNING)
    # Reading the certificates takes 20 ms.
    return httpx.create_ssl_context(trust_env=False)


@dataclass(frozen=True)
class WebClient:
    """Sends the requests of one plugin.

    Args:
        granted: What the plugin may do.
        authorise: Signs requests; no account can be used if None.
        resolve: Finds the addresses of a host.
    """

    granted: tuple[Permission, ...]
    authorise: Authorize | None = None
    resolve: Resolve = resolve

    async def send(self, request: WebRequest, limit_s: float) -> WebAnswer:
        """Send a request, and follow its redirects.

        Args:
            request: The request.
            limit_s: Seconds for all of it.

        Raises:
            DeniedError: The plugin may not; the message says what would allow it.
            PluginError: The request failed.
        """
        threads = WorkerThreads(2, "timeline_nb_plugin_network")
        try:
            async with asyncio.timeout(limit_s):
                return await self._followed(request, threads)
        except TimeoutError:
            failure = f"no whole answer within {limit_s:.3g} s"
        finally:
            # What still waits for the DNS is left behind.
            threads.shutdown(wait=False)
        raise PluginError(f"{request.method} {request.url[:200]}: {failure}")

    async def _followed(self, request: WebRequest, threads: WorkerThreads) -> WebAnswer:
        import httpx

        _check_form(request)
        try:
            url = httpx.URL(request.url)
        except (httpx.InvalidURL, TypeError, ValueError) as error:
            raise PluginError(f"{request.url[:200]!r} is no address: {error}") from None
        for _ in range(_REDIRECTS + 1):
            answer = await self._sent(request, url, threads)
            place = answer.headers.get("location")
            # 308 to a PUT without a place is "go on" of a resumable upload.
            if answer.status not in _REDIRECT_CODES or not place:
                return answer
            try:
                url = url.join(place)
            except (httpx.InvalidURL, ValueError):
                raise PluginError("it was redirected to what is no address") from None
            if answer.status == 303 or (
                answer.status in {301, 302} and request.method == "POST"
            ):
                # RFC 9110, 15.4: the new request is a GET.
                request = replace(request, method="GET", body=None, length=0)
        raise PluginError(f"more than {_REDIRECTS} redirects")

    async def _sent(
        self, request: WebRequest, url: "httpx.URL", threads: WorkerThreads
    ) -> WebAnswer:
        """Send one request to an address that was checked."""
        host, port, is_local = self._allowed(url)
        addresses = await self._addresses(host, port, threads, is_local=is_local)
        sign = await self._signature(request.account, host, url, threads)
        failure = ""
        for address in addresses[:_MOST_ADDRESSES]:
            message = _message(request, url, host, address)
            answer, failure, is_connected = await _exchanged(message, sign)
            if answer is not None:
                return answer
            if is_connected:
                break
        # Here, not where it was caught: the frames below hold the signature.
        raise PluginError(f"{request.method} {host}: {failure[:300]}")

    def _allowed(self, url: "httpx.URL") -> tuple[str, int, bool]:
        """Return an address's host and port, and whether it may be a private one."""
        if url.scheme not in {"http", "https"}:
            raise DeniedError(
                Message("{scheme}: only https is allowed", scheme=url.scheme[:20])
            )
        if url.userinfo:
            raise DeniedError(
                Message("an address with a password in it is not allowed")
            )
        # Lower case, and ASCII as the DNS has it.
        host = url.raw_host.decode("ascii").strip("[]").rstrip(".")
        port = url.port or (443 if url.scheme == "https" else 80)
        for one in self.granted:
            if one.kind == "local" and one.target == f"{host}:{port}":
                return host, port, True
        if url.scheme != "https" or port != 443:
            raise DeniedError(
                Message(
                    "{scheme}://{host}:{port} is not allowed: use https at port 443",
                    scheme=url.scheme,
                    host=host,
                    port=port,
                )
            )
        hosts = [one.target for one in self.granted if one.kind == "network"]
        if not any(host_matches(pattern, host) for pattern in hosts):
            raise DeniedError(
                Message(
                    "{host} is not allowed: network:{host} would allow it", host=host
                )
            )
        return host, port, False

    async def _addresses(
        self, host: str, port: int, threads: WorkerThreads, *, is_local: bool
    ) -> list[str]:
        found = threads.submit(self.resolve, host, port)
        try:
            addresses = await asyncio.wrap_future(found)
        except (OSError, UnicodeError) as error:
            raise PluginError(f"{host} cannot be found: {error}") from None
        if not addresses:
            raise PluginError(f"{host} cannot be found")
        # One private address among public ones is as suspicious.
        private = [one for one in addresses if not is_public(one)]
        if private and not is_local:
            raise DeniedError(
                Message(
                    "{host} leads to {private}, an address of this machine or its "
                    "network: local:{host}:PORT would allow one",
                    host=host,
                    private=private[0],
                )
            )
        return addresses

    async def _signature(
        self, account: str, host: str, url: "httpx.URL", threads: WorkerThreads
    ) -> Signature:
        """Return what signs a request; nothing if there is no account."""
        if not account:
            return dict
        wanted = Permission("account", account)
        if not any(one.covers(wanted) for one in self.granted):
            raise DeniedError(Message("{wanted} is not granted", wanted=wanted))
        if self.authorise is None:
            raise DeniedError(
                Message(
                    "there are no accounts here, so none of {account}", account=account
                )
            )
        if url.scheme != "https" and not is_loopback(host):
            raise DeniedError(Message("a request that is signed needs https"))
        signed = threads.submit(self.authorise, account, host)
        try:
            return await asyncio.wrap_future(signed)
        except TimelineNbError as error:
            failure = str(error)
        raise UnsignedError(failure)


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, by a name that no DNS answers."""
    return host in {"127.0.0.1", "::1", "localhost"}


def _check_form(request: WebRequest) -> None:
    if request.method not in METHODS:
        raise DeniedError(f"the method {request.method[:20]!r} is none of {METHODS}")
    if len(request.headers) > 100:
        raise DeniedError("a request has at most 100 headers")
    for name, value in request.headers.items():
        low = name.lower()
        if low in _FORBIDDEN or low.startswith(("proxy-", "sec-")):
            raise DeniedError(f"the header {name[:50]} is not a plugin's to set")
        if not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value):
            raise DeniedError(f"the header {name[:50]!r} holds what no header holds")


def _message(
    request: WebRequest, url: "httpx.URL", host: str, address: str
) -> "httpx.Request":
    """Return a request to one address of a host."""
    import httpx

    headers = {
        "accept": "*/*",
        "accept-encoding": "gzip",
        "user-agent": "timeline_nb",
        **{name.lower(): value for name, value in request.headers.items()},
        "host": url.netloc.decode("ascii"),
    }
    if request.body is not None:
        headers["content-length"] = str(request.length)
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), _SILENCE_S)
    return httpx.Request(
        request.method,
        url.copy_with(host=address),
        headers=headers,
        content=None if request.body is None else request.body(),
        extensions={"timeout": timeout, "sni_hostname": host},
    )


async def _exchanged(
    message: "httpx.Request", sign: Signature
) -> tuple[WebAnswer | None, str, bool]:
    """Sign a request and send it.

    Returns:
        The answer, or why there is none, and whether the host was reached.
    """
    import httpx

    message.headers.update(sign())
    # The transport alone: it has no cookies, no redirects, and no proxies of the
    # environment, which would resolve the name themselves.
    async with httpx.AsyncHTTPTransport(verify=_tls(), trust_env=False) as transport:
        try:
            response = await transport.handle_async_request(message)
            try:
                body = await body_of(response)
            finally:
                await response.aclose()
        except httpx.HTTPError as error:
            is_connected = not isinstance(
                error, (httpx.ConnectError, httpx.ConnectTimeout)
            )
            failure = _masked(f"{type(error).__name__}: {error}", sign)
            return None, failure, is_connected
        except PluginError as error:
            return None, str(error), True
    return _answer_of(response, body, sign), "", True


def _answer_of(response: "httpx.Response", body: bytes, sign: Signature) -> WebAnswer:
    headers = {
        name: _masked(value, sign)
        for name, value in response.headers.items()
        if name not in _SECRET_ANSWERS
    }
    for secret in _secrets_of(sign):
        body = body.replace(secret.encode(), _MASK.encode())
    return WebAnswer(response.status_code, headers, body)


def _secrets_of(sign: Signature) -> list[str]:
    """Return what a server that repeats its request would disclose."""
    return [value.rpartition(" ")[2] for value in sign().values() if value]


def _masked(text: str, sign: Signature) -> str:
    for secret in _secrets_of(sign):
        text = text.replace(secret, _MASK)
    return text
