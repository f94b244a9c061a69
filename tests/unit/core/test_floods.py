"""Ten thousand requests at once: what waits is limited, and who is refused is told."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from timeline_nb.core.event_types import SettingsChanged
from timeline_nb.core.events import Events
from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.core.queue import JobQueue
from timeline_nb.core.worker_threads import WorkerThreads
from timeline_nb.errors import OverloadError

FLOOD = 10_000


@contextmanager
def _gate() -> Iterator[threading.Event]:
    """What calls wait for, until the block ends in whatever way."""
    made = threading.Event()
    try:
        yield made
    finally:
        made.set()


def _threads(name: str) -> set[threading.Thread]:
    return {one for one in threading.enumerate() if one.name.startswith(name)}


def test_a_pool_holds_what_it_may_and_names_itself() -> None:
    before = _threads("flooded")
    with WorkerThreads(2, "flooded", most_waiting=100) as pool, _gate() as gate:
        refused = 0
        for _ in range(FLOOD):
            try:
                pool.submit(gate.wait)
            except OverloadError:
                refused += 1
        # Two run, or are about to; a hundred wait.
        assert FLOOD - 102 <= refused <= FLOOD - 100
        assert len(_threads("flooded") - before) == 2
        with pytest.raises(OverloadError, match=r"100 calls wait for the 2 .*flooded"):
            pool.submit(abs, -1)
    with WorkerThreads(2, "flooded", most_waiting=100) as pool:
        assert pool.submit(abs, -1).result(120) == 1


def _wait(gate: threading.Event) -> None:
    while not gate.wait(0.01):
        pass


def test_a_queue_of_jobs_holds_ten_thousand() -> None:
    before = _threads("jobs")
    with WorkerThreads(64, "jobs") as pool, _gate() as gate:
        queue = JobQueue(pool, 1)

        def work(_: Reporter) -> None:
            _wait(gate)

        jobs = [Job(str(n), work) for n in range(FLOOD + 1)]
        for job in jobs:
            queue.put(job)
        with pytest.raises(OverloadError, match="10000 jobs wait in the queue"):
            queue.put(Job("one more", work))
        assert len(_threads("jobs") - before) == 1
        for job in jobs[1:]:
            job.cancel()
        gate.set()
        jobs[0].wait(120)


def test_jobs_that_wait_for_a_person_leave_threads_to_others() -> None:
    with WorkerThreads(64, "people") as pool, _gate() as gate:
        queue = JobQueue(pool, 1)
        for number in range(32):
            queue.put(Job(str(number), lambda _: _wait(gate)), waits=True)
        with pytest.raises(OverloadError, match="32 jobs wait for a person"):
            queue.put(Job("one more", lambda _: _wait(gate)), waits=True)
        other = Job("other", lambda _: 1)
        queue.put(other)
        assert other.wait(120) == 1


def test_events_that_nobody_takes_are_dropped_and_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    # Those of other studios may end meanwhile.
    before = _threads("timeline_nb events")
    with closing(Events()) as events, _gate() as gate:
        events.settings_changed.connect(lambda _: gate.wait(200))
        for _ in range(3 * FLOOD):
            events.post("settings_changed", lambda: SettingsChanged(setting="allowed"))
        told = [record for record in caplog.records if "events wait" in record.message]
        assert len(told) == 1
        assert len(_threads("timeline_nb events") - before) == 1
