import os
import sys
import threading

import pytest

from timeline_nb.core.forks import forks_seen
from timeline_nb.core.locks import new_condition, new_lock, new_rlock

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no forks"),
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
]


@pytest.mark.parametrize("make", [new_lock, new_rlock, new_condition])
def test_a_lock_that_another_thread_held_is_free_in_a_fork(make: object) -> None:
    lock = make("a test")  # type: ignore[operator] # one of three functions
    is_held, over = threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            is_held.set()
            over.wait(120)

    holder = threading.Thread(target=hold)
    holder.start()
    is_held.wait()
    pid = os.fork()
    if pid == 0:
        os._exit(0 if lock.acquire(timeout=120) else 1)
    _, status = os.waitpid(pid, 0)
    over.set()
    holder.join()
    assert status == 0


def test_a_lock_that_the_forking_thread_holds_stays_its_own() -> None:
    lock = new_rlock("a test")
    with lock:
        pid = os.fork()
        if pid == 0:
            # Released as often as it was taken, it is free for others.
            lock.release()
            taken = []
            other = threading.Thread(
                target=lambda: taken.append(lock.acquire(timeout=120))
            )
            other.start()
            other.join()
            os._exit(0 if taken == [True] else 1)
        _, status = os.waitpid(pid, 0)
    assert status == 0


def test_a_fork_is_counted_in_the_child_only() -> None:
    before = forks_seen()
    pid = os.fork()
    if pid == 0:
        os._exit(0 if forks_seen() == before + 1 else 1)
    _, status = os.waitpid(pid, 0)
    assert (status, forks_seen()) == (0, before)
