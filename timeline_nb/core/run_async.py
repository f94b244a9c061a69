"""Run a coroutine from ordinary code, also in a notebook, where a loop runs already."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from timeline_nb.core.worker_threads import WorkerThreads, wait_for

__all__ = ["run_async"]

T = TypeVar("T")


def run_async(
    make: Callable[[], Coroutine[Any, Any, T]],
    check: Callable[[], object] = lambda: None,
) -> T:
    """Return the result of a coroutine that runs on a loop and thread of its own.

    Args:
        make: Makes the coroutine, on that thread.
        check: Called several times a second meanwhile; what it raises cancels the
            coroutine.
    """
    loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[T]]] = []

    async def run() -> T:
        task = asyncio.ensure_future(make())
        loops.append((asyncio.get_running_loop(), task))
        return await task

    threads = WorkerThreads(1, "timeline_nb_async")
    future = threads.submit(lambda: asyncio.run(run()))
    try:
        return wait_for(future, check)
    except BaseException:
        for loop, task in loops:
            # A loop that ended by itself meanwhile is closed.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(task.cancel)
        raise
    finally:
        threads.shutdown(wait=False)
