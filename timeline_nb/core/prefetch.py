"""Compute items ahead on another thread."""

from collections import deque
from collections.abc import Callable, Generator, Iterator
from typing import Final, TypeVar

from timeline_nb.core.worker_threads import WorkerThreads, wait_for

__all__ = ["prefetch"]

T = TypeVar("T")
_END: Final = object()
# How long the item in hand may take when nobody wants it any more.
_GRACE_S: Final = 1.0


def prefetch(
    items: Iterator[T], count: int, check: Callable[[], object] = lambda: None
) -> Generator[T]:
    """Yield the same items in the same order, up to `count` of them made beforehand.

    They are made on one thread; what it raises is raised here, in its
    place. To stop early, close this generator before `items`. A thread that is stuck
    in an item then is left behind.

    Args:
        items: The source, called on that thread.
        count: Most items made ahead; 1 or more.
        check: Called several times a second while an item is waited for; what it raises
            stops the waiting.
    """
    pool = WorkerThreads(1, "prefetch")
    try:
        due = deque(pool.submit(next, items, _END) for _ in range(count))
        while (item := wait_for(due.popleft(), check)) is not _END:
            due.append(pool.submit(next, items, _END))
            yield item  # type: ignore[misc]
    finally:
        pool.end(_GRACE_S)
