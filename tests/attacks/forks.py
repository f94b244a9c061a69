"""Forks of a process whose studio is at work, at random moments.

The child uses what it inherits. Other threads of the parent decode, render and detect
at the moment of the fork, so that any lock of theirs may be held.
"""

import contextlib
import os
import random
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path

from attacks.campaign import Figures, attack
from references import footage

from timeline_nb.core.jobs import Job
from timeline_nb.errors import JobCancelledError
from timeline_nb.notebook.edit import Edit
from timeline_nb.notebook.opening import open as open_media
from timeline_nb.render.profile import Profile
from timeline_nb.render.result import RenderResult
from timeline_nb.settings import Settings
from timeline_nb.studio import open_studio

USES = (
    "frame",
    "cut_frame",
    "render",
    "detect",
    "iterate",
    "sound",
    "job",
    "edit",
    "close",
)
_FAST = Profile(preset="ultrafast", crf=28)
_LIMIT_S = 120


def forks_at_work(count: int, seed: int, uses: tuple[str, ...] = USES) -> Figures:
    """Fork at `count` random moments for each use; a child that hangs is a fault."""
    draw = random.Random(seed)
    moments = [(use, draw.random() * 0.3) for _ in range(count) for use in uses]
    return attack(fork, moments, limit_s=120, limit_bytes=2**32)


def fork(moment: tuple[str, float]) -> None:
    """Fork after some seconds, and have the child use the studio in one way.

    Raises:
        AssertionError: The child did not end well.
    """
    use, after_s = moment
    parent = _parent()
    with parent.busy():
        time.sleep(after_s)
        pid = os.fork()
        if pid == 0:
            # What a hang needs to be seen.
            signal.alarm(_LIMIT_S)
            code = 1
            try:
                getattr(parent, use)()
                code = 0
            except BaseException:
                import traceback

                traceback.print_exc()
                raise
            finally:
                os._exit(code)
        _, status = os.waitpid(pid, 0)
    assert status == 0, f"{use} in a fork ends with {status}"
    parent.check()


@cache
def _parent() -> "_Parent":
    return _Parent(Path(tempfile.mkdtemp()))


class _Parent:
    """A studio in use, and the uses that a forked process makes of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._studio = open_studio(Settings(cache_dir=folder / "cache"))
        self._media = open_media(footage("bikes.mp4"), studio=self._studio)
        self._heard = open_media(footage("bigbuckbunny.mp4"), studio=self._studio)
        self._cut = Edit("b", rate=25, size=(320, 136), studio=self._studio)
        self._cut.append(self._media.clip(0, "2s"))
        self._cut.append(self._heard.clip(0, "1s"))
        self._frames = iter(self._media.frames())
        self._next = 0
        self._sound = self._heard.sound()
        self._told = self._sound.read(48_000, 480).sum()
        self._job: Job[RenderResult] | None = None
        self._cut.frame(0)
        self._media.detect(end="0.2s")

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        """Work on three threads during the block."""
        over = threading.Event()
        works: list[Callable[[int], object]] = [
            lambda n: self._media.frame(number=n * 37 % 250),
            lambda n: self._cut.set(0, name=f"clip {n}"),
            lambda n: self._cut.frame(Fraction(n * 7 % 50, 25)),
        ]

        def repeat(work: Callable[[int], object]) -> None:
            number = 0
            while not over.is_set():
                work(number)
                number += 1

        threads = [threading.Thread(target=repeat, args=(work,)) for work in works]
        path = self._folder / "parent.mp4"
        job = self._studio.render(self._cut.timeline, path, Profile(crf=20))
        self._job = job
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()
            job.wait(60)

    def frame(self) -> None:
        assert self._media.frame(number=3).shape == (272, 640, 3)

    def cut_frame(self) -> None:
        assert self._cut.frame(1).shape == (136, 320, 3)

    def render(self) -> None:
        path = self._folder / f"{os.getpid()}.mp4"
        cut = self._cut.timeline
        result = self._studio.render(cut, path, _FAST, end=Fraction(1)).wait(_LIMIT_S)
        assert result.frames == 25
        path.unlink()

    def detect(self) -> None:
        assert len(self._media.detect(start="1s", end="1.1s").detections.examined_pts)

    def iterate(self) -> None:
        """Go on in a loop over frames that the parent goes on in, too."""
        assert next(self._frames).shape == (272, 640, 3)

    def sound(self) -> None:
        assert self._sound.read(48_000, 480).sum() == self._told

    def job(self) -> None:
        assert self._job is not None
        with contextlib.suppress(JobCancelledError):
            self._job.wait()

    def edit(self) -> None:
        self._cut.set(0, name="in the child")
        self._cut.undo()
        self._cut.save(self._folder / f"{os.getpid()}.tlp")

    def close(self) -> None:
        self._studio.close()

    def check(self) -> None:
        """Insist that the parent's files stand where they stood."""
        frame = next(self._frames)
        assert (frame == self._media.frame(number=self._next)).all()
        self._next += 1
        assert self._sound.read(48_000, 480).sum() == self._told
