"""Waits for states, and for as long as a machine with other work may take."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

__all__ = ["LIMIT_S", "until"]

T = TypeVar("T")
# Such a machine may stop for twenty seconds; pytest ends a test after 300.
LIMIT_S: Final = 200.0


def until(holds: Callable[[], T]) -> T:
    """Return what a function gives, once that is true."""
    ends = time.monotonic() + LIMIT_S
    while not (found := holds()):
        assert time.monotonic() < ends, "the state does not come"
        time.sleep(0.01)
    return found
