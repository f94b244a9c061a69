"""Threads on which journals are written, so that no edit waits for a disk."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from timeline_nb.core.forks import watch_forks
from timeline_nb.core.locks import new_condition

__all__ = ["KEEPER", "SYNCER", "Keeper"]

_log = logging.getLogger(__name__)
_IDLE_S: Final = 5.0


class Keeper:
    """Does one thing after another on a thread of its own, in the order given.

    All that is done on one keeper needs no lock among itself. Its thread ends when it
    has had nothing to do for a while.

    Args:
        name: Of the thread.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        # It may be put to while garbage is collected, in a thread that holds it.
        self._state = new_condition("what a keeper is to do")
        self._due: deque[tuple[Callable[[], object], threading.Event]] = deque()
        self._thread: threading.Thread | None = None
        watch_forks(self)

    def begin_anew(self) -> None:
        """Forget in a forked process what the parent's thread does."""
        self._due.clear()
        self._thread = None

    def put(self, work: Callable[[], object]) -> threading.Event:
        """Do something in its turn; return at once.

        Returns:
            Set when it is done, or failed.
        """
        done = threading.Event()
        with self._state:
            self._due.append((work, done))
            if self._thread is None:
                thread = threading.Thread(
                    target=self._run, name=self._name, daemon=True
                )
                try:
                    thread.start()
                except RuntimeError:
                    # Python ends: nothing is written any more.
                    self._due.clear()
                    done.set()
                    return done
                self._thread = thread
            self._state.notify_all()
        return done

    def _run(self) -> None:
        while (item := self._next()) is not None:
            work, done = item
            try:
                work()
            except Exception:  # noqa: BLE001 - the thread lives on for other edits
                _log.exception("%s failed", self._name)
            finally:
                done.set()
            # What was done is not kept until the next comes.
            del item, work, done

    def _next(self) -> tuple[Callable[[], object], threading.Event] | None:
        with self._state:
            if not self._due:
                self._state.wait(_IDLE_S)
            if not self._due:
                self._thread = None
                return None
            return self._due.popleft()


# One for all edits of the process, which hand places over to each other.
KEEPER: Final = Keeper("timeline_nb autosave")
# What is written is there after the death of the process; this is for that of the
# machine, and takes longer.
SYNCER: Final = Keeper("timeline_nb autosave to disk")
