import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from timeline_nb.core.interrupts import StartedJobs, interrupts_held
from timeline_nb.core.jobs import Job, JobStatus, Reporter
from timeline_nb.core.partials import partial_file
from timeline_nb.notebook import progress
from timeline_nb.settings import Settings
from timeline_nb.studio import Studio, open_studio

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture(autouse=True)
def _plain_interrupts() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with open_studio(Settings(cache_dir=tmp_path)) as studio:
        yield studio


def _count(reporter: Reporter) -> None:
    for number in range(10**9):
        reporter.report("count", number, None)


def test_an_interrupt_is_held_until_the_steps_are_made() -> None:
    steps = []

    def make() -> None:
        with interrupts_held():
            signal.raise_signal(signal.SIGINT)
            steps.append("made")

    with pytest.raises(KeyboardInterrupt):
        make()
    assert steps == ["made"]
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_a_handler_of_the_user_is_called_after_the_steps() -> None:
    heard: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    with interrupts_held():
        signal.raise_signal(signal.SIGINT)
        assert heard == []
    assert heard == [signal.SIGINT]


def test_another_thread_holds_no_interrupts() -> None:
    before = signal.getsignal(signal.SIGINT)
    found = []

    def look() -> None:
        with interrupts_held():
            found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert found == [before]


def test_a_job_started_in_an_interrupted_block_is_cancelled(studio: Studio) -> None:
    before = studio.start("before", _count)
    jobs = []

    def start() -> None:
        with StartedJobs(), StartedJobs():
            jobs.append(studio.start("within", _count))
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        start()
    assert not before.done
    with pytest.raises(RuntimeError, match="cancelled"):
        jobs[0].wait(120)
    assert jobs[0].status is JobStatus.CANCELLED


def test_a_block_that_ends_well_leaves_its_jobs_running(studio: Studio) -> None:
    with StartedJobs():
        job = studio.start("within", _count)
    assert not job.done


def test_an_interrupt_of_the_progress_display_cancels_the_job(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs: list[Job[None]] = []

    def watch(job: Job[None]) -> Job[None]:
        jobs.append(job)
        raise KeyboardInterrupt

    monkeypatch.setattr(progress, "watch", watch)
    with pytest.raises(KeyboardInterrupt):
        progress.finish(lambda: studio.start("shown", _count))
    with pytest.raises(RuntimeError, match="cancelled"):
        jobs[0].wait(120)


def test_an_interrupt_while_a_file_is_created_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from timeline_nb.core import partials

    owned = partials._owned

    def interrupted(path: Path, mode: int) -> int | None:
        descriptor = owned(path, mode)
        signal.raise_signal(signal.SIGINT)
        return descriptor

    monkeypatch.setattr(partials, "_owned", interrupted)
    with pytest.raises(KeyboardInterrupt), partial_file(tmp_path / "cut.tlp"):
        pass
    assert list(tmp_path.iterdir()) == []
