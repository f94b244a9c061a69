"""Interrupts of blocking calls at random moments, as Ctrl-C sends them.

Each runs in the main thread of a child process. What may be left of an interrupted
call is looked for after it: work that goes on, files, and a studio that is stuck.
"""

import contextlib
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, Self

from attacks.campaign import Figures, attack
from references import footage

from timeline_nb.core.jobs import Job
from timeline_nb.errors import JobCancelledError
from timeline_nb.notebook.edit import Edit
from timeline_nb.notebook.opening import open as open_media
from timeline_nb.notebook.scanning import scan
from timeline_nb.render.profile import Profile
from timeline_nb.settings import Settings
from timeline_nb.studio import Studio, open_studio

CALLS = (
    "render",
    "started",
    "frames",
    "media_frames",
    "detect",
    "scan",
    "stabilize",
    "normalize",
    "shots",
    "save",
    "waveform",
)
_FAST = Profile(preset="ultrafast", crf=28)
# How long interrupted work may take to end, on a machine with other work to do.
_END_S = 60.0


def interrupted_calls(count: int, seed: int, calls: tuple[str, ...] = CALLS) -> Figures:
    """Interrupt each call at `count` random moments of its run.

    An interrupted call that leaves work, a thread, a file or a stuck studio is a fault.
    """
    draw = random.Random(seed)
    moments = [(name, draw.random()) for name in calls for _ in range(count)]
    return attack(interrupt, moments, limit_s=60, limit_bytes=2**32)


def interrupt(moment: tuple[str, float]) -> None:
    """Interrupt a call at a share of its run, and look for what is left of it.

    Raises:
        AssertionError: Something is left.
    """
    name, share = moment
    took_s = _length_of(name)
    with _bench() as bench:
        try:
            with _interrupt_in(share * took_s):
                getattr(bench, name)()
        except KeyboardInterrupt:
            bench.insist_on_the_end()
        bench.check()


def interrupted_lines(count: int, seed: int, calls: tuple[str, ...] = CALLS) -> Figures:
    """Interrupt each call at `count` of the lines of the package that it runs.

    A line is hit however short it is: between the start of a job and the wait for it.
    """
    draw = random.Random(seed)
    # Most lines come before the job is started: every other one is of the last 120.
    places = [
        (name, draw.random() if turn % 2 else -draw.randrange(1, 120))
        for name in calls
        for turn in range(count)
    ]
    return attack(interrupt_line, places, limit_s=60, limit_bytes=2**32)


def interrupt_line(place: tuple[str, float]) -> None:
    """Interrupt a call at a share of the lines that the main thread runs in it.

    A negative number counts lines from the last one.

    Raises:
        AssertionError: Something is left.
    """
    name, share = place
    lines = _lines_of(name)
    line = lines + int(share) if share < 0 else int(share * lines)
    with _bench() as bench:
        try:
            with _Lines(line):
                getattr(bench, name)()
        except KeyboardInterrupt:
            bench.insist_on_the_end()
        bench.check()


@cache
def _lines_of(name: str) -> int:
    """Return how many lines of the package the main thread runs in a call."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for _ in range(2):
        with _bench() as bench, _Lines(None) as lines:
            getattr(bench, name)()
    return lines.count


class _Lines:
    """Counts lines of the package in this thread, and interrupts one of them."""

    def __init__(self, interrupted: int | None) -> None:
        self.count = 0
        self._interrupted = interrupted

    def __enter__(self) -> Self:
        sys.settrace(self._called)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _called(self, frame: FrameType, _: str, __: object) -> Any:
        file = frame.f_code.co_filename
        # Locks that are watched are of Python; those of a person cannot be interrupted
        # while they are taken.
        is_counted = "/timeline_nb/" in file and not file.endswith("lock_order.py")
        return self._seen if is_counted else None

    def _seen(self, _: FrameType, event: str, __: object) -> Any:
        if event == "line":
            self.count += 1
            if self.count == self._interrupted:
                # As a signal, which may be held back there.
                signal.raise_signal(signal.SIGINT)
        return self._seen


@cache
def _length_of(name: str) -> float:
    """Return how long a call takes that nobody interrupts, in seconds."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for _ in range(2):  # the second is what the others are like: all is imported
        with _bench() as bench:
            began = time.monotonic()
            getattr(bench, name)()
            took_s = time.monotonic() - began
            bench.check()
    return took_s


