"""Receive the browser at the end of a sign-in, on 127.0.0.1 (RFC 8252, 7.3)."""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

from timeline_nb.errors import AccountError
from timeline_nb.i18n import Message
from timeline_nb.security.oauth.provider import PORT
from timeline_nb.security.secret import Secret

__all__ = ["LoopbackReceiver"]

_REQUEST_S: Final = 5
_GOODBYE_S: Final = 1
_TURNS: Final = 5
_MOST_BYTES: Final = 16_384
# A browser opens a few at once.
_MOST_CONNECTIONS: Final = 16
_PAGE: Final = (
    "<!doctype html><meta charset=utf-8><title>timeline-nb</title>"
    "<p style='font:16px sans-serif;margin:3em'>{message}</p>"
)
_THANKS: Final = "You can close this page, and go back to where you began."
_FOREIGN: Final = "This page does not belong to the sign-in that is open."


class LoopbackReceiver:
    """Waits on a port of this machine for the browser; an async context manager.

    Other paths are answered 404, and what is no request is dropped. The port is closed
    at the end of the block.

    Args:
        redirect: The address, in which `{port}` stands for a free port.
        received: Called with each address below the path; returns whether it is that
            of the sign-in.
    """

    def __init__(self, redirect: str, received: Callable[[Secret], bool]) -> None:
        self._received = received
        wanted = urlsplit(redirect.replace(PORT, "0"))
        self._path = wanted.path or "/"
        self._host = wanted.hostname or "127.0.0.1"
        try:
            # "localhost" is 127.0.0.1 too: the port is never open to other machines.
            self._socket = socket.create_server(("127.0.0.1", wanted.port or 0))
        except OSError as error:
            reason = error.strerror
        else:
            self.port: int = self._socket.getsockname()[1]
            self.redirect_uri = redirect.replace(PORT, str(self.port))
            self._open: dict[asyncio.Task[None] | None, asyncio.StreamWriter] = {}
            return
        raise AccountError(
            Message(
                "port {port} of this machine cannot be opened ({reason}): end what "
                "uses it, or register another redirect address, and give it by "
                "tl.accounts.set_client(..., redirect=...)",
                port=wanted.port,
                reason=reason,
            )
        )

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._serve, sock=self._socket, limit=_MOST_BYTES
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # asyncio breaks a connection that it accepts while the server is closed: what
        # was accepted by now gets its task first.
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().remove_reader(self._socket)
        await _turns()
        self._server.close()
        # The page is sent before the loop ends.
        answers = [task for task in self._open if task is not None]
        if answers:
            await asyncio.wait(answers, timeout=_GOODBYE_S)
        for writer in self._open.values():
            writer.transport.abort()
        # Sockets are closed in a later turn of the loop.
        await _turns()

    def close(self) -> None:
        """Close the port, if the block was never entered."""
        self._socket.close()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer one connection; junk ends only itself."""
        task = asyncio.current_task()
        self._open[task] = writer
        try:
            if len(self._open) <= _MOST_CONNECTIONS:
                async with asyncio.timeout(_REQUEST_S):
                    await self._answer(reader, writer)
        except (OSError, ValueError, asyncio.IncompleteReadError, TimeoutError):
            pass
        except asyncio.LimitOverrunError:
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            del self._open[task]

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        target = _target_of(await reader.readuntil(b"\r\n\r\n"), self._hosts())
        if target is None or not self._is_ours(target):
            status, message = "404 Not Found", "There is nothing here."
        elif self._received(target):
            status, message = "200 OK", _THANKS
        else:
            status, message = "400 Bad Request", _FOREIGN
        body = _PAGE.format(message=message).encode()
        head = (
            f"HTTP/1.1 {status}",
            "content-type: text/html; charset=utf-8",
            f"content-length: {len(body)}",
            "cache-control: no-store",
            # The page's address has the code in it.
            "referrer-policy: no-referrer",
            "content-security-policy: default-src 'none'; style-src 'unsafe-inline'",
            "x-content-type-options: nosniff",
            "connection: close",
        )
        writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        await writer.drain()

    def _hosts(self) -> frozenset[bytes]:
        """Return what the browser may call this machine: no name that is rebound."""
        names = {self._host, "127.0.0.1", "localhost"}
        return frozenset(f"{name}:{self.port}".encode() for name in names)

    def _is_ours(self, target: Secret) -> bool:
        path, mark, _ = target.reveal().partition("?")
        return bool(mark) and path == self._path


async def _turns() -> None:
    """Let the loop do what it has begun: asyncio accepts in several steps."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)


def _target_of(head: bytes, hosts: frozenset[bytes]) -> Secret | None:
    """Return what a request asks for; None if it is none, or for another host."""
    first, *fields = head.split(b"\r\n")
    words = first.split(b" ")
    if len(words) != 3 or words[0] != b"GET" or not words[2].startswith(b"HTTP/1."):
        return None
    named = [
        value.strip().lower()
        for name, _, value in (field.partition(b":") for field in fields)
        if name.strip().lower() == b"host"
    ]
    if len(named) != 1 or named[0] not in hosts:
        return None
    return Secret(words[1].decode("latin-1"))
