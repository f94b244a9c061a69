"""Record the order in which threads take locks, and what could stop them for ever.

Two threads that take two locks in two orders wait for each other for ever, but only if
they meet. The record needs no such meeting: it holds an edge from each lock to those
that were taken while it was held, and a circle of edges is a deadlock that can happen.
"""

import threading
import traceback
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

__all__ = ["LockOrder", "WatchedLock"]

# Frames of a stack in a fault: enough to see who holds and who calls.
_FRAMES: Final = 12


class LockOrder:
    """The locks that each thread holds, and the order in which they were taken."""

    def __init__(self) -> None:
        self._faults: list[str] = []
        # Reentrant: a finalizer may run within it and take a lock.
        self._mutex = threading.RLock()
        # The stack of the first thread that took the second lock under the first.
        self._edges: dict[str, dict[str, str]] = {}
        self._local = _Held()

    def taking(self, lock: "WatchedLock") -> None:
        """Record that this thread is about to wait for a lock.

        Raises:
            RuntimeError: It holds the lock already, and would wait for itself.
        """
        held = self._local.locks
        if lock in held:
            if not lock.is_reentrant:
                raise RuntimeError(f"this thread holds the lock of {lock.name} already")
            return
        for other in {one.name: one for one in held}.values():
            self._add_edge(other.name, lock.name)

    def taken(self, lock: "WatchedLock") -> None:
        """Record that this thread holds a lock now."""
        self._local.locks.append(lock)

    def released(self, lock: "WatchedLock") -> None:
        """Record that this thread has released a lock, once."""
        held = self._local.locks
        for place in reversed(range(len(held))):
            if held[place] is lock:
                del held[place]
                return

    def released_to_wait(self, lock: "WatchedLock") -> int:
        """Record that this thread releases a lock to wait; return how often it held it.

        To wait with another lock held is a fault: who ends the wait may need it.
        """
        others = [one.name for one in self._local.locks if one is not lock]
        if others:
            self._add_fault(f"waits on {lock.name} while holding {', '.join(others)}")
        times = sum(one is lock for one in self._local.locks)
        self._local.locks = [one for one in self._local.locks if one is not lock]
        return times

    def called_out(self, call: str) -> None:
        """Record a foreign call; it is a fault if this thread holds a lock."""
        if self._local.locks:
            names = ", ".join(lock.name for lock in self._local.locks)
            self._add_fault(f"{call} is called while holding {names}")

    def take_faults(self) -> list[str]:
        """Return what was found since the last call, with the stacks that led there.

        That is circles in the order, waits with another lock held, and foreign calls
        under a lock.
        """
        with self._mutex:
            found, self._faults = self._faults, []
        return found

    def _add_edge(self, first: str, second: str) -> None:
        with self._mutex:
            after = self._edges.setdefault(first, {})
            if second in after:
                return
            after[second] = _stack()
            path = self._path(second, first)
            if path is None:
                return
            steps = pairwise(path)
            stacks = [f"{a} -> {b}:\n{self._edges[a][b]}" for a, b in steps]
            self._faults.append(
                f"{second} is taken while holding {first}, and elsewhere "
                f"{' -> '.join(path)}:\n{after[second]}\n" + "\n".join(stacks)
            )

    def _path(self, start: str, end: str) -> list[str] | None:
        """Return the locks from one to another along the edges, None if none lead."""
        paths, seen = [[start]], {start}
        for path in paths:
            if path[-1] == end:
                return path
            for after in self._edges.get(path[-1], {}):
                if after not in seen:
                    seen.add(after)
                    paths.append([*path, after])
        return None

    def _add_fault(self, fault: str) -> None:
        with self._mutex:
            self._faults.append(f"{fault}:\n{_stack()}")


@dataclass
class _Held(threading.local):
    """The locks that this thread holds, the last taken last."""

    locks: list["WatchedLock"] = field(default_factory=list)


class WatchedLock:
    """A lock that reports to a `LockOrder` when it is taken and released.

    Args:
        name: What it guards.
        inner: A lock of `threading`.
        order: Records it.
    """

    def __init__(self, name: str, inner: Any, order: LockOrder) -> None:
        self.name = name
        self.is_reentrant = not isinstance(inner, type(threading.Lock()))
        self._inner = inner
        self._order = order

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:  # noqa: FBT001, FBT002 - as `threading.Lock` has it
        """Take the lock; an attempt that does not wait cannot stop anyone."""
        if blocking:
            self._order.taking(self)
        is_taken = bool(self._inner.acquire(blocking, timeout))
        if is_taken:
            self._order.taken(self)
        return is_taken

    def release(self) -> None:
        """Release the lock."""
        self._inner.release()
        self._order.released(self)

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    # What `threading.Condition` asks of a reentrant lock.

    def _is_owned(self) -> bool:
        return bool(self._inner._is_owned())  # noqa: SLF001 - as `Condition` does

    def _release_save(self) -> tuple[Any, int]:
        times = self._order.released_to_wait(self)
        return self._inner._release_save(), times  # noqa: SLF001 - as `Condition` does

    def _acquire_restore(self, state: tuple[Any, int]) -> None:
        inner, times = state
        self._inner._acquire_restore(inner)  # noqa: SLF001 - as `Condition` does
        for _ in range(times):
            self._order.taken(self)


def _stack() -> str:
    """Return the stack of this thread, without the frames of this module."""
    frames = traceback.extract_stack()
    theirs = [frame for frame in frames if frame.filename != __file__]
    return "".join(traceback.format_list(theirs[-_FRAMES:]))
