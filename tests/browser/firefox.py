"""Firefox, driven by its own Marionette protocol: no program in between is needed."""

import base64
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from browser.lab import free_port

PROGRAM = shutil.which("firefox-esr") or shutil.which("firefox")
_START_S = 90
_WAIT_S = 90


class Firefox:
    """A window of a running Firefox."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link
        self._count = 0
        self._read()
        self._ask("WebDriver:NewSession", {})

    def open(self, url: str) -> None:
        """Go to a page, and wait until it is loaded."""
        self._ask("WebDriver:Navigate", {"url": url})

    def run(self, script: str, *args: object) -> Any:
        """Run the body of a function in the page, and return what it returns."""
        given = {"script": script, "args": list(args), "sandbox": None}
        return self._ask("WebDriver:ExecuteScript", given)["value"]

    def wait(self, condition: str, *args: object) -> None:
        """Wait until an expression holds in the page."""
        deadline = time.monotonic() + _WAIT_S
        while time.monotonic() < deadline:
            if self.run(f"return Boolean({condition});", *args):
                return
            time.sleep(0.1)
        raise AssertionError(f"{condition} does not hold")

    def press(self, keys: str) -> None:
        """Press keys one after the other, wherever the focus is."""
        presses = [{"type": kind, "value": key} for key in keys for kind in _PRESS]
        actions = [{"type": "key", "id": "keys", "actions": presses}]
        self._ask("WebDriver:PerformActions", {"actions": actions})

    def drag(self, *points: tuple[float, float]) -> None:
        """Press the mouse at the first point, move over the others, and let go."""
        moves = [
            {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 50}
            for x, y in points
        ]
        down, up = ({"type": f"pointer{kind}", "button": 0} for kind in ("Down", "Up"))
        mouse = {"pointerType": "mouse"}
        acts = [moves[0], down, *moves[1:], up]
        actions = [
            {"type": "pointer", "id": "mouse", "parameters": mouse, "actions": acts}
        ]
        self._ask("WebDriver:PerformActions", {"actions": actions})

    def screenshot(self, path: Path) -> None:
        """Save what the window shows."""
        shot = self._ask("WebDriver:TakeScreenshot", {"full": False})["value"]
        path.write_bytes(base64.b64decode(shot))

    def _ask(self, command: str, values: dict[str, Any]) -> Any:
        self._count += 1
        text = json.dumps([0, self._count, command, values]).encode()
        self._link.sendall(f"{len(text)}:".encode() + text)
        _, _, error, result = self._read()
        if error:
            raise RuntimeError(f"{command}: {error['error']}: {error['message']}")
        return result

    def _read(self) -> Any:
        """Read a message: its length, a colon, JSON."""
        digits = b""
        while not digits.endswith(b":"):
            digits += self._some(1)
        text = b""
        while len(text) < int(digits[:-1]):
            text += self._some(int(digits[:-1]) - len(text))
        return json.loads(text)

    def _some(self, most: int) -> bytes:
        data = self._link.recv(most)
        if not data:
            raise ConnectionError("Firefox has closed the connection")
        return data


_PRESS = ("keyDown", "keyUp")


@contextmanager
def running_firefox(folder: Path) -> Iterator[Firefox]:
    """A headless Firefox with a profile of its own."""
    port = free_port()
    profile = folder / "profile"
    profile.mkdir()
    (profile / "user.js").write_text(f'user_pref("marionette.port", {port});\n')
    command = [str(PROGRAM), "--headless", "--marionette", "--no-remote"]
    command += ["--width", "1600", "--height", "1000", "--profile", str(profile)]
    with (folder / "firefox.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            with _connected(port) as link:
                yield Firefox(link)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _connected(port: int) -> socket.socket:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        with suppress(OSError):
            return socket.create_connection(("127.0.0.1", port), timeout=_WAIT_S)
        time.sleep(0.2)
    raise TimeoutError("Firefox does not answer")
