"""An interrupt of a blocking call leaves no work, no file and no stuck studio."""

import sys
from pathlib import Path

import pytest
from attacks.interrupts import CALLS, interrupted_calls, interrupted_lines
from attacks.scripts import run_command, run_script

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


def test_an_interrupt_leaves_nothing_behind() -> None:
    calls = ("render", "detect", "normalize")
    assert interrupted_calls(2, seed=1, calls=calls).faults == []


def test_an_interrupted_line_leaves_nothing_behind() -> None:
    calls = ("started", "render", "scan")
    assert interrupted_lines(3, seed=1, calls=calls).faults == []


@pytest.mark.whole
@pytest.mark.parametrize("call", CALLS)
def test_many_interrupts_leave_nothing_behind(call: str) -> None:
    assert interrupted_calls(25, seed=2, calls=(call,)).faults == []
    assert interrupted_lines(25, seed=3, calls=(call,)).faults == []


_PROJECT = """
import sys
from pathlib import Path
import timeline_nb as tl
from references import footage

cut = tl.Edit("b", rate=25, size=(640, 272))
cut.append(tl.open(footage("bikes.mp4")).clip())
for number in range(8):
    cut.titles.add(f"title {number}", start=0, end="10s")
cut.save(Path(sys.argv[1]) / "b.tlp")
"""


def test_the_command_line_ends_with_130(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMELINE_NB_CACHE_DIR", str(tmp_path / "cache"))
    films = tmp_path / "films"
    films.mkdir()
    assert run_script(_PROJECT, tmp_path, tmp_path).code == 0
    # The first line of output is of a listener that the script adds.
    command = [sys.executable, "-c", _RENDER, "render", str(tmp_path / "b.tlp")]
    command += ["-o", str(films / "b.mp4")]
    ended = run_command(command, tmp_path, interrupt_s=0.3)
    assert ended.code == 130
    assert "Traceback" not in ended.err
    assert ended.left == ()
    assert list(films.iterdir()) == []
    assert list((tmp_path / "cache" / "renders").iterdir()) == []


_RENDER = """
import sys, time
from timeline_nb.cli.app import main
from timeline_nb.core.jobs import Reporter

def report(self, stage, done, *rest, **named):
    if done:
        print(done)
        # It lasts, however late the interrupt comes.
        time.sleep(0.1)
    return before(self, stage, done, *rest, **named)

before, Reporter.report = Reporter.report, report
main()
"""

_EXIT = """
import threading
import timeline_nb as tl
from references import footage

src = tl.open(footage("bikes.mp4"))
cut = tl.Edit("b", rate=25, size=(640, 272))
cut.append(src.clip())
jobs = [cut.render(f"{number}.mp4") for number in range(3)]
jobs.append(src.start_detection())
begun = threading.Event()
jobs[0].progressed.connect(lambda progress: begun.set() if progress.done else None)
begun.wait(200)
frames = iter(cut.frames())
next(frames)
print("ends")
"""


def test_a_script_that_ends_while_jobs_run_ends_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMELINE_NB_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    ended = run_script(_EXIT, tmp_path)
    assert (ended.code, ended.out, ended.left) == (0, "ends\n", ())
    assert "Traceback" not in ended.err
    assert "leaked" not in ended.err
    assert not list(tmp_path.glob("*.mp4"))
    assert not list(tmp_path.glob(".*.mp4"))
