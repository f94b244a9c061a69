"""Connect a widget's parts to its browser views over one message channel."""

import logging
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from threading import Timer, current_thread, get_ident
from typing import Any, ClassVar, Final

import anywidget
import msgspec
import traitlets

from timeline_nb.core.locks import new_condition, refuse_if_locked
from timeline_nb.core.telemetry.spans import spanned
from timeline_nb.errors import TimelineError, TimelineNbError
from timeline_nb.i18n import Message
from timeline_nb.preview.jpeg import poster
from timeline_nb.widgets.answers import Answer, Code, Done, Welcome
from timeline_nb.widgets.browser_comm import comm_in_use
from timeline_nb.widgets.bundles import digest_of, later_than, read_bundle
from timeline_nb.widgets.incoming import (
    UnreadableError,
    check_state,
    read_request,
    sender_of,
)
from timeline_nb.widgets.language import (
    TranslationsRequest,
    note_page_language,
    translations_answer,
)
from timeline_nb.widgets.later_code import LaterCode, LaterCodeRequest
from timeline_nb.widgets.part import Buffer, Handler, Part, Reply, SendAnswer
from timeline_nb.widgets.refusal import Refused, refused
from timeline_nb.widgets.requests import (
    ByeRequest,
    CodeRequest,
    HelloRequest,
    PingRequest,
    Request,
)
from timeline_nb.widgets.stored_output import complete_output
from timeline_nb.widgets.switch_interval import (
    restore_switch_interval,
    shorten_switch_interval,
)

__all__ = ["Channel", "Handler", "Part", "Reply", "SendAnswer"]

_log = logging.getLogger(__name__)
# A visible view pings each 15 s; browsers slow hidden pages down to once in 60 s.
VIEW_TIMEOUT_S: float = 90.0
# Of one widget; beyond, the one that was silent for longest counts as closed.
MOST_VIEWS: Final = 16
# Messages that cannot be read are logged so often, and then dropped in silence.
_MOST_LOGGED: Final = 10


