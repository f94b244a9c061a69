"""What a kernel learns of the Jupyter server beside it, and says in its health."""

import asyncio
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from tornado.escape import json_encode

from timeline_nb.core.kernel_connection import KernelConnection
from timeline_nb.core.telemetry.health import CheckResult, HealthChecks
from timeline_nb.notebook import server_check
from timeline_nb.server.checks import ServerChecks

asked: list[str] = []


@contextmanager
def answering(status: int, body: bytes) -> Iterator[int]:
    """Answer each request at a port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a kernel's connection file."""
    path = tmp_path / "kernel.json"
    known = KernelConnection("an id", path, b"key")
    monkeypatch.setattr(server_check, "kernel_connection", lambda: known)
    return tmp_path


def found(runtime: Path, **facts: object) -> CheckResult:
    file = runtime / f"jpserver-{os.getppid()}.json"
    file.write_text(json.dumps({"base_url": "/user/j\u00f6/", **facts}))
    (result,) = HealthChecks().run(server_check.jupyter_server_checks())
    assert result.name == "server"
    return result


def test_a_server_with_the_extension_refuses_in_its_own_way(runtime: Path) -> None:
    with answering(403, b"403\n") as port:
        result = found(runtime, port=port, hostname="0.0.0.0")  # noqa: S104 - written
    assert result.state == "ok"
    assert "gives files to pages" in result.detail
    assert asked[-1] == "/user/j%C3%B6/timeline_nb/health"


def test_a_server_that_asks_nobody_to_log_in_answers(runtime: Path) -> None:
    report = asyncio.run(ServerChecks().report())
    with answering(200, json_encode(report).encode()) as port:
        result = found(runtime, port=port, hostname="127.0.0.1")
    assert (result.state, "gives files to pages" in result.detail) == ("ok", True)
    with answering(200, b"<html>log in</html>") as port:
        result = found(runtime, port=port, hostname="127.0.0.1")
    assert (result.state, "gives files to pages" in result.detail) == ("ok", False)


def test_a_server_without_it_is_a_warning_that_says_what_to_do(runtime: Path) -> None:
    with answering(404, b"<html>") as port:
        result = found(runtime, port=port, hostname="127.0.0.1")
    assert result.state == "warning"
    assert "install timeline-nb where Jupyter runs" in result.detail


def test_a_login_before_all_pages_proves_nothing(runtime: Path) -> None:
    with answering(403, b"<html>log in</html>") as port:
        result = found(runtime, port=port, hostname="127.0.0.1")
    assert (result.state, "gives files to pages" in result.detail) == ("ok", False)


def test_a_server_that_is_gone_is_a_warning(runtime: Path) -> None:
    with answering(403, b"403\n") as port:
        pass
    result = found(runtime, port=port, hostname="127.0.0.1")
    assert (result.state, "does not answer" in result.detail) == ("warning", True)


@pytest.mark.parametrize(
    "facts", [{"port": -1}, {"port": 1 << 70}, {"sock": "/x"}, {"secure": True}]
)
def test_a_server_that_cannot_be_asked_is_no_fault(
    runtime: Path, facts: dict[str, object]
) -> None:
    assert found(runtime, **facts).state == "ok"


def test_a_program_that_is_no_kernel_has_no_such_check() -> None:
    assert server_check.jupyter_server_checks() == []
