"""Seven providers of API keys on one local port, and servers that misbehave.

The answers are those of the providers' API references: `error-codes` of OpenAI and
DeepSeek, `errors` of Anthropic, Gemini and the YouTube Data API, Vimeo's
`authentication-extras`, and Telegram's "Making requests".
"""

import asyncio
import gzip
import json
import ssl
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import unquote, urlsplit, urlunsplit

from msgspec.structs import replace

from timeline_nb.security.provider import KeyProvider
from timeline_nb.security.providers import BUILT_IN_PROVIDERS, KeyProviders

# A key of each kind; no other is known.
GOOD: Final = "gk-5Vq1xTn8RbW2sYp7"
BROKE: Final = "bk-8Dm3zKc6LfJ9hQt4"  # no credit, or its quota is used up
BARRED: Final = "xk-2Wn7rGv5PeB1uYs6"  # may not do this

Response = tuple[int, Any]
_OTHER: Final = "rk-6Hj4tMd9CaX3oEz8"


@dataclass
class Request:
    """What a server was sent."""

    line: str
    headers: dict[str, str]

    @property
    def path(self) -> str:
        return self.line.split(" ")[1]

    @property
    def text(self) -> str:
        """All of it, with what is percent-encoded decoded, too."""
        return unquote(self.line) + self.line + repr(self.headers)


Behavior = Callable[[Request], AsyncIterator[bytes]]


@dataclass
class KeyServer:
    """A server on 127.0.0.1, in a thread; a context manager.

    Args:
        behave: Yields the bytes of each answer; as the providers do if not given.
        requests: What it was sent.
        certificate: A file with a key and a certificate, to speak TLS.
    """

    behave: Behavior = field(default_factory=lambda: honest)
    requests: list[Request] = field(default_factory=list)
    certificate: Path | None = None
    port: int = 0

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(120)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(120)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve(ready))
        self._loop.close()

    async def _serve(self, ready: threading.Event) -> None:
        self._stop = asyncio.Event()
        tasks: set[asyncio.Task[None]] = set()

        def connected(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            task = asyncio.ensure_future(self._answer(reader, writer))
            tasks.add(task)

        context = None
        if self.certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
        server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=context)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stop.wait()
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.01)  # in which the sockets are closed

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                request = _request_of(await reader.readuntil(b"\r\n\r\n"))
                self.requests.append(request)
                async for part in self.behave(request):
                    writer.write(part)
                    await writer.drain()
                writer.close()
                await writer.wait_closed()
        finally:
            writer.transport.abort()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def moved(self, provider: KeyProvider) -> KeyProvider:
        """Return a provider that asks this server, with the path of its own."""
        parts = urlsplit(provider.address)
        local = parts._replace(scheme="http", netloc=f"127.0.0.1:{self.port}")
        return replace(provider, address=urlunsplit(local))

    def providers(self) -> KeyProviders:
        """Return the built-in providers, all of which ask this server."""
        return KeyProviders(map(self.moved, BUILT_IN_PROVIDERS))


def _request_of(head: bytes) -> Request:
    line, *rest = head.decode("latin-1").split("\r\n")
    pairs = (entry.split(": ", 1) for entry in rest if entry)
    return Request(line, {name.lower(): value for name, value in pairs})


def _google(status: int, word: str, reason: str, message: str) -> Response:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]
    error = {"code": status, "message": message, "status": word, "details": details}
    return status, {"error": error}


def _openai(request: Request) -> Response:
    key = request.headers.get("authorization", "").removeprefix("Bearer ")
    if key == GOOD:
        return 200, {"object": "list", "data": [{"id": "gpt-5", "object": "model"}]}
    if key == BROKE:
        return 429, {"error": {"type": "insufficient_quota"}}
    if key == BARRED:
        return 403, {"error": {"code": "unsupported_country_region_territory"}}
    # OpenAI's own message repeats a part of the key; this one repeats all of it.
    message = f"Incorrect API key provided: {key}."
    return 401, {"error": {"message": message, "code": "invalid_api_key"}}


def _anthropic(request: Request) -> Response:
    key = request.headers.get("x-api-key", "")
    if "anthropic-version" not in request.headers:
        message = "anthropic-version: header is required"
        kind, status = "invalid_request_error", 400
    elif key == GOOD:
        return 200, {"data": [{"type": "model", "id": "claude"}], "has_more": True}
    elif key == BROKE:
        status, kind, message = 402, "billing_error", "Your credit balance is too low"
    elif key == BARRED:
        status, kind, message = 403, "permission_error", "Request not allowed"
    else:
        status, kind, message = 401, "authentication_error", "invalid x-api-key"
    return status, {"type": "error", "error": {"type": kind, "message": message}}


