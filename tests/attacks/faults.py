"""Make the nth call of the system fail while something is written, for every n."""

import builtins
import errno
import fcntl
import io
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any, Final, Self
from unittest.mock import patch

import av
import numpy as np
from attacks.storage import SCENES, litter

from timeline_nb.errors import TimelineNbError
from timeline_nb.segments.convert import Converter

__all__ = ["ERRORS", "FaultFigures", "faults_of"]

ERRORS: Final = (
    errno.ENOSPC,
    errno.EIO,
    errno.EROFS,
    errno.EACCES,
    errno.EMFILE,
    errno.ENOENT,
    errno.ENOMEM,
)
_OPEN: Final = open
# What takes paths or descriptors.
_OF_THE_SYSTEM: Final = (
    (os, "open"),
    (os, "fsync"),
    (os, "replace"),
    (os, "rename"),
    (os, "link"),
    (os, "mkdir"),
    (os, "rmdir"),
    (os, "unlink"),
    (os, "chmod"),
    (os, "stat"),
    (os, "lstat"),
    (os, "scandir"),
    (os, "listdir"),
    (os, "utime"),
    (fcntl, "flock"),
    (av, "open"),
    (io, "open"),
    (builtins, "open"),
)
_OF_MEMORY: Final = ((np, "zeros"), (np, "empty"), (Converter, "convert"))
# What these refuse may stay until the next write.
_CLEANING: Final = {"unlink", "rmdir", "scandir", "lstat", "stat", "open"}


@dataclass
class FaultFigures:
    """What failing calls did.

    Args:
        calls: How many calls failed, one in each write.
        finished: How many of the writes went on without what failed.
        refused: How many ended with an error of the package.
        faults: What else was found: broken content, litter, foreign errors, errors
            that do not name the file.
    """

    calls: int = 0
    finished: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.calls} failing calls: {self.finished} writes finished, "
            f"{self.refused} refused, {len(self.faults)} faults"
        )


def faults_of(
    scene: str, *, step: int = 1, first: int = 1, errors: tuple[int, ...] = ERRORS
) -> FaultFigures:
    """Let the nth call fail for every n, and look at what is there after each.

    Args:
        scene: Of `SCENES`.
        step: 1 for every call, more for some.
        first: The first n.
        errors: Numbers of the system's errors; each call fails with the next one.
    """
    figures = FaultFigures()
    writing = SCENES[scene]
    with (
        tempfile.TemporaryDirectory() as name,
        patch.dict(os.environ, TIMELINE_NB_CACHE_DIR=str(Path(name) / "cache")),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore", RuntimeWarning)
        folder = Path(name)
        for which in (1, 0):
            writing.prepare(folder)
            writing.write(folder, which)
        for turn, number in enumerate(count(first, step)):
            fault = _NthCall(number, errors[turn % len(errors)], folder)
            found = _outcome(fault, scene, folder, figures)
            if not fault.failed:
                return figures
            figures.calls += 1
            if found:
                figures.faults.append(f"call {number}, {fault.failed}: {found}")
    raise AssertionError("not reached")


def _outcome(fault: "_NthCall", scene: str, folder: Path, figures: FaultFigures) -> str:
    """Return what is wrong after a write with a failing call; empty if nothing is."""
    writing = SCENES[scene]
    wrong = []
    writing.prepare(folder)
    try:
        with fault.installed():
            writing.write(folder, 1)
        figures.finished += bool(fault.failed)
    except TimelineNbError as error:
        figures.refused += 1
        # What is computed has no file: the clip is named.
        if str(folder) not in str(error) and "of solid:" not in str(error):
            wrong.append(f"no file is named: {error}")
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the finding
        wrong.append(f"foreign: {error!r}")
    try:
        found = writing.read(folder)
        if found not in {0, 1} and not (found == -1 and scene in _MADE_AGAIN):
            wrong.append(f"content {found}")
        rest = litter(folder)
        if rest and fault.failed.partition(" ")[0] not in _CLEANING:
            wrong.append(f"left: {rest}")
        writing.prepare(folder)
        writing.write(folder, 0)
        if writing.read(folder) != 0:
            wrong.append("the next write did nothing")
        rest = litter(folder)
        if rest:
            wrong.append(f"left after the next write: {rest}")
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        wrong.append(f"then: {error!r}")
    return "; ".join(wrong)


# What is kept in the cache alone: none is as good as old.
_MADE_AGAIN: Final = {"library", "detections", "journal", "segment", "index"}


class _NthCall:
    """Counts calls about files below a folder, and fails one of them.

    Args:
        number: Which one, from 1.
        error: The system's number of the error.
        folder: The folder.
    """

    def __init__(self, number: int, error: int, folder: Path) -> None:
        self._number, self._error, self._folder = number, error, folder
        self._lock, self._count = Lock(), 0
        self._installed = False
        self.failed = ""

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Count the calls in the block."""
        patches = [
            patch.object(owner, name, self._failing(name, getattr(owner, name)))
            for owner, name in (*_OF_THE_SYSTEM, *_OF_MEMORY)
        ]
        for one in patches:
            one.start()
        self._installed = True
        try:
            yield
        finally:
            self._installed = False
            for one in reversed(patches):
                one.stop()

    def check(self, name: str, what: object) -> None:
        """Count a call; raise if it is the one."""
        if not self._installed:
            return
        with self._lock:
            self._count += 1
            if self._count != self._number:
                return
            self.failed = f"{name} of {what}: {errno.errorcode[self._error]}"
        if not what:
            raise MemoryError
        if str(what).startswith("file:"):
            av.error.err_check(-self._error, str(what))  # as FFmpeg raises it
        raise OSError(self._error, os.strerror(self._error), str(what))

    def _failing(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        is_memory = name in {found for _, found in _OF_MEMORY}

        def failing(*arguments: Any, **options: Any) -> Any:
            first = arguments[0] if arguments else ""
            if is_memory:
                if self._error == errno.ENOMEM:
                    self.check(name, "")
            elif isinstance(first, int) or str(self._folder) in str(first):
                self.check(name, first)
                if call is _OPEN:
                    return _File(call(*arguments, **options), self)
            return call(*arguments, **options)

        return failing


class _File:
    """A file whose reads and writes are counted."""

    def __init__(self, file: Any, calls: _NthCall) -> None:
        self._file, self._calls = file, calls

    def write(self, data: Any) -> Any:
        self._calls.check("write", self._file.name)
        return self._file.write(data)

    def read(self, *size: int) -> Any:
        self._calls.check("read", self._file.name)
        return self._file.read(*size)

    def close(self) -> None:
        was_closed = self._file.closed
        self._file.close()
        if not was_closed:
            self._calls.check("close", self._file.name)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._file)
