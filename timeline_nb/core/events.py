"""Events of a studio: posted where things happen, sent by a thread of their own."""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from queue import Empty, SimpleQueue
from typing import Any, Final, Protocol, TypeAlias

from timeline_nb.core.event_types import (
    EVENT_KINDS,
    Event,
    EventKind,
    MediaImported,
    MediaProcessed,
    ProjectClosed,
    ProjectCreated,
    ProjectOpened,
    ProjectSaved,
    RenderCompleted,
    RenderFailed,
    RenderProgress,
    RenderStarted,
    SettingsChanged,
    TimelineChanged,
)
from timeline_nb.core.forks import watch_forks
from timeline_nb.core.locks import new_lock, refuse_if_locked
from timeline_nb.core.signals import Signal
from timeline_nb.errors import TimelineNbError

__all__ = ["EventReceiver", "Events"]

_log = logging.getLogger(__name__)
# Of one kind and subject, at most one event in so many seconds; the last one counts.
_EVERY_S: Final[dict[str, float]] = {
    "timeline_changed": 0.25,
    "render_progress": 0.5,
    "media_imported": 0.25,
    "media_processed": 1.0,
}
# Kinds of which all that came within that time are joined.
_JOINED: Final = frozenset({"media_imported", "media_processed"})
# What a listener that hangs can make wait; more is dropped.
_MOST_WAITING: Final = 10_000
# How long a studio that is closed waits for the last events.
_LAST_S: Final = 1.0
# A thread that sends nothing ends: it would keep a studio that nobody closed.
_IDLE_S: Final = 10.0

_Make: TypeAlias = Callable[[], Event]


class EventReceiver(Protocol):
    """What receives events besides signals: the plugins of a studio."""

    def is_there(self) -> bool:
        """Return whether events may be received at all; it costs next to nothing."""

    def wants(self, kind: EventKind) -> bool:
        """Return whether events of a kind are received; only the thread asks."""

    def receive(self, event: Event) -> None:
        """Take an event, without waiting for what comes of it."""


@dataclass
class _Held:
    """Events of one kind and subject that wait until the next may be sent."""

    due: float
    makes: list[_Make] = field(default_factory=list)


