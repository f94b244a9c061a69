"""A widget's channel: views come and go, ask, and are told."""

import logging
import time
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path
from threading import RLock, Timer
from typing import Any, ClassVar, Final, TypeAlias

import anywidget
import msgspec
import traitlets

from timeline_nb.errors import TimelineNbError
from timeline_nb.i18n import words_for
from timeline_nb.preview.jpeg import poster
from timeline_nb.widgets.answers import Answer, Code, Done, Refused, Welcome
from timeline_nb.widgets.requests import (
    AnyRequest,
    AskCode,
    Bye,
    Hello,
    Ping,
    Request,
)
from timeline_nb.widgets.switch_interval import (
    restore_switch_interval,
    shorten_switch_interval,
)

__all__ = ["Channel", "Part", "SendAnswer"]

_log = logging.getLogger(__name__)
_STATIC: Final = Path(__file__).parent / "static"
# A view that is seen says so each 15 s; browsers slow down hidden pages to 60 s.
GONE_AFTER_S: float = 90.0

Buffer: TypeAlias = bytes | memoryview
SendAnswer: TypeAlias = Callable[..., None]
Handler: TypeAlias = Callable[[Any], Answer | None]


class Part:
    """What a widget does for its views: a base for each of its abilities.

    Args:
        post: Sends an answer, and buffers beside it, to the browser.
    """

    def __init__(self, post: SendAnswer) -> None:
        self._post = post

    def handlers(self) -> dict[type[Request], Handler]:
        """What is done with each request; None is answered by `Done`."""
        return {}

    def start(self) -> None:
        """The first view is there."""

    def on_view_opened(self, view: str) -> None:
        """Tell a new view all it needs."""

    def on_view_closed(self, view: str) -> None:
        """A view is gone."""

    def stop(self) -> None:
        """The last view is gone: let go of all that is not needed without one."""


@cache
def _program(name: str) -> bytes:
    """A front end as it was built; empty where it was not."""
    path = _STATIC / f"{name}.js"
    return path.read_bytes() if path.exists() else b""


class Channel(anywidget.AnyWidget):
    """A widget made of parts, which speak to its views over one channel.

    Requests come on the kernel's main thread and on its subshells; answers may go out
    from any thread. Parts hold files and threads only while there is a view.

    Raises:
        FileNotFoundError: The front end was not built.
    """

    # All that travels with each widget, and that a notebook keeps: it shows the
    # picture, and fetches the front end itself.
    _esm = _program("loader").decode() or "export default {}"
    # What a page shows that has no kernel: a picture as a data URL.
    still = traitlets.Unicode("").tag(sync=True)
    # A page takes the same front end once, for all widgets that have it.
    _digest = traitlets.Unicode("").tag(sync=True)
    _bundle = traitlets.Unicode("").tag(sync=True)

    # Which of the bundles shows the widget.
    front_end: ClassVar[str] = ""

    def __init__(self, **traits: Any) -> None:
        name = self.front_end
        program = _program(name)
        if not program:
            raise FileNotFoundError(
                f"{_STATIC / name}.js is not there: build the front end with "
                "'make build'"
            )
        digest = blake2b(program, digest_size=8).hexdigest()
        super().__init__(_bundle=name, _digest=digest, **traits)
        self._views: dict[str, float] = {}
        self._guard = RLock()
        self._timer: Timer | None = None
        self._parts: tuple[Part, ...] = ()
        self._handlers: dict[type[Request], Handler] = {}
        self.on_msg(self._receive)

    def _assemble(self, *parts: Part) -> None:
        self._parts = parts
        for part in parts:
            self._handlers |= part.handlers()

    def post(self, answer: Answer, buffers: Sequence[Buffer] = ()) -> None:
        """Send an answer to the browser; nothing is sent where nobody looks."""
        if self._views and self.comm is not None:
            self.send(msgspec.to_builtins(answer), list(buffers))

    def _set_still(self, jpeg: bytes) -> None:
        """Show this to pages that have no kernel."""
        self.still = poster(jpeg)

    def close(self) -> None:
        """Let go of everything; the views show the last picture."""
        self._forget(list(self._views))
        super().close()

    @property
    def view_count(self) -> int:
        """How many views there are."""
        return len(self._views)

    def _receive(self, _: Any, content: Any, __: list[memoryview]) -> None:
        try:
            request = msgspec.convert(content, type=AnyRequest)
        except msgspec.ValidationError:
            _log.exception("a message from the browser is not understood")
            return
        if isinstance(request, AskCode):
            # Asked by the loader, before there is a view.
            self.send(msgspec.to_builtins(Code()), [_program(self.front_end)])
            return
        if isinstance(request, Bye):
            self._forget([request.view])
            return
        try:
            self._meet(request)
            answer = self._answer(request)
        except TimelineNbError as error:
            answer = Refused(message=str(error))
        except Exception:  # noqa: BLE001 - a message ends here, and the view is told
            _log.exception("a request from the browser failed")
            answer = Refused(message="the kernel failed: its log tells why")
        if request.id or not isinstance(answer, Done):
            told = msgspec.structs.replace(answer, id=request.id, view=request.view)
            self.post(told)

    def _answer(self, request: Request) -> Answer:
        if isinstance(request, Hello):
            for part in self._parts:
                part.on_view_opened(request.view)
            return Welcome(words=words_for(request.language))
        if isinstance(request, Ping):
            return Done()
        return self._handlers[type(request)](request) or Done()

    def _meet(self, request: Request) -> None:
        """Know the view from now on; wake the parts for the first."""
        with self._guard:
            is_first = not self._views
            self._views[request.view] = time.monotonic()
            if is_first:
                shorten_switch_interval()
                for part in self._parts:
                    part.start()
                self._watch()

    def _forget(self, views: list[str]) -> None:
        """Forget views; without any, the parts go to sleep."""
        with self._guard:
            known = [view for view in views if self._views.pop(view, None)]
            for part in self._parts:
                for view in known:
                    part.on_view_closed(view)
            if known and not self._views:
                restore_switch_interval()
                if self._timer is not None:
                    self._timer.cancel()
                    self._timer = None
                for part in self._parts:
                    part.stop()

    def _watch(self) -> None:
        """Look now and then for views that went without a word."""
        self._timer = Timer(GONE_AFTER_S / 3, self._look)
        self._timer.name = "timeline_nb views"
        self._timer.daemon = True
        self._timer.start()

    def _look(self) -> None:
        now = time.monotonic()
        with self._guard:
            silent = [v for v, at in self._views.items() if now - at > GONE_AFTER_S]
            self._forget(silent)
            if self._views:
                self._watch()

    def _picture(self) -> dict[str, Any]:
        """What the cell holds for readers without a kernel, by media type."""
        return {}

    def _repr_mimebundle_(self, **options: Any) -> Any:
        made = super()._repr_mimebundle_(**options)
        data = made[0] if isinstance(made, tuple) else made
        if data is not None:
            data["text/plain"] = repr(self)
            data.update(self._picture())
        return made
