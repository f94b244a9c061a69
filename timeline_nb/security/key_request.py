"""One request that tries a key: limited in time and size, and silent about the key."""

import asyncio
import logging
import ssl
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

import httpx

from timeline_nb.security.provider import KeyProvider
from timeline_nb.security.secret import Secret
from timeline_nb.security.web import SecretHeader, open_client

__all__ = ["KeyAnswer", "request_answer"]

_log = logging.getLogger(__name__)
# OpenAI's list of models, the longest answer that is asked for, has about 30 kB.
_MOST_BODY_BYTES: Final = 1 << 20
_REDIRECTS: Final = range(300, 400)
# Of a path of RFC 3986, without the slash; a token of Telegram has a colon.
_KEY_IN_PATH: Final = ":-._~"


@dataclass(frozen=True, kw_only=True)
class KeyAnswer:
    """What a provider answered, or why there is no answer.

    Args:
        status: The status code; 0 without an answer.
        body: As it came, uncompressed; it may repeat the key.
        fault: Why nothing can be said of the key; empty if there is an answer.
    """

    status: int = 0
    body: bytes = field(default=b"", repr=False)
    fault: str = ""


async def request_answer(
    provider: KeyProvider,
    secret: Secret,
    *,
    timeout_s: float,
) -> KeyAnswer:
    """Ask a provider with a key.

    What the libraries below raise is dropped, with its traceback: messages and frames
    may show an address or a header with the key in it. This is so for interrupts, too.

    Args:
        provider: Who is asked.
        secret: The key.
        timeout_s: Seconds for all of it: name, connection, and every byte.
    """
    stopped: BaseException | None = None
    fault = ""
    try:
        # httpx counts anew with every byte: a dripping answer would have no end.
        async with asyncio.timeout(timeout_s):
            # A proxy of the environment is none for this machine.
            client = open_client(timeout_s=timeout_s, trust_env=not provider.is_local)
            return await _exchange(client, provider, secret)
    except (TimeoutError, httpx.TimeoutException):
        fault = f"did not answer within {timeout_s:g} s"
    except Exception as error:  # noqa: BLE001 - whatever a library raises at a server
        fault = _fault_of(error)
        _log.debug("%s was not asked: %s", provider.host, type(error).__name__)
    except BaseException as error:  # noqa: BLE001 - raised below, without its frames
        stopped = type(error)(*error.args)
    if stopped is not None:
        raise stopped
    return KeyAnswer(fault=f"{provider.host} {fault}")


async def _exchange(
    client: httpx.AsyncClient, provider: KeyProvider, secret: Secret
) -> KeyAnswer:
    auth = SecretHeader(secret, header=provider.header, scheme=provider.scheme)
    headers = {
        "accept": "application/json",
        # What is not compressed cannot grow a thousandfold.
        "accept-encoding": "identity",
        "user-agent": "timeline-nb",
        **dict(provider.headers),
    }
    async with (
        client,
        client.stream(
            "GET",
            _address(provider, secret),
            headers=headers,
            auth=None if provider.key_in_path else auth,
        ) as response,
    ):
        return await _read(response, provider)


def _address(provider: KeyProvider, secret: Secret) -> str:
    if not provider.key_in_path:
        return provider.address
    return provider.address.replace(
        "{key}", quote(secret.reveal(), safe=_KEY_IN_PATH), 1
    )


async def _read(response: httpx.Response, provider: KeyProvider) -> KeyAnswer:
    status, host = response.status_code, provider.host
    if status in _REDIRECTS:
        what = f"sends elsewhere ({status}), where the key does not go"
        return KeyAnswer(fault=f"{host} {what}")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        return KeyAnswer(fault=f"{host} answers compressed, which was not asked for")
    body = bytearray()
    async for part in response.aiter_raw():
        body += part
        if len(body) > _MOST_BODY_BYTES:
            return KeyAnswer(fault=f"{host} answers with more than 1 MB")
    return KeyAnswer(status=status, body=bytes(body))


def _fault_of(error: Exception) -> str:
    """Return what went wrong, in words that are not the library's."""
    if isinstance(error, OSError):  # those of a connection are httpx's own
        return "was not asked: the certificates to trust are unreadable (SSL_CERT_FILE)"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return "has no certificate that is trusted here"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.ProxyError):
        return "is behind a proxy that refuses: see HTTPS_PROXY"
    if isinstance(error, httpx.ConnectError):
        return "cannot be reached: see the network"
    if isinstance(error, httpx.TransportError):
        return "broke off, or does not speak HTTP"
    return f"could not be asked ({type(error).__name__})"
