"""The decoder processes of this process: a few, lent to whoever decodes."""

import atexit
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from timeline_nb.core.forks import watch_forks
from timeline_nb.core.locks import new_condition
from timeline_nb.errors import MediaError
from timeline_nb.i18n import Message
from timeline_nb.media.apart.messages import Close
from timeline_nb.media.apart.process import DecoderLostError, DecoderProcess

__all__ = ["POOL", "Lease", "ProcessPool", "end_idle_processes"]

# Each takes 60 MB, and what it decodes.
_MOST: Final = max(8, 2 * (os.cpu_count() or 1) + 4)
_MOST_IDLE: Final = 4
_WAKES_EVERY_S: Final = 0.2


class Lease:
    """A process for one file, which another may take over between two requests."""

    def __init__(self) -> None:
        self.process: DecoderProcess | None = None
        self.is_busy = False
        self.used_at = 0.0


class ProcessPool:
    """Decoder processes; thread-safe.

    Args:
        most: How many there are at once. Who needs one more takes it from who used
            theirs least recently, and opens the file again when it goes on.
        most_idle: How many wait for the next file.
    """

    def __init__(self, *, most: int = _MOST, most_idle: int = _MOST_IDLE) -> None:
        self._most, self._most_idle = most, most_idle
        self._state = new_condition("decoder processes")
        self._leases: list[Lease] = []
        self._idle: list[DecoderProcess] = []
        # Those that are being started.
        self._starting = 0
        self._has_ended = False
        watch_forks(self)

    def begin_anew(self) -> None:
        """Leave all processes to the process from which this one was forked."""
        for process in [*self._idle, *(one.process for one in self._leases)]:
            if process is not None:
                process.leave()
        for lease in self._leases:
            lease.process, lease.is_busy = None, False
        self._leases, self._idle, self._starting = [], [], 0

    @contextmanager
    def lent(self, lease: Lease) -> Iterator[tuple[DecoderProcess, bool]]:
        """Lend the process of a lease, and say whether it is another than before.

        It is ended where an answer that was waited for did not come.

        Raises:
            MediaError: No process can be started.
        """
        known = self._mark_busy(lease)
        process = known or self._another(lease)
        try:
            yield process, known is None
        except DecoderLostError:
            process.end()
            raise
        finally:
            lost = process.is_waited_for or not process.is_alive
            if lost:
                process.end()
            self._mark_free(lease, lost=lost)

    def give_back(self, lease: Lease) -> None:
        """End a lease; its process waits for another file."""
        with self._state:
            process, lease.process = lease.process, None
            if lease in self._leases:
                self._leases.remove(lease)
        if process is None:
            return
        try:
            process.send(Close())
            process.rest()
        except DecoderLostError:
            return
        with self._state:
            keeps = len(self._idle) < self._most_idle
            if keeps:
                self._idle.append(process)
            self._state.notify()
        if not keeps:
            process.end()

    def end_idle(self) -> None:
        """End the processes that wait for files."""
        with self._state:
            idle, self._idle = self._idle, []
        for process in idle:
            process.end()

    def close(self) -> None:
        """End all processes; who still uses one gets an error, and then another."""
        with self._state:
            leases, self._leases = self._leases, []
            taken = [lease.process for lease in leases]
            for lease in leases:
                lease.process = None
        self.end_idle()
        for process in taken:
            if process is not None:
                process.end()

    def end(self) -> None:
        """End all processes, and start no more: Python ends.

        Threads that decode would have each process started anew that they lose.
        """
        with self._state:
            self._has_ended = True
            self._state.notify_all()
        self.close()

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes."""
        with self._state:
            lent = [lease.process for lease in self._leases]
            return [one.pid for one in [*self._idle, *lent] if one is not None]

    def _mark_busy(self, lease: Lease) -> DecoderProcess | None:
        with self._state:
            lease.is_busy = True
            return lease.process

    def _mark_free(self, lease: Lease, *, lost: bool) -> None:
        with self._state:
            lease.is_busy, lease.used_at = False, time.monotonic()
            if lost:
                lease.process = None
                if lease in self._leases:
                    self._leases.remove(lease)
            self._state.notify()

    def _another(self, lease: Lease) -> DecoderProcess:
        """Return a process that waits, a new one, or one of another lease."""
        try:
            process = self._found() or self._started()
        except BaseException:
            lease.is_busy = False
            raise
        with self._state:
            lease.process = process
            self._leases.append(lease)
        return process

    def _found(self) -> DecoderProcess | None:
        """Return a process that there is; None if one may be started.

        Raises:
            MediaError: Python ends.
        """
        dead: list[DecoderProcess] = []
        found = None
        with self._state:
            while found is None:
                if self._has_ended:
                    raise MediaError(
                        Message("nothing is decoded any more: Python ends")
                    )
                while self._idle and found is None:
                    process = self._idle.pop()
                    if process.is_alive:
                        found = process
                    else:
                        dead.append(process)
                if found is None and self._count() < self._most:
                    self._starting += 1
                    break
                found = found or self._taken_over()
                if found is None:
                    self._state.wait(_WAKES_EVERY_S)
        for process in dead:
            process.end()
        return found

    def _count(self) -> int:
        return len(self._leases) + len(self._idle) + self._starting

    def _taken_over(self) -> DecoderProcess | None:
        """Return the process of the lease that was used least recently."""
        resting = [lease for lease in self._leases if not lease.is_busy]
        if not resting:
            return None
        lease = min(resting, key=lambda one: one.used_at)
        self._leases.remove(lease)
        process, lease.process = lease.process, None
        return process

    def _started(self) -> DecoderProcess:
        try:
            return DecoderProcess()
        finally:
            with self._state:
                self._starting -= 1


POOL: Final = ProcessPool()
atexit.register(POOL.end)


def end_idle_processes() -> None:
    """End the processes that decode nothing now."""
    POOL.end_idle()
