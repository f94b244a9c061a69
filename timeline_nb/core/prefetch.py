"""Compute items ahead on another thread."""

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

__all__ = ["prefetch"]

T = TypeVar("T")
_END: Final = object()


def prefetch(items: Iterator[T], count: int) -> Generator[T]:
    """Yield the same items in the same order, up to `count` of them made beforehand.

    They are made on one thread; what it raises is raised here, in its
    place. To stop early, close this generator before `items`.

    Args:
        items: The source, called on that thread.
        count: Most items made ahead; 1 or more.
    """
    pool = ThreadPoolExecutor(1, thread_name_prefix="prefetch")
    try:
        due = deque(pool.submit(next, items, _END) for _ in range(count))
        while (item := due.popleft().result()) is not _END:
            due.append(pool.submit(next, items, _END))
            yield item  # type: ignore[misc]
    finally:
        pool.shutdown(cancel_futures=True)
