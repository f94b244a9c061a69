"""Run a coroutine from ordinary code, also in a notebook, where a loop runs already."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, InvalidStateError
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

    It returns as soon as the coroutine ends. The loop waits for the threads that it
    started, and looking up a name, which has no time limit, takes half a minute where
    no name server answers.

    Args:
        make: Makes the coroutine, on that thread.
        check: Called several times a second meanwhile; what it raises cancels the
            coroutine.
    """
    loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[T]]] = []
    ended: Future[T] = Future()

    async def run() -> None:
        task = asyncio.ensure_future(make())
        loops.append((asyncio.get_running_loop(), task))
        try:
            result = await task
        except BaseException as error:  # noqa: BLE001 - raised in who waits
            ended.set_exception(error)
        else:
            ended.set_result(result)

    def call() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:
            # No loop could be made; what comes after the result is nobody's.
            with suppress(InvalidStateError):
                ended.set_exception(error)
            raise

    threads = WorkerThreads(1, "timeline_nb_async")
    threads.submit(call)
    try:
        return wait_for(ended, check)
    except BaseException:
        for loop, task in loops:
            # A loop that ended by itself meanwhile is closed.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(task.cancel)
        raise
    finally:
        threads.shutdown(wait=False)
