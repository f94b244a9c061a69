"""A page of a server without Jupyter, as a client of its websocket."""

import json
import socket
import struct
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import websocket
from server.scene import Site


class Page:
    """A connected page; a context manager.

    Args:
        site: The server.
        cookie: What a browser sends.
        name: What is opened.
        origin: Of the page; the server's own if not given.

    Attributes:
        kept: Messages that came while an answer was waited for.
        unread: Answers that came while another was waited for, with their `buffers`.
    """

    def __init__(
        self, site: Site, cookie: str, name: str, *, origin: str | None = None
    ) -> None:
        base = site.base.rstrip("/")
        where = urlsplit(base)
        self._link = link = socket.create_connection(
            (where.hostname, where.port), timeout=200
        )
        try:
            self._socket = websocket.create_connection(
                f"ws://{where.netloc}/timeline_nb/socket?open={name}",
                origin=base if origin is None else origin,
                cookie=cookie,
                socket=link,
            )
        except Exception:
            # The library leaves it open.
            link.close()
            raise
        self._count = 0
        self.kept: list[dict[str, Any]] = []
        self.unread: list[dict[str, Any]] = []

    def send(self, message: Any) -> None:
        """Send a message."""
        self._socket.send(json.dumps(message))

    def send_text(self, text: str) -> None:
        """Send what may be no message."""
        self._socket.send(text)

    def receive(self) -> tuple[dict[str, Any], list[bytes]]:
        """Return the next message and its buffers."""
        data = self._socket.recv()
        assert isinstance(data, bytes)
        if len(data) < 4:
            raise ConnectionError("the server has closed the page")
        (length,) = struct.unpack(">I", data[:4])
        header = json.loads(data[4 : 4 + length])
        at, buffers = 4 + length, []
        for size in header["lengths"]:
            buffers.append(data[at : at + size])
            at += size
        assert at == len(data)
        return header["message"], buffers

    def request(self, kind: str, **fields: Any) -> tuple[dict[str, Any], list[bytes]]:
        """Send a request of a view, and return its answer."""
        self._count += 1
        content = {"kind": kind, "id": self._count, "view": "test", **fields}
        self.send({"method": "custom", "content": content})
        while True:
            message, buffers = self.receive()
            found = message.get("content", {})
            if message["method"] == "custom" and found.get("id") == self._count:
                return found, buffers
            self.kept.append(message)
            if message["method"] == "custom":
                self.unread.append({**found, "buffers": buffers})

    def wait_for(self, kind: str) -> dict[str, Any]:
        """Return the next message of a kind that nobody asked for, or that is said."""
        while True:
            message = self.kept.pop(0) if self.kept else self.receive()[0]
            if message["method"] == kind:
                return message
            if message.get("content", {}).get("kind") == kind:
                found: dict[str, Any] = message["content"]
                return found

    def close_code(self) -> int:
        """Wait until the server closes the connection, and return its code."""
        return self.closed()[0]

    def closed(self) -> tuple[int, str]:
        """Wait until the server closes the connection; return its code and reason."""
        while True:
            opcode, frame = self._socket.recv_data()
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                return int(struct.unpack(">H", frame[:2])[0]), frame[2:].decode()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _: type[BaseException] | None,
        __: BaseException | None,
        ___: TracebackType | None,
    ) -> None:
        self._socket.close()
        self._link.close()


def cookie_of(site: Site) -> str:
    """Enter as a browser does, and return the cookie."""
    answer = site.ask(f"?token={site.token}", login=False)
    assert answer.status == 200, answer
    return answer.headers["set-cookie"].partition(";")[0]
