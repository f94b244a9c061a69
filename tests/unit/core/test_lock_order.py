"""The watch over locks finds what could stop threads for ever."""

import os
import subprocess
import sys
import threading
from typing import cast

import pytest

from timeline_nb.core.lock_order import LockOrder, WatchedLock


@pytest.fixture
def order() -> LockOrder:
    return LockOrder()


def plain(name: str, order: LockOrder) -> WatchedLock:
    return WatchedLock(name, threading.Lock(), order)


def reentrant(name: str, order: LockOrder) -> WatchedLock:
    return WatchedLock(name, threading.RLock(), order)


def condition_of(name: str, order: LockOrder) -> threading.Condition:
    return threading.Condition(cast("threading.Lock", reentrant(name, order)))


def test_two_orders_are_found_though_the_threads_never_meet(order: LockOrder) -> None:
    one, other = plain("one", order), plain("other", order)
    with one, other:
        pass
    assert order.take_faults() == []
    with other, one:
        pass
    (fault,) = order.take_faults()
    assert fault.startswith("one is taken while holding other, and elsewhere one -> ")
    # Each is told once.
    with other, one:
        pass
    assert order.take_faults() == []


def test_a_circle_of_three_is_found(order: LockOrder) -> None:
    a, b, c = (plain(name, order) for name in "abc")
    for first, second in ((a, b), (b, c)):
        with first, second:
            pass
    assert order.take_faults() == []
    with c, a:
        pass
    (fault,) = order.take_faults()
    assert "elsewhere a -> b -> c" in fault


def test_two_locks_of_one_name_have_no_order(order: LockOrder) -> None:
    with plain("decoder", order), plain("decoder", order):
        pass
    assert "decoder is taken while holding decoder" in order.take_faults()[0]


def test_a_lock_that_may_be_taken_again_is(order: LockOrder) -> None:
    lock = reentrant("again", order)
    with lock, lock:
        order.called_out("a listener")
    assert len(order.take_faults()) == 1
    order.called_out("a listener")
    assert order.take_faults() == []


def test_a_thread_that_would_wait_for_itself_is_told(order: LockOrder) -> None:
    lock = plain("once", order)
    with lock, pytest.raises(RuntimeError, match="holds the lock of once already"):
        lock.acquire()
    assert lock.acquire(blocking=False)


def test_an_attempt_that_does_not_wait_has_no_order(order: LockOrder) -> None:
    one, other = plain("one", order), plain("other", order)
    with one, other:
        pass
    with other:
        assert one.acquire(blocking=False)
        one.release()
    assert order.take_faults() == []


def test_waiting_releases_the_lock_and_must_hold_no_other(order: LockOrder) -> None:
    condition = condition_of("state", order)
    with condition:
        condition.wait(0.001)
        order.called_out("within")
        assert len(order.take_faults()) == 1
    with plain("other", order), condition:
        condition.wait(0.001)
    assert any("waits on state while holding other" in f for f in order.take_faults())


def test_a_condition_wakes_who_waits(order: LockOrder) -> None:
    condition = condition_of("state", order)
    seen: list[bool] = []

    def wait() -> None:
        with condition, condition:
            seen.append(condition.wait_for(lambda: "go" in told, 120))

    told: list[str] = []
    thread = threading.Thread(target=wait)
    thread.start()
    with condition:
        told.append("go")
        condition.notify_all()
    thread.join(120)
    assert seen == [True]
    assert order.take_faults() == []


def test_locks_are_plain_where_nobody_watches() -> None:
    program = (
        "import threading; from timeline_nb.core import locks as l; "
        "assert type(l.new_lock('x')) is type(threading.Lock()); "
        "assert type(l.new_rlock('x')) is type(threading.RLock()); "
        "assert l.LOCK_ORDER is None"
    )
    unwatched = dict(os.environ)
    del unwatched["TIMELINE_NB_WATCH_LOCKS"]
    subprocess.run([sys.executable, "-c", program], check=True, env=unwatched)
