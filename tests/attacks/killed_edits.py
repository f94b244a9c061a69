"""Kill processes that edit a project, and look which of their steps are left."""

import multiprocessing
import os
import random
import signal
import tempfile
import time
import warnings
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import timeline_nb as tl
from timeline_nb.collaboration import autosave
from timeline_nb.project.journal import journal_path

__all__ = ["EditKills", "killed_edits"]

_HANG_S = 120.0
# One kill in so many comes at any time, as while a project is opened and recovered.
# However busy the machine is, the others come after some steps, or a bit later.
_ANY_TIME, _LIFE_S = 4, 0.4
_MOST_STEPS, _PART_S = 40, 0.01
# One step in so many is followed by a save, a group that comes to nothing, or both.
_SAVES, _UNDOES = 20, 25
# After so many a new project is begun: each step writes all markers.
_MOST_MARKERS = 400


@dataclass
class EditKills:
    """What kills left of edits.

    Args:
        kills: How many processes were killed at work.
        at_work: How many of them after a step of their own.
        steps: The steps that they had made, in all.
        in_flight: How often the step in flight was there.
        faults: What else was found: a step that had been made and was not there.
    """

    kills: int = 0
    at_work: int = 0
    steps: int = 0
    in_flight: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.at_work} of them after {self.steps} steps: "
            f"{self.in_flight} steps in flight were there, {len(self.faults)} faults"
        )


def killed_edits(count: int, seed: int) -> EditKills:
    """Kill a process that edits a project, and open what it left; many times.

    Each recovers what the one before it left, and goes on.

    Args:
        count: How many kills.
        seed: Of the times.
    """
    chance = random.Random(seed)
    figures = EditKills()
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        here, there = context.Pipe()
        server = context.Process(target=_serve, args=(folder, there))
        server.start()
        there.close()
        made = 0
        try:
            for number in range(count):
                here.send(chance.randrange(2**30))
                before = made
                for told in _kill_one(here, chance):
                    figures.steps += told - made
                    made = told
                figures.kills += 1
                figures.at_work += made > before
                left = _receive(here)
                if left not in {made, made + 1}:
                    figures.faults.append(
                        f"kill {number}: {made} steps were made, and {left} are left"
                    )
                figures.in_flight += left > made
                made = left
                if made > _MOST_MARKERS:
                    here.send(None)
                    made = 0
        finally:
            here.close()
            server.join(60)
            server.kill()
    return figures


def _kill_one(here: Connection, chance: random.Random) -> list[int]:
    """Kill a child; return the numbers of steps that it told."""
    pid, told = _receive(here), []
    if chance.randrange(_ANY_TIME):
        for _ in range(chance.randint(1, _MOST_STEPS)):
            told.append(_receive(here))
            assert told[-1] >= 0, "the process ended by itself"
        time.sleep(chance.uniform(0, _PART_S))
    else:
        time.sleep(chance.uniform(0, _LIFE_S))
    os.kill(pid, signal.SIGKILL)
    while (number := _receive(here)) >= 0:
        told.append(number)
    return told


def _receive(here: Connection) -> int:
    assert here.poll(_HANG_S), "the process hangs"
    return int(here.recv())


def _serve(folder: Path, there: Connection) -> None:
    """Fork children, which have imported everything, and say what they left."""
    os.environ["TIMELINE_NB_CACHE_DIR"] = str(folder / "cache")
    os.environ["TIMELINE_NB_DATA_DIR"] = str(folder / "data")
    warnings.simplefilter("ignore")
    # A step goes on without its record where the disk is slow; here it is waited for.
    autosave._WAIT_S = _HANG_S  # type: ignore[misc]
    path = folder / "film.tlp"
    # All is imported once, and no thread begins here.
    with tl.open_studio(tl.Settings(autosave=False)) as studio:
        _begin(folder / "other.tlp", studio)
        tl.load(folder / "other.tlp", studio=studio).markers.add(1, name="so")
    _in_child(lambda: _begin(path))
    while True:
        try:
            seed = there.recv()
        except EOFError:
            return
        if seed is None:
            for left in (path, journal_path(path)):
                left.unlink(missing_ok=True)
            _in_child(lambda: _begin(path))
            continue
        _in_child(lambda seed=seed: _edit(path, seed, there))
        there.send(-1)
        _in_child(lambda: there.send(_left(path)))


def _in_child(work: object) -> None:
    pid = os.fork()
    if not pid:
        try:
            work()  # type: ignore[operator]
        finally:
            os._exit(0)
    os.waitpid(pid, 0)


def _begin(path: Path, studio: tl.Studio | None = None) -> None:
    cut = tl.Edit("attacked", rate=25, size=(64, 48), studio=studio)
    cut.titles.add("so", start=0, end=30)
    cut.save(path)


def _edit(path: Path, seed: int, there: Connection) -> None:
    """Make one step after another; tell the number of markers after each."""
    there.send(os.getpid())
    chance = random.Random(seed)
    cut = tl.load(path)
    if cut.recovery is not None:
        cut.recover()
    number = len(cut.timeline.markers)
    while True:
        number += 1
        cut.markers.add((number % 700) / 25, name=str(number))
        there.send(number)
        if not chance.randrange(_UNDOES):
            # What is undone and made again is two steps, and no marker more.
            with cut.group("again"):
                marker = cut.timeline.markers[0].name
                cut.markers.add(0, name="x")
                cut.markers.remove("x")
            assert cut.timeline.markers[0].name == marker
        if not chance.randrange(_SAVES):
            cut.save()


def _left(path: Path) -> int:
    """Return how many steps are in the file and the journal; -2 if some are missing."""
    cut = tl.load(path)
    timeline = cut.timeline if cut.recovery is None else cut.recovery.timeline
    numbers = sorted(int(marker.name) for marker in timeline.markers)
    return len(numbers) if numbers == list(range(1, len(numbers) + 1)) else -2
