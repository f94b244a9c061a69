import asyncio
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType, SimpleNamespace

import pytest

from timeline_nb.core.awaited_jobs import all_awaited
from timeline_nb.core.jobs import Job, JobStatus, Reporter
from timeline_nb.core.progress import Progress
from timeline_nb.core.queue import JobQueue
from timeline_nb.core.worker_threads import WorkerThreads
from timeline_nb.errors import JobCancelledError
from timeline_nb.notebook.progress import finish, watch


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def test_a_job_gives_what_its_work_returned(executor: ThreadPoolExecutor) -> None:
    job = Job("sum", lambda _: 2 + 2).start(executor)
    assert job.wait() == 4
    assert job.status is JobStatus.COMPLETED


def test_a_job_can_be_awaited(executor: ThreadPoolExecutor) -> None:
    async def run() -> int:
        return await Job("sum", lambda _: 2 + 2).start(executor)

    assert asyncio.run(run()) == 4


def test_a_failure_comes_out_of_wait_and_await(executor: ThreadPoolExecutor) -> None:
    def fail(_: Reporter) -> None:
        raise OSError("no such clip")

    job = Job("fail", fail).start(executor)
    with pytest.raises(OSError, match="no such clip"):
        job.wait()
    assert job.status is JobStatus.FAILED

    async def run() -> None:
        await job

    with pytest.raises(OSError, match="no such clip"):
        asyncio.run(run())


def test_a_running_job_stops_at_its_next_report(executor: ThreadPoolExecutor) -> None:
    began = threading.Event()

    def work(reporter: Reporter) -> None:
        for number in range(10**9):
            reporter.report("count", number, None)
            began.set()

    job = Job("count", work).start(executor)
    assert began.wait(120)
    assert job.status.value == "processing"
    job.cancel()
    with pytest.raises(JobCancelledError):
        job.wait(120)
    assert job.status is JobStatus.CANCELLED


def test_a_queued_job_never_begins_once_cancelled(
    executor: ThreadPoolExecutor,
) -> None:
    gate = threading.Event()
    began: list[int] = []
    first = Job("first", lambda _: gate.wait(120)).start(executor)
    second = Job("second", lambda _: began.append(1)).start(executor)
    assert second.status is JobStatus.QUEUED
    second.cancel()
    gate.set()
    first.wait(120)
    with pytest.raises(JobCancelledError, match="second"):
        second.wait(120)
    assert began == []


def test_cancelling_the_waiting_task_leaves_the_job_running(
    executor: ThreadPoolExecutor,
) -> None:
    gate = threading.Event()
    job = Job("gate", lambda _: gate.wait(120)).start(executor)

    async def run() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(job._result_async(), 0.05)
        assert not job.done
        gate.set()
        assert await job

    asyncio.run(run())


def test_the_first_and_the_last_step_of_a_stage_are_always_reported() -> None:
    heard: list[Progress] = []
    reporter = Reporter(heard.append)
    for done in range(1, 1001):
        reporter.report("encode", done, 1000)
    assert heard[0].done == 1
    assert heard[-1].done == 1000
    assert len(heard) < 1000


def test_finished_is_signalled_with_the_status(executor: ThreadPoolExecutor) -> None:
    gate, heard = threading.Event(), threading.Event()
    statuses: list[JobStatus] = []
    job = Job("gate", lambda _: gate.wait(120)).start(executor)

    def hear(status: JobStatus) -> None:
        statuses.append(status)
        heard.set()

    job.finished.connect(hear)
    gate.set()
    assert heard.wait(120)
    assert statuses == [JobStatus.COMPLETED]


