"""What a program costs: CPU and wall seconds, and the most memory it held."""

import contextlib
import os
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

__all__ = ["Cost", "about", "cost_of", "cpu_s", "folder_of", "middle", "ratio"]


@dataclass(frozen=True)
class Cost:
    """What a run took.

    Args:
        cpu_s: Of all its threads, in user and system mode.
        wall_s: From start to end.
        memory_mb: The most it held at a time, with the programs it ran.
    """

    cpu_s: float
    wall_s: float
    memory_mb: float


def cost_of(command: Sequence[str]) -> Cost:
    """Run a program.

    Raises:
        RuntimeError: It fails.
    """
    began = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    ended, held = threading.Event(), [0.0]
    watch = threading.Thread(target=_watch, args=(process.pid, ended, held))
    watch.start()
    _, status, usage = os.wait4(process.pid, 0)
    ended.set()
    watch.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[0]} failed with {process.returncode}")
    # Linux tells kilobytes, macOS bytes.
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Cost(
        usage.ru_utime + usage.ru_stime,
        time.perf_counter() - began,
        max(usage.ru_maxrss / unit, *held),
    )


def middle(costs: Sequence[Cost]) -> Cost:
    """The medians of several runs."""
    return Cost(
        median(c.cpu_s for c in costs),
        median(c.wall_s for c in costs),
        median(c.memory_mb for c in costs),
    )


def _watch(pid: int, ended: threading.Event, held: list[float]) -> None:
    """Note the most that a process and those it started hold together."""
    while not ended.wait(0.1):
        held.append(sum(map(_resident_mb, _family(pid))))
        held[:] = [max(held)]


def _family(pid: int) -> Iterator[int]:
    """A process and all it started, where the system tells: on Linux."""
    yield pid
    with contextlib.suppress(OSError):
        for path in Path(f"/proc/{pid}/task").iterdir():
            for child in (path / "children").read_text().split():
                yield from _family(int(child))


def _resident_mb(pid: int) -> float:
    with contextlib.suppress(OSError):
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    return 0.0


def cpu_s() -> float:
    """Seconds that this process has worked so far, and the programs it ran."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


@contextlib.contextmanager
def folder_of(words: Sequence[str]) -> Iterator[Path]:
    """The folder that a command names first, which is kept; else one that is not."""
    if words:
        yield Path(words[0])
        return
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def ratio(ours: Cost, theirs: Cost) -> str:
    """CPU, wall and memory, ours in shares of theirs."""
    cpu, wall = ours.cpu_s / theirs.cpu_s, ours.wall_s / theirs.wall_s
    memory = ours.memory_mb / theirs.memory_mb
    return f"CPU {cpu:.2f} x, wall {wall:.2f} x, memory {memory:.2f} x"


def about(*packages: str) -> str:
    """The machine and the versions, for a table that others can check."""
    told = [f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}"]
    for name in ("timeline-nb", "av", *packages):
        try:
            told.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            told.append(f"{name} is not installed")
    try:
        first = subprocess.run(
            ["ffmpeg", "-version"], capture_output=True, text=True, check=True
        ).stdout.split(" ")
        told.append(f"ffmpeg {first[2]}")
    except OSError:
        told.append("no ffmpeg program")
    return "; ".join(told)
