"""What the host answers, in the values that JSON has."""

import base64
import binascii
import codecs
import os
import platform
from importlib.metadata import version
from typing import Any

from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.network import WebAnswer

__all__ = [
    "as_base64",
    "file_answer",
    "from_base64",
    "system_facts",
    "web_answer",
    "written_bytes",
]


def web_answer(answer: WebAnswer) -> dict[str, Any]:
    """Return an answer as the plugin gets it."""
    shown: dict[str, Any] = {"status": answer.status, "headers": answer.headers}
    try:
        shown["text"] = answer.body.decode("utf-8")
    except UnicodeDecodeError:
        shown["base64"] = as_base64(answer.body)
    return shown


def file_answer(data: bytes, *, text: bool) -> dict[str, Any]:
    """Return bytes of a file as the plugin gets them.

    Args:
        data: The bytes.
        text: Whether it asked for text. It gets the whole letters, and of how many
            bytes they are; a letter that the end cuts comes with the next part.

    Raises:
        PluginError: They are no UTF-8.
    """
    if not text:
        return {"base64": as_base64(data)}
    try:
        letters, size = codecs.utf_8_decode(data)
    except UnicodeDecodeError:
        raise PluginError("the file is no UTF-8: read it as base64") from None
    return {"text": letters, "bytes": size}


def written_bytes(text: str | None, base64_text: str | None) -> bytes:
    """Return the bytes that a plugin writes.

    Raises:
        PluginError: It gave both forms or none, or it is no base64.
    """
    if (text is None) == (base64_text is None):
        raise PluginError("write takes either text or base64")
    return from_base64(base64_text or "") if text is None else text.encode()


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
