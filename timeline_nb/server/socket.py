"""A page's websocket: its messages to what it shows, and the frames it gets."""

import asyncio
import logging
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

from tornado import web, websocket

from timeline_nb.errors import ServerError
from timeline_nb.server.guard import Guarded

__all__ = ["Socket"]

_log = logging.getLogger(__name__)
# Pages at once: each has decoders and threads.
_MOST: Final = 32
# A page that reads so much slower than it is sent to is closed; it connects again.
_MOST_WAITING_BYTES: Final = 64_000_000
# RFC 6455, 7.4.1, and IANA's registry.
_UNREADABLE, _FAILED, _FULL = 1003, 1011, 1013


class Socket(Guarded, websocket.WebSocketHandler):
    """One page; it checks the origin besides what is checked of every request."""

    route = "timeline_nb/socket"
    _talk: Any = None
    _waiting_bytes = 0

    def check_origin(self, origin: str) -> bool:
        """Return whether the page is one of this server, whose name was checked."""
        found = urlsplit(origin)
        here = self.request.host.lower()
        return found.scheme == "http" and found.netloc.lower() == here

    async def get(self, *args: Any, **options: Any) -> None:
        """Begin, unless another origin asks; browsers always name theirs."""
        if "Origin" not in self.request.headers:
            raise web.HTTPError(403)
        await super().get(*args, **options)

    async def open(self, *_: str, **__: str) -> None:
        """Open what the page asks for."""
        self.set_nodelay(True)
        self._loop = asyncio.get_running_loop()
        sockets: set[Socket] = self.settings["timeline_nb_sockets"]
        if len(sockets) >= _MOST:
            self.close(_FULL, f"{_MOST} pages are open: close one")
            return
        sockets.add(self)
        contents = self.settings["timeline_nb_contents"]
        name = self.get_query_argument("open", "")
        try:
            talk = await self._loop.run_in_executor(
                None, contents.connect, name, self._post
            )
        except ServerError as error:
            self.close(_FAILED, _reason(str(error)))
            return
        except Exception:  # noqa: BLE001 - of what is opened; the page learns of it
            # What is raised here would end the connection without `on_close`.
            _log.exception("a page could not be opened")
            self.close(_FAILED, "it could not be opened: the program's log says why")
            return
        self._talk = talk
        if self.ws_connection is None or self not in sockets:
            # It was closed meanwhile.
            self.end_talk()

    async def on_message(self, message: str | bytes) -> None:
        """Handle a message; the next one is read once that is done."""
        if self._talk is None:
            return
        try:
            await asyncio.wrap_future(self._talk.receive(message))
        except ServerError as error:
            self.close(_UNREADABLE, _reason(str(error)))

    def on_close(self) -> None:
        """Release what the page showed."""
        self.settings["timeline_nb_sockets"].discard(self)
        if self._talk is not None:
            self._loop.run_in_executor(None, self.end_talk)

    def end_talk(self) -> None:
        """End the conversation."""
        talk, self._talk = self._talk, None
        if talk is not None:
            talk.close()

    def _post(self, frame: bytes) -> None:
        """Send a frame, from any thread."""
        # The loop has ended: nobody reads it any more.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._send, frame)

    def _send(self, frame: bytes) -> None:
        if self.ws_connection is None:
            return
        self._waiting_bytes += len(frame)
        if self._waiting_bytes > _MOST_WAITING_BYTES:
            self.close(_FULL, "the page reads too slowly")
            return
        self._loop.create_task(self._flush(frame))

    async def _flush(self, frame: bytes) -> None:
        try:
            await self.write_message(frame, binary=True)
        except (websocket.WebSocketClosedError, OSError):
            return
        finally:
            self._waiting_bytes -= len(frame)


def _reason(text: str) -> str:
    """Return as much of a text as a close frame takes, 123 bytes (RFC 6455, 5.5)."""
    return text.encode()[:120].decode(errors="ignore")
