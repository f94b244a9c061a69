"""Requests reach allowed hosts, and nothing else; a local server is the internet."""

import asyncio
import gzip
import http.server
import socket
import threading
import time
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from timeline_nb.errors import AccountError, PluginError
from timeline_nb.wasm_plugins.network import (
    Authorize,
    DeniedError,
    Signature,
    WebAnswer,
    WebClient,
    WebRequest,
)
from timeline_nb.wasm_plugins.permissions import parse_permission
from timeline_nb.wasm_plugins.web_body import ANSWER_BYTES


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: list[dict[str, Any]]

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length", 0))
        self.seen.append(
            {
                "method": self.command,
                "path": self.path,
                "headers": {
                    name.lower(): value for name, value in self.headers.items()
                },
                "body": self.rfile.read(length),
            }
        )
        name, _, rest = self.path[1:].partition("/")
        getattr(self, f"on_{name}", lambda _: self.answer(404))(rest)

    do_POST = do_PUT = do_GET  # noqa: N815 - names of http.server

    def on_hello(self, _: str) -> None:
        self.answer(200, b"hello", set_cookie="session=1", x_more="yes")

    def on_to(self, rest: str) -> None:
        code, _, place = rest.partition("/")
        self.answer(int(code), location=place)

    def on_echo(self, _: str) -> None:
        signed = self.headers.get("authorization", "")
        self.answer(200, f"you sent {signed}".encode(), x_echo=signed)

    def on_goon(self, _: str) -> None:
        self.answer(308, range="bytes=0-4")

    def on_gzip(self, rest: str) -> None:
        zeros = gzip.compress(bytes(int(rest)))
        self.answer(200, zeros, content_encoding="gzip")

    def on_brotli(self, _: str) -> None:
        self.answer(200, b"x", content_encoding="br")

    def on_cut(self, _: str) -> None:
        self.send_response(200)
        self.send_header("content-length", "1000")
        self.end_headers()
        self.close_connection = True

    def on_endless(self, _: str) -> None:
        self.send_response(200)
        self.end_headers()
        part = bytes(1 << 20)
        try:
            # 10 GB.
            for _part in range(10_000):
                self.wfile.write(part)
        except OSError:
            self.close_connection = True

    def on_drip(self, _: str) -> None:
        self.send_response(200)
        self.send_header("content-length", "1000")
        self.end_headers()
        try:
            for _part in range(1000):
                self.wfile.write(b".")
                time.sleep(0.05)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        pass


@dataclass
class Web:
    """A local server, and clients to whom names lead to it."""

    port: int
    seen: list[dict[str, Any]]
    resolved: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(
        self,
        *granted: str,
        authorise: Authorize | None = None,
        addresses: Callable[[str], list[str]] = lambda _: ["127.0.0.1"],
    ) -> WebClient:
        def resolve(host: str, _: int) -> list[str]:
            self.resolved.append(host)
            return addresses(host)

        permissions = granted or (f"local:127.0.0.1:{self.port}",)
        return WebClient(tuple(map(parse_permission, permissions)), authorise, resolve)


@pytest.fixture
def web() -> Iterator[Web]:
    seen: list[dict[str, Any]] = []
    kind = type("Seeing", (Handler,), {"seen": seen})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield Web(server.server_port, seen)
    server.shutdown()
    server.server_close()


def sent(client: WebClient, url: str, *, limit_s: float = 20, **more: Any) -> WebAnswer:
    request = WebRequest(more.pop("method", "GET"), url, **more)
    return asyncio.run(client.send(request, limit_s))


def test_an_answer_comes_without_what_carries_rights(web: Web) -> None:
    answer = sent(web.client(), f"{web.base}/hello")
    assert (answer.status, answer.body) == (200, b"hello")
    assert answer.headers["x-more"] == "yes"
    assert "set-cookie" not in answer.headers


def test_the_connection_goes_to_the_address_that_was_checked(web: Web) -> None:
    # The name is in no DNS: RFC 6761 keeps .test free.
    client = web.client(f"local:films.test:{web.port}")
    assert sent(client, f"http://films.test:{web.port}/hello").status == 200
    assert web.seen[0]["headers"]["host"] == f"films.test:{web.port}"
    assert web.resolved == ["films.test"]


def test_the_next_address_is_tried_where_one_is_not_reached(web: Web) -> None:
    # Nobody listens at the second address of the loopback network.
    client = web.client(
        f"local:films.test:{web.port}", addresses=lambda _: ["127.0.0.2", "127.0.0.1"]
    )
    assert sent(client, f"http://films.test:{web.port}/hello").status == 200
    assert len(web.seen) == 1


