"""What a program costs: CPU and wall seconds, and the most memory it held."""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from statistics import median

__all__ = ["Cost", "about", "cost_of", "ratio"]


@dataclass(frozen=True)
class Cost:
    """What a run took.

    Args:
        cpu_s: Of all its threads, in user and system mode.
        wall_s: From start to end.
        memory_mb: The most it held at a time.
    """

    cpu_s: float
    wall_s: float
    memory_mb: float


def cost_of(command: Sequence[str], *, rounds: int = 1) -> Cost:
    """Run a program, so often, and tell the medians.

    Raises:
        RuntimeError: It fails.
    """
    costs = [_cost(command) for _ in range(rounds)]
    return Cost(
        median(c.cpu_s for c in costs),
        median(c.wall_s for c in costs),
        median(c.memory_mb for c in costs),
    )


def _cost(command: Sequence[str]) -> Cost:
    began = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[0]} failed with {process.returncode}")
    # Linux tells kilobytes, macOS bytes.
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Cost(
        usage.ru_utime + usage.ru_stime,
        time.perf_counter() - began,
        usage.ru_maxrss / unit,
    )


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
