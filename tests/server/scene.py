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
from functools import partial
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
    # Runs code where addresses are made; returns what it printed or the error's name.
    run: Callable[[str], str] = field(default=str, repr=False)

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
        link = http.client.HTTPConnection(str(where.hostname), where.port, timeout=200)
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

    def address_of(self, path: Path, **options: object) -> str:
        """Have a file served, and return its address."""
        given = "".join(f", {name}={value!r}" for name, value in options.items())
        return self.run(f"print(tl.serve({str(path)!r}{given}).url)")


@contextmanager
def jupyter(folder: Path, *options: str, below: str = "/user/me/") -> Iterator[Site]:
    """A Jupyter server below `/user/me/`, as a hub has it, with a kernel."""
    port, token = free_port(), secrets.token_hex(TOKEN_BYTES)
    lab = Lab(f"http://127.0.0.1:{port}{below.rstrip('/')}", token, folder)
    command = [sys.executable, "-m", "jupyter", "server", "--no-browser"]
    command += [
        "--allow-root",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
    ]
    command += ["--ServerApp.ip=127.0.0.1", f"--IdentityProvider.token={token}"]
    command += [f"--ServerApp.base_url={below}", f"--ServerApp.root_dir={folder}"]
    private = folder / ".jupyter"
    sign = f"api/status?token={token}"
    with running(lab, [*command, *options], sign, environment(private)) as process:
        started = _started_kernel(lab)
        client = BlockingKernelClient()
        client.load_connection_file(str(private / "runtime" / f"kernel-{started}.json"))
        client.start_channels()
        try:
            _wait_for_kernel(client)
            run = partial(_run_in_kernel, client)
            assert not run("import timeline_nb as tl")
            yield Site(f"{lab.url}/", token, process.pid, folder, started, run)
        finally:
            client.stop_channels()


def _run_in_kernel(client: BlockingKernelClient, code: str) -> str:
    printed: list[str] = []

    def keep(message: dict[str, dict[str, str]]) -> None:
        content = message["content"]
        printed.append(content.get("text") or content.get("ename") or "")

    client.execute_interactive(code, output_hook=keep, timeout=120)
    return "".join(printed).strip()


@contextmanager
def alone(path: Path, **options: object) -> Iterator[Site]:
    """A program that serves without Jupyter; see `alone_program.py`."""
    program = Path(__file__).with_name("alone_program.py")
    command = [sys.executable, str(program), str(path), json.dumps(options)]
    folder = path if path.is_dir() else path.parent
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        write, read = process.stdin, process.stdout

        def run(code: str) -> str:
            write.write(json.dumps(code) + "\n")
            write.flush()
            answer: str = json.loads(read.readline())
            return answer

        try:
            url, place = json.loads(read.readline())
            base, _, token = url.partition("?token=")
            yield Site(base, token, process.pid, folder, place, run)
            if process.poll() is None:
                faults = run("print(*lock_faults(), sep='\\n\\n')")
                assert not faults, faults
        finally:
            process.kill()


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
    with urllib.request.urlopen(request, timeout=200) as answer:  # noqa: S310
        found: str = json.load(answer)["id"]
    return found


def open_files(pid: int) -> list[str]:
    """Return what a process has open, links of Linux's /proc resolved."""
    found = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            found.append(str(entry.readlink()))
    return found


def wait_until(check: Callable[[], bool], limit_s: float = 200.0) -> bool:
    """Return whether a condition holds, at the latest after a hang's limit."""
    deadline = time.monotonic() + limit_s
    while not check():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
