"""Which executors can run work of the package, and what an executor's failure means."""

import multiprocessing
import pickle
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError
from contextlib import contextmanager
from typing import Any, Final

from timeline_nb.core.main_guard import reruns_in_workers
from timeline_nb.core.near_names import kind_of
from timeline_nb.errors import TimelineNbError

__all__ = ["check_executor", "failure_of", "interrupts_ignored"]

_SPAWN: Final = (
    "ProcessPoolExecutor(mp_context=multiprocessing.get_context('spawn')), or "
    "'forkserver'"
)


def check_executor(executor: Any, error: type[TimelineNbError]) -> None:
    """Refuse an executor whose workers cannot do the work.

    Args:
        executor: What was given; None is no executor, and is fine.
        error: The class of the error.

    Raises:
        TimelineNbError: Of the class `error`. It is no executor; it forks its workers,
            which then wait for locks of threads that they do not have; its workers are
            interpreters in which NumPy does not load; or each of its workers would
            run the main script again.
    """
    if executor is None:
        return
    if not hasattr(executor, "submit"):
        raise error(
            f"executor={executor!r} is {kind_of(executor)}: give an executor, such as "
            f"{_SPAWN}; or a Dask Client.get_executor()"
        )
    kind = type(executor).__name__
    # A thread pool by its class, but with an interpreter to each thread (Python 3.14).
    if kind == "InterpreterPoolExecutor":
        raise error(
            f"{kind}: NumPy and PyAV do not load in its interpreters; give {_SPAWN}"
        )
    context = getattr(executor, "_mp_context", None)
    if context is None:
        return
    if context.get_start_method() == "fork":
        raise error(
            f"{kind} forks its workers here, which is its default on Linux up to "
            "Python 3.13; a fork has no threads, and waits for ever for what "
            f"they hold: give {_SPAWN}"
        )
    script = reruns_in_workers()
    if script:
        raise error(
            f"{script} is not guarded: each worker process of the {kind} runs the "
            "script again; put this call, and what leads to it, below `if __name__ == "
            '"__main__":`'
        )


def failure_of(error: BaseException) -> str:
    """Return what the failure of an executor means, in words."""
    text = str(error).strip() or type(error).__name__
    if isinstance(error, BrokenExecutor):
        return (
            "a worker died: its process ended at once (it was killed, ran out of "
            f"memory, or could not start): {text.splitlines()[0]}"
        )
    if isinstance(error, CancelledError):
        return "the executor dropped the work: its tasks were cancelled, not by the job"
    is_pickling = isinstance(error, pickle.PicklingError) or "pickle" in text
    if is_pickling:
        return f"the work cannot be sent to a worker process: {text}"
    if isinstance(error, RuntimeError) and "after" in text and "shutdown" in text:
        return f"the executor takes no work: {text}"
    return f"a worker died ({text})"


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Ignore SIGINT during the block in a worker process.

    A terminal sends Ctrl-C to the workers, too; they are stopped by who waits for them.
    """
    is_worker = multiprocessing.parent_process() is not None
    if not is_worker or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
