"""Limits of what a thread computes, whatever else the machine does."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["at_once"]

# Hostile files take a tenth of that at most. Those that are read more than once for
# each of their bytes take minutes: they have tens of thousands.
_MOST_S: Final = 10.0


@contextmanager
def at_once() -> Iterator[None]:
    """Fail if this thread computes for long.

    Counted is the time that a processor spends on the thread, not what passes while
    others have the processor, as the clock does.
    """
    began = time.thread_time()
    yield
    took_s = time.thread_time() - began
    assert took_s < _MOST_S, f"it computes for {took_s:.1f} s"