def test_a_name_is_asked_for_once_so_that_a_second_answer_leads_nowhere(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests: list[httpx.Request] = []

    async def handle(_: Any, request: httpx.Request) -> httpx.Response:
        requests.append(request)
        raise httpx.ConnectError("no network in tests")

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle)
    # Rebinding: public when it is checked, private when it is used.
    answers = iter([["93.184.215.14"], ["127.0.0.1"]])
    client = web.client("network:a.example", addresses=lambda _: next(answers))
    with pytest.raises(PluginError, match="no network in tests"):
        sent(client, "https://a.example/hello")
    (request,) = requests
    assert request.url.host == "93.184.215.14"
    # The certificate is checked against the name (httpcore's `sni_hostname`).
    assert request.extensions["sni_hostname"] == "a.example"
    assert request.headers["host"] == "a.example"
    assert web.resolved == ["a.example"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
    ],
)
def test_an_allowed_name_does_not_lead_to_a_private_address(
    web: Web, address: str
) -> None:
    client = web.client(
        "network:*.example.com", addresses=lambda _: ["93.184.215.14", address]
    )
    with pytest.raises(DeniedError, match="leads to"):
        sent(client, "https://a.example.com/")


@pytest.mark.parametrize(
    "url",
    [
        "https://evilexample.com/",
        "https://example.com/",
        "https://a.example.com.evil.test/",
        "https://a.example.com@evil.test/",
        "https://evil.test/?a.example.com",
        "https://evil.test/#a.example.com",
        "http://a.example.com/",
        "https://a.example.com:22/",
        "https://user:pass@a.example.com/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "file:///etc/passwd",
        "ftp://a.example.com/",
        "gopher://a.example.com/",
        "//a.example.com/",
        "",
    ],
)
def test_other_addresses_are_refused(web: Web, url: str) -> None:
    with pytest.raises(DeniedError):
        sent(web.client("network:*.example.com"), url)
    assert web.resolved == []


@pytest.mark.parametrize(
    "url", ["https://a b/", "https://[::1/", "\x00", "https://ü\ud800/"]
)
def test_what_is_no_address_is_refused(web: Web, url: str) -> None:
    with pytest.raises(PluginError):
        sent(web.client("network:*"), url)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "place",
    [
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://evil.test/",
        "//evil.test/",
        "file:///etc/passwd",
    ],
)
def test_redirects_elsewhere_are_refused(web: Web, code: int, place: str) -> None:
    with pytest.raises(DeniedError):
        sent(web.client(), f"{web.base}/to/{code}/{place}")
    assert len(web.seen) == 1


def test_a_redirect_to_another_allowed_host_is_followed_with_its_own_signature(
    web: Web,
) -> None:
    client = web.client(
        f"local:127.0.0.1:{web.port}",
        f"local:localhost:{web.port}",
        "account:films",
        authorise=lambda account, host: (
            lambda: (
                {"Authorization": f"Bearer {account}-secret"}
                if host == "127.0.0.1"
                else {}
            )
        ),
    )
    place = f"http://localhost:{web.port}/hello"
    answer = sent(client, f"{web.base}/to/303/{place}", method="POST", account="films")
    assert answer.status == 200
    first, second = web.seen
    assert first["headers"]["authorization"] == "Bearer films-secret"
    assert "authorization" not in second["headers"]
    assert (first["method"], second["method"]) == ("POST", "GET")


def test_endless_redirects_end(web: Web) -> None:
    with pytest.raises(PluginError, match="redirects"):
        sent(
            web.client(),
            f"{web.base}/to/302/to/302/to/302/to/302/to/302/to/302/to/302/x",
        )


def test_go_on_of_an_upload_is_no_redirect(web: Web) -> None:
    answer = sent(web.client(), f"{web.base}/goon", method="PUT")
    assert (answer.status, answer.headers["range"]) == (308, "bytes=0-4")


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer stolen"},
        {"COOKIE": "a=b"},
        {"Host": "evil.test"},
        {"proxy-authorization": "x"},
        {"Content-Length": "9"},
        {"Transfer-Encoding": "chunked"},
        {"a\r\nHost": "x"},
        {"x": "a\r\nhost: evil.test"},
        {"": "x"},
        {"x": "ü"},
        {f"x{n}": "" for n in range(101)},
    ],
)
def test_headers_that_are_not_a_plugins_are_refused(
    web: Web, headers: dict[str, str]
) -> None:
    with pytest.raises(DeniedError, match="header"):
        sent(web.client(), f"{web.base}/hello", headers=headers)
    assert web.seen == []


