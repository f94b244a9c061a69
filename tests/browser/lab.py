"""A real JupyterLab on its own folders, and a Chromium to look at it."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

_START_S = 180
# A condition holds in a second on an idle machine; one with other work takes long.
_TIMEOUT_S = 120
# Lab keeps cells that are out of view out of the page, and asks for news, by default.
_SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
}
_EXTENSION = Path(__file__).parents[2] / "timeline_nb" / "server" / "labextension"
_READY = """() => window.jupyterapp?.shell?.currentWidget
    ?.sessionContext?.session?.kernel?.status === 'idle'"""
_DONE = """() => {
    const panel = window.jupyterapp.shell.currentWidget;
    const cells = [...panel.content.widgets].filter(c => c.model.type === 'code');
    return cells.every(c => c.model.executionCount)
        && panel.sessionContext.session.kernel.status === 'idle';
}"""


@dataclass(frozen=True)
class Lab:
    """Where a running JupyterLab is."""

    url: str
    token: str
    folder: Path


@contextmanager
def running_lab(folder: Path, app: str = "lab") -> Iterator[Lab]:
    """A JupyterLab, or a Notebook 7, that serves a folder and touches nothing else."""
    private = folder / ".jupyter"
    for name, value in _SETTINGS.items():
        path = private / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value))
    # An editable install does not have what was built since.
    extension = private / "data" / "labextensions" / "timeline-nb"
    extension.parent.mkdir(parents=True, exist_ok=True)
    extension.symlink_to(_EXTENSION)
    port = free_port()
    lab = Lab(f"http://127.0.0.1:{port}", secrets.token_hex(16), folder)
    command = [sys.executable, "-m", "jupyter", app, "--no-browser", "--allow-root"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    command += ["--ServerApp.ip=127.0.0.1", f"--IdentityProvider.token={lab.token}"]
    command += [f"--ServerApp.root_dir={folder}"]
    name = "JupyterNotebookApp" if app == "notebook" else "LabApp"
    command += [f"--{name}.expose_app_in_browser=True"]
    with running(lab, command, f"api/status?token={lab.token}", environment(private)):
        yield lab


def free_port() -> int:
    """A port that nothing listens on, and that no other program gets meanwhile.

    Systems choose those of connections, and ports for those who name none, from 32,768.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port


@contextmanager
def running(
    lab: Lab, command: list[str], sign: str, env: dict[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    """A server program, from the moment that it answers."""
    with (lab.folder / "lab.log").open("w") as log:
        server = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, env=env, cwd=lab.folder
        )
        try:
            _wait_for(lab, server, sign)
            yield server
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def environment(private: Path) -> dict[str, str]:
    """The environment of a Jupyter that keeps all its files in a folder."""
    return os.environ | {
        "JUPYTER_CONFIG_DIR": str(private / "config"),
        "JUPYTER_DATA_DIR": str(private / "data"),
        # What is there comes before what a virtual environment has installed.
        "JUPYTER_PREFER_ENV_PATH": "0",
        "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
        "IPYTHONDIR": str(private / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(private / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(private / "workspaces"),
    }


def end_kernels(lab: Lab) -> None:
    """End the kernels of all notebooks: they hold memory, and remember a test."""
    for session in _answer(lab, "GET", "api/sessions"):
        _answer(lab, "DELETE", f"api/sessions/{session['id']}")


def _answer(lab: Lab, method: str, place: str) -> Any:
    asked = urllib.request.Request(  # noqa: S310 - our own server
        f"{lab.url}/{place}",
        method=method,
        headers={"Authorization": f"token {lab.token}"},
    )
    with urllib.request.urlopen(asked, timeout=_TIMEOUT_S) as answer:  # noqa: S310
        return json.loads(answer.read() or b"null")


def _wait_for(lab: Lab, server: "subprocess.Popen[bytes]", sign: str) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError((lab.folder / "lab.log").read_text())
        try:
            url = f"{lab.url}/{sign}"
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError((lab.folder / "lab.log").read_text())


@contextmanager
def browser_page() -> Iterator[Page]:
    """A page of a headless Chromium; `CHROMIUM` names another program."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        try:
            context = browser.new_context(
                viewport={"width": 1400, "height": 1000},
                permissions=["clipboard-read", "clipboard-write"],
            )
            context.set_default_timeout(_TIMEOUT_S * 1000)
            expect.set_options(timeout=_TIMEOUT_S * 1000)
            yield context.new_page()
        finally:
            browser.close()


def write_notebook(path: Path, cells: Sequence[str]) -> None:
    """Write a notebook of code cells for the Python kernel."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": kernel},
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell-{number}",
                "metadata": {},
                "source": source.strip(),
                "execution_count": None,
                "outputs": [],
            }
            for number, source in enumerate(cells)
        ],
    }
    path.write_text(json.dumps(notebook))


