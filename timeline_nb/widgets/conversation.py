"""One page's conversation with its widget, where the page is not one of Jupyter."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, ClassVar, Final, Literal, TypeAlias

import msgspec

from timeline_nb.core.locks import new_lock
from timeline_nb.core.worker_threads import WorkerThreads
from timeline_nb.errors import ServerError, TimelineNbError
from timeline_nb.i18n import Message
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
        "_playing_view",
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
        self._lock = new_lock("a page's first frames")
        # What changes while the page is opened, and comes after the state that it gets.
        self._early: list[bytes] | None = []
        self._is_closed = False
        self._comm = BrowserComm(self._send_when_open)
        with use_comm(self._comm):
            self.widget = make()
        with self._lock:
            self._early = []
        state = self.widget.get_state(self._shown_traits())
        opened = {"method": "open", "title": title, "canSave": save is not None}
        self._send(frame_of(opened | {"bundle": self.widget.front_end, "state": state}))
        self._send_early()

    def receive(self, text: str | bytes) -> "Future[None]":
        """Handle a message of the page on a thread of its own.

        Raises:
            ServerError: It is no message.
        """
        try:
            message = _DECODER.decode(text)
        except (msgspec.MsgspecError, RecursionError, ValueError):
            raise ServerError(Message("the page sent what is no message")) from None
        try:
            return self._threads.submit(self._handle, message)
        except RuntimeError:
            raise ServerError(
                Message("the page was closed, or the program ends")
            ) from None

    def close(self) -> None:
        """Close the widget, and all that it has open."""
        self._is_closed = True
        self.widget.close()
        self._threads.shutdown(wait=False)

    def _send_when_open(self, frame: bytes) -> None:
        with self._lock:
            if self._early is not None:
                self._early.append(frame)
                return
        if not self._is_closed:
            self._send(frame)

    def _send_early(self) -> None:
        """Send what came before the page was open, in its order, and then at once."""
        while True:
            with self._lock:
                frames = self._early
                self._early = [] if frames else None
            if not frames:
                return
            for frame in frames:
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
            raise ServerError(
                Message("this page saves nothing: it is shared for review")
            )
        return self._save()

    def _say(self, text: str, *, is_problem: bool = False) -> None:
        kind: Literal["problem", "notice"] = "problem" if is_problem else "notice"
        self._send(frame_of({"method": "say", "kind": kind, "text": text}))