def test_a_listener_that_fails_does_not_stop_the_work(
    executor: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    gate = threading.Event()

    def work(reporter: Reporter) -> int:
        gate.wait(120)
        reporter.report("count", 1, 1)
        return 7

    def fail(_: Progress) -> None:
        raise ValueError("a broken bar")

    job = Job("count", work).start(executor)
    job.progressed.connect(fail)
    gate.set()
    assert job.wait(120) == 7
    assert "a listener of the job 'count' failed" in caplog.text


@pytest.mark.parametrize(
    ("done", "total", "elapsed_s", "fraction", "remaining_s"),
    [
        (25, 100, 5.0, 0.25, 15.0),
        (0, 100, 0.0, 0.0, None),
        (10, None, 1.0, None, None),
        (0, 0, 0.0, 1.0, None),
    ],
)
def test_progress_tells_the_share_and_what_is_left(
    done: int,
    total: int | None,
    elapsed_s: float,
    fraction: float | None,
    remaining_s: float | None,
) -> None:
    progress = Progress("encode", done, total, elapsed_s)
    assert progress.fraction == fraction
    assert progress.remaining_s == remaining_s


@pytest.mark.parametrize("is_for_main", [True, False])
def test_an_interrupted_wait_cancels_the_job(
    executor: ThreadPoolExecutor, *, is_for_main: bool
) -> None:
    began, ended = threading.Event(), threading.Event()

    def work(reporter: Reporter) -> None:
        try:
            for number in range(10**9):
                reporter.report("count", number, None)
                began.set()
        finally:
            ended.set()

    job = Job("count", work).start(executor)

    assert began.wait(120)
    # The main thread is interrupted while it waits, as Ctrl-C would. What comes just
    # before it waits interrupts nothing, as does what another thread gets.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    main = threading.main_thread().ident or 0

    def interrupt() -> None:
        whose = main if is_for_main else threading.get_ident()
        signal.pthread_kill(whose, signal.SIGINT)

    timer = threading.Timer(0.2, interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - it may come at once
            timer.start()
            job.wait(120)
    finally:
        timer.join()
        signal.signal(signal.SIGINT, before)
    assert ended.wait(120)
    with pytest.raises(JobCancelledError):
        job.wait(120)
    assert job.status is JobStatus.CANCELLED


def _failed_job(executor: ThreadPoolExecutor) -> Job[None]:
    def fail(_: Reporter) -> None:
        raise OSError("no such clip")

    ended = threading.Event()
    job = Job("render film.mp4", fail)
    job.finished.connect(lambda _: ended.set())
    job.start(executor)
    assert ended.wait(120)
    return job


def test_a_failure_that_nobody_waits_for_is_written(
    executor: ThreadPoolExecutor, capsys: pytest.CaptureFixture[str]
) -> None:
    job = watch(_failed_job(executor))
    assert "render film.mp4: failed: OSError: no such clip" in capsys.readouterr().err
    with pytest.raises(OSError, match="no such clip"):
        job.wait()
    assert job.unseen_error is None


def test_a_failure_that_is_waited_for_is_not_written_beside(
    executor: ThreadPoolExecutor, capsys: pytest.CaptureFixture[str]
) -> None:
    job = _failed_job(executor)
    with pytest.raises(OSError, match="no such clip"):
        job.wait()
    watch(job)
    assert "no such clip" not in capsys.readouterr().err


def test_a_failure_before_its_wait_begins_is_written_once_by_who_waits(
    executor: ThreadPoolExecutor, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(OSError, match="no such clip"):
        finish(lambda: _failed_job(executor))
    with all_awaited():
        watch(_failed_job(executor))
    assert "no such clip" not in capsys.readouterr().err
    watch(_failed_job(executor))
    assert "no such clip" in capsys.readouterr().err


def test_who_starts_kernels_is_no_notebook_and_shows_no_bar_in_a_file(
    executor: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, "ipykernel", ModuleType("ipykernel"))
    watch(Job("batch", lambda _: 3).start(executor)).wait()
    assert not capsys.readouterr().err


def test_a_notebook_shows_an_unseen_failure_beside_the_bar(
    executor: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    class Bar:
        def __init__(self, **_: object) -> None: ...

        def set_description_str(self, text: str) -> None:
            shown.append(text)

        def close(self) -> None: ...

    module = ModuleType("IPython")
    shell = SimpleNamespace(kernel=object())
    monkeypatch.setattr(module, "get_ipython", lambda: shell, raising=False)
    monkeypatch.setitem(sys.modules, "IPython", module)
    monkeypatch.setattr("timeline_nb.notebook.progress.tqdm", Bar)
    watch(_failed_job(executor))
    assert shown == ["render film.mp4: failed: OSError: no such clip"]


# Jobs that do not stop


def test_a_job_that_does_not_stop_ends_all_the_same() -> None:
    begun, gate = threading.Event(), threading.Event()

    def stuck(_: Reporter) -> str:
        begun.set()
        gate.wait()
        return "late"

    threads = WorkerThreads(1, "w")
    job = Job("stuck", stuck).start(threads)
    assert begun.wait(120)
    job.cancel()
    with pytest.raises(JobCancelledError, match="stuck was cancelled, and did not"):
        job.wait(120)
    assert job.status is JobStatus.CANCELLED
    # Its thread has been replaced.
    assert Job("next", lambda _: 5).start(threads).wait(120) == 5
    gate.set()
    threads.shutdown()
    assert job.status is JobStatus.CANCELLED


def test_stuck_jobs_keep_no_places_of_the_queue() -> None:
    begun, gate = threading.Semaphore(0), threading.Event()

    def stuck(_: Reporter) -> None:
        begun.release()
        gate.wait()

    # Pools of others are not ours to mend: their threads stay stuck.
    for executor in (WorkerThreads(2, "w"), ThreadPoolExecutor(3)):
        queue = JobQueue(executor, 2)
        jobs = [Job("stuck", stuck) for _ in range(2)]
        for job in jobs:
            queue.put(job)
        assert begun.acquire(timeout=120)
        assert begun.acquire(timeout=120)
        after = Job("next", lambda _: 5)
        queue.put(after)
        assert after.status is JobStatus.QUEUED
        for job in jobs:
            job.cancel()
        assert after.wait(120) == 5
        gate.set()
        executor.shutdown()
        gate.clear()


def test_a_job_signals_its_start_its_progress_and_its_end_in_this_order() -> None:
    heard: list[object] = []
    job = Job("count", lambda reporter: reporter.report("count", 1, 1))
    job.started.connect(lambda waited_s: heard.append(("started", waited_s >= 0.02)))
    job.progressed.connect(lambda now: heard.append(("progressed", now.done)))
    job.finished.connect(lambda status: heard.append(("finished", status.value)))
    time.sleep(0.02)
    with ThreadPoolExecutor(1) as executor:
        job.start(executor).wait(120)
    assert heard == [("started", True), ("progressed", 1), ("finished", "completed")]
