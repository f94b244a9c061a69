"""The server extension: kernel websockets send without delay."""

import asyncio
import subprocess
import sys

import pytest
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

from timeline_nb import server


def test_a_kernel_s_websocket_is_prompt_before_it_opens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[object] = []

    class Handler:
        def set_nodelay(self, value: bool) -> None:  # noqa: FBT001 - tornado's
            done.append(value)

    async def opened(_: Handler, kernel_id: str) -> None:
        done.append(kernel_id)

    monkeypatch.setattr(KernelWebsocketHandler, "open", opened)
    server._send_without_delay()
    # Loading it again does not wrap it twice.
    server._send_without_delay()
    handler: object = KernelWebsocketHandler.open
    asyncio.run(handler(Handler(), "k1"))  # type: ignore[operator] # patched above
    assert done == [True, "k1"]


def test_jupyter_has_it_enabled_and_it_loads_nothing_heavy() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "jupyter", "server", "extension", "list"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "timeline_nb.server" in listed.stdout + listed.stderr
    code = "import sys, timeline_nb.server as s; s._jupyter_server_extension_points();"
    code += "print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    assert not {"av", "numpy", "cv2", "onnxruntime", "pandas"} & set(loaded)
