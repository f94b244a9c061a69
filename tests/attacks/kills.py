"""Kill processes while they write, at times drawn by chance."""

import multiprocessing
import os
import random
import signal
import tempfile
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Self

from attacks.storage import SCENES, litter

__all__ = ["KillFigures", "kills_of"]

# How long a child may take to begin, and the write after a kill to end.
_HANG_S = 120.0
# Children are killed within the time that so many writes take.
_WRITES = 4


@dataclass
class KillFigures:
    """What kills did.

    Args:
        kills: How many children were killed at work.
        left: Unfinished files and folders that they left, in all.
        old: How often the content before the last write was there after the kill.
        new: How often the content of the last write was there.
        faults: What else was found: broken content, litter after the next write.
        slowest_s: Of the writes after a kill.
    """

    kills: int = 0
    left: int = 0
    old: int = 0
    new: int = 0
    faults: list[str] = field(default_factory=list)
    slowest_s: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.kills} kills: {self.left} unfinished files left, {self.old} old "
            f"and {self.new} new contents, {len(self.faults)} faults; slowest write "
            f"after one {self.slowest_s:.2f} s"
        )


def kills_of(scene: str, count: int, seed: int) -> KillFigures:
    """Kill a child at work, look at what it wrote, and write again; many times.

    Args:
        scene: Of `SCENES`.
        count: How many kills.
        seed: Of the times, from none to as long as some writes take.
    """
    chance = random.Random(seed)
    figures = KillFigures()
    writing = SCENES[scene]
    with tempfile.TemporaryDirectory() as name, _Victims(scene, Path(name)) as victims:
        folder = Path(name)
        for which in (1, 0, 1, 0):
            began = time.monotonic()
            writing.prepare(folder)
            writing.write(folder, which)
            took_s = time.monotonic() - began
        for number in range(count):
            last = victims.kill_one(chance.uniform(0, _WRITES * took_s)) % 2
            figures.kills += 1
            figures.left += len(litter(folder))
            try:
                found = writing.read(folder)
                # Many files get their names one after another.
                assert found in ({0, 1, -2} if scene == "sequence" else {0, 1})
                figures.old += found == last
                figures.new += found != last
                writing.prepare(folder)
                began = time.monotonic()
                writing.write(folder, 0)
                figures.slowest_s = max(figures.slowest_s, time.monotonic() - began)
                assert writing.read(folder) == 0
                rest = litter(folder)
                assert not rest, f"left after the next write: {rest}"
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
                figures.faults.append(f"kill {number}: {error!r}")
    return figures


class _Victims:
    """Children that write content 1, 0, 1 and so on, until they are killed.

    A server forks them, since it has no threads and has imported everything.
    """

    def __init__(self, scene: str, folder: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._server = context.Process(target=_serve, args=(scene, folder, there))
        self._server.start()
        there.close()

    def kill_one(self, after_s: float) -> int:
        """Start a child, and kill it; return how many writes it finished."""
        self._here.send("fork")
        pid = self._receive()
        time.sleep(after_s)
        os.kill(pid, signal.SIGKILL)
        finished = 0
        while (message := self._receive()) >= 0:
            finished = message
        return finished

    def _receive(self) -> int:
        assert self._here.poll(_HANG_S), "the child hangs"
        return int(self._here.recv())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._here.close()
        self._server.join(60)
        self._server.kill()


def _serve(scene: str, folder: Path, there: Connection) -> None:
    os.environ["TIMELINE_NB_CACHE_DIR"] = str(folder / "cache")
    while True:
        try:
            there.recv()
        except EOFError:
            return
        pid = os.fork()
        if not pid:
            try:
                _write(scene, folder, there)
            finally:
                os._exit(1)
        os.waitpid(pid, 0)
        there.send(-1)


def _write(scene: str, folder: Path, there: Connection) -> None:
    """Write until killed; send the pid, and then the number of writes so far."""
    there.send(os.getpid())
    number = 0
    while True:
        number += 1
        SCENES[scene].prepare(folder)
        SCENES[scene].write(folder, number % 2)
        there.send(number)