@pytest.mark.parametrize("method", ["CONNECT", "TRACE", "get", "G ET", "OPTIONS"])
def test_other_methods_are_refused(web: Web, method: str) -> None:
    with pytest.raises(DeniedError, match="method"):
        sent(web.client(), f"{web.base}/hello", method=method)


def test_a_server_that_repeats_its_request_does_not_disclose_the_token(
    web: Web,
) -> None:
    client = web.client(
        f"local:127.0.0.1:{web.port}",
        "account:films",
        authorise=lambda _account, _host: lambda: {"authorization": "Bearer tok-5d1e"},
    )
    answer = sent(client, f"{web.base}/echo", account="films")
    assert web.seen[0]["headers"]["authorization"] == "Bearer tok-5d1e"
    assert b"tok-5d1e" not in answer.body
    assert "tok-5d1e" not in str(answer.headers)


@pytest.mark.parametrize("path", ["endless", "brotli", "cut"])
def test_no_frame_of_an_error_shows_the_token(web: Web, path: str) -> None:
    client = web.client(
        f"local:127.0.0.1:{web.port}",
        "account:films",
        authorise=lambda _account, _host: lambda: {"authorization": _token()},
    )
    with pytest.raises(PluginError) as caught:
        sent(client, f"{web.base}/{path}", account="films")
    assert web.seen[0]["headers"]["authorization"] == _token()
    # The server's own list holds it.
    web.seen.clear()
    shown = "".join(
        traceback.TracebackException.from_exception(
            caught.value, capture_locals=True
        ).format()
    )
    assert "_sent" in shown
    assert "".join(reversed("e1d5-kot")) not in shown


def _token() -> str:
    # Not as text in the source, which a traceback shows too.
    return "Bearer " + "".join(reversed("e1d5-kot"))


def test_an_account_needs_its_permission(web: Web) -> None:
    client = web.client(
        authorise=lambda _account, _host: lambda: {"authorization": "x"}
    )
    with pytest.raises(DeniedError, match="account:films is not granted"):
        sent(client, f"{web.base}/hello", account="films")


def test_an_account_that_is_not_connected_says_so(web: Web) -> None:
    def authorise(_account: str, _host: str) -> Signature:
        raise AccountError("connect it by tl.accounts.connect('films')")

    client = web.client(
        f"local:127.0.0.1:{web.port}", "account:films", authorise=authorise
    )
    with pytest.raises(PluginError, match=r"tl\.accounts\.connect"):
        sent(client, f"{web.base}/hello", account="films")


def test_an_answer_of_10_gb_is_cut_off(web: Web) -> None:
    with pytest.raises(PluginError, match="longer than 16 MiB"):
        sent(web.client(), f"{web.base}/endless")


def test_what_is_small_and_becomes_large_is_cut_off(web: Web) -> None:
    assert len(sent(web.client(), f"{web.base}/gzip/{ANSWER_BYTES}").body) == 16 << 20
    with pytest.raises(PluginError, match="longer than 16 MiB"):
        sent(web.client(), f"{web.base}/gzip/{ANSWER_BYTES + 1}")


def test_other_compressions_are_refused(web: Web) -> None:
    with pytest.raises(PluginError, match="'br'"):
        sent(web.client(), f"{web.base}/brotli")


def test_a_server_that_drips_is_left(web: Web) -> None:
    with pytest.raises(PluginError, match=r"within 0\.3 s"):
        sent(web.client(), f"{web.base}/drip", limit_s=0.3)


def test_a_name_server_that_is_silent_is_left(web: Web) -> None:
    silent = threading.Event()

    def addresses(_: str) -> list[str]:
        silent.wait(200)
        return []

    client = web.client("network:a.example", addresses=addresses)
    try:
        with pytest.raises(PluginError, match=r"within 0\.3 s"):
            sent(client, "https://a.example/", limit_s=0.3)
    finally:
        silent.set()


def test_a_body_is_sent_whole(web: Web) -> None:
    data = bytes(range(256)) * 1000

    async def body() -> AsyncIterator[bytes]:
        for start in range(0, len(data), 10_000):
            yield data[start : start + 10_000]

    sent(web.client(), f"{web.base}/hello", method="PUT", body=body, length=len(data))
    assert web.seen[0]["body"] == data


def test_proxies_of_the_environment_are_not_used(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert sent(web.client(), f"{web.base}/hello").status == 200


def test_nobody_there_is_an_error(web: Web) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(PluginError, match=r"GET 127\.0\.0\.1"):
        sent(web.client(f"local:127.0.0.1:{port}"), f"http://127.0.0.1:{port}/")
