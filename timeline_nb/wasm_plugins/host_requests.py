"""What a plugin may ask the host for, as it is written in JSON."""

from typing import Annotated, Any, Final, TypeAlias

import msgspec
from msgspec import Meta

from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.file_handles import PART_BYTES
from timeline_nb.wasm_plugins.plugin_store import Key

__all__ = [
    "AskClock",
    "AskSystem",
    "CallPlugin",
    "CloseFile",
    "CreateFile",
    "FileRange",
    "HostRequest",
    "HttpRequest",
    "LogText",
    "OpenFile",
    "ReadFile",
    "RefreshPanel",
    "SendHttp",
    "ShowMessage",
    "StoreGet",
    "StorePut",
    "WriteFile",
    "host_request",
    "name_of",
]

Count: TypeAlias = Annotated[int, Meta(ge=0, lt=1 << 62)]


class _Call(msgspec.Struct, tag_field="call", forbid_unknown_fields=True):
    """A request; `call` names its kind."""


class LogText(_Call, tag="log"):
    """Write a line to the log."""

    text: str


class ShowMessage(_Call, tag="message"):
    """Show a message to the person."""

    text: str


class RefreshPanel(_Call, tag="panel"):
    """Have the plugin's panel asked for again."""


class AskSystem(_Call, tag="system"):
    """Ask what it runs on."""


class AskClock(_Call, tag="clock"):
    """Ask for the time, after a rest."""

    wait_s: Annotated[float, Meta(ge=0, le=60)] = 0.0


class StoreGet(_Call, tag="store_get"):
    """Ask for what was kept."""

    key: Key


class StorePut(_Call, tag="store_put"):
    """Keep a text; null forgets it."""

    key: Key
    text: str | None


class OpenFile(_Call, tag="open"):
    """Open a file to read it."""

    path: str


class CreateFile(_Call, tag="create"):
    """Begin a file."""

    path: str


class ReadFile(_Call, tag="read"):
    """Read bytes of a file, as base64 or as text."""

    handle: Count
    offset: Count = 0
    length: Count = PART_BYTES
    text: bool = False


class WriteFile(_Call, tag="write"):
    """Write bytes to a file, given as base64 or as text."""

    handle: Count
    base64: str | None = None
    text: str | None = None
    offset: Count = 0


class CloseFile(_Call, tag="close"):
    """Close a file; one that was written gets its name."""

    handle: Count


class FileRange(msgspec.Struct, forbid_unknown_fields=True):
    """A part of a file, which is the body of a request."""

    handle: Count
    offset: Count
    length: Count


class HttpRequest(msgspec.Struct, forbid_unknown_fields=True):
    """One request to a host."""

    url: str
    method: str = "GET"
    headers: dict[str, str] = {}
    text: str | None = None
    base64: str | None = None
    file: FileRange | None = None
    auth: str = ""


class SendHttp(_Call, tag="http"):
    """Send requests, all at once."""

    requests: Annotated[list[HttpRequest], Meta(min_length=1, max_length=100)]


class CallPlugin(_Call, tag="plugin"):
    """Run a command of another plugin."""

    id: str
    command: str
    args: dict[str, Any] = {}


HostRequest: TypeAlias = (
    LogText
    | ShowMessage
    | RefreshPanel
    | AskSystem
    | AskClock
    | StoreGet
    | StorePut
    | OpenFile
    | CreateFile
    | ReadFile
    | WriteFile
    | CloseFile
    | SendHttp
    | CallPlugin
)
_DECODER: Final[msgspec.json.Decoder[HostRequest]] = msgspec.json.Decoder(HostRequest)


def host_request(message: bytes) -> HostRequest:
    """Read a request.

    Raises:
        PluginError: It is none.
    """
    try:
        return _DECODER.decode(message)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise PluginError(f"the request cannot be read: {error}") from None
    except RecursionError:
        raise PluginError("the request is nested too deeply") from None


def name_of(message: bytes) -> str:
    """Return the name of the call in a request, as far as it can be read."""
    try:
        found = msgspec.json.decode(message, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return "a request that cannot be read"
    what = [found.get(key) for key in ("call", "path", "id", "url")]
    return " ".join(str(one)[:200] for one in what if one)
