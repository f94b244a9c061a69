"""Connect a widget to a page without Jupyter: its messages, as frames of a socket.

A frame is four bytes with the length of a header (big-endian), the header in JSON, and
the buffers one after another. The header has the message, and the buffers' lengths.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import msgspec
from comm import get_comm_manager
from comm.base_comm import BaseComm

__all__ = [
    "BrowserComm",
    "comm_in_use",
    "frame_of",
    "frame_with_text",
    "use_comm",
    "with_text",
]

_IN_USE: Final[ContextVar["BrowserComm | None"]] = ContextVar(
    "comm of the next widget", default=None
)


def frame_of(message: Any, buffers: Sequence[Any] = ()) -> bytes:
    """Return a message and its buffers as one frame."""
    views = [memoryview(buffer).cast("B") for buffer in buffers]
    header = {"message": message, "lengths": [view.nbytes for view in views]}
    text = msgspec.json.encode(header)
    return b"".join([len(text).to_bytes(4, "big"), text, *views])


def frame_with_text(frame: bytes, change: Callable[[str], str]) -> bytes:
    """Return a frame whose texts are changed, those in values of its message."""
    end = 4 + int.from_bytes(frame[:4], "big")
    header = with_text(msgspec.json.decode(frame[4:end]), change)
    text = msgspec.json.encode(header)
    return b"".join([len(text).to_bytes(4, "big"), text, frame[end:]])


def with_text(value: Any, change: Callable[[str], str]) -> Any:
    """Return a value of JSON whose texts are changed, the names of fields, too."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [with_text(one, change) for one in value]
    if isinstance(value, dict):
        return {change(key): with_text(one, change) for key, one in value.items()}
    return value


class BrowserComm(BaseComm):
    """A widget's connection to one page.

    Args:
        send: Sends a frame to the page, from any thread.
    """

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send_frame = send
        super().__init__(target_name="jupyter.widget", primary=False)
        # What is closed is removed from there.
        get_comm_manager().register_comm(self)

    def publish_msg(
        self,
        msg_type: str,
        data: Any = None,
        metadata: Any = None,
        buffers: Any = None,
        **keys: Any,
    ) -> None:
        """Send a message of the widget to the page.

        What the page has set itself does not come back: it is the only view, and would
        be set to a value that it has left.
        """
        del metadata, keys
        is_echo = isinstance(data, dict) and data.get("method") == "echo_update"
        if msg_type == "comm_msg" and not is_echo:
            self._send_frame(frame_of(data, buffers or ()))

    def receive(self, data: Any) -> None:
        """Hand a message of the page to the widget."""
        if self._msg_callback is not None:
            self._msg_callback({"content": {"data": data}, "buffers": []})


def comm_in_use() -> BrowserComm | None:
    """Return the comm that the next widget takes in place of the kernel's."""
    return _IN_USE.get()


@contextmanager
def use_comm(comm: BrowserComm) -> Iterator[None]:
    """Have the widget that is made in a `with` block talk to a page."""
    token = _IN_USE.set(comm)
    try:
        yield
    finally:
        _IN_USE.reset(token)
