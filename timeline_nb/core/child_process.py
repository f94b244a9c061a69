"""Run a module of the package in a child process, with limits of time and memory.

`subprocess` needs no main guard in a script, and imports nothing of the script.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final, Literal, TypeAlias

import psutil

from timeline_nb.core.partials import temporary_folder

__all__ = [
    "PATIENCE",
    "ChildEnd",
    "ChildResult",
    "plain_environment",
    "run_module",
    "start_module",
]

ChildEnd: TypeAlias = Literal["ended", "slow", "large"]
_POLL_S: Final = 0.02
# How often its time a child may take on the clock, as long as it computes for less: on
# a machine with other work, what takes a second may take many.
PATIENCE: Final = 6
# Of what a child writes to the standard error, its last words.
_ERROR_BYTES: Final = 4000
# Parts of the names of variables that hold secrets, as GITHUB_TOKEN, AWS_ACCESS_KEY_ID,
# PGPASSWORD, SSH_AUTH_SOCK; and of addresses with one in them, as DATABASE_URL.
_SECRET_NAME: Final = re.compile(
    r"KEY|TOKEN|SECRET|PASS|PWD|CREDENTIAL|AUTH|COOKIE|SESSION|DSN|NETRC|WEBHOOK"
    r"|(^|_)(PAT|SAS|JWT|PIN|SALT|CONNECTION_STRING)(_|$)|(DATABASE|DB|REDIS|MONGO\w*"
    r"|AMQP|BROKER|INDEX|PROXY)_?(URL|URI)"
)
_NO_SECRETS: Final = frozenset({"PWD", "OLDPWD"})
# An address with a password: https://ada:secret@host.
_ADDRESS_WITH_SECRET: Final = re.compile(r"://[^/\s]*@")
# Tokens by the prefixes that their makers gave them.
_SECRET_VALUE: Final = re.compile(r"(sk-|gh[opsu]_|github_pat_|xox[abp]-|AKIA|AIza)")


@dataclass(frozen=True)
class ChildResult:
    """How a child process ended.

    Args:
        end: `ended` by itself, or killed as it was too `slow` or too `large`.
        code: Its exit code; negative for a signal.
        output: What it wrote to the standard output.
        error: The end of what it wrote to the standard error.
        peak_bytes: The largest memory that was seen.
        seconds: How long it ran.
    """

    end: ChildEnd
    code: int
    output: bytes
    error: str
    peak_bytes: int
    seconds: float


def plain_environment() -> dict[str, str]:
    """Return the environment of this process without what looks like a secret.

    It is recognized by the variables' names, and by how some keys and addresses look.
    """
    return {
        name: value
        for name, value in os.environ.items()
        if name in _NO_SECRETS
        or not (
            _SECRET_NAME.search(name.upper())
            or _ADDRESS_WITH_SECRET.search(value)
            or _SECRET_VALUE.match(value)
        )
    }


def start_module(
    module: str,
    *arguments: str,
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
    **pipes: Any,
) -> "subprocess.Popen[bytes]":
    """Start `python -m module` with the import path of this process.

    Args:
        module: The module's full name.
        arguments: Its arguments.
        folder: Its working folder; that of this process if None.
        variables: Its environment, with the import path added; that of this process
            without what looks like a secret if None.
        pipes: `stdin`, `stdout`, `stderr` and `pass_fds`, as `subprocess.Popen` takes
            them.

    Raises:
        OSError: The process cannot be started.
    """
    path = [str(Path(entry).absolute()) for entry in sys.path]
    given = plain_environment() if variables is None else variables
    environment = {**given, "PYTHONPATH": os.pathsep.join(path)}
    # -P: the working folder is no place to import from.
    command = [sys.executable or "python3", "-P", "-m", module, *arguments]
    # In a group of its own: an interrupt of the terminal or notebook is for its parent.
    group: dict[str, Any] = {} if sys.platform == "win32" else {"process_group": 0}
    return subprocess.Popen(  # noqa: S603
        command, env=environment, cwd=folder, **group, **pipes
    )


def _nothing() -> None:
    pass


def run_module(
    module: str,
    *arguments: str,
    given: bytes | IO[bytes],
    time_s: float,
    memory_bytes: int,
    check: Callable[[], object] = _nothing,
) -> ChildResult:
    """Run `python -m module` in an empty folder until it ends or exceeds a limit.

    Args:
        module: The module's full name.
        arguments: Its arguments.
        given: What it reads from the standard input; an open file is its standard
            input itself, where it may seek.
        time_s: Seconds after which it is killed if it computed for so long; one that
            waits, be it for a processor, is killed after `PATIENCE` times that.
        memory_bytes: Resident memory beyond which it is killed.
        check: Called several times a second; where it raises, the child is killed.

    Raises:
        OSError: The process cannot be started.
    """
    with (
        temporary_folder() as folder,
        _as_file(given) as source,
        TemporaryFile() as output,
        TemporaryFile() as error,
    ):
        began = time.monotonic()
        child = start_module(
            module,
            *arguments,
            folder=folder,
            stdin=source,
            stdout=output,
            stderr=error,
        )
        try:
            end, peak_bytes = _watched(child, time_s, memory_bytes, check)
        finally:
            child.kill()
            child.wait()
        seconds = time.monotonic() - began
        return ChildResult(
            end, child.returncode, _all(output), _last(error), peak_bytes, seconds
        )


@contextmanager
def _as_file(given: bytes | IO[bytes]) -> Iterator[IO[bytes]]:
    if not isinstance(given, bytes):
        yield given
        return
    # A file, not a pipe: nobody has to write while the child is watched.
    with TemporaryFile() as file:
        file.write(given)
        file.seek(0)
        yield file


def _watched(
    child: "subprocess.Popen[bytes]",
    time_s: float,
    memory_bytes: int,
    check: Callable[[], object],
) -> tuple[ChildEnd, int]:
    """Wait for a child; return how it is to end, and the largest memory seen."""
    began, peak_bytes = time.monotonic(), 0
    while child.poll() is None:
        peak_bytes = max(peak_bytes, _resident_bytes(child.pid))
        if peak_bytes > memory_bytes:
            return "large", peak_bytes
        passed_s = time.monotonic() - began
        if passed_s > time_s and (
            passed_s > PATIENCE * time_s or _computed_s(child.pid) > time_s
        ):
            return "slow", peak_bytes
        check()
        time.sleep(_POLL_S)
    return "ended", peak_bytes


def _resident_bytes(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def _computed_s(pid: int) -> float:
    """Return how long processors have worked for a child, where that is known."""
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def _all(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _last(file: IO[bytes]) -> str:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _ERROR_BYTES))
    return file.read().decode("utf-8", "replace")
