"""Serve without Jupyter: to this machine only, behind a token, on an own thread."""

import asyncio
import hmac
import logging
import secrets
import socket
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol, Self

from tornado import httpserver, iostream, web

from timeline_nb.access.ids import key_from
from timeline_nb.access.scope import Scope
from timeline_nb.errors import ServerError
from timeline_nb.server.checks import ServerChecks
from timeline_nb.server.figures import ServerFigures
from timeline_nb.server.origins import checked_origins

__all__ = ["AloneServer", "Contents", "PageTalk"]

_log = logging.getLogger(__name__)
_START_S: Final = 30.0
_STOP_S: Final = 5.0
# Pages have up to 32 sockets, and a player a few requests at once.
_MOST_CONNECTIONS: Final = 256
# No request has a body; headers may hold an id of a long path.
_LIMITS: Final = {
    "max_body_size": 0,
    "max_header_size": 65_536,
    "idle_connection_timeout": 60,
    "body_timeout": 5,
}


class _Server(httpserver.HTTPServer):
    """Turns connections away where so many are open that others would wait."""

    def handle_stream(self, stream: iostream.IOStream, address: Any) -> None:
        """Begin to read requests, or say that there are too many."""
        if len(self._connections) < _MOST_CONNECTIONS:
            super().handle_stream(stream, address)
            return
        text = f"{_MOST_CONNECTIONS} connections are open, which are all that may\n"
        _log.warning("the server turned a connection away: %s", text.strip())
        answer = (
            "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\n"
            f"Content-Length: {len(text)}\r\nRetry-After: 5\r\n"
            f"Connection: close\r\n\r\n{text}"
        )
        sent = asyncio.ensure_future(stream.write(answer.encode()))

        def close(done: "asyncio.Future[None]") -> None:
            # One who went away does not read it.
            done.exception()
            stream.close()

        sent.add_done_callback(close)


class PageTalk(Protocol):
    """A page's conversation with what it shows."""

    def receive(self, text: str | bytes) -> "Future[None]":
        """Handle a message; the future is done when the next one may come."""

    def close(self) -> None:
        """Release what the page showed."""


class Contents(Protocol):
    """What is served: files by name, and the programs of the pages."""

    @property
    def title(self) -> str:
        """What the first page is called."""

    @property
    def bundles(self) -> Mapping[str, Path]:
        """The JavaScript files of pages by name."""

    def names(self) -> list[str]:
        """Return the names of all that can be opened; of one, the page shows it."""

    def public(self, value: Any) -> Any:
        """Return a value of JSON as a visitor may read it, without folders."""

    def connect(self, name: str, send: Callable[[bytes], None]) -> PageTalk:
        """Open something for a page.

        Raises:
            ServerError: There is nothing of the name.
        """


class AloneServer:
    """An HTTP server of one program; a context manager.

    Args:
        contents: What is served.
        scope: What may be read.
        port: Where it listens on 127.0.0.1; a free port for 0.
        origins: Pages of these may read media with the token; none if not given.
        metrics: Whether figures are served, too.
        usual_port: Taken if it is free and `port` is 0; a page that is open finds the
            server there again.
        cookie_key: Makes the cookie of those who were let in; with the one of an
            earlier server at this port, they need not enter anew.

    Attributes:
        place: Its id in addresses of media.
        key: Seals the ids of media.

    Raises:
        ServerError: An origin is none, or the port is taken.
    """

    def __init__(  # noqa: PLR0913 - each is an option
        self,
        contents: Contents,
        scope: Scope,
        *,
        port: int = 0,
        origins: Iterable[str] = (),
        metrics: bool = False,
        usual_port: int = 0,
        cookie_key: bytes = b"",
    ) -> None:
        self.place = str(uuid.uuid4())
        self.key = key_from(secrets.token_bytes(32))
        self.figures = ServerFigures()
        self.checks = ServerChecks()
        self._token = secrets.token_urlsafe(24)
        self._contents, self._scope = contents, scope
        self._origins, self._metrics = checked_origins(origins), metrics
        self._cookie_key = cookie_key or secrets.token_bytes(32)
        self._socket = _listening(port, usual_port)
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._started = threading.Event()
        self._thread = threading.Thread(
            target=self._serve, name="timeline_nb server", daemon=True
        )

    def __repr__(self) -> str:
        return f"<AloneServer at http://127.0.0.1:{self.port}/>"

    @property
    def is_running(self) -> bool:
        """Whether it serves."""
        return self._started.is_set() and self._thread.is_alive()

    @property
    def url(self) -> str:
        """The address to open, with the token: who has it may do what a page may."""
        return f"http://127.0.0.1:{self.port}/?token={self._token}"

    def start(self) -> str:
        """Begin to serve, and return the address to open.

        Raises:
            ServerError: It did not begin.
        """
        self._thread.start()
        if not self._started.wait(_START_S):
            raise ServerError("the server did not begin: the machine is overloaded")
        return self.url

    def close(self) -> None:
        """Stop: connections are closed, conversations ended."""
        if self._loop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_STOP_S)
        self._socket.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _serve(self) -> None:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        self._loop = loop
        application = self._application()
        server = _Server(application, **_LIMITS)
        server.add_socket(self._socket)
        loop.call_soon(self._started.set)
        try:
            loop.run_forever()
        finally:
            server.stop()
            for page in list(application.settings["timeline_nb_sockets"]):
                page.end_talk()
            loop.run_until_complete(server.close_all_connections())
            loop.run_until_complete(_ended(loop))
            loop.close()

    def _application(self) -> web.Application:
        from timeline_nb.server.pages import handlers

        return web.Application(
            handlers(self.place, metrics=self._metrics),
            timeline_nb_token=self._token,
            # Not of the token, which whoever has the cookie could put into an address.
            timeline_nb_cookie=hmac.digest(
                self._cookie_key, b"cookie %d" % self.port, "sha256"
            ).hex(),
            timeline_nb_port=self.port,
            timeline_nb_key=self.key,
            timeline_nb_scope=self._scope,
            timeline_nb_contents=self._contents,
            timeline_nb_sockets=set(),
            timeline_nb_origins=self._origins,
            timeline_nb_figures=self.figures,
            timeline_nb_checks=self.checks,
            websocket_max_message_size=4_000_000,
            # Keeps tunnels open. No page is closed for want of an answer: it is read
            # behind messages, of which one, such as a save, may take long.
            websocket_ping_interval=30,
            websocket_ping_timeout=0,
            log_function=_note_failure,
        )


def _listening(port: int, usual_port: int) -> socket.socket:
    """Return a socket that listens to this machine.

    Raises:
        ServerError: The port is taken.
    """
    if not port and usual_port:
        with suppress(OSError):
            return socket.create_server(("127.0.0.1", usual_port))
    try:
        return socket.create_server(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        raise ServerError(f"port {port} cannot be used: {error}") from None


async def _ended(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel what still runs on a loop, and wait until it has ended."""
    here = asyncio.current_task()
    tasks = [task for task in asyncio.all_tasks(loop) if task is not here]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await loop.shutdown_default_executor()


def _note_failure(handler: Any) -> None:
    """Log answers that say that we failed; never an address, which may hold an id."""
    if handler.get_status() >= 500:  # HTTP's class of server errors
        _log.error("%s failed: %s", handler.route or "a page", handler.get_status())
