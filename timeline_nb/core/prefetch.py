"""Ahead: what is needed next is made while the last is worked on."""

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

__all__ = ["prefetch"]

T = TypeVar("T")
_END: Final = object()


def prefetch(items: Iterator[T], count: int) -> Generator[T]:
    """Yield the same items in the same order, up to `count` of them made beforehand.

    They are made on one thread of their own; what that raises is raised here, in its
    place. Who stops early closes this first, and then what makes the items.

    Args:
        items: Makes an item when asked for the next.
        count: How many wait at most; 1 or more.
    """
    pool = ThreadPoolExecutor(1, thread_name_prefix="prefetch")
    try:
        due = deque(pool.submit(next, items, _END) for _ in range(count))
        while (item := due.popleft().result()) is not _END:
            due.append(pool.submit(next, items, _END))
            yield item  # type: ignore[misc]
    finally:
        pool.shutdown(cancel_futures=True)
