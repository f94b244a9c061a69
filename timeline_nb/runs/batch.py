"""Make the films of a batch side by side; a row that fails does not end the others."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import wait
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from timeline_nb.core.jobs import Reporter
from timeline_nb.core.tables import table_of
from timeline_nb.core.worker_threads import WorkerThreads
from timeline_nb.errors import NotebookError, TimelineNbError
from timeline_nb.runs.finished import Finished, FinishedFilms

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BatchResult", "RowResult", "RowTask", "check_jobs", "make_all"]

_CHECK_EVERY_S: Final = 0.1
# A cancelled job is given up after two seconds.
_STOPS_WITHIN_S: Final = 1.5
_COLUMNS: Final = ("row", "film", "status", "seconds", "error", "sha256")


@dataclass(frozen=True)
class RowTask:
    """A film that is to be made.

    Args:
        row: The row's number, from 1.
        film: Where it goes.
        prepare: Returns the hash of all that it is made by, and the work, which is
            called with a reporter.
    """

    row: int
    film: Path
    prepare: Callable[[], tuple[str, Callable[[Reporter], object]]]


@dataclass(frozen=True)
class RowResult:
    """What became of a row.

    Args:
        row: Its number, from 1.
        film: The film.
        status: `made`, `kept` (it was there already), or `failed`.
        seconds: How long it took; of a kept one, how long it had taken.
        error: Why it failed; empty otherwise.
        sha256: Of the film; empty where it failed.

    Example:
        >>> cut.titles.add("Hello {name}", start=0, end="2s")
        >>> guests = [{"name": "Ada"}]
        >>> made = tl.render_batch(cut, guests, to="films", overwrite=True)
        >>> row = made.rows[0]
        >>> row.film.name, row.error
        ('Ada.mp4', '')
    """

    row: int
    film: Path
    status: str
    seconds: float
    error: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class BatchResult:
    """What became of each row of a batch, in the order of the table.

    Args:
        rows: One for each film.

    Example:
        >>> cut.titles.add("Hello {name}", start=0, end="2s")
        >>> guests = [{"name": "Ada"}]
        >>> made = tl.render_batch(cut, guests, to="films", overwrite=True)
        >>> made.is_whole, made.failed
        (True, ())
    """

    rows: tuple[RowResult, ...] = field(repr=False)

    @property
    def failed(self) -> tuple[RowResult, ...]:
        """The rows whose film could not be made."""
        return tuple(row for row in self.rows if row.status == "failed")

    @property
    def is_whole(self) -> bool:
        """Whether every film is there."""
        return not self.failed

    def to_dataframe(self) -> "pd.DataFrame":
        """Return a row for each film: row, film, status, seconds, error, sha256.

        Example:
            >>> cut.titles.add("Hello {name}", start=0, end="2s")
            >>> guests = [{"name": "Ada"}]
        >>> made = tl.render_batch(cut, guests, to="films", overwrite=True)
            >>> made.to_dataframe().columns.tolist()
            ['row', 'film', 'status', 'seconds', 'error', 'sha256']
        """
        rows = [
            {name: getattr(one, name) for name in _COLUMNS} | {"film": str(one.film)}
            for one in self.rows
        ]
        return table_of(rows, _COLUMNS)

    def __repr__(self) -> str:
        count = dict.fromkeys(("made", "kept", "failed"), 0)
        for row in self.rows:
            count[row.status] += 1
        counts = ", ".join(
            f"{number} {name}" for name, number in count.items() if number
        )
        return f"<BatchResult {len(self.rows)} films: {counts}>"

    def _repr_html_(self) -> Any:
        lines = "".join(
            f"<tr><td>{row.row}</td><td>{escape(row.film.name)}</td>"
            f"<td>{row.status}</td><td>{row.seconds:.1f}</td>"
            f"<td>{escape(row.error)}</td><td><code>{row.sha256[:12]}</code></td></tr>"
            for row in self.rows
        )
        names = "".join(f"<th>{name}</th>" for name in _COLUMNS)
        return (
            f"<p>{escape(repr(self)[1:-1])}</p><table><tr>{names}</tr>{lines}</table>"
        )


class _RowReporter(Reporter):
    """Pauses and cancels a row with its batch; what it reports nobody sees."""

    def __init__(self, batch: Reporter) -> None:
        super().__init__()
        self._batch = batch

    def check(self, *, wait: bool = True) -> None:
        self._batch.check(wait=wait)
        super().check(wait=wait)

    @property
    def is_paused(self) -> bool:
        return self._batch.is_paused


def make_all(
    tasks: Sequence[RowTask],
    jobs: int,
    finished: FinishedFilms,
    reporter: Reporter,
    *,
    again: bool,
) -> BatchResult:
    """Make the films that are not there yet.

    Args:
        tasks: One for each row.
        jobs: How many are made at once.
        finished: What was made before, and is noted now.
        reporter: Reports films; pauses and cancels all.
        again: Make those anew that are there.

    Raises:
        JobCancelledError: The job was cancelled; what is finished stays known.
    """

    def make(task: RowTask) -> RowResult:
        began = time.monotonic()
        try:
            key, work = task.prepare()
            known = None if again else finished.get(task.film, key)
            if known is not None:
                return _result(task, "kept", known)
            reporter.check()
            task.film.parent.mkdir(parents=True, exist_ok=True)
            work(_RowReporter(reporter))
            made = finished.keep(task.film, key, time.monotonic() - began)
            return _result(task, "made", made)
        # Whatever a person's template raises; `sys.exit()` ends its row, too.
        except (Exception, SystemExit) as error:  # noqa: BLE001
            # Rows of a cancelled batch have not failed.
            reporter.check(wait=False)
            why = str(error) if isinstance(error, TimelineNbError) else _named(error)
            seconds = time.monotonic() - began
            return RowResult(task.row, task.film, "failed", seconds, why)

    total = len(tasks)
    threads = WorkerThreads(min(jobs, total), "batch")
    reporter.report("films", 0, total, unit="film")
    futures = [threads.submit(make, task) for task in tasks]
    try:
        waiting = set(futures)
        while waiting:
            _, waiting = wait(waiting, timeout=_CHECK_EVERY_S)
            done = total - len(waiting)
            reporter.report("films", done, total, unit="film", wait=False)
    except BaseException:
        running = [future for future in futures if not future.cancel()]
        for stuck in wait(running, _STOPS_WITHIN_S).not_done:
            threads.abandon(stuck)
        raise
    finally:
        threads.shutdown(wait=False)
    return BatchResult(tuple(future.result() for future in futures))


def _result(task: RowTask, status: str, known: Finished) -> RowResult:
    seconds = known.seconds
    return RowResult(task.row, task.film, status, seconds, sha256=known.sha256)


def _named(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def check_jobs(jobs: Any) -> int:
    """Return how many films are made at once.

    Raises:
        NotebookError: It is no whole number from 1 to 64.
    """
    if isinstance(jobs, bool) or not isinstance(jobs, int) or not 1 <= jobs <= 64:
        raise NotebookError(
            f"jobs={jobs!r}: give how many films are made at once, 1-64"
        )
    return jobs
