"""Turns at the interpreter: while anyone looks, waiting threads get theirs sooner.

A cell in a tight loop lets other threads in every 5 ms, and an answer to the browser
takes many turns. At 1 ms a seek beside such a cell takes a third of the time
(`tests/bench/busy.py`).
"""

import sys
from threading import Lock
from typing import Final

__all__ = ["restore_switch_interval", "shorten_switch_interval"]

_SOON_S: Final = 0.001
_lock = Lock()
# How many widgets are looked at, and the interval before the first was.
_seen = 0
_before_s = 0.0


def shorten_switch_interval() -> None:
    """A widget is looked at: let threads wait a millisecond at most."""
    global _seen, _before_s  # noqa: PLW0603 - the interpreter has one interval
    with _lock:
        if not _seen:
            _before_s = sys.getswitchinterval()
            sys.setswitchinterval(min(_before_s, _SOON_S))
        _seen += 1


def restore_switch_interval() -> None:
    """A widget is looked at no more: with the last, all is as it was."""
    global _seen  # noqa: PLW0603 - the interpreter has one interval
    with _lock:
        _seen -= 1
        if not _seen:
            sys.setswitchinterval(_before_s)
