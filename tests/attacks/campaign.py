"""Throws many inputs at a function in a child process, and counts what goes wrong.

The child may die, hang or fill the memory; the campaign goes on with a new one.
"""

import multiprocessing
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

import psutil

from timeline_nb.errors import TimelineNbError

_POLL_S = 0.05
# Seconds on the clock for each that a call may compute.
_PATIENCE = 6


@dataclass
class Figures:
    """What a campaign counted.

    Each fault is told with the input's number and what was seen.
    """

    inputs: int = 0
    accepted: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    peak_bytes: int = 0

    def __str__(self) -> str:
        return (
            f"{self.inputs} inputs: {self.accepted} accepted, {self.refused} refused, "
            f"{len(self.faults)} faults; slowest {self.slowest_s:.1f} s, "
            f"peak {self.peak_bytes / 2**20:.0f} MiB"
        )


def attack(
    function: Callable[[Any], object],
    inputs: Iterable[Any],
    *,
    limit_s: float = 10.0,
    limit_bytes: int = 2**30,
) -> Figures:
    """Call a function with each input, and count deaths, hangs and foreign errors.

    Args:
        function: Of an importable module (not of a test), since a child imports it.
            What it returns counts as accepted, a `TimelineNbError` as refused; any
            other exception is a fault.
        inputs: Anything that can be pickled.
        limit_s: A call that computes for longer, or takes six times as long on the
            clock (a loaded machine is slow), counts as a hang, and its child is ended.
        limit_bytes: A child that grows beyond this over its size at the start counts
            as a fault, and is ended.
    """
    figures = Figures()
    child: _Child | None = None
    try:
        for number, value in enumerate(inputs):
            child = child or _Child(function)
            figures.inputs += 1
            began = time.monotonic()
            verdict, detail = child.call(value, limit_s, limit_bytes)
            figures.slowest_s = max(figures.slowest_s, time.monotonic() - began)
            figures.peak_bytes = max(figures.peak_bytes, child.peak_bytes)
            if verdict == "accepted":
                figures.accepted += 1
            elif verdict == "refused":
                figures.refused += 1
            else:
                figures.faults.append(f"input {number}: {verdict}: {detail}")
            if verdict in {"death", "hang", "memory"}:
                child.end()
                child = None
    finally:
        if child:
            child.end()
    return figures


class _Child:
    """A process that calls the function with what it is sent."""

    def __init__(self, function: Callable[[Any], object]) -> None:
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(function, there))
        self._process.start()
        there.close()
        self._here.recv()
        self._base_bytes = self._rss()
        self.peak_bytes = 0

    def call(self, value: object, limit_s: float, limit_bytes: int) -> tuple[str, str]:
        """Return the verdict on one input, and its details."""
        self._here.send(value)
        end, computed_s = time.monotonic() + _PATIENCE * limit_s, self._computed_s()
        while not self._here.poll(_POLL_S):
            self.peak_bytes = max(self.peak_bytes, self._rss() - self._base_bytes)
            if self.peak_bytes > limit_bytes:
                return "memory", f"{self.peak_bytes / 2**20:.0f} MiB"
            if self._computed_s() - computed_s > limit_s or time.monotonic() > end:
                return "hang", f"over {limit_s:g} s"
        try:
            verdict: tuple[str, str] = self._here.recv()
        except (EOFError, ConnectionResetError):
            self._process.join()
            return "death", f"exit code {self._process.exitcode}"
        return verdict

    def _computed_s(self) -> float:
        try:
            times = psutil.Process(self._process.pid).cpu_times()
        except psutil.Error:
            return 0.0
        return float(times.user + times.system)

    def _rss(self) -> int:
        try:
            return int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def end(self) -> None:
        """Kill the process."""
        self._process.kill()
        self._process.join()
        self._here.close()


def _serve(function: Callable[[Any], object], there: Connection) -> None:
    there.send("ready")
    while True:
        try:
            value = there.recv()
        except EOFError:
            return
        try:
            function(value)
        except TimelineNbError as error:
            there.send(("refused", str(error)))
        except BaseException:  # noqa: BLE001 - whatever it is, it is the finding
            there.send(("foreign", traceback.format_exc(limit=-6)))
        else:
            there.send(("accepted", ""))
