"""What the host answers, in the values that JSON has."""

import base64
import binascii
import os
import platform
from importlib.metadata import version
from typing import Any

from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.network import WebAnswer

__all__ = ["as_base64", "from_base64", "system_facts", "web_answer"]


def web_answer(answer: WebAnswer) -> dict[str, Any]:
    """Return an answer as the plugin gets it."""
    shown: dict[str, Any] = {"status": answer.status, "headers": answer.headers}
    try:
        shown["text"] = answer.body.decode("utf-8")
    except UnicodeDecodeError:
        shown["base64"] = as_base64(answer.body)
    return shown


def as_base64(data: bytes) -> str:
    """Return bytes as text."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes:
    """Return the bytes of a text.

    Raises:
        PluginError: It is no base64.
    """
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise PluginError("base64: it is none") from None


def system_facts() -> dict[str, Any]:
    """Return what it runs on."""
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "version": version("timeline-nb"),
    }
