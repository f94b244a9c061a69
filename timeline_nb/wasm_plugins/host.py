"""The host's side of `host_call`: each request is checked before it is answered.

A request is an object with the name of a call, an answer one with what was asked for or
with `error`, and `denied` if the plugin may not.

| call | with | answers | permission |
|---|---|---|---|
| `log` | `text` | | |
| `message` | `text` | | `ui:message` |
| `system` | | `system`, `machine`, `cpus`, `version` | `system:info` |
| `open` | `path` | `handle`, `size` | `read:` |
| `create` | `path` | `handle` | `write:` |
| `read` | `handle`, `offset`, `length` | `base64` | |
| `write` | `handle`, `offset`, `base64` | | |
| `close` | `handle` | | |
| `http` | `requests`, each as below | `answers` | `network:`, `account:` |
| `plugin` | `id`, `command`, `args` | `result` | a plugin of `requires` |

An HTTP request has `method`, `url`, `headers`, `auth`, and as its body `text`, `base64`
or `file`: a handle, an offset and a length, whose bytes the plugin never sees. Its
answer has `status`, `headers`, and `text` or, if that is not UTF-8, `base64`.
"""

import asyncio
import base64
import binascii
import logging
import os
import platform
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Annotated, Any, Final, TypeAlias

import msgspec
from msgspec import Meta

from timeline_nb.core.run_async import run_async
from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.denials import Denials, printable
from timeline_nb.wasm_plugins.file_handles import PART_BYTES, FileHandles
from timeline_nb.wasm_plugins.levels import Limits
from timeline_nb.wasm_plugins.manifest import PluginManifest
from timeline_nb.wasm_plugins.network import (
    Authorize,
    DeniedError,
    WebAnswer,
    WebClient,
    WebRequest,
)
from timeline_nb.wasm_plugins.permissions import Permission
from timeline_nb.wasm_plugins.rates import RateLimit

__all__ = ["HostCalls", "Services"]

Count: TypeAlias = Annotated[int, Meta(ge=0, lt=1 << 62)]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Services:
    """What the host has for its plugins.

    Args:
        authorise: Signs a request: takes an account and a host, and returns headers.
        message: Shows a message to the person: takes the plugin's id and the text.
        call: Runs a command of another plugin: takes its id, a command and arguments.
    """

    authorise: Authorize | None = None
    message: Callable[[str, str], object] | None = None
    call: Callable[[str, str, dict[str, Any]], dict[str, Any]] | None = None


class _Text(msgspec.Struct, tag_field="call", tag="log", forbid_unknown_fields=True):
    text: str


class _Message(
    msgspec.Struct, tag_field="call", tag="message", forbid_unknown_fields=True
):
    text: str


class _System(
    msgspec.Struct, tag_field="call", tag="system", forbid_unknown_fields=True
):
    pass


class _OpenFile(
    msgspec.Struct, tag_field="call", tag="open", forbid_unknown_fields=True
):
    path: str


class _CreateFile(
    msgspec.Struct, tag_field="call", tag="create", forbid_unknown_fields=True
):
    path: str


class _ReadFile(
    msgspec.Struct, tag_field="call", tag="read", forbid_unknown_fields=True
):
    handle: Count
    offset: Count = 0
    length: Count = PART_BYTES


class _WriteFile(
    msgspec.Struct, tag_field="call", tag="write", forbid_unknown_fields=True
):
    handle: Count
    base64: str
    offset: Count = 0


class _CloseFile(
    msgspec.Struct, tag_field="call", tag="close", forbid_unknown_fields=True
):
    handle: Count


class _Range(msgspec.Struct, forbid_unknown_fields=True):
    handle: Count
    offset: Count
    length: Count


class _HttpRequest(msgspec.Struct, forbid_unknown_fields=True):
    url: str
    method: str = "GET"
    headers: dict[str, str] = {}
    text: str | None = None
    base64: str | None = None
    file: _Range | None = None
    auth: str = ""


class _Http(msgspec.Struct, tag_field="call", tag="http", forbid_unknown_fields=True):
    requests: Annotated[list[_HttpRequest], Meta(min_length=1, max_length=100)]


class _CallPlugin(
    msgspec.Struct, tag_field="call", tag="plugin", forbid_unknown_fields=True
):
    id: str
    command: str
    args: dict[str, Any] = {}


_Request: TypeAlias = (
    _Text
    | _Message
    | _System
    | _OpenFile
    | _CreateFile
    | _ReadFile
    | _WriteFile
    | _CloseFile
    | _Http
    | _CallPlugin
)
_DECODER: Final = msgspec.json.Decoder(_Request)


