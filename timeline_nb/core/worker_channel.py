"""A folder through which a render and its workers communicate.

The render writes `stop` and `pause`; each worker writes its progress. Files serve
threads, processes and other machines alike, and survive a killed worker.
"""

import contextlib
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from timeline_nb.core.partials import partial_folder, sweep
from timeline_nb.errors import JobCancelledError

__all__ = ["WorkerChannel", "WorkerStatus"]

# How often a worker checks and reports.
_EVERY_S: Final = 0.2


@dataclass
class WorkerStatus:
    """A worker's side of the channel.

    Args:
        folder: The channel's.
        number: The worker's.
    """

    folder: Path
    number: int
    done: int = 0
    _posted_at: float = field(default=0.0, repr=False)
    _checked_at: float = field(default=0.0, repr=False)

    def step(self, segment: int) -> None:
        """Report that one more frame of a segment is done; wait while paused.

        Raises:
            JobCancelledError: The render was stopped.
        """
        self.done += 1
        if time.monotonic() - self._posted_at >= _EVERY_S:
            self._posted_at = time.monotonic()
            self.report(segment)
            self.check()

    def check(self) -> None:
        """Check whether to go on, at most five times a second; wait while paused.

        Raises:
            JobCancelledError: The render was stopped, or its folder is gone.
        """
        now = time.monotonic()
        if now - self._checked_at < _EVERY_S:
            return
        self._checked_at = now
        while _exists(self.folder / "pause") and not self._is_stopped():
            time.sleep(_EVERY_S)
        if not _exists(self.folder, unknown=True):
            raise JobCancelledError(f"the folder {self.folder} is gone")
        if self._is_stopped():
            raise JobCancelledError("the render was stopped")

    def report(self, segment: int) -> None:
        """Report the segment of this worker; -1 after the last."""
        with contextlib.suppress(OSError):
            path = self.folder / f"worker-{self.number}"
            path.write_text(f"{self.done} {segment}", "ascii")

    def _is_stopped(self) -> bool:
        is_gone = not _exists(self.folder, unknown=True)
        return is_gone or _exists(self.folder / "stop")


def _exists(path: Path, *, unknown: bool = False) -> bool:
    """Return whether a file is there; `unknown` if the system does not say."""
    try:
        return path.exists()
    except OSError:
        return unknown


class WorkerChannel:
    """A render's side of the channel; a context manager that removes it.

    Args:
        folder: The folder in which channels are created.
        stage: What is being done, in a word.
        total: How many frames there are to do.

    Raises:
        OSError: The folder cannot be written.
    """

    def __init__(self, folder: Path, *, stage: str, total: int) -> None:
        self.stage, self.total = stage, total
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        self._removal = contextlib.ExitStack()
        self.folder = self._removal.enter_context(partial_folder(folder, stage))

    @property
    def is_there(self) -> bool:
        """Whether the folder is there, without which all workers stop."""
        return _exists(self.folder, unknown=True)

    def stop(self) -> None:
        """Stop every worker at its next frame."""
        with contextlib.suppress(OSError):
            (self.folder / "stop").touch()

    def pause(self, *, paused: bool) -> None:
        """Pause or resume every worker."""
        with contextlib.suppress(OSError):
            if paused:
                (self.folder / "pause").touch()
            else:
                (self.folder / "pause").unlink(missing_ok=True)

    @property
    def done(self) -> int:
        """How many frames all workers have done."""
        return sum(done for done, _ in self._posts())

    @property
    def at_work(self) -> list[int]:
        """The segments that workers are encoding."""
        return sorted(segment for _, segment in self._posts() if segment >= 0)

    def _posts(self) -> list[tuple[int, int]]:
        found = []
        for path in self.folder.glob("worker-*"):
            with contextlib.suppress(OSError, ValueError):
                done, segment = path.read_text("ascii").split()
                found.append((int(done), int(segment)))
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._removal.close()
