"""Run calls on an executor, and watch and stop them together."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from functools import partial
from typing import Any, Final

from timeline_nb.core.jobs import Reporter
from timeline_nb.core.telemetry.place import Place, place_in_use, use_place
from timeline_nb.core.telemetry.propagation import RemoteCall, traceparent
from timeline_nb.core.telemetry.spans import adopt
from timeline_nb.core.worker_channel import WorkerChannel
from timeline_nb.core.worker_threads import WorkerThreads

__all__ = ["run_all", "shares_memory", "workers_of"]

_EVERY_S: Final = 0.1
# How long calls may take to stop: they check five times a second, and a job that is
# cancelled is given up after two seconds.
_STOPS_WITHIN_S: Final = 1.5


def shares_memory(executor: Executor) -> bool:
    """Return whether its workers are threads of this process."""
    return isinstance(executor, (ThreadPoolExecutor, WorkerThreads))


def workers_of(executor: Executor) -> int:
    """Return how many calls an executor runs at once, as far as is known."""
    count = getattr(executor, "_max_workers", None)
    client = getattr(executor, "_client", None)
    if count is None and client is not None:
        count = sum(client.ncores().values())
    return int(count or os.cpu_count() or 1)


def run_all(
    executor: Executor,
    calls: Sequence[Callable[[], None]],
    channel: WorkerChannel,
    reporter: Reporter,
) -> None:
    """Run calls side by side and wait for all; one that fails stops the others.

    Calls that do not stop are not waited for; their threads are left behind.

    Args:
        executor: Runs them: threads, processes, or a cluster's.
        calls: They report at the channel, and check it.
        channel: Passes pauses and stops to them, and their progress back.
        reporter: Reports progress; pauses and cancels.

    Raises:
        Exception: What a call raised first, or the executor; `failure_of` says what it
            means.
        JobCancelledError: The job was cancelled.
    """
    futures: list[Future[Any]] = []
    stage, total = channel.stage, channel.total
    try:
        futures += [executor.submit(call) for call in _timed(executor, calls)]
        waiting, paused = set(futures), False
        reporter.report(stage, 0, total)
        while waiting:
            done, waiting = wait(waiting, timeout=_EVERY_S)
            for future in done:
                adopt(future.result() or ())
            if reporter.is_paused != paused:
                paused = not paused
                channel.pause(paused=paused)
            reporter.report(stage, min(channel.done, total), total, wait=False)
        reporter.report(stage, total, total)
    except BaseException:
        channel.stop()
        # Those that are cancelled are not waited for: an executor that has ended never
        # reports them.
        running = [future for future in futures if not future.cancel()]
        for stuck in wait(running, _STOPS_WITHIN_S).not_done:
            if isinstance(executor, WorkerThreads):
                executor.abandon(stuck)
        raise


def _timed(
    executor: Executor, calls: Sequence[Callable[[], None]]
) -> Sequence[Callable[[], Any]]:
    """Return the calls, to be timed as parts of what is timed in this thread."""
    place = place_in_use()
    if place is None:
        return calls
    if shares_memory(executor):
        return [partial(_call_at, place, call) for call in calls]
    return [RemoteCall(call, traceparent(place)) for call in calls]


def _call_at(place: Place, call: Callable[[], None]) -> None:
    with use_place(place):
        call()