class HostCalls:
    """Answers the host calls of one plugin.

    Args:
        manifest: The plugin's.
        granted: What it may do.
        limits: What it may take.
        services: What the host has.
        denials: Notes what is refused.
    """

    def __init__(
        self,
        manifest: PluginManifest,
        granted: tuple[Permission, ...],
        limits: Limits,
        services: Services,
        denials: Denials,
    ) -> None:
        self._manifest, self._granted, self._limits = manifest, granted, limits
        self._services, self._denials = services, denials
        self._rate = RateLimit(limits.calls_per_s)
        self._web = WebClient(granted, services.authorise)
        self.files = FileHandles(granted, limits)
        self._network_s = 0.0

    def begin(self) -> FileHandles:
        """Return the files of a new call, to be closed when it ends."""
        self.files = FileHandles(self._granted, self._limits)
        self._network_s = 0.0
        return self.files

    def __call__(
        self, message: bytes, check: Callable[[], None]
    ) -> tuple[bytes, float]:
        """Answer a request.

        Args:
            message: JSON.
            check: Raises if the call was interrupted.

        Returns:
            JSON, and the seconds in which the plugin waited for others.
        """
        self._network_s, before = self._network_s, self._network_s
        try:
            answer = self._answer(message, check)
        except DeniedError as error:
            what = _name_of(message)
            self._denials.add(self._manifest.id, what, str(error))
            answer = {"error": str(error), "denied": True}
        except PluginError as error:
            check()
            answer = {"error": str(error)}
        return msgspec.json.encode(answer), self._network_s - before

    def _answer(self, message: bytes, check: Callable[[], None]) -> dict[str, Any]:
        if not self._rate.take():
            raise DeniedError(f"more than {self._limits.calls_per_s} calls a second")
        try:
            request = _DECODER.decode(message)
        except (msgspec.MsgspecError, UnicodeError) as error:
            raise PluginError(f"the request cannot be read: {error}") from None
        except RecursionError:
            raise PluginError("the request is nested too deeply") from None
        match request:
            case _Text(text=text):
                _log.info("%s: %s", self._manifest.id, printable(text))
            case _Message(text=text):
                self._need(Permission("ui", "message"))
                if self._services.message is not None:
                    self._services.message(self._manifest.id, printable(text))
            case _System():
                self._need(Permission("system", "info"))
                return _system()
            case _Http(requests=requests):
                return {"answers": self._sent(requests, check)}
            case _CallPlugin():
                return {"result": self._called(request)}
            case _:
                return self._file_answer(request)
        return {}

    def _file_answer(self, request: Any) -> dict[str, Any]:
        files = self.files
        match request:
            case _OpenFile(path=path):
                number = files.open(path)
                return {"handle": number, "size": files.size(number)}
            case _CreateFile(path=path):
                return {"handle": files.create(path)}
            case _ReadFile(handle=handle, offset=offset, length=length):
                return {"base64": _base64(files.read(handle, offset, length))}
            case _WriteFile(handle=handle, offset=offset):
                files.write(handle, offset, _bytes_of(request.base64))
            case _CloseFile(handle=handle):
                files.close(handle)
        return {}

    def _need(self, wanted: Permission) -> None:
        if not any(one.covers(wanted) for one in self._granted):
            raise DeniedError(f"{wanted} is not granted")

    def _called(self, request: _CallPlugin) -> dict[str, Any]:
        if request.id not in self._manifest.requires or self._services.call is None:
            raise DeniedError(f"{request.id[:100]} is not among what it requires")
        return self._services.call(request.id, request.command, request.args)

    def _sent(
        self, requests: list[_HttpRequest], check: Callable[[], None]
    ) -> list[dict[str, Any]]:
        """Return the answers to requests that are sent at once."""
        if len(requests) > self._limits.connections:
            most = self._limits.connections
            raise DeniedError(f"at most {most} connections are open at once")
        left_s = self._limits.network_s - self._network_s
        has_file = any(one.file is not None for one in requests)
        limit_s = left_s if has_file else min(left_s, self._limits.seconds)
        if limit_s <= 0:
            raise PluginError(
                f"its requests took {self._limits.network_s:g} s together"
            )
        began = time.monotonic()
        try:
            return run_async(lambda: self._gathered(requests, limit_s), check)
        finally:
            self._network_s += time.monotonic() - began

    async def _gathered(
        self, requests: list[_HttpRequest], limit_s: float
    ) -> list[dict[str, Any]]:
        work = [self._one(one, limit_s) for one in requests]
        return await asyncio.gather(*work)

    async def _one(self, asked: _HttpRequest, limit_s: float) -> dict[str, Any]:
        try:
            answer = await self._web.send(self._web_request(asked), limit_s)
        except DeniedError as error:
            self._denials.add(self._manifest.id, f"http {asked.url}", str(error))
            return {"error": str(error), "denied": True}
        except PluginError as error:
            return {"error": str(error)}
        return _told(answer)

    def _web_request(self, asked: _HttpRequest) -> WebRequest:
        body, length = self._body(asked)
        return WebRequest(
            asked.method, asked.url, asked.headers, body, length, asked.auth
        )

    def _body(
        self, asked: _HttpRequest
    ) -> tuple[Callable[[], AsyncIterator[bytes]] | None, int]:
        """Return the parts of a body and its length."""
        part = asked.file
        if part is not None:
            length = max(
                0, min(part.length, self.files.size(part.handle) - part.offset)
            )
            return lambda: self._of_file(part.handle, part.offset, length), length
        if asked.text is None and asked.base64 is None:
            return None, 0
        data = (asked.text or "").encode() or _bytes_of(asked.base64 or "")

        async def whole() -> AsyncIterator[bytes]:
            yield data

        return whole, len(data)

    async def _of_file(
        self, handle: int, offset: int, length: int
    ) -> AsyncIterator[bytes]:
        end = offset + length
        while offset < end:
            data = self.files.read(handle, offset, min(PART_BYTES, end - offset))
            if not data:
                raise PluginError("the file became shorter while it was sent")
            yield data
            offset += len(data)


def _told(answer: WebAnswer) -> dict[str, Any]:
    shown: dict[str, Any] = {"status": answer.status, "headers": answer.headers}
    try:
        shown["text"] = answer.body.decode("utf-8")
    except UnicodeDecodeError:
        shown["base64"] = _base64(answer.body)
    return shown


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes_of(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise PluginError("base64: it is none") from None


def _system() -> dict[str, Any]:
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "version": version("timeline-nb"),
    }


def _name_of(message: bytes) -> str:
    """Return the name of the call in a request, as far as it can be read."""
    try:
        found: Mapping[str, Any] = msgspec.json.decode(message, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return "a request that cannot be read"
    what = [found.get(key) for key in ("call", "path", "id", "url")]
    return " ".join(str(one)[:200] for one in what if one)
