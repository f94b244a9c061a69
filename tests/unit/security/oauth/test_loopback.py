"""The port that receives the browser: bounded, and deaf to all else."""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import Any

import pytest

from timeline_nb.errors import AccountError
from timeline_nb.security.oauth.loopback import LoopbackReceiver
from timeline_nb.security.secret import Secret

REDIRECT = "http://127.0.0.1:{port}/callback"


def received_by(
    act: Callable[[int], Any], *, is_ours: bool = True
) -> tuple[Any, list[str]]:
    """Run an action in a thread against a receiver; return what both saw."""
    seen: list[str] = []

    def received(target: Secret) -> bool:
        seen.append(target.reveal())
        return is_ours

    async def run() -> Any:
        receiver = LoopbackReceiver(REDIRECT, received)
        async with receiver:
            return await asyncio.to_thread(act, receiver.port)

    return asyncio.run(run()), seen


def ask(port: int, text: str) -> str:
    """Send bytes, and return the answer; empty if there is none."""
    with socket.create_connection(("127.0.0.1", port), 10) as client:
        client.sendall(text.encode("latin-1"))
        client.shutdown(socket.SHUT_WR)
        answer = b""
        with contextlib.suppress(OSError):
            while part := client.recv(65_536):
                answer += part
    return answer.decode()


def get(port: int, path: str, host: str = "127.0.0.1:{port}") -> str:
    return ask(port, f"GET {path} HTTP/1.1\r\nHost: {host.format(port=port)}\r\n\r\n")


def test_the_callback_is_received_and_answered() -> None:
    answer, seen = received_by(lambda port: get(port, "/callback?code=a&state=b"))
    assert seen == ["/callback?code=a&state=b"]
    head, _, body = answer.partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 200 OK")
    assert "referrer-policy: no-referrer" in head
    assert "cache-control: no-store" in head
    assert "You can close this page" in body
    assert "code=a" not in answer


def test_the_callback_of_another_sign_in_is_answered_400() -> None:
    answer, _ = received_by(lambda port: get(port, "/callback?code=a"), is_ours=False)
    assert answer.startswith("HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "path", ["/", "/favicon.ico", "/callback", "/callback/?code=a", "/x?code=a", "*"]
)
def test_other_paths_are_answered_404(path: str) -> None:
    answer, seen = received_by(lambda port: get(port, path))
    assert answer.startswith("HTTP/1.1 404 ")
    assert seen == []


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", ""])
def test_another_host_is_answered_404(host: str) -> None:
    """A name that was rebound to 127.0.0.1 is another origin in the browser."""
    answer, seen = received_by(lambda port: get(port, "/callback?code=a", host))
    assert answer.startswith("HTTP/1.1 404 ")
    assert seen == []


JUNK = [
    "",
    "\r\n\r\n",
    "\x16\x03\x01\x02\x00\x01\x00",
    "POST /callback?code=a HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
    "GET /callback?code=a\r\n\r\n",
    "GET  /callback?code=a HTTP/1.1\r\n\r\n",
    "GET /callback?code=a HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: x\r\n\r\n",
    "GET /callback?code=a HTTP/1.1\r\nX: " + "y" * 100_000,
    "A" * 100_000,
    "\x00" * 70,
]


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
def test_junk_is_dropped_and_the_next_browser_is_received(junk: str) -> None:
    def act(port: int) -> str:
        with contextlib.suppress(OSError):
            assert not ask(port, junk.replace("{port}", str(port))).startswith(
                "HTTP/1.1 200"
            )
        return get(port, "/callback?code=a")

    answer, seen = received_by(act)
    assert answer.startswith("HTTP/1.1 200 OK")
    assert seen == ["/callback?code=a"]


def test_connections_that_say_nothing_leave_room_for_a_browser() -> None:
    def act(port: int) -> str:
        with contextlib.ExitStack() as silent:
            for _ in range(10):
                silent.enter_context(socket.create_connection(("127.0.0.1", port), 10))
            return get(port, "/callback?code=a")

    answer, _ = received_by(act)
    assert answer.startswith("HTTP/1.1 200 OK")


def test_only_this_machine_can_connect_and_the_port_is_closed_afterwards() -> None:
    ports: list[int] = []

    def act(port: int) -> str:
        ports.append(port)
        with socket.socket() as other:
            # Bound to 127.0.0.1 alone, another address of the machine refuses.
            return str(other.connect_ex(("127.0.0.2", port)))

    refusal, _ = received_by(act)
    assert refusal != "0"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", ports[0]), 5)


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AccountError, match=f"port {port} of this machine"):
            LoopbackReceiver(f"http://127.0.0.1:{port}/callback", lambda _: True)
