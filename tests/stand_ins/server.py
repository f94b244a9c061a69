"""A local HTTP server that plays a platform, with the faults that a test asks for."""

import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Self
from urllib.parse import parse_qs, urlsplit

_CHUNK_BYTES: Final = 1 << 14


@dataclass
class Fault:
    """What goes wrong with one request.

    Args:
        method: Of the requests that it meets; empty for all.
        path: Part of their path.
        skip: How many such requests pass before.
        times: How many it meets.
        status: What is answered in place of the answer; the body is read and dropped.
        headers: Of that answer.
        body: Of that answer.
        keep_bytes: The connection is cut after so many bytes of the body arrived.
        lose_answer: The request has its effect; the connection is cut in place of the
            answer.
        silent_s: How long nothing is said before the answer.
        drip_s: Seconds from one byte of the answer's body to the next.
    """

    method: str = ""
    path: str = ""
    skip: int = 0
    times: int = 1
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    keep_bytes: int | None = None
    lose_answer: bool = False
    silent_s: float = 0
    drip_s: float = 0

    def meets(self, method: str, path: str) -> bool:
        if self.method not in {"", method} or self.path not in path or not self.times:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


@dataclass
class Reply:
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class CutError(Exception):
    """The connection ended before the body did, or is to end now."""


class Request:
    """A request whose body is read piece by piece."""

    def __init__(self, handler: BaseHTTPRequestHandler, keep: int | None) -> None:
        parts = urlsplit(handler.path)
        self.method, self.path = handler.command, parts.path
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.length = int(self.headers.get("content-length", 0))
        self._file, self._keep = handler.rfile, keep
        self.read_bytes = 0

    def pieces(self) -> Iterator[bytes]:
        """Yield the body as it comes.

        Raises:
            CutError: It ends too early.
        """
        while self.read_bytes < self.length:
            most = min(_CHUNK_BYTES, self.length - self.read_bytes)
            if self._keep is not None:
                most = min(most, self._keep - self.read_bytes)
                if not most:
                    raise CutError
            found = self._file.read1(most)
            if not found:
                raise CutError
            self.read_bytes += len(found)
            yield found

    def body(self) -> bytes:
        return b"".join(self.pieces())

    def drop(self) -> None:
        for _ in self.pieces():
            pass

    def json(self) -> Any:
        return json.loads(self.body())


@dataclass
class Seen:
    method: str
    path: str
    read_bytes: int
    status: int


class _QuietServer(ThreadingHTTPServer):
    def server_bind(self) -> None:
        # Little is on its way, so that a client which is killed has sent half a part.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 15)
        super().server_bind()

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that was killed resets its connections.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class StandIn:
    """A server on 127.0.0.1; a context manager.

    Attributes:
        faults: What is to go wrong; each is used up.
        seen: The requests, in order.
        tokens: The tokens that are valid.
        pace_bps: How fast it reads films; 0 as fast as it can.
        after_piece: Called after each piece of a film, which waits for it.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.seen: list[Seen] = []
        self.tokens = {"token-1"}
        self.pace_bps = 0.0
        self.after_piece: Callable[[], object] = lambda: None
        self.lock = threading.RLock()
        server = _QuietServer(("127.0.0.1", 0), self._handler())
        server.daemon_threads = True
        self._server = server
        self.address = f"http://127.0.0.1:{server.server_address[1]}"
        self._thread = threading.Thread(target=server.serve_forever, args=(0.02,))

    def answer(self, request: Request) -> Reply:
        raise NotImplementedError

    def is_authorized(self, request: Request, scheme: str = "Bearer") -> bool:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        return kind == scheme and token in self.tokens

    def paced(self, request: Request) -> Iterator[bytes]:
        """Yield the pieces of a film, not faster than the pace."""
        for piece in request.pieces():
            yield piece
            if self.pace_bps:
                time.sleep(len(piece) * 8 / self.pace_bps)
            self.after_piece()

    def count(self, method: str, path: str = "") -> int:
        return sum(one.method == method and path in one.path for one in self.seen)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:  # noqa: C901 - one class
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as it is there
                pass

            def _serve(self) -> None:
                with stand_in.lock:
                    path = self.path
                    fault = next(
                        (f for f in stand_in.faults if f.meets(self.command, path)),
                        Fault(),
                    )
                request = Request(self, fault.keep_bytes)
                reply = Reply(fault.status, fault.body, fault.headers)
                try:
                    if fault.status:
                        request.drop()
                    else:
                        reply = stand_in.answer(request)
                        # What was not asked for stays in the way of the next one.
                        request.drop()
                    if fault.lose_answer:
                        raise CutError  # noqa: TRY301 - as a cut of the client's
                    time.sleep(fault.silent_s)
                except (CutError, ConnectionError):
                    stand_in.note(request, 0)
                    self._cut()
                    return
                stand_in.note(request, reply.status)
                self._reply(reply, fault.drip_s)

            def _reply(self, reply: Reply, drip_s: float) -> None:
                data = reply.body if isinstance(reply.body, bytes) else b""
                if reply.body is not None and not isinstance(reply.body, bytes):
                    data = json.dumps(reply.body).encode()
                try:
                    self.send_response(reply.status)
                    for name, value in reply.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(data)))
                    self.end_headers()
                    if self.command == "HEAD":
                        return
                    for start in range(0, len(data), 1 if drip_s else 1 << 20):
                        self.wfile.write(
                            data[start : start + (1 if drip_s else 1 << 20)]
                        )
                        time.sleep(drip_s)
                except ConnectionError:
                    self._cut()

            def _cut(self) -> None:
                self.close_connection = True
                with suppress(OSError):
                    self.connection.shutdown(socket.SHUT_RDWR)

            do_GET = do_POST = do_PUT = do_PATCH = do_HEAD = do_DELETE = _serve  # noqa: N815 - http.server's

        return Handler

    def note(self, request: Request, status: int) -> None:
        with self.lock:
            self.seen.append(
                Seen(request.method, request.path, request.read_bytes, status)
            )