@contextlib.contextmanager
def _interrupt_in(seconds: float) -> Iterator[None]:
    """Send SIGINT to this process so long after the block begins, if it lasts."""
    over = threading.Event()

    def send() -> None:
        if not over.wait(seconds):
            os.kill(os.getpid(), signal.SIGINT)

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield
    finally:
        over.set()
        sender.join()
        # The signal may be on its way: let it be raised here at the latest.
        time.sleep(0.001)


@contextlib.contextmanager
def _bench() -> Iterator["_Bench"]:
    with (
        tempfile.TemporaryDirectory() as folder,
        open_studio(Settings(cache_dir=Path(folder, "cache"))) as studio,
    ):
        yield _Bench(Path(folder), studio)


class _Bench:
    """A studio with an edit, the calls that are interrupted, and what they leave."""

    def __init__(self, folder: Path, studio: Studio) -> None:
        self._folder, self._studio = folder, studio
        self._films = folder / "films"
        self._films.mkdir()
        self._media = open_media(footage("bikes.mp4"), studio=studio)
        self._sound = open_media(footage("bigbuckbunny.mp4"), studio=studio)
        self._cut = Edit("bikes", rate=25, size=(320, 136), studio=studio)
        self._cut.append(self._media.clip(0, "4s"))
        self._cut.append(self._sound.clip(0, "4s"))

    def render(self) -> None:
        self._cut.render(self._films / "film.mp4", profile=_FAST).wait()

    def started(self) -> None:
        """Start only: what was returned to nobody must not run."""
        self._cut.render(self._films / "film.mp4", profile=_FAST).cancel()

    def frames(self) -> None:
        for _ in self._cut.frames(0, "2s"):
            pass

    def media_frames(self) -> None:
        for _ in self._media.frames(0, "4s"):
            pass

    def detect(self) -> None:
        self._media.detect(end="1s", every=2)

    def scan(self) -> None:
        scan(footage("bikes.mp4").parent, studio=self._studio)

    def stabilize(self) -> None:
        self._cut.effects.stabilize(0)

    def normalize(self) -> None:
        self._cut.audio.normalize()

    def shots(self) -> None:
        self._media.signals.shots()

    def save(self) -> None:
        for _ in range(20):
            self._cut.save(self._folder / "cut.tlp")

    def waveform(self) -> None:
        self._sound.waveform()

    def insist_on_the_end(self) -> None:
        """Insist that work ends soon, and that no unfinished file is left."""
        end = time.monotonic() + _END_S
        while left := self._left():
            assert time.monotonic() < end, f"left running: {left}"
            time.sleep(0.02)

    def _left(self) -> list[str]:
        left = [repr(job) for job in self._jobs() if not job.done]
        busy = ("segments", "scan", "measure", "prepare", "network", "prefetch")
        left += [
            thread.name
            for thread in threading.enumerate()
            if thread.name.startswith(busy)
        ]
        unfinished = [*self._films.iterdir(), *self._folder.rglob(".*")]
        unfinished += (self._folder / "cache" / "renders").glob("*")
        whole = [j for j in self._jobs() if j.status.value == "completed"]
        left += [
            path.name
            for path in unfinished
            if not (whole and path.name == "film.mp4") and path.suffix != ".lock"
        ]
        return left

    def _jobs(self) -> list[Job[object]]:
        return list(self._studio._jobs)

    def check(self) -> None:
        """Insist that the studio works as before."""
        problem: list[BaseException] = []

        def work() -> None:
            try:
                path = self._films / "after.mp4"
                job = self._studio.render(
                    self._cut.timeline, path, _FAST, end=Fraction(1)
                )
                assert job.wait(_END_S * 4).frames == 25
            except BaseException as error:  # noqa: BLE001 - told in the main thread
                problem.append(error)

        worker = threading.Thread(target=work)
        worker.start()
        worker.join()
        if problem and not isinstance(problem[0], JobCancelledError):
            raise problem[0]
        assert self._cut.frame(0).shape == (136, 320, 3)
        assert self._media.frame(1).shape == (272, 640, 3)
