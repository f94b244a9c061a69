"""Free what is native while Python still has the functions that do it."""

import atexit
from typing import Final, Protocol
from weakref import WeakSet

__all__ = ["close_at_exit"]


class _Native(Protocol):
    def close(self) -> None:
        """Free it, unless it runs."""


_LIVING: Final[WeakSet[_Native]] = WeakSet()


def close_at_exit(one: _Native) -> None:
    """Have something closed when Python ends, if it is still there."""
    _LIVING.add(one)


@atexit.register
def _close_all() -> None:
    for one in list(_LIVING):
        one.close()
