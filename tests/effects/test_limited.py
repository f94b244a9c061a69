import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray
from states import until

import timeline_nb as tl
from timeline_nb.effects.limited import LimitedEffect

Image = NDArray[np.uint8]
SMALL = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
added = 3


def adds(rgb: Image, amount: int = 0) -> Image:
    return rgb + np.uint8(added + amount)


def spins(rgb: Image) -> Image:
    while True:
        rgb = rgb.copy()


def sleeps(rgb: Image) -> Image:
    time.sleep(1e6)
    return rgb


@pytest.fixture(autouse=True)
def _no_process_is_left() -> Iterator[None]:
    process = psutil.Process()
    before = set(process.children())
    yield
    until(lambda: set(process.children()) <= before)


def made(function: Any, limit_s: float = 200.0) -> LimitedEffect:
    return LimitedEffect(function.__name__, function, limit_s)


def test_a_function_gives_in_its_process_what_it_gives_here() -> None:
    effect = made(adds)
    assert np.array_equal(effect(SMALL), SMALL + np.uint8(3))
    assert np.array_equal(effect(SMALL, amount=2), SMALL + np.uint8(5))
    effect.close()


def test_a_function_whose_global_changed_is_sent_again() -> None:
    amount = [1]

    def shifts(rgb: Image) -> Image:
        return rgb + np.uint8(amount[0])

    effect = made(shifts)
    assert np.array_equal(effect(SMALL), SMALL + np.uint8(1))
    amount[0] = 4
    assert np.array_equal(effect(SMALL), SMALL + np.uint8(4))
    effect.close()


def test_closures_and_pids_show_that_it_is_sent_there() -> None:
    amount = 9

    def tells(_: Image) -> Image:
        print("not an answer")
        raise ValueError(f"{amount} {os.getpid()}")

    effect = made(tells)
    seen = set()
    for _ in range(3):
        with pytest.raises(
            tl.CompositionError, match=r"'tells' failed: ValueError: 9 \d+"
        ) as told:
            effect(SMALL)
        seen.add(str(told.value))
    # One process serves calls that come one after the other, and it is not this one.
    assert len(seen) == 1
    assert str(os.getpid()) not in seen.pop().split()
    effect.close()


@pytest.mark.parametrize("function", [spins, sleeps])
def test_what_takes_too_long_is_ended(function: Any) -> None:
    effect = made(function, 0.5)
    with pytest.raises(
        tl.CompositionError,
        match=rf"'{function.__name__}' takes longer than 0\.5 s for one picture",
    ):
        effect(SMALL)


def test_threads_have_processes_of_their_own() -> None:
    effect = made(adds)
    results: list[Image] = []
    threads = [
        threading.Thread(target=lambda: results.append(effect(SMALL))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(200)
    assert len(results) == 3
    effect.close()


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (None, "returned NoneType, not an array of uint8"),
        (np.zeros((2, 4, 3)), "returned float64, not an array of uint8"),
    ],
)
def test_what_is_no_picture_is_refused(result: object, message: str) -> None:
    effect = LimitedEffect("odd", lambda _: result, 200)
    with pytest.raises(tl.CompositionError, match=message):
        effect(SMALL)
    effect.close()


def test_a_process_that_ends_and_a_function_that_cannot_be_sent() -> None:
    with pytest.raises(tl.CompositionError, match=r"'leaves' ended its process.* 7"):
        LimitedEffect("leaves", lambda _: os._exit(7), 200)(SMALL)
    lock = threading.Lock()
    with pytest.raises(tl.CompositionError, match=r"'locked' has a time limit.*sent"):
        LimitedEffect("locked", lambda _: lock, 200)(SMALL)


def test_the_limit_is_checked_when_the_effect_is_registered() -> None:
    for limit in (0, -1, float("nan"), float("inf"), "1"):
        with pytest.raises(tl.CompositionError, match="'adds': time_limit_s="):
            tl.effect(time_limit_s=limit)(adds)  # type: ignore[arg-type]


def test_a_render_fails_with_effect_clip_and_limit(bikes: Path, tmp_path: Path) -> None:
    tl.effect(time_limit_s=0.5)(spins)
    with tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache")) as studio:
        cut = tl.Edit("limited", rate=25, size=(160, 68), studio=studio)
        cut.append(tl.open(bikes, studio=studio).clip("0s", Fraction(1, 5)))
        cut.effects.add(cut.clips[0].id, "spins")
        job = cut.render(tmp_path / "film.mp4")
        with pytest.raises(
            tl.CompositionError, match=r"bikes.*'spins' takes longer than 0\.5 s"
        ):
            job.wait(200)


FORKS = """
import os, sys
import numpy as np
from timeline_nb.effects.limited import LimitedEffect

def tells(rgb):
    return rgb + np.uint8(os.getpid() % 251)

effect = LimitedEffect("tells", tells, 60)
first = effect(np.zeros((1, 1, 3), np.uint8))
child = os.fork()
if child == 0:
    other = effect(np.zeros((1, 1, 3), np.uint8))
    sys.exit(7 if len(effect._idle) == 1 else 8)
_, status = os.waitpid(child, 0)
print(os.waitstatus_to_exitcode(status))
print(np.array_equal(effect(np.zeros((1, 1, 3), np.uint8)), first))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no forks")
def test_a_fork_starts_processes_of_its_own(tmp_path: Path) -> None:
    script = tmp_path / "forks.py"
    script.write_text(FORKS)
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", str(script)],
        capture_output=True,
        text=True,
        timeout=200,
        check=True,
    )
    assert ended.stdout.split() == ["7", "True"]


def test_an_interrupt_of_the_terminal_is_for_the_kernel_alone() -> None:
    before = set(psutil.Process().children())
    effect = made(adds)
    effect(SMALL)
    (child,) = set(psutil.Process().children()) - before
    assert os.getpgid(child.pid) != os.getpgid(0)
    effect.close()
