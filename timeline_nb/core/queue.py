"""A queue of jobs, by priority."""

import heapq
from concurrent.futures import Executor
from itertools import count
from typing import Any, Final

from timeline_nb.core.jobs import Job, JobStatus
from timeline_nb.core.locks import new_rlock
from timeline_nb.errors import OverloadError

__all__ = ["JobQueue"]

# Jobs that wait for their turn, some 4 KB each.
_MOST_WAITING: Final = 10_000
# Jobs that wait for a person; each has a thread of its own.
_MOST_FOR_A_PERSON: Final = 32


class JobQueue:
    """Starts jobs, a limited number at once; thread-safe.

    A paused job lets the next one start; when resumed, both run.

    Args:
        executor: Runs them.
        at_once: How many run at the same time.
    """

    def __init__(self, executor: Executor, at_once: int) -> None:
        self._executor = executor
        self._at_once = at_once
        self._lock = new_rlock("a queue of jobs")
        self._order = count()
        self._waiting: list[tuple[int, int, Job[Any]]] = []
        self._running: dict[int, Job[Any]] = {}
        # Of those, the ones that wait for a person.
        self._idle: set[int] = set()

    @property
    def at_once(self) -> int:
        """How many jobs run at the same time."""
        return self._at_once

    @at_once.setter
    def at_once(self, number: int) -> None:
        self._at_once = max(1, number)
        self._pump()

    @property
    def jobs(self) -> tuple[Job[Any], ...]:
        """The running jobs, then the waiting ones in order."""
        with self._lock:
            waiting = (job for _, _, job in sorted(self._waiting))
            return (*self._running.values(), *waiting)

    def put(self, job: Job[Any], *, priority: int = 0, waits: bool = False) -> None:
        """Start a job when its turn comes.

        Args:
            job: Not started yet.
            priority: Higher ones come first, equal ones in order.
            waits: Whether it only waits for a person: it starts at once, and does not
                count among those that run.

        Raises:
            OverloadError: Too many wait.
        """
        with self._lock:
            self._check_room(waits=waits)
            if waits:
                self._running[id(job)] = job
                self._idle.add(id(job))
            else:
                heapq.heappush(self._waiting, (-priority, next(self._order), job))
        if waits:
            self._follow(job)
            job.start(self._executor)
        self._pump()

    def swap(self, one: Job[Any], other: Job[Any]) -> bool:
        """Exchange the turns of two waiting jobs, and return whether both wait."""
        with self._lock:
            entries = {id(entry[2]): entry for entry in self._waiting}
            first, second = entries.get(id(one)), entries.get(id(other))
            if first is None or second is None:
                return False
            entries[id(one)] = (*second[:2], one)
            entries[id(other)] = (*first[:2], other)
            self._waiting = list(entries.values())
            heapq.heapify(self._waiting)
        return True

    def _check_room(self, *, waits: bool) -> None:
        if waits and len(self._idle) >= _MOST_FOR_A_PERSON:
            raise OverloadError(
                f"{len(self._idle)} jobs wait for a person, which are all that may: "
                "answer or cancel some"
            )
        if not waits and len(self._waiting) >= _MOST_WAITING:
            raise OverloadError(
                f"{len(self._waiting)} jobs wait in the queue, which are all that "
                "may: wait until some have ended, or cancel them"
            )

    def _pump(self) -> None:
        """Start what may start."""
        while True:
            with self._lock:
                working = sum(
                    key not in self._idle and job.status is not JobStatus.PAUSED
                    for key, job in self._running.items()
                )
                if not self._waiting or working >= self._at_once:
                    return
                _, _, job = heapq.heappop(self._waiting)
                if job.done:
                    continue
                self._running[id(job)] = job
            self._follow(job)
            job.start(self._executor)

    def _follow(self, job: Job[Any]) -> None:
        def ended(_: JobStatus) -> None:
            with self._lock:
                self._running.pop(id(job), None)
                self._idle.discard(id(job))
            self._pump()

        def paused(_: bool) -> None:  # noqa: FBT001 - as the signal gives it
            self._pump()

        job.finished.connect(ended)
        job.paused.connect(paused)
        if job.done:
            ended(job.status)
