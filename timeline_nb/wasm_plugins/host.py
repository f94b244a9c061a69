"""The host's side of `host_call`: each request is checked before it is answered.

A request is an object with the name of a call, an answer one with what was asked for or
with `error`, and `denied` if the plugin may not.

| call | with | answers | permission |
|---|---|---|---|
| `log` | `text` | | |
| `message` | `text` | | `ui:message` |
| `panel` | | | `ui:panel` |
| `system` | | `system`, `machine`, `cpus`, `version` | `system:info` |
| `open` | `path` | `handle`, `size` | `read:` |
| `create` | `path` | `handle` | `write:` |
| `read` | `handle`, `offset`, `length`, `text` | `base64`, or `text` and `bytes` | |
| `write` | `handle`, `offset`, `base64` or `text` | | |
| `close` | `handle` | | |
| `http` | `requests`, each as below | `answers` | `network:`, `account:` |
| `plugin` | `id`, `command`, `args` | `result` | a plugin of `requires` |
| `clock` | `wait_s` | `unix_s` | |
| `store_get` | `key` | `text`, if there is one | |
| `store_put` | `key`, `text` or null | | |

An HTTP request has `method`, `url`, `headers`, `auth`, and as its body `text`, `base64`
or `file`: a handle, an offset and a length, whose bytes the plugin never sees. Its
answer has `status`, `headers`, and `text` or, if that is not UTF-8, `base64`; or it has
`error`, and `unsigned` if it could not be signed, `changed` if its file is another.

`message` shows text to the person, at most two a second. `panel` has the panel of the
plugin asked for again once it is free.

`clock` rests for up to 60 s, and answers the time in whole seconds. What is kept by
`store_put` is there after a restart, until the plugin is removed.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import msgspec

from timeline_nb.core.run_async import run_async
from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message, message_of
from timeline_nb.wasm_plugins.denials import Denials, printable
from timeline_nb.wasm_plugins.file_handles import PART_BYTES, FileHandles
from timeline_nb.wasm_plugins.host_answers import (
    file_answer,
    from_base64,
    system_facts,
    web_answer,
    written_bytes,
)
from timeline_nb.wasm_plugins.host_requests import (
    AskClock,
    AskSystem,
    CallPlugin,
    CloseFile,
    CreateFile,
    HttpRequest,
    LogText,
    OpenFile,
    ReadFile,
    RefreshPanel,
    SendHttp,
    ShowMessage,
    StoreGet,
    StorePut,
    WriteFile,
    host_request,
    name_of,
)
from timeline_nb.wasm_plugins.host_services import PluginCall, Services
from timeline_nb.wasm_plugins.levels import Limits
from timeline_nb.wasm_plugins.manifest import PluginManifest
from timeline_nb.wasm_plugins.network import (
    DeniedError,
    UnsignedError,
    WebClient,
    WebRequest,
)
from timeline_nb.wasm_plugins.permissions import Permission
from timeline_nb.wasm_plugins.plugin_store import PluginStore
from timeline_nb.wasm_plugins.rates import RateLimit

__all__ = ["HostCalls"]

# Of a rest: an interrupt is seen.
_POLL_S: Final = 0.05
# As many as a person can read.
_MESSAGES_PER_S: Final = 2
# How often a call that is too early looks again.
_TURN_S: Final = 0.005
_log = logging.getLogger(__name__)


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
        self._messages = RateLimit(_MESSAGES_PER_S)
        self._web = WebClient(granted, services.authorise)
        self.files = FileHandles(granted, limits)
        self._network_s = 0.0

    def begin(self) -> FileHandles:
        """Return the files of a new call, to be closed when it ends."""
        self.files = FileHandles(self._granted, self._limits)
        self._network_s = 0.0
        return self.files

    @property
    def waited_s(self) -> float:
        """Seconds in which this call waited for others."""
        return self._network_s

    def __call__(
        self, message: bytes, check: Callable[[], None], left_s: float
    ) -> tuple[bytes, float]:
        """Answer a request.

        Args:
            message: JSON.
            check: Raises if the call was interrupted.
            left_s: Seconds that the call has left, without the time of requests.

        Returns:
            JSON, and the seconds in which the plugin waited for others.
        """
        self._network_s, before = self._network_s, self._network_s
        try:
            answer = self._answer(message, check, left_s)
        except DeniedError as error:
            what = name_of(message)
            self._denials.add(self._manifest.id, what, message_of(error))
            answer = {"error": str(error), "denied": True}
        except PluginError as error:
            check()
            answer = {"error": str(error)}
        return msgspec.json.encode(answer), self._network_s - before

    def _answer(
        self, message: bytes, check: Callable[[], None], left_s: float
    ) -> dict[str, Any]:
        self._take_turn(check, left_s)
        match request := host_request(message):
            case LogText(text=text):
                _log.info("%s: %s", self._manifest.id, printable(text))
            case ShowMessage() | RefreshPanel():
                self._show(request)
            case AskSystem():
                self._need(Permission("system", "info"))
                return system_facts()
            case SendHttp(requests=requests):
                return {"answers": self._sent(requests, check)}
            case CallPlugin():
                return {"result": self._called(request, check, left_s)}
            case AskClock(wait_s=wait_s):
                return {"unix_s": self._after(wait_s, check)}
            case _:
                return self._kept_answer(request)
        return {}

    def _take_turn(self, check: Callable[[], None], left_s: float) -> None:
        """Wait until one more call is allowed; the time is the plugin's own."""
        until = time.monotonic() + left_s
        while not self._rate.take():
            check()
            if time.monotonic() >= until:
                raise PluginError(Message("it has no time left"))
            time.sleep(_TURN_S)

    def _show(self, request: ShowMessage | RefreshPanel) -> None:
        services, name = self._services, self._manifest.id
        if isinstance(request, RefreshPanel):
            self._need(Permission("ui", "panel"))
            if services.panel is not None:
                services.panel(name)
            return
        self._need(Permission("ui", "message"))
        if not self._messages.take():
            raise DeniedError(
                Message(
                    "more than {messages_per_s} messages a second",
                    messages_per_s=_MESSAGES_PER_S,
                )
            )
        if services.message is not None:
            services.message(name, printable(request.text))

    def _kept_answer(self, request: Any) -> dict[str, Any]:
        """Answer a request for a file, or for what the plugin keeps."""
        files = self.files
        match request:
            case StoreGet(key=key):
                text = self._store.get(key)
                return {} if text is None else {"text": text}
            case StorePut(key=key, text=text):
                self._store.put(key, text)
            case OpenFile(path=path):
                number = files.open(path)
                return {"handle": number, "size": files.size(number)}
            case CreateFile(path=path):
                return {"handle": files.create(path)}
            case ReadFile(handle=handle, offset=offset, length=length):
                data = files.read(handle, offset, length)
                return file_answer(data, text=request.text)
            case WriteFile(handle=handle, offset=offset):
                files.write(handle, offset, written_bytes(request.text, request.base64))
            case CloseFile(handle=handle):
                files.close(handle)
        return {}

    def _need(self, wanted: Permission) -> None:
        if not any(one.covers(wanted) for one in self._granted):
            raise DeniedError(Message("{wanted} is not granted", wanted=wanted))

    @property
    def _store(self) -> PluginStore:
        if self._services.store is None:
            raise PluginError(Message("nothing can be kept here"))
        return self._services.store(self._manifest.id)

    def _called(
        self, request: CallPlugin, check: Callable[[], None], left_s: float
    ) -> dict[str, Any]:
        if request.id not in self._manifest.requires or self._services.call is None:
            raise DeniedError(
                Message("{id} is not among what it requires", id=request.id[:100])
            )
        self._waits_left_s()
        result, waited_s = self._services.call(
            PluginCall(
                id=request.id,
                command=request.command,
                args=request.args,
                check=check,
                until=time.monotonic() + left_s,
            )
        )
        self._network_s += waited_s
        return result

    def _waits_left_s(self, seconds: float = 0.0) -> float:
        """Return the seconds left for waiting for others.

        Raises:
            PluginError: There are none, or fewer than are wanted.
        """
        most = self._limits.network_s
        left_s = most - self._network_s
        if left_s <= 0 or left_s < seconds:
            raise PluginError(
                Message(
                    "a call waits for others for at most {most} s", most=f"{most:g}"
                )
            )
        return left_s

    def _after(self, seconds: float, check: Callable[[], None]) -> int:
        """Return the time after a rest, in whole seconds since 1970."""
        self._waits_left_s(seconds)
        began = time.monotonic()
        while (left_s := began + seconds - time.monotonic()) > 0:
            time.sleep(min(_POLL_S, left_s))
            check()
        self._network_s += time.monotonic() - began
        return int(time.time())

    def _sent(
        self, requests: list[HttpRequest], check: Callable[[], None]
    ) -> list[dict[str, Any]]:
        """Return the answers to requests that are sent at once."""
        if len(requests) > self._limits.connections:
            most = self._limits.connections
            raise DeniedError(
                Message("at most {most} connections are open at once", most=most)
            )
        left_s = self._waits_left_s()
        has_file = any(one.file is not None for one in requests)
        limit_s = left_s if has_file else min(left_s, self._limits.seconds)
        began = time.monotonic()
        try:
            return run_async(lambda: self._gathered(requests, limit_s), check)
        finally:
            self._network_s += time.monotonic() - began

    async def _gathered(
        self, requests: list[HttpRequest], limit_s: float
    ) -> list[dict[str, Any]]:
        work = [self._one(one, limit_s) for one in requests]
        return await asyncio.gather(*work)

    async def _one(self, asked: HttpRequest, limit_s: float) -> dict[str, Any]:
        try:
            answer = await self._web.send(self._web_request(asked), limit_s)
        except DeniedError as error:
            self._denials.add(self._manifest.id, f"http {asked.url}", message_of(error))
            return {"error": str(error), "denied": True}
        except UnsignedError as error:
            return {"error": str(error), "unsigned": True}
        except PluginError as error:
            return self._failure(asked, str(error))
        return web_answer(answer)

    def _failure(self, asked: HttpRequest, reason: str) -> dict[str, Any]:
        """Return the answer to a request that failed."""
        try:
            if asked.file is not None:
                self.files.check(asked.file.handle)
        except PluginError as error:
            return {"error": str(error), "changed": True}
        return {"error": reason}

    def _web_request(self, asked: HttpRequest) -> WebRequest:
        body, length = self._body(asked)
        return WebRequest(
            asked.method, asked.url, asked.headers, body, length, asked.auth
        )

    def _body(
        self, asked: HttpRequest
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
        data = (asked.text or "").encode() or from_base64(asked.base64 or "")

        async def whole() -> AsyncIterator[bytes]:
            yield data

        return whole, len(data)

    async def _of_file(
        self, handle: int, offset: int, length: int
    ) -> AsyncIterator[bytes]:
        end = offset + length
        while offset < end:
            data = self.files.read(handle, offset, min(PART_BYTES, end - offset))
            self.files.check(handle)
            if not data:
                raise PluginError(Message("the file has no such range"))
            yield data
            offset += len(data)
