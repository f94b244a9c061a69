"""Real servers for tests, and requests that go out exactly as they are written."""

import http.client
import json
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from browser.lab import Lab, environment, free_port, running
from jupyter_client.blocking.client import BlockingKernelClient

TOKEN_BYTES = 16


@dataclass(frozen=True)
class Response:
    """What a server answered; names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Site:
    """A running server: its base URL with a slash at the end, and who asks."""

    base: str
    token: str
    pid: int
    folder: Path
    # The id of the kernel, or of the program that serves alone.
    place: str = ""
    client: BlockingKernelClient | None = field(default=None, repr=False)

    def ask(
        self,
        path: str,
        method: str = "GET",
        *,
        login: bool = True,
        body: bytes = b"",
        headers: Mapping[str, str] = {},
    ) -> Response:
        """Send a request to a path below the base, exactly as it is written."""
        where = urlsplit(self.base)
        link = http.client.HTTPConnection(str(where.hostname), where.port, timeout=20)
        given = dict(headers)
        if login:
            given.setdefault("Authorization", f"token {self.token}")
        try:
            host = "Host" in given
            link.putrequest(
                method, where.path + path, skip_host=host, skip_accept_encoding=True
            )
            for name, value in given.items():
                link.putheader(name, value)
            if body:
                link.putheader("Content-Length", str(len(body)))
            link.endheaders(body or None)
            answer = link.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Response(answer.status, found, answer.read())
        finally:
            link.close()

    def run(self, code: str) -> str:
        """Run code in the kernel, and return what it printed or the error's name."""
        assert self.client is not None
        printed: list[str] = []

        def keep(message: dict[str, dict[str, str]]) -> None:
            content = message["content"]
            printed.append(content.get("text") or content.get("ename") or "")

        self.client.execute_interactive(code, output_hook=keep, timeout=120)
        return "".join(printed).strip()

    def address_of(self, path: Path, **options: object) -> str:
        """Have the kernel serve a file, and return its address."""
        given = "".join(f", {name}={value!r}" for name, value in options.items())
        return self.run(f"print(tl.serve({str(path)!r}{given}).url)")


@contextmanager
def jupyter(folder: Path, *options: str) -> Iterator[Site]:
    """A Jupyter server below `/user/me/`, as a hub has it, with a kernel."""
    port, token = free_port(), secrets.token_hex(TOKEN_BYTES)
    lab = Lab(f"http://127.0.0.1:{port}/user/me", token, folder)
    command = [sys.executable, "-m", "jupyter", "server", "--no-browser"]
    command += [
        "--allow-root",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
    ]
    command += ["--ServerApp.ip=127.0.0.1", f"--IdentityProvider.token={token}"]
    command += ["--ServerApp.base_url=/user/me/", f"--ServerApp.root_dir={folder}"]
    private = folder / ".jupyter"
    sign = f"api/status?token={token}"
    with running(lab, [*command, *options], sign, environment(private)) as process:
        started = _started_kernel(lab)
        client = BlockingKernelClient()
        client.load_connection_file(str(private / "runtime" / f"kernel-{started}.json"))
        client.start_channels()
        try:
            _wait_for_kernel(client)
            site = Site(f"{lab.url}/", token, process.pid, folder, started, client)
            assert not site.run("import timeline_nb as tl")
            yield site
        finally:
            client.stop_channels()


def _wait_for_kernel(client: BlockingKernelClient) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            return client.wait_for_ready(timeout=120)
        except RuntimeError:
            # Its heart beats late on a machine with other work.
            if time.monotonic() > deadline:
                raise


def _started_kernel(lab: Lab) -> str:
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{lab.url}/api/kernels",
        data=b"{}",
        headers={"Authorization": f"token {lab.token}"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        found: str = json.load(answer)["id"]
    return found


def open_files(pid: int) -> list[str]:
    """Return what a process has open, links of Linux's /proc resolved."""
    found = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            found.append(str(entry.readlink()))
    return found


def wait_until(check: Callable[[], bool], limit_s: float = 30.0) -> bool:
    """Return whether a condition holds, at the latest after a hang's limit."""
    deadline = time.monotonic() + limit_s
    while not check():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a process of ours."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