def _gemini(request: Request) -> Response:
    key = request.headers.get("x-goog-api-key", "")
    if key == GOOD:
        return 200, {"models": [{"name": "models/gemini"}], "nextPageToken": "a"}
    if key == BROKE:
        return _google(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED", "Quota")
    if key == BARRED:
        return _google(403, "PERMISSION_DENIED", "SERVICE_DISABLED", "is disabled")
    return _google(
        400,
        "INVALID_ARGUMENT",
        "API_KEY_INVALID",
        "API key not valid. Please pass a valid API key.",
    )


def _deepseek(request: Request) -> Response:
    key = request.headers.get("authorization", "").removeprefix("Bearer ")
    if key == GOOD:
        return 200, {"object": "list", "data": [{"id": "deepseek-chat"}]}
    if key == BROKE:
        return 402, {"error": {"message": "Insufficient Balance"}}
    if key == BARRED:
        return 403, {"error": {"message": "Forbidden"}}
    return 401, {"error": {"message": "Authentication Fails, Your api key is invalid"}}


def _youtube(request: Request) -> Response:
    key = request.headers.get("x-goog-api-key", "")
    if "part=snippet" not in request.path:
        return _google(400, "INVALID_ARGUMENT", "missingRequiredParameter", "part")
    if key == GOOD:
        return 200, {"kind": "youtube#i18nLanguageListResponse", "items": []}
    if key == BROKE:
        return _google(403, "PERMISSION_DENIED", "quotaExceeded", "your quota")
    if key == BARRED:
        return _google(403, "PERMISSION_DENIED", "accessNotConfigured", "is disabled")
    return _google(400, "INVALID_ARGUMENT", "API_KEY_INVALID", "API key not valid.")


def _vimeo(request: Request) -> Response:
    key = request.headers.get("authorization", "").removeprefix("Bearer ")
    if key == GOOD:
        return 200, {"access_token": key, "scope": "public", "token_type": "bearer"}
    if key == BROKE:
        return 429, {"error": "Too many API requests.", "error_code": 9000}
    if key == BARRED:
        return 403, {"error": "Your access has been blocked."}
    return 401, {"error": "You must provide a valid authenticated access token."}


def _telegram(request: Request) -> Response:
    token = unquote(request.path.removeprefix("/bot").removesuffix("/getMe"))
    # Telegram tells a token of the wrong form from one that it does not know.
    key = token.removeprefix("123456:")
    if key == token:
        status, what = 404, "Not Found"
    elif key == GOOD:
        return 200, {"ok": True, "result": {"id": 123456, "is_bot": True}}
    elif key == BROKE:
        status, what = 429, "Too Many Requests: retry after 5"
    elif key == BARRED:
        status, what = 403, "Forbidden"
    else:
        status, what = 401, "Unauthorized"
    return status, {"ok": False, "error_code": status, "description": what}


_BY_PATH: Final = {
    "/v1/models": _openai,
    "/v1/models?limit=1": _anthropic,
    "/v1beta/models?pageSize=1": _gemini,
    "/models": _deepseek,
    "/youtube/v3/i18nLanguages?part=snippet": _youtube,
    "/oauth/verify": _vimeo,
}


async def honest(request: Request) -> AsyncIterator[bytes]:
    """Answer as the provider of the path does."""
    if request.path.startswith("/bot"):
        status, document = _telegram(request)
    elif request.path in _BY_PATH:
        status, document = _BY_PATH[request.path](request)
    else:
        status, document = 404, {"error": "no such page"}
    yield plain(status, json.dumps(document).encode())


def plain(
    status: int, body: bytes, *headers: str, media: str = "application/json"
) -> bytes:
    """Return an answer as bytes."""
    head = [f"HTTP/1.1 {status} X", f"content-type: {media}", *headers]
    head += [f"content-length: {len(body)}", "connection: close", "", ""]
    return "\r\n".join(head).encode("latin-1") + body


def always(answer: bytes) -> Behavior:
    """Give one answer to everything."""

    async def behave(_: Request) -> AsyncIterator[bytes]:
        yield answer

    return behave


async def silent(_: Request) -> AsyncIterator[bytes]:
    """Take the request, and never answer."""
    await asyncio.Event().wait()
    yield b""


async def dripping(_: Request) -> AsyncIterator[bytes]:
    """Send a byte now and then, for ever: no pause is long."""
    yield b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
    yield b"content-length: 1000000\r\n\r\n"
    while True:
        yield b" "
        await asyncio.sleep(0.02)


async def dripping_head(_: Request) -> AsyncIterator[bytes]:
    """Send a head that does not end."""
    yield b"HTTP/1.1 200 OK\r\nx-long: "
    while True:
        yield b"a"
        await asyncio.sleep(0.02)


async def endless(_: Request) -> AsyncIterator[bytes]:
    """Send a body that does not end, as fast as it is taken."""
    yield b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    while True:
        yield b"10000\r\n" + b" " * 0x10000 + b"\r\n"


async def never_final(_: Request) -> AsyncIterator[bytes]:
    """Send interim answers (RFC 9110, 15.2) without end."""
    while True:
        yield b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100
        await asyncio.sleep(0)


async def echoing(request: Request) -> AsyncIterator[bytes]:
    """Say yes, and repeat the whole request in the head and in the body."""
    body = json.dumps({"data": [], "request": request.text}).encode()
    sent = "x-sent: " + request.text.replace("\r", "").replace("\n", "")
    yield plain(200, body, sent)


def redirecting(target: str) -> Behavior:
    """Send everything to the same path of another server."""

    async def behave(request: Request) -> AsyncIterator[bytes]:
        yield plain(307, b"{}", f"location: {target}{request.path}")

    return behave


def gzip_bomb() -> bytes:
    """Return 60 kB that unpack to 60 MB."""
    packed = gzip.compress(b" " * 60_000_000, 9)
    return plain(200, packed, "content-encoding: gzip")


def sent_key(name: str, kind: str) -> str:
    """Return the key of a kind as a provider has it, or one that nobody knows."""
    key = kind or _OTHER
    return f"123456:{key}" if name == "telegram" else key
