"""A forked process uses the studio of its parent, or is told why not."""

import sys
from pathlib import Path

import pytest
from attacks.forks import forks_at_work
from attacks.scripts import run_script

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux forks")


def test_a_fork_uses_what_it_inherits() -> None:
    figures = forks_at_work(1, seed=1)
    assert figures.faults == []


@pytest.mark.whole
def test_forks_at_many_moments() -> None:
    figures = forks_at_work(30, seed=2)
    assert figures.faults == []


def test_a_fork_that_ends_as_any_script_ends(tmp_path: Path) -> None:
    script = """
import multiprocessing, os, sys
from pathlib import Path
import timeline_nb as tl
from references import footage

src = tl.open(footage("bikes.mp4"))

def mean_of(number):
    return round(float(src.frame(number=number).mean()), 6)

here = [mean_of(number) for number in range(0, 40, 10)]
src.detect(end="0.1s")
frames = tl.Edit("b", rate=25, size=(320, 136))
frames.append(src.clip())
begun = frames.frames()
next(begun)
with multiprocessing.get_context("fork").Pool(2) as pool:
    print(pool.map(mean_of, range(0, 40, 10)) == here)
if os.fork() == 0:
    try:
        next(begun)
    except tl.CompositionError as error:
        print("frames() here" in str(error), flush=True)
    sys.exit(7)
print(os.waitstatus_to_exitcode(os.wait()[1]))
"""
    ended = run_script(script, tmp_path)
    assert (ended.code, ended.out, ended.left) == (0, "True\nTrue\n7\n", ())
    assert "Traceback" not in ended.err