class Events:
    """What happens in a studio, as one signal for each kind of event, and one for all.

    Listeners are called on a thread of the events, in order. A listener that takes
    long delays those after it, and never what it is called of. Where many changes
    follow each other, such as those of a drag, the last one is sent.

    Args:
        receiver: Receives events besides the signals' listeners.

    Example:
        >>> events = Events()
        >>> events.render_completed.connect(lambda event: print(event.path))
    """

    def __init__(self, receiver: EventReceiver | None = None) -> None:
        self.project_created: Signal[ProjectCreated] = Signal("projects")
        self.project_opened: Signal[ProjectOpened] = Signal("projects")
        self.project_saved: Signal[ProjectSaved] = Signal("projects")
        self.project_closed: Signal[ProjectClosed] = Signal("projects")
        self.media_imported: Signal[MediaImported] = Signal("media")
        self.media_processed: Signal[MediaProcessed] = Signal("media")
        self.render_started: Signal[RenderStarted] = Signal("renders")
        self.render_progress: Signal[RenderProgress] = Signal("renders")
        self.render_completed: Signal[RenderCompleted] = Signal("renders")
        self.render_failed: Signal[RenderFailed] = Signal("renders")
        self.timeline_changed: Signal[TimelineChanged] = Signal("timelines")
        self.settings_changed: Signal[SettingsChanged] = Signal("settings")
        self.all: Signal[Event] = Signal("all events")
        self._by_kind: dict[str, Signal[Any]] = {
            kind: getattr(self, kind) for kind in EVENT_KINDS
        }
        self._receiver = receiver
        self._key = secrets.token_bytes(16)
        self._lock = new_lock("the thread of events")
        self._open_projects: dict[str, None] = {}
        self.begin_anew()
        watch_forks(self)

    def begin_anew(self) -> None:
        """Drop what waits: a forked process has not the thread that sends it."""
        # A collector's callback may put at any moment, even within another `put`.
        self._queue: SimpleQueue[tuple[EventKind, str, _Make] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._is_closed = self._was_full = False

    def is_wanted(self, kind: EventKind) -> bool:
        """Return whether anybody may listen to a kind."""
        receiver = self._receiver
        if len(self._by_kind[kind]) or len(self.all):
            return True
        return receiver is not None and receiver.is_there()

    def post(self, kind: EventKind, make: _Make, *, subject: str = "") -> None:
        """Have an event sent soon; nothing is made if nobody listens.

        Args:
            kind: Of the event.
            make: Returns it; called on the thread of the events.
            subject: The handle of what it is about. Of one kind and subject, the last
                event of a short time is sent.
        """
        refuse_if_locked("an event")
        is_full = self._queue.qsize() >= _MOST_WAITING
        if is_full and not self._was_full:
            _log.warning(
                "%d events wait for those who listen, which are all that may: those "
                "that come meanwhile are dropped",
                _MOST_WAITING,
            )
        self._was_full = is_full
        if not (is_full or self._is_closed) and self.is_wanted(kind):
            self._queue.put((kind, subject, make))
        if not self._queue.empty():
            self._start()

    def handle_of(self, contents: str) -> str:
        """Return the handle of something by what it is; it tells nothing of that."""
        digest = blake2b(contents.encode(), key=self._key, digest_size=8)
        return digest.hexdigest()

    def open_project(self) -> str:
        """Return the handle of a new project."""
        handle = secrets.token_hex(8)
        self._open_projects[handle] = None
        return handle

    def close_project(self, handle: str) -> None:
        """Have the end of a project sent, with the next events if there is no thread.

        It takes no lock: the collector calls it, whatever the thread is doing.
        """
        if self._open_projects.pop(handle, 0) is None and self._may_be_heard():
            make = partial(ProjectClosed, project=handle)
            self._queue.put(("project_closed", handle, make))

    def _may_be_heard(self) -> bool:
        is_heard = len(self.project_closed) or len(self.all)
        return bool(is_heard) or self._thread is not None

    def close(self) -> None:
        """Send the end of all projects, and end the thread; more is not sent."""
        for handle in list(self._open_projects):
            self.close_project(handle)
        if not self._queue.empty():
            self._start()
        with self._lock:
            thread, self._is_closed = self._thread, True
        self._queue.put(None)
        if thread is not None and thread is not threading.current_thread():
            thread.join(_LAST_S)

    def _start(self) -> None:
        with self._lock:
            if self._thread is not None or self._is_closed:
                return
            thread = threading.Thread(
                target=self._run, name="timeline_nb events", daemon=True
            )
            # While Python ends, no thread can be started.
            with suppress(RuntimeError):
                thread.start()
                self._thread = thread

    def _run(self) -> None:
        sender = _Sender(self._send)
        while True:
            try:
                item = self._queue.get(timeout=sender.wait_s(_IDLE_S))
            except Empty:
                if sender.is_idle and self._ends():
                    return
            else:
                if item is None:
                    sender.flush("")
                    return
                if self._is_listened(item[0]):
                    sender.put(*item)
            sender.send_due()

    def _ends(self) -> bool:
        """Return whether the thread can end: nothing was put meanwhile."""
        with self._lock:
            if self._queue.empty():
                self._thread = None
            return self._thread is None

    def _is_listened(self, kind: EventKind) -> bool:
        if len(self._by_kind[kind]) or len(self.all):
            return True
        return self._is_received(kind)

    def _is_received(self, kind: EventKind) -> bool:
        receiver = self._receiver
        try:
            return receiver is not None and receiver.wants(kind)
        except TimelineNbError as error:
            _log.warning("no event is sent to plugins: %s", error)
            return False

    def _send(self, makes: list[_Make]) -> None:
        try:
            events = [make() for make in makes]
            event = type(events[-1]).joined(events)
            self._by_kind[event.kind].emit(event)
            self.all.emit(event)
            if self._receiver is not None and self._is_received(event.kind):
                self._receiver.receive(event)
        except Exception:  # noqa: BLE001 - the thread lives on for other events
            _log.exception("an event could not be sent")


class _Sender:
    """Holds events back that follow each other too soon.

    Args:
        send: Sends the events of one kind and subject as one.
    """

    def __init__(self, send: Callable[[list[_Make]], None]) -> None:
        self._send = send
        self._held: dict[tuple[str, str], _Held] = {}
        # When the next of a kind and subject may be sent.
        self._next: dict[tuple[str, str], float] = {}

    @property
    def is_idle(self) -> bool:
        """Whether nothing is held."""
        return not self._held

    def wait_s(self, most: float) -> float:
        """Return how long nothing need be sent, at most so many seconds."""
        now = time.monotonic()
        return max(
            0.0, min((one.due - now for one in self._held.values()), default=most)
        )

    def put(self, kind: EventKind, subject: str, make: _Make) -> None:
        """Send an event now, or hold it until it may be sent."""
        now, key = time.monotonic(), (kind, subject)
        if kind not in _EVERY_S:
            # What was held of its subject happened before.
            self.flush(subject)
            self._send([make])
            return
        held = self._held.get(key)
        if held is not None:
            held.makes = [*held.makes, make] if kind in _JOINED else [make]
            return
        # A file is rarely opened alone: the first one waits for others.
        due = now + _EVERY_S[kind] if kind in _JOINED else self._next.get(key, now)
        self._held[key] = _Held(due, [make])

    def send_due(self) -> None:
        """Send what has waited long enough."""
        now = time.monotonic()
        for key in [key for key, one in self._held.items() if one.due <= now]:
            self._next[key] = now + _EVERY_S[key[0]]
            self._send(self._held.pop(key).makes)
        self._next = {key: at for key, at in self._next.items() if at > now}

    def flush(self, subject: str) -> None:
        """Send what is held of a subject, or all if it is empty."""
        for key in [key for key in self._held if not subject or key[1] == subject]:
            self._send(self._held.pop(key).makes)
