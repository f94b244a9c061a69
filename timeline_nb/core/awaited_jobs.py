"""Whether a program waits for each job that it starts, and so raises its error."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

__all__ = ["all_awaited", "is_awaited"]

_ALL: Final = ContextVar("all jobs are awaited", default=False)


@contextmanager
def all_awaited() -> Iterator[None]:
    """Say that all jobs that are started meanwhile are waited for.

    Their errors need not be written beside a progress bar: they are raised.
    """
    token = _ALL.set(True)
    try:
        yield
    finally:
        _ALL.reset(token)


def is_awaited() -> bool:
    """Return whether a job that is started now is waited for."""
    return _ALL.get()
