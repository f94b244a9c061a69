import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from states import until

from timeline_nb.core.jobs import Job, JobStatus, Reporter
from timeline_nb.core.queue import JobQueue


@pytest.fixture
def queue() -> Iterator[JobQueue]:
    with ThreadPoolExecutor(8) as pool:
        yield JobQueue(pool, 1)


def _gated(gate: threading.Event) -> Callable[[Reporter], None]:
    def work(reporter: Reporter) -> None:
        while not gate.wait(0.01):
            reporter.report("wait", 0, 1)

    return work


def test_the_most_urgent_begins_first_and_equals_in_order(queue: JobQueue) -> None:
    gate, begun = threading.Event(), []
    first = Job("first", _gated(gate))
    queue.put(first)
    jobs = []
    for name, priority in (("low", -1), ("a", 0), ("high", 5), ("b", 0)):

        def work(_: Reporter, name: str = name) -> None:
            begun.append(name)

        jobs.append(Job(name, work))
        queue.put(jobs[-1], priority=priority)
    assert [job.name for job in queue.jobs] == ["first", "high", "a", "b", "low"]
    gate.set()
    for job in (first, *jobs):
        job.wait(120)
    assert begun == ["high", "a", "b", "low"]


def test_no_more_run_at_once_than_may(queue: JobQueue) -> None:
    gate = threading.Event()
    jobs = [Job(str(n), _gated(gate)) for n in range(4)]
    for job in jobs:
        queue.put(job)
    until(lambda: jobs[0].status is JobStatus.PROCESSING)
    assert [job.status for job in jobs[1:]] == [JobStatus.QUEUED] * 3
    queue.at_once = 3
    until(lambda: jobs[2].status is JobStatus.PROCESSING)
    assert jobs[3].status is JobStatus.QUEUED
    gate.set()
    for job in jobs:
        job.wait(120)
    assert queue.jobs == ()


def test_a_paused_job_lets_the_next_one_run_and_goes_on_later(queue: JobQueue) -> None:
    gate, other = threading.Event(), threading.Event()
    job, second = Job("first", _gated(gate)), Job("second", _gated(other))
    queue.put(job)
    queue.put(second)
    until(lambda: job.status is JobStatus.PROCESSING)
    job.pause()
    until(lambda: job.status is JobStatus.PAUSED)
    until(lambda: second.status is JobStatus.PROCESSING)
    other.set()
    second.wait(120)
    gate.set()
    # It waits at its report, and does not see the gate before it may go on.
    with pytest.raises(TimeoutError):
        job.wait(0.2)
    job.resume()
    job.wait(120)
    assert job.status is JobStatus.COMPLETED


def test_a_paused_job_can_be_cancelled(queue: JobQueue) -> None:
    job = Job("endless", _gated(threading.Event()))
    queue.put(job)
    until(lambda: job.status is JobStatus.PROCESSING)
    job.pause()
    job.cancel()
    until(lambda: job.done)
    assert job.status is JobStatus.CANCELLED


def test_what_was_cancelled_while_it_waited_never_begins(queue: JobQueue) -> None:
    gate, begun = threading.Event(), []
    first, second = Job("first", _gated(gate)), Job("no", lambda _: begun.append(1))
    queue.put(first)
    queue.put(second)
    second.cancel()
    assert second.status is JobStatus.CANCELLED
    gate.set()
    first.wait(120)
    until(lambda: queue.jobs == ())
    assert begun == []


def test_a_job_prepares_until_it_first_reports(queue: JobQueue) -> None:
    begun, gate = threading.Event(), threading.Event()

    def work(reporter: Reporter) -> None:
        begun.set()
        gate.wait(120)
        reporter.report("encode", 0, 2, message="with libx264")

    job = Job("film", work)
    queue.put(job)
    assert begun.wait(120)
    assert job.status is JobStatus.PREPARING
    gate.set()
    job.wait(120)
    assert job.progress is not None
    assert (job.progress.percent, job.progress.message) == (0.0, "with libx264")


def test_one_that_waits_for_a_person_holds_up_nobody(queue: JobQueue) -> None:
    gate = threading.Event()
    asking = Job("sign in", _gated(gate))
    busy = Job("render", _gated(gate))
    queue.put(busy)
    queue.put(asking, waits=True)
    until(lambda: asking.progress is not None)
    after = Job("after", lambda _: "done")
    queue.put(after)
    assert not after.done
    assert queue.jobs == (busy, asking, after)
    busy.cancel()
    # The person still thinks, and the next job runs.
    assert after.wait(120) == "done"
    assert not asking.done
    gate.set()
    asking.wait(120)
    until(lambda: queue.jobs == ())