class Channel(anywidget.AnyWidget):
    """A widget made of parts, which talk to its views over one channel.

    Requests come on the kernel's main thread and on its subshells; answers may go out
    from any thread. Parts hold files and threads only while there is a view. The lock
    guards the list of views: parts are called outside it, started and stopped by one
    thread at a time.

    Raises:
        FileNotFoundError: The front end was not built.
    """

    # The only program sent with each widget and kept in a saved notebook: it shows
    # `still`, and fetches the bundle.
    _esm = read_bundle("loader").decode() or "export default {}"
    # What a page without a kernel shows: a picture as a data URL.
    still = traitlets.Unicode("").tag(sync=True)
    # A page fetches a bundle once for all widgets of the same digest.
    _digest = traitlets.Unicode("").tag(sync=True)
    _bundle = traitlets.Unicode("").tag(sync=True)
    # Of the interface; empty for the page's own.
    _language = traitlets.Unicode("").tag(sync=True)

    # The name of the bundle that shows the widget.
    front_end: ClassVar[str] = ""

    def __init__(self, **traits: Any) -> None:
        name, digest = self.front_end, digest_of(self.front_end)
        own = comm_in_use()
        if own is not None:
            traits["comm"] = own
        super().__init__(_bundle=name, _digest=digest, **traits)
        if self.comm is not None:
            # ipykernel 7 sends a view's messages to the shell that answered it last: to
            # the main one after a cell, which does not read them while the next cell
            # runs. Without this the subshell that the view has chosen keeps them.
            self.comm._reply_subshell_for = None  # noqa: SLF001 - no public way
        # When each view last sent a message, by its name. It is replaced as a whole:
        # threads that post look at it without the lock.
        self._views: dict[str, float] = {}
        self._lock = new_condition("views of a widget")
        self._is_started = False
        # The thread that starts or stops the parts.
        self._changer: int | None = None
        self._is_closed = False
        self._timer: Timer | None = None
        self._unread_count = 0
        self._parts: tuple[Part, ...] = ()
        self._handlers: dict[type[Request], Handler] = {}
        self._allowed: frozenset[type[Request]] | None = None
        self.on_msg(self._receive)

    def allow_only(self, requests: Iterable[type[Request]]) -> None:
        """Refuse all requests of the browser but these, whatever the page shows.

        :meta private:
        """
        self._allowed = frozenset(requests)

    def _assemble(self, *parts: Part, language: str = "") -> None:
        self._parts = parts
        self._language = language or self._language
        for part in parts:
            self._handlers |= part.handlers()

    def _use_language(self, language: str) -> None:
        """Show the interface in a language; in the page's own if it is empty."""
        self._language = language

    def post(self, answer: Answer, buffers: Sequence[Buffer] = ()) -> None:
        """Send an answer to the browser, if there is a view.

        :meta private:
        """
        refuse_if_locked("a post to the browser")
        if self._views and self.comm is not None:
            self.send(msgspec.to_builtins(answer), list(buffers))

    def _set_still(self, jpeg: bytes) -> None:
        """Set the picture that pages without a kernel show."""
        self.still = poster(jpeg)

    def close(self) -> None:
        """Release everything; views keep their last picture.

        Example:
            >>> player = tl.Player(src)
            >>> player.close()
        """
        with self._lock:
            # What is still on its way here from the page finds no view.
            self._is_closed = True
            views = list(self._views)
        self._remove_views(views)
        super().close()

    def __del__(self) -> None:
        # The thread that collects it may hold any lock: none is taken for a widget
        # without views, whose parts hold nothing.
        if getattr(self, "_views", None):
            self.close()
        else:
            super().close()

    @property
    def view_count(self) -> int:
        """The number of open views.

        Example:
            >>> player = tl.Player(cut)
            >>> player.view_count  # no page shows it yet
            0
        """
        return len(self._views)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Set the traits that the page has changed; drop what they cannot be."""
        try:
            check_state(sync_data)
            super().set_state(sync_data)
        except (UnreadableError, traitlets.TraitError) as error:
            self._drop(UnreadableError(error))

    def _receive(self, _: Any, content: Any, __: list[memoryview]) -> None:
        if self._is_closed:
            return
        try:
            request = read_request(content)
        except UnreadableError as error:
            self._drop(error)
            self._refuse_unread(content, error)
            return
        if self._answered_without_view(request):
            return
        try:
            if isinstance(request, HelloRequest):
                # Before the parts start for it.
                note_page_language(request.language)
            self._add_view(request.view)
            reply = self._reply_to(request)
        except TimelineNbError as error:
            reply = Reply(refused(error))
        except Exception:  # noqa: BLE001 - a message ends here; the view gets a refusal
            _log.exception("a request from the browser failed")
            why = Message("the request failed in the kernel: its log says why")
            reply = Reply(refused(why))
        if request.view not in self._views:
            # It was removed meanwhile: parts drop what they took for it since.
            for part in self._parts:
                part.on_view_closed(request.view)
        if request.id or not isinstance(reply.answer, Done):
            answer = msgspec.structs.replace(
                reply.answer, id=request.id, view=request.view
            )
            self.post(answer, reply.buffers)

    def _answered_without_view(self, request: Request) -> bool:
        """Answer what comes before there is a view, or at its end."""
        if isinstance(request, CodeRequest):
            self.send(msgspec.to_builtins(Code()), [read_bundle(self.front_end)])
        elif isinstance(request, TranslationsRequest):
            self.send(msgspec.to_builtins(translations_answer(request)))
        elif isinstance(request, ByeRequest):
            self._remove_views([request.view])
        else:
            return False
        return True

    def _drop(self, error: UnreadableError) -> None:
        """Log why a message is dropped, unless many were."""
        self._unread_count += 1
        if self._unread_count <= _MOST_LOGGED:
            _log.warning(
                "a message from the browser cannot be read: it was dropped: %s",
                error,
            )

    def _refuse_unread(self, content: Any, error: UnreadableError) -> None:
        """Answer a message that cannot be read, if its sender can be."""
        with suppress(UnreadableError):
            number, view = sender_of(content)
            if number and view in self._views:
                why = f"the kernel cannot read the request: {error}"
                self.post(Refused(message=why, id=number, view=view))

    @spanned("widget.message")
    def _reply_to(self, request: Request) -> Reply:
        answer = self._handle(request)
        reply = answer if isinstance(answer, Reply) else Reply(answer or Done())
        if not isinstance(reply.answer, request.answered_by):
            raise TypeError(
                f"{type(request).__name__} is answered by "
                f"{request.answered_by.__name__}, not {type(reply.answer).__name__}"
            )
        return reply

    def _handle(self, request: Request) -> Answer | Reply | None:
        if isinstance(request, HelloRequest):
            for part in self._parts:
                part.on_view_opened(request.view)
            return Welcome()
        if isinstance(request, PingRequest):
            return None
        if self._allowed is not None and type(request) not in self._allowed:
            raise TimelineError(
                Message("this edit is shared for review: it takes comments, no changes")
            )
        if isinstance(request, LaterCodeRequest):
            return Reply(LaterCode(), [read_bundle(later_than(self.front_end))])
        handler = self._handlers.get(type(request))
        if handler is None:
            kind = type(request).__struct_config__.tag
            raise TimelineError(
                f"the {self.front_end} widget has nothing to do with {kind!r}"
            )
        return handler(request)

    def _add_view(self, view: str) -> None:
        """Record that a view sent a message; start the parts for the first view."""
        with self._lock:
            if self._is_closed:
                return
            # In the order of their last messages.
            views = {name: at for name, at in self._views.items() if name != view}
            surplus = list(views)[: max(0, len(views) - MOST_VIEWS + 1)]
            views[view] = time.monotonic()
            self._views = views
        self._remove_views(surplus)
        self._start_or_stop()

    def _remove_views(self, views: list[str]) -> None:
        """Remove views; stop the parts after the last one."""
        with self._lock:
            known = [view for view in views if view in self._views]
            self._views = {n: at for n, at in self._views.items() if n not in known}
        for view in known:
            for part in self._parts:
                part.on_view_closed(view)
        if known:
            self._start_or_stop()

    def _start_or_stop(self) -> None:
        """Start the parts if there is a view, stop them if there is none.

        One thread does so at a time; others wait until it is done.
        """
        me = get_ident()
        with self._lock:
            self._lock.wait_for(lambda: self._changer in {None, me})
            if self._changer == me or bool(self._views) == self._is_started:
                # What a part does while it starts is seen to once it has.
                return
            self._changer = me
            self._is_started = starts = not self._is_started
        try:
            if starts:
                self._start_parts()
            else:
                self._stop_parts()
        finally:
            with self._lock:
                self._changer = None
                self._lock.notify_all()
        # Views may have come or gone meanwhile.
        self._start_or_stop()

    def _start_parts(self) -> None:
        shorten_switch_interval()
        self._start_timer()
        for part in self._parts:
            part.start()

    def _stop_parts(self) -> None:
        restore_switch_interval()
        with self._lock:
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        for part in self._parts:
            part.stop()

    def _start_timer(self) -> None:
        """Check for silent views in a third of `VIEW_TIMEOUT_S`."""
        timer = Timer(VIEW_TIMEOUT_S / 3, self._remove_silent_views)
        timer.name = "timeline_nb views"
        timer.daemon = True
        with self._lock:
            self._timer = timer
        timer.start()

    def _remove_silent_views(self) -> None:
        """Remove views that closed without a message, such as with their page."""
        now = time.monotonic()
        with self._lock:
            silent = [v for v, at in self._views.items() if now - at > VIEW_TIMEOUT_S]
        self._remove_views(silent)
        with self._lock:
            goes_on = self._timer is current_thread()
        if goes_on:
            self._start_timer()

    def _picture(self) -> dict[str, Any]:
        """Return what the cell holds for readers without a kernel, by media type."""
        return {}

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            complete_output(data, {"text/plain": repr(self)} | self._picture())
        return bundle
