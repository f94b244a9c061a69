"""One page's conversation with its widget, where the page is not one of Jupyter."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, ClassVar, Final, Literal, TypeAlias

import msgspec

from timeline_nb.core.worker_threads import WorkerThreads
from timeline_nb.errors import ServerError, TimelineNbError
from timeline_nb.widgets.browser_comm import BrowserComm, frame_of, use_comm
from timeline_nb.widgets.channel import Channel

__all__ = ["Conversation"]

_log = logging.getLogger(__name__)


class _Update(msgspec.Struct, tag_field="method", tag="update"):
    """Traits that the page has changed."""

    state: dict[str, Any]


class _Custom(msgspec.Struct, tag_field="method", tag="custom"):
    """A request of a view."""

    content: dict[str, Any]


class _Save(msgspec.Struct, tag_field="method", tag="save"):
    """Write what is shown to its file."""


_Message: TypeAlias = _Update | _Custom | _Save
_DECODER: Final = msgspec.json.Decoder(_Message)
# What the page may set: the state of its view, and nothing of ipywidgets.
_OWN: Final = frozenset(
    {
        "playhead",
        "_page_move",
        "frame",
        "playing",
        "selection",
        "solo",
        "track_looks",
    }
)


class Conversation:
    """A widget for one page, whose messages are handled one after another.

    Args:
        send: Sends a frame to the page, from any thread.
        make: Makes the widget.
        title: What the page is called.
        save: Writes what is shown, and returns where; None where nothing is saved.
    """

    MOST_LOGGED: ClassVar = 10

    def __init__(
        self,
        send: Callable[[bytes], None],
        make: Callable[[], Channel],
        *,
        title: str,
        save: Callable[[], str] | None,
    ) -> None:
        self._send = send
        self._save = save
        self._logged = 0
        self._threads = WorkerThreads(1, "timeline_nb page")
        self._comm = BrowserComm(self._send_when_open)
        self._is_open = False
        with use_comm(self._comm):
            self.widget = make()
        state = self.widget.get_state(self._shown_traits())
        opened = {"method": "open", "title": title, "canSave": save is not None}
        self._send(frame_of(opened | {"bundle": self.widget.front_end, "state": state}))
        self._is_open = True

    def receive(self, text: str | bytes) -> "Future[None]":
        """Handle a message of the page on a thread of its own.

        Raises:
            ServerError: It is no message.
        """
        try:
            message = _DECODER.decode(text)
        except (msgspec.MsgspecError, RecursionError, ValueError):
            raise ServerError("the page sent what is no message") from None
        return self._threads.submit(self._handle, message)

    def close(self) -> None:
        """Close the widget, and all that it has open."""
        self._is_open = False
        self.widget.close()
        self._threads.shutdown(wait=False)

    def _send_when_open(self, frame: bytes) -> None:
        if self._is_open:
            self._send(frame)

    def _shown_traits(self) -> list[str]:
        shown = _OWN | {"_playhead_turn"}
        own = [name for name in self.widget.keys if name in shown]
        return [*own, "still", "_quality"] if "_quality" in self.widget.keys else own

    def _handle(self, message: _Message) -> None:
        try:
            if isinstance(message, _Save):
                self._say(self._saved())
            elif isinstance(message, _Update):
                state = {n: v for n, v in message.state.items() if n in _OWN}
                self._comm.receive({"method": "update", "state": state})
            else:
                content = message.content
                self._comm.receive({"method": "custom", "content": content})
        except TimelineNbError as error:
            self._say(str(error), is_problem=True)
        except Exception:  # noqa: BLE001 - a message ends here; the page goes on
            self._logged += 1
            if self._logged <= self.MOST_LOGGED:
                _log.exception("a message of the page failed")

    def _saved(self) -> str:
        if self._save is None:
            raise ServerError("this page saves nothing: it is shared for review")
        return self._save()

    def _say(self, text: str, *, is_problem: bool = False) -> None:
        kind: Literal["problem", "notice"] = "problem" if is_problem else "notice"
        self._send(frame_of({"method": "say", "kind": kind, "text": text}))
