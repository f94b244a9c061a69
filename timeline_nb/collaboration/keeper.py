"""Threads on which journals are written, so that no edit waits for a disk."""

import logging
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Final

from timeline_nb.core.forks import watch_forks
from timeline_nb.core.interrupts import interrupts_held
from timeline_nb.core.locks import new_rlock

__all__ = ["KEEPER", "SYNCER", "Keeper", "TurnEnd"]

_log = logging.getLogger(__name__)
_IDLE_S: Final = 5.0


class TurnEnd:
    """Says once that something is done, or failed.

    An interrupt may come at any moment of a wait: a queue of Python's is left whole by
    it, which a lock need not be.
    """

    def __init__(self) -> None:
        self._said: SimpleQueue[None] = SimpleQueue()

    def say(self) -> None:
        """Say that it is done."""
        self._said.put(None)

    def wait(self, seconds: float) -> bool:
        """Wait until it is done, so long at most; return whether it is."""
        try:
            self._said.get(timeout=max(0.0, seconds))
        except Empty:
            return False
        return True


class Keeper:
    """Does one thing after another on a thread of its own, in the order given.

    All that is done on one keeper needs no lock among itself. Its thread ends when it
    has had nothing to do for a while.

    Args:
        name: Of the thread.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        # It may be put to while garbage is collected, in a thread that puts to it.
        self._due: SimpleQueue[tuple[Callable[[], object], TurnEnd]] = SimpleQueue()
        self._lock = new_rlock("the thread of a keeper")
        self._is_running = False
        watch_forks(self)

    def begin_anew(self) -> None:
        """Forget in a forked process what the parent's thread does."""
        self._due = SimpleQueue()
        self._is_running = False

    def put(self, work: Callable[[], object]) -> TurnEnd:
        """Do something in its turn; return at once."""
        done = TurnEnd()
        self._due.put((work, done))
        if not self._is_running:
            with interrupts_held(), self._lock:
                if not self._is_running:
                    self._start()
        return done

    def _start(self) -> None:
        thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        try:
            thread.start()
        except RuntimeError:
            # Python ends: nothing is written any more.
            return
        self._is_running = True

    def _run(self) -> None:
        while (item := self._next()) is not None:
            work, done = item
            try:
                work()
            except Exception:  # noqa: BLE001 - the thread lives on for other edits
                _log.exception("%s failed", self._name)
            finally:
                done.say()
            # What was done is not kept until the next comes.
            del item, work, done

    def _next(self) -> tuple[Callable[[], object], TurnEnd] | None:
        while True:
            try:
                return self._due.get(timeout=_IDLE_S)
            except Empty:
                # Who puts something asks afterwards whether the thread runs.
                with self._lock:
                    if self._due.empty():
                        self._is_running = False
                        return None


# One for all edits of the process, which hand places over to each other.
KEEPER: Final = Keeper("timeline_nb autosave")
# What is written is there after the death of the process; this is for that of the
# machine, and takes longer.
SYNCER: Final = Keeper("timeline_nb autosave to disk")
