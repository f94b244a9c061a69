"""A local server that speaks HTTP as no honest one does, and what must end with it."""

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_PART = bytes(1 << 16)
_HEAD = b"HTTP/1.1 200 OK\r\n"
# 10 GB.
_MANY = 160_000


def _endless(send: Callable[[bytes], None]) -> None:
    send(_HEAD + b"content-length: 10000000000\r\n\r\n")
    for _ in range(_MANY):
        send(_PART)


def _chunks(send: Callable[[bytes], None]) -> None:
    send(_HEAD + b"transfer-encoding: chunked\r\n\r\n")
    for _ in range(1_000_000):
        send(b"1\r\nx\r\n" * 1000)


def _drip(send: Callable[[bytes], None]) -> None:
    send(_HEAD + b"content-length: 1000000\r\n\r\n")
    for _ in range(10_000):
        send(b".")
        time.sleep(0.05)


def _drip_head(send: Callable[[bytes], None]) -> None:
    send(_HEAD)
    for number in range(10_000):
        send(b"x%d: y\r\n" % number)
        time.sleep(0.05)


def _head_flood(send: Callable[[bytes], None]) -> None:
    send(_HEAD)
    for number in range(1_000_000):
        send(b"x%d: %s\r\n" % (number, b"y" * 1000))


def _long_header(send: Callable[[bytes], None]) -> None:
    send(_HEAD + b"x: ")
    for _ in range(_MANY):
        send(b"y" * (1 << 16))


def _continues(send: Callable[[bytes], None]) -> None:
    for _ in range(10_000_000):
        send(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def _zipped(body: bytes) -> bytes:
    return _HEAD + b"content-encoding: gzip\r\n\r\n" + body


def _bomb(send: Callable[[bytes], None]) -> None:
    # 20 MiB of zeros in 20 KB.
    send(_zipped(gzip.compress(bytes(20 << 20), 9)))


def _bomb_in_bomb(send: Callable[[bytes], None]) -> None:
    body = gzip.compress(gzip.compress(bytes(20 << 20), 9), 9)
    send(_HEAD + b"content-encoding: gzip, gzip\r\n\r\n" + body)


def _after_the_end(send: Callable[[bytes], None]) -> None:
    send(_zipped(gzip.compress(b"short")))
    for _ in range(_MANY):
        send(_PART)


def _empty_blocks(send: Callable[[bytes], None]) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    send(_zipped(packer.compress(b"x")))
    block = packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.flush(zlib.Z_FULL_FLUSH) or block
    # A stored block of length 0 (RFC 1951, 3.2.4).
    for _ in range(_MANY):
        send(b"\x00\x00\x00\xff\xff" * 10_000)


def _nothing(_: Callable[[bytes], None]) -> None:
    time.sleep(30)


def _garbage(send: Callable[[bytes], None]) -> None:
    send(b"\x16\x03\x01\x00\xff" * 1000)


PATHS: dict[str, Callable[[Callable[[bytes], None]], None]] = {
    "endless": _endless,
    "chunks": _chunks,
    "drip": _drip,
    "drip_head": _drip_head,
    "head_flood": _head_flood,
    "long_header": _long_header,
    "continues": _continues,
    "bomb": _bomb,
    "bomb_in_bomb": _bomb_in_bomb,
    "after_the_end": _after_the_end,
    "empty_blocks": _empty_blocks,
    "nothing": _nothing,
    "garbage": _garbage,
}


@contextmanager
def hostile_web() -> Iterator[int]:
    """Yield the port of the server; its path says what it does."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(peer: socket.socket) -> None:
        with peer, suppress(OSError):
            head = peer.recv(1 << 16).split(b" ", 2)
            if len(head) > 1:
                PATHS[head[1].decode().strip("/")](peer.sendall)

    def accept() -> None:
        with suppress(OSError):
            while True:
                peer, _ = listener.accept()
                threading.Thread(target=serve, args=(peer,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
