"""Interrupts (Ctrl-C, the notebook's stop button) of calls that start jobs.

Python raises `KeyboardInterrupt` between any two steps of the main thread. A job that
was begun by then would run on, and nobody would have it to cancel it.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Final, Protocol, Self

__all__ = ["INTERRUPTED", "StartedJobs", "interrupts_held", "refuse_to_go_on"]

# Set where an interrupt is to end the process, which has begun to end then.
INTERRUPTED: Final = threading.Event()


class _Cancellable(Protocol):
    def cancel(self) -> None: ...


@dataclass
class _Open(threading.local):
    """The blocks that this thread is in, the innermost last."""

    blocks: list["StartedJobs"] = field(default_factory=list)


_open = _Open()


class StartedJobs:
    """Cancels the jobs that its block started, if an error or interrupt ends it."""

    def __init__(self) -> None:
        self._jobs: list[_Cancellable] = []

    @staticmethod
    def note(job: _Cancellable) -> None:
        """Note a job that is about to start in all blocks that this thread is in."""
        for block in _open.blocks:
            block._jobs.append(job)  # noqa: SLF001 - its own

    def __enter__(self) -> Self:
        _open.blocks.append(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with interrupts_held():
            _open.blocks.remove(self)
            if kind is not None:
                for job in self._jobs:
                    job.cancel()


def refuse_to_go_on() -> None:
    """Raise the interrupt that is to end the process, in the main thread.

    Raises:
        KeyboardInterrupt: It came, and something has swallowed it, it seems.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if is_main and INTERRUPTED.is_set():
        raise KeyboardInterrupt


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold back interrupts of the main thread until the block has ended.

    For steps that belong together and take no time, such as queueing a job.
    """
    before = signal.getsignal(signal.SIGINT)
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or not callable(before):
        yield
        return
    held: list[FrameType | None] = []
    signal.signal(signal.SIGINT, lambda _, frame: held.append(frame))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if held:
            before(signal.SIGINT, held[0])
