"""Have the main thread hear an interrupt wherever it waits, and end at a second one.

CPython notes a signal, and the signal interrupts what the main thread waits in. One
that comes between the last look at the notes and the wait is noted, and interrupts
nothing; so is one that the system hands to another thread. On a busy machine the first
is no rare chance: on its way into a wait, a thread stays until another one has taken
the interpreter. Ctrl-C was then heard when the work had ended by itself.
"""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

from timeline_nb.core.interrupts import INTERRUPTED

__all__ = ["interrupts_heard"]

_HEARD_WITHIN_S: Final = 0.2
# A shell's wrapper may pass on what the terminal has sent already.
_AGAIN_AFTER_S: Final = 0.5
_INTERRUPTED: Final = 130


@contextmanager
def interrupts_heard() -> Iterator[None]:
    """Raise `KeyboardInterrupt` in the main thread soon after each first interrupt.

    Another one, half a second later or more, ends the process at once. Nothing changes
    where interrupts are ignored, as in what a shell runs in the background, or are
    somebody else's, or on Windows.
    """
    is_main = threading.current_thread() is threading.main_thread()
    is_free = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if sys.platform == "win32" or not is_main or not is_free:
        yield
        return
    watch = _Watch()
    try:
        yield
    finally:
        watch.end()


class _Watch:
    """Listens to interrupts on a thread of its own, and wakes the main thread."""

    def __init__(self) -> None:
        self._heard = threading.Event()
        self._first_s: float | None = None
        self._main = threading.main_thread().ident
        # Python's handler of signals writes their numbers, in whichever thread it runs.
        self._reads, self._writes = socket.socketpair()
        self._writes.setblocking(False)
        self._thread = threading.Thread(
            target=self._listen, name="timeline_nb interrupts", daemon=True
        )
        self._thread.start()
        self._hook_before = sys.unraisablehook
        sys.unraisablehook = self._unraisable
        # What ends no process that does not know it.
        self._wake_before = signal.signal(signal.SIGURG, self._wake)
        number = self._writes.fileno()
        self._number_before = signal.set_wakeup_fd(number, warn_on_full_buffer=False)
        signal.signal(signal.SIGINT, self._interrupt)

    def end(self) -> None:
        """Leave interrupts as they were."""
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.set_wakeup_fd(self._number_before)
        signal.signal(signal.SIGURG, self._wake_before)
        sys.unraisablehook = self._hook_before
        self._writes.close()
        self._thread.join()
        self._reads.close()
        INTERRUPTED.clear()

    # In the main thread ----------------------------------------------------------

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if not self._heard.is_set():
            INTERRUPTED.set()
            self._heard.set()
            signal.default_int_handler(number, frame)

    def _wake(self, _: int, frame: FrameType | None) -> None:
        if self._is_due:
            handler = signal.getsignal(signal.SIGINT)
            if callable(handler):
                handler(signal.SIGINT, frame)

    def _unraisable(self, fault: Any) -> None:
        """Raise an interrupt once more that came where nothing can be raised.

        That is in a finalizer, or in what C calls.
        """
        if isinstance(fault.exc_value, KeyboardInterrupt):
            self._heard.clear()
            self._writes.send(bytes([signal.SIGURG]))
            return
        self._hook_before(fault)

    # In a thread of its own ------------------------------------------------------

    @property
    def _is_due(self) -> bool:
        return self._first_s is not None and not self._heard.is_set()

    def _listen(self) -> None:
        while True:
            self._reads.settimeout(_HEARD_WITHIN_S if self._is_due else None)
            try:
                came = self._reads.recv(256)
            except TimeoutError:
                # The wait of the main thread ends, or begins anew, and it looks.
                signal.pthread_kill(self._main or 0, signal.SIGURG)
                continue
            if not came:
                return
            if signal.SIGINT in came:
                self._count()

    def _count(self) -> None:
        now = time.monotonic()
        if self._first_s is None:
            self._first_s = now
        elif now - self._first_s >= _AGAIN_AFTER_S:
            os._exit(_INTERRUPTED)
