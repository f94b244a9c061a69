"""Run a Python script in a process of its own, and see what it leaves."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

TESTS = Path(__file__).parents[1]


@dataclass(frozen=True)
class Ended:
    """How a script ended.

    Args:
        code: The exit code; negative where a signal ended it.
        out: What it printed.
        err: What it and its children wrote to stderr.
        left: Command lines of processes that it left behind.
    """

    code: int
    out: str
    err: str
    left: tuple[str, ...]


def run_script(
    text: str,
    folder: Path,
    *arguments: object,
    limit_s: float = 200.0,
    interrupt_s: float | None = None,
) -> Ended:
    """Run a script in a session of its own, and end what is left of it.

    Args:
        text: The script.
        folder: Where it is written; it may leave files there.
        arguments: Of the script.
        limit_s: After so long it hangs.
        interrupt_s: Interrupt it after so long, counted from its first line of output.

    Raises:
        AssertionError: It hangs; what it wrote is in the message.
    """
    path = folder / "script.py"
    path.write_text(text)
    return run_command(
        [sys.executable, str(path), *map(str, arguments)],
        folder,
        limit_s=limit_s,
        interrupt_s=interrupt_s,
    )


def run_command(
    command: list[str],
    folder: Path,
    *,
    limit_s: float = 200.0,
    interrupt_s: float | None = None,
) -> Ended:
    """Run a command as `run_script` does a script."""
    out, err = folder / "out.txt", folder / "err.txt"
    paths = [str(TESTS), str(TESTS.parent), os.environ.get("PYTHONPATH", "")]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}
    with out.open("w") as stdout, err.open("w") as stderr:
        process = subprocess.Popen(
            command,
            stdout=stdout,
            stderr=stderr,
            stdin=subprocess.DEVNULL,
            env=env,
            start_new_session=True,
            # A shell lets what it runs in the background ignore interrupts, for good.
            preexec_fn=_obey_interrupts,  # noqa: PLW1509 - calls no more than that
        )
    try:
        if interrupt_s is not None:
            _await_output(out, process)
            time.sleep(interrupt_s)
            # A terminal interrupts all processes of the group.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGINT)
        process.wait(limit_s)
    except subprocess.TimeoutExpired:
        raise AssertionError(
            f"hangs: {command}:\n{out.read_text()}\n{err.read_text()}"
        ) from None
    finally:
        left = _end_session(process.pid)
        process.wait()
    return Ended(process.returncode, out.read_text(), err.read_text(), left)


def _obey_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _await_output(out: Path, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 200
    while not out.stat().st_size and process.poll() is None:
        assert time.monotonic() < end, "the script prints nothing"
        time.sleep(0.01)


def _end_session(session: int) -> tuple[str, ...]:
    """End the processes of a session; return those that did not end by themselves."""
    end = time.monotonic() + 60
    while (members := _members(session)) and time.monotonic() < end:
        time.sleep(0.05)
    left = []
    for member in members:
        with contextlib.suppress(psutil.Error):
            left.append(" ".join(member.cmdline()))
            member.kill()
    return tuple(left)


def _members(session: int) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            is_dead = process.status() == psutil.STATUS_ZOMBIE
            if os.getsid(process.pid) == session and not is_dead:
                found.append(process)
    return found
