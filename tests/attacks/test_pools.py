"""Executors that cannot do the work, or end in the middle of it."""

import multiprocessing
import re
import sys
from concurrent.futures import (
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from pathlib import Path
from typing import Any

import pytest
from attacks.scripts import Ended, run_script
from references import footage

import timeline_nb as tl

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks and signals")

_HEAD = """
import multiprocessing, os, sys, tempfile, threading
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import timeline_nb as tl
from references import footage

FAST = tl.Profile(preset="ultrafast", crf=28)

def cut_of(folder, studio):
    src = tl.open(footage("bikes.mp4"), studio=studio)
    cut = tl.Edit("b", rate=25, size=(320, 136), studio=studio)
    cut.append(src.clip(0, "4s"))
    return src, cut

def exit_soon():
    "Have this worker exit as it encodes or detects its first frame."
    from timeline_nb.core.worker_channel import WorkerStatus
    WorkerStatus.step = lambda *_: os._exit(3)

def pool_of(method, initializer=None):
    context = multiprocessing.get_context(method)
    return ProcessPoolExecutor(2, mp_context=context, initializer=initializer)
"""


def _run(body: str, folder: Path, *arguments: object) -> Ended:
    ended = run_script(_HEAD + body, folder, folder, *arguments)
    assert "leaked" not in ended.err
    assert ended.left == ()
    return ended


@pytest.fixture
def cut(tmp_path: Path) -> Any:
    with tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache")) as studio:
        cut = tl.Edit("b", rate=25, size=(320, 136), studio=studio)
        cut.append(tl.open(footage("bikes.mp4"), studio=studio).clip(0, "1s"))
        yield cut


@pytest.mark.parametrize("method", ["fork", None])
def test_a_pool_that_forks_is_refused(method: str | None, cut: tl.Edit) -> None:
    context = multiprocessing.get_context(method)
    if context.get_start_method() != "fork":
        pytest.skip("this Python does not fork by default")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        with pytest.raises(tl.RenderError, match=r"forks its .*'spawn'.*'forkserver'"):
            cut.render("film.mp4", executor=pool)
        src = tl.open(footage("bikes.mp4"), studio=cut.studio)
        with pytest.raises(tl.RecognitionError, match="forks its"):
            src.detect(executor=pool)


def test_a_pool_of_interpreters_is_refused(cut: tl.Edit) -> None:
    kind = type("InterpreterPoolExecutor", (ThreadPoolExecutor,), {})
    with kind(1) as pool, pytest.raises(tl.RenderError, match="InterpreterPoolExec"):
        cut.render("film.mp4", executor=pool)


def test_no_executor_is_no_executor_for_detection_either(cut: tl.Edit) -> None:
    src = tl.open(footage("bikes.mp4"), studio=cut.studio)
    with pytest.raises(tl.RecognitionError, match=r"executor='dask' .*give"):
        src.detect(executor="dask")  # type: ignore[arg-type] # the mistake


class _Rejecting(Executor):
    def submit(self, *_: Any, **__: Any) -> Any:
        raise ValueError("no room")


class _Dropping(Executor):
    def submit(self, *_: Any, **__: Any) -> Any:
        future: Future[Any] = Future()
        future.cancel()
        future.set_running_or_notify_cancel()
        return future


class _Forgetful(Executor):
    """Takes one task and never runs it; refuses the next."""

    def __init__(self) -> None:
        self._is_full = False

    def submit(self, *_: Any, **__: Any) -> Any:
        if self._is_full:
            raise RuntimeError("cannot schedule new futures after shutdown")
        self._is_full = True
        return Future()


def _shut_down() -> Executor:
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    return pool


@pytest.mark.parametrize(
    ("executor", "message"),
    [
        (_Rejecting(), r"a worker died \(no room\)"),
        (_Dropping(), "the executor dropped the work"),
        (_Forgetful(), "the executor takes no work: .*after shutdown"),
        (_shut_down(), "the executor takes no work: .*after shutdown"),
    ],
    ids=["rejecting", "dropping", "forgetful", "shut down"],
)
def test_an_executor_that_does_nothing_ends_the_job(
    executor: Executor, message: str, cut: tl.Edit, tmp_path: Path
) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    cut.append(tl.open(footage("bigbuckbunny.mp4"), studio=cut.studio).clip(0, "1s"))
    with pytest.raises(tl.RenderError, match=message):
        cut.render(folder / "film.mp4", executor=executor).wait(120)
    assert list(folder.iterdir()) == []
    src = tl.open(footage("bikes.mp4"), studio=cut.studio)
    with pytest.raises(tl.RecognitionError, match=message):
        src.start_detection(end="1s", executor=executor).wait(120)


def test_a_job_that_a_studio_cannot_run_ends(tmp_path: Path) -> None:
    settings = tl.Settings(cache_dir=tmp_path / "cache")
    for executor in (_Rejecting(), _Dropping(), _shut_down()):
        with tl.open_studio(settings, executor=executor) as studio:
            job = studio.start("count", lambda _: 1)
            with pytest.raises(tl.JobCancelledError, match="count was not run: "):
                job.wait(120)
            assert studio.queue.jobs == ()
    studio = tl.open_studio(settings)
    studio.close()
    with pytest.raises(tl.JobCancelledError, match=r"count was not run: .*shut down"):
        studio.start("count", lambda _: 1).wait(120)


@pytest.mark.parametrize("kind", ["render", "detect"])
def test_a_script_without_a_main_guard_is_told_so(kind: str, tmp_path: Path) -> None:
    call = {"render": "cut.render(folder / 'a.mp4', executor=pool).wait()"}
    body = f"""
folder = Path(sys.argv[1])
print("begins")
with tl.open_studio(tl.Settings(cache_dir=folder / "cache")) as studio:
    src, cut = cut_of(folder, studio)
    with pool_of("spawn") as pool:
        {call.get(kind, "src.detect(executor=pool)")}
"""
    ended = _run(body, tmp_path)
    assert ended.code == 1
    # One process began, and one error came of it.
    assert ended.out == "begins\n"
    assert len(re.findall("Traceback", ended.err)) == 1
    assert re.search(r"Error: line \d+ of .*script.py is not guarded", ended.err)


def test_a_worker_that_exits_is_one_error(tmp_path: Path) -> None:
    body = """
if __name__ == "__main__":
    folder = Path(sys.argv[1])
    with tl.open_studio(tl.Settings(cache_dir=folder / "cache")) as studio:
        src, cut = cut_of(folder, studio)
        with pool_of("spawn", exit_soon) as pool:
            try:
                cut.render(folder / "a.mp4", profile=FAST, executor=pool).wait(60)
            except tl.RenderError as error:
                print("render", error)
        with pool_of("forkserver", exit_soon) as pool:
            try:
                src.detect(end="1s", executor=pool)
            except tl.RecognitionError as error:
                print("detect", error)
        job = cut.render(folder / "a.mp4", profile=FAST, executor=None)
        print(job.wait(60).frames)
"""
    ended = _run(body, tmp_path)
    assert ended.code == 0, ended.err
    assert re.sub(r"died: .*", "died", ended.out).splitlines() == [
        "render a worker died",
        "detect bikes.mp4: a worker died",
        "100",
    ]
    assert "Traceback" not in ended.err


def test_a_pool_with_a_server_of_forks_works(tmp_path: Path) -> None:
    body = """
if __name__ == "__main__":
    folder = Path(sys.argv[1])
    with tl.open_studio(tl.Settings(cache_dir=folder / "cache")) as studio:
        src, cut = cut_of(folder, studio)
        with pool_of("forkserver") as pool:
            job = cut.render(folder / "a.mp4", profile=FAST, executor=pool)
            print(job.wait(60).frames)
"""
    ended = _run(body, tmp_path)
    assert (ended.code, ended.out, "Traceback" in ended.err) == (0, "100\n", False)


def test_an_interrupted_pool_leaves_no_process_and_no_film(tmp_path: Path) -> None:
    body = """
if __name__ == "__main__":
    folder = Path(sys.argv[1])
    (folder / "films").mkdir()
    with tl.open_studio(tl.Settings(cache_dir=folder / "cache")) as studio:
        src, cut = cut_of(folder, studio)
        for number in range(15):
            cut.titles.add(f"title {number}", start=0, end="4s")
        with pool_of("spawn") as pool:
            job = cut.render(folder / "films" / "a.mp4", executor=pool)
            job.progressed.connect(lambda p: p.done and print("encodes"))
            job.wait()
"""
    script = _HEAD + body
    ended = run_script(script, tmp_path, tmp_path, interrupt_s=0.1)
    assert ended.out.startswith("encodes")
    assert ended.left == ()
    assert "leaked" not in ended.err
    assert list((tmp_path / "films").iterdir()) == []
    assert list((tmp_path / "cache" / "renders").iterdir()) == []