def open_notebook(page: Page, lab: Lab, name: str, *, place: str = "lab/tree") -> None:
    """Open a notebook and run all its cells."""
    page.goto(f"{lab.url}/{place}/{name}?token={lab.token}&reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_function(_READY)
    run = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
    page.evaluate(run)
    page.wait_for_function(_DONE)


def run_code(page: Page, code: str) -> str:
    """Run code in the notebook's kernel, and give what it printed."""
    printed: str = page.evaluate(
        """async code => {
            const panel = window.jupyterapp.shell.currentWidget;
            const kernel = panel.sessionContext.session.kernel;
            let text = '';
            const future = kernel.requestExecute({ code });
            future.onIOPub = message => {
                text += message.content.text ?? message.content.evalue ?? '';
            };
            await future.done;
            return text;
        }""",
        code,
    )
    return printed.strip()


def start_code(page: Page, code: str) -> None:
    """Begin to run code in the kernel; `window.busy` is true until it ends."""
    page.evaluate(
        """code => {
            const panel = window.jupyterapp.shell.currentWidget;
            window.busy = true;
            panel.sessionContext.session.kernel.requestExecute({ code })
                .done.then(() => { window.busy = false; });
        }""",
        code,
    )


def wait_for_kernel(page: Page, expression: str, value: str) -> None:
    """Ask until the kernel has heard: a widget tells a change some moments later."""
    said = ""
    deadline = time.monotonic() + _TIMEOUT_S
    while time.monotonic() < deadline:
        said = run_code(page, f"print({expression})")
        if said == value:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{expression} is {said}, not {value}")


def becomes(read: Callable[[], object], expected: object) -> None:
    """Insist that what is read becomes as expected: it is not so at once."""
    deadline = time.monotonic() + _TIMEOUT_S
    while (found := read()) != expected:
        assert time.monotonic() < deadline, f"{found!r} is not {expected!r}"
        time.sleep(0.05)


def wait_until_still(page: Page) -> None:
    """Wait until nothing on the page is moving, and what was changed is painted."""
    page.wait_for_function("() => !document.getAnimations().length")
    page.evaluate(
        "() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))"
    )


# The bars of a numbered frame, read as `media_factory.read_number` reads them.
NUMBER_OF_CANVAS = """(canvas) => {
    const { width, height } = canvas;
    const top = Math.floor(height / 8), high = Math.floor(height / 4);
    const context = canvas.getContext('2d');
    let number = 0;
    for (let bit = 0; bit < 12; bit++) {
        const x = Math.floor(width * (2 * bit + 1) / 24);
        const { data } = context.getImageData(x - 1, top, 3, high);
        let sum = 0;
        for (let n = 0; n < data.length; n += 4) sum += data[n + 1];
        const mean = sum / (data.length / 4);
        if (Math.abs(mean - 128) < 30) return -1;
        number = number * 2 + (mean > 128 ? 1 : 0);
    }
    return number;
}"""
