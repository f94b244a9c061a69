"""Requests that carry a secret: no redirect, no log of addresses."""

import logging
import os
import ssl
from collections.abc import Generator
from functools import cache
from typing import Any, Final

import httpx

from timeline_nb.security.secret import Secret

__all__ = ["SecretHeader", "open_client"]

# Those below httpcore have levels of their own, and log the headers of answers, where
# a server may repeat the address that it was asked for.
_LOGGERS: Final = (
    "httpx",
    "httpcore",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
)


class SecretHeader(httpx.Auth):
    """Puts a secret into one header, just before a request leaves.

    Args:
        secret: What is put there.
        header: The header's name.
        scheme: What stands before the secret.
    """

    def __init__(
        self, secret: Secret, *, header: str = "authorization", scheme: str = "Bearer "
    ) -> None:
        self._secret, self._header, self._scheme = secret, header, scheme

    def __repr__(self) -> str:
        return f"SecretHeader({self._header})"

    def auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        """Yield the request with the header."""
        request.headers[self._header] = self._scheme + self._secret.reveal()
        yield request


def open_client(*, timeout_s: float, **options: Any) -> httpx.AsyncClient:
    """Return a client that follows no redirects, and logs no addresses.

    A redirect would hand the secret to another host; httpx writes addresses, which may
    hold a key, to its log.

    Args:
        timeout_s: The longest silence of a server; `asyncio.timeout` limits a whole
            call, since this counts anew with every byte received.
        options: More of `httpx.AsyncClient`, such as `transport`.
    """
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if logger.getEffectiveLevel() < logging.WARNING:
            logger.setLevel(logging.WARNING)
    if "transport" not in options or options["transport"] is None:
        named = tuple(map(os.environ.get, ("SSL_CERT_FILE", "SSL_CERT_DIR")))
        options["verify"] = _certificates(named)
    return httpx.AsyncClient(timeout=timeout_s, follow_redirects=False, **options)


@cache
def _certificates(_: tuple[str | None, ...]) -> ssl.SSLContext:
    """Return the authorities that the environment names, or the usual ones.

    They are kept: to read them takes 70 ms.
    """
    return httpx.create_ssl_context()
