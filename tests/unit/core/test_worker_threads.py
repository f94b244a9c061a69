import subprocess
import sys
import threading
import time
from concurrent.futures import wait

import pytest
from states import until

from timeline_nb.core import worker_threads
from timeline_nb.core.worker_threads import WorkerThreads, threads_left_behind
from timeline_nb.errors import JobCancelledError


def for_ever(begun: threading.Event) -> None:
    begun.set()
    while True:
        try:
            time.sleep(0.001)
        except Exception:  # noqa: BLE001, S112 - as stuck code may do
            continue


def test_calls_run_and_raise_as_in_the_pools_of_python() -> None:
    with WorkerThreads(3, "w") as pool:
        assert list(pool.map(abs, [-1, 2, -3])) == [1, 2, 3]
        with pytest.raises(ZeroDivisionError):
            pool.submit(divmod, 1, 0).result(120)
    with pytest.raises(RuntimeError, match="shut down"):
        pool.submit(abs, 1)


def test_no_more_threads_run_than_are_asked_for() -> None:
    gate = threading.Event()
    with WorkerThreads(2, "w") as pool:
        futures = [pool.submit(gate.wait, 200) for _ in range(5)]
        assert until(lambda: sum(f.running() for f in futures) == 2)
        assert len(pool._workers) == 2
        gate.set()
    assert all(future.result() for future in futures)


def test_one_thread_serves_calls_that_come_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # However long the machine has other work between two calls.
    monkeypatch.setattr(worker_threads, "_IDLE_S", 200.0)
    with WorkerThreads(8, "w") as pool:
        names = {
            pool.submit(lambda: threading.current_thread().name).result(120)
            for _ in range(20)
            if until(lambda: all(w.call is None for w in pool._workers))
        }
    assert len(names) == 1


def test_threads_without_work_end_and_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker_threads, "_IDLE_S", 0.01)
    with WorkerThreads(2, "w") as pool:
        for _ in range(20):
            assert pool.submit(abs, -3).result(120) == 3
            assert until(lambda: not pool._workers)


def test_a_call_that_is_stuck_is_left_behind_and_its_place_taken() -> None:
    begun = threading.Event()
    pool = WorkerThreads(1, "w")
    stuck = pool.submit(for_ever, begun)
    assert begun.wait(120)
    (worker,) = pool._workers
    waiting = pool.submit(abs, -7)
    assert pool.abandon(stuck)
    assert waiting.result(120) == 7
    with pytest.raises(JobCancelledError):
        stuck.result(0)
    # The code is in Python: an exception ends it.
    assert until(lambda: not worker.is_alive())
    pool.shutdown()


def test_a_call_that_has_ended_is_not_abandoned() -> None:
    with WorkerThreads(1, "w") as pool:
        future = pool.submit(abs, -1)
        future.result(120)
        assert until(lambda: pool._workers[0].call is None)
        assert not pool.abandon(future)
        assert future.result() == 1
        assert pool.submit(abs, -2).result(120) == 2


def test_a_thread_stuck_in_c_is_counted_and_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker_threads, "_PATIENCE_S", 0.01)
    gate = threading.Event()
    pool = WorkerThreads(1, "deep")
    future = pool.submit(gate.wait)
    assert until(future.running)
    pool.end(0.01)
    assert until(lambda: "does not stop at wait" in caplog.text)
    assert "deep_1" in threads_left_behind()
    gate.set()
    assert until(lambda: "deep_1" not in threads_left_behind())


def test_the_end_waits_for_calls_that_do_end_and_drops_those_not_begun() -> None:
    gate = threading.Event()
    pool = WorkerThreads(1, "w")
    first = pool.submit(gate.wait, 200)
    assert until(first.running)
    second = pool.submit(abs, -1)
    threading.Timer(0.1, gate.set).start()
    pool.end(120)
    assert first.done()
    assert first.exception() is None
    assert second.cancelled()


def test_calls_from_many_threads_lose_nothing() -> None:
    with WorkerThreads(4, "w") as pool, WorkerThreads(8, "askers") as askers:
        asked = [
            askers.submit(lambda: [pool.submit(abs, -n) for n in range(200)])
            for _ in range(8)
        ]
        futures = [future for asker in asked for future in asker.result(120)]
        assert not wait(futures, 120).not_done
        assert sorted(f.result() for f in futures) == sorted(list(range(200)) * 8)


def test_python_ends_though_a_thread_is_stuck() -> None:
    code = (
        "import threading\n"
        "from timeline_nb.core.worker_threads import WorkerThreads\n"
        "pool = WorkerThreads(1, 'w')\n"
        "begun = threading.Event()\n"
        "def stuck():\n"
        "    begun.set()\n"
        "    threading.Event().wait()\n"
        "pool.submit(stuck)\n"
        "begun.wait()\n"
        "print('end')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=200,
        check=True,
    )
    assert ended.stdout == "end\n"
