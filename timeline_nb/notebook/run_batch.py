"""Execute a notebook once for each row of a table: one film a row."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from timeline_nb import __version__
from timeline_nb.core.interrupts import StartedJobs
from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.core.near_names import quoted, suggestion
from timeline_nb.errors import NotebookError
from timeline_nb.notebook.progress import watch
from timeline_nb.notebook.runs import (
    Kept,
    checked_values,
    execution,
    notebook_path,
    run_file,
)
from timeline_nb.runs.batch import BatchResult, RowTask, check_jobs, make_all
from timeline_nb.runs.execute import Execution, environment_of
from timeline_nb.runs.film_names import columns_of, film_names
from timeline_nb.runs.finished import FinishedFilms
from timeline_nb.runs.notebook_file import NotebookFile, read_notebook
from timeline_nb.runs.parameters import values_of
from timeline_nb.runs.rows import Row, rows_and_columns
from timeline_nb.studio import Studio, default_studio

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["run_batch", "start_run_batch"]


def run_batch(  # noqa: PLR0913 - what is run, with what, where, and how
    notebook: "str | PathLike[str]",
    table: Any,
    *,
    film: str = "{name}.mp4",
    to: "str | PathLike[str]" = ".",
    parameters: Mapping[str, Any] | None = None,
    film_parameter: str = "film",
    jobs: int = 2,
    again: bool = False,
    folder: "str | PathLike[str] | None" = None,
    kernel: str | None = None,
    cell_timeout_s: float | None = None,
    lock: bool = False,
    overwrite: bool = False,
    studio: Studio | None = None,
) -> BatchResult:
    """Execute a notebook for each row of a table, some at once, and wait for all.

    A film that is there already, made of the same notebook and values on this machine,
    is kept: after a kill or an error, the same call makes the rest. What a row's media
    hold is not compared. The executed notebook lies beside its film.

    Args:
        notebook: The file, with a cell tagged `parameters`.
        table: A DataFrame, a CSV file, or a list of dictionaries. A column is a
            parameter's value, or a part of the film's name; an empty cell leaves the
            default.
        film: The name of a row's film, of its columns and `{row}`, its number.
        to: The folder that the films go to.
        parameters: Values for all rows.
        film_parameter: The parameter that takes the film's path.
        jobs: How many rows run at once, each in a kernel of its own.
        again: Make the films anew that are there.
        folder: The working folder of the kernels; the notebook's if not given.
        kernel: The kernels' name; the one that the notebook names if not given.
        cell_timeout_s: How many seconds one cell may take; any number if not given.
        lock: Write a lock beside each film that the notebook renders.
        overwrite: Replace executed notebooks and films that were not written here.
        studio: Its jobs; the notebook's own if not given.

    Returns:
        What became of each row; one that failed does not end the others.

    Raises:
        NotebookError: The notebook, the table, a value or a film's name cannot be used;
            the row is named. Nothing has run then.
        JobCancelledError: It was cancelled; what is finished is kept.

    Example:
        >>> rows = [{"name": "ada"}, {"name": "bob"}]
        >>> made = tl.run_batch("greeting.ipynb", rows, film="{name}.mp4")
        >>> made.is_whole, made.to_dataframe()["status"].tolist()
        (True, ['made', 'made'])
    """
    # An interrupt of the cell or the command cancels the job, at any moment.
    with StartedJobs():
        job = start_run_batch(
            notebook,
            table,
            film=film,
            to=to,
            parameters=parameters,
            film_parameter=film_parameter,
            jobs=jobs,
            again=again,
            folder=folder,
            kernel=kernel,
            cell_timeout_s=cell_timeout_s,
            lock=lock,
            overwrite=overwrite,
            studio=studio,
        )
        return job.wait()


def start_run_batch(  # noqa: PLR0913 - as `run_batch`
    notebook: "str | PathLike[str]",
    table: Any,
    *,
    film: str = "{name}.mp4",
    to: "str | PathLike[str]" = ".",
    parameters: Mapping[str, Any] | None = None,
    film_parameter: str = "film",
    jobs: int = 2,
    again: bool = False,
    folder: "str | PathLike[str] | None" = None,
    kernel: str | None = None,
    cell_timeout_s: float | None = None,
    lock: bool = False,
    overwrite: bool = False,
    studio: Studio | None = None,
) -> Job[BatchResult]:
    """Start to execute a notebook for each row; as `run_batch`, which waits for it.

    Raises:
        NotebookError: As `run_batch`.

    Example:
        >>> rows = [{"name": "ada"}]
        >>> job = tl.start_run_batch("greeting.ipynb", rows, film="{name}.mp4")
        >>> job.wait().is_whole
        True
    """
    studio = studio or default_studio()
    file = read_notebook(notebook_path(notebook))
    count = check_jobs(jobs)
    shared = checked_values(file, parameters or {})
    rows, columns = rows_and_columns(table)
    films = film_names(film, rows, Path(to), columns=columns)
    values = [
        _values(file, shared, row, number, columns_of(film), film_parameter)
        for number, row in enumerate(rows, 1)
    ]
    tasks = []
    for number, (path, own) in enumerate(zip(films, values, strict=True), 1):
        given = {**own, film_parameter: str(path)}
        told = environment_of(file, given, lock=lock)
        how = execution(
            file, told, folder=folder, kernel=kernel, cell_timeout_s=cell_timeout_s
        )
        output = path.with_name(f"{path.name}.ipynb")
        for target in (path, output):
            studio.written.check(target, NotebookError, overwrite=overwrite)
        kept = Kept(studio.written, output, overwrite)
        one = _RowRun(file, given, how, kept, path, film_parameter)
        key = _key(file, own, how.kernel, lock=lock)
        tasks.append(RowTask(number, path, _prepared(key, one.make)))

    def work(reporter: Reporter) -> BatchResult:
        finished = FinishedFilms(studio.settings.data_dir)
        return make_all(tasks, count, finished, reporter, again=again)

    with StartedJobs():
        return watch(studio.start(f"batch of {file.path.name}", work))


@dataclass(frozen=True)
class _RowRun:
    """The run of one row."""

    file: NotebookFile
    values: dict[str, Any]
    how: Execution
    kept: Kept
    film: Path
    film_parameter: str

    def make(self, reporter: Reporter) -> None:
        """Execute the notebook, and check that its film is there.

        Raises:
            NotebookError: A cell failed, or the film was not written.
        """
        before = _state(self.film)
        run_file(self.file, self.values, self.how, reporter, self.kept)
        if _state(self.film) in {before, None}:
            raise NotebookError(
                f"{self.file.path.name} wrote no {self.film.name}: let it render to "
                f"its parameter {self.film_parameter!r}, with overwrite=True"
            )
        # Whatever wrote it, the next batch may replace it.
        self.kept.written.note(self.film, [(self.film.name, self.film)])


def _prepared(
    key: str, make: Callable[[Reporter], None]
) -> Callable[[], tuple[str, Callable[[Reporter], None]]]:
    return lambda: (key, make)


def _values(  # noqa: PLR0913, PLR0917 - what a row has, and what it is for
    file: NotebookFile,
    shared: Mapping[str, Any],
    row: Row,
    number: int,
    in_name: tuple[str, ...],
    film_parameter: str,
) -> dict[str, Any]:
    """Return a row's values for the notebook's parameters, besides the film.

    Raises:
        NotebookError: A column is neither a parameter nor in the films' names, or the
            notebook has no parameter for the film's path.
    """
    known = {one.name for one in file.parameters}
    if film_parameter not in known:
        raise NotebookError(
            f"{file.path.name} has no parameter {quoted(film_parameter)} that takes "
            "the path of the film: name it with film_parameter= (--film-parameter)"
            f"{suggestion(film_parameter, known)}"
        )
    own = {}
    for name, value in row.items():
        if name in known:
            own[name] = value
        elif name not in in_name:
            raise NotebookError(
                f"the table's column {quoted(name)} is no parameter of "
                f"{file.path.name}, and not in the films' names"
                f"{suggestion(name, known)}"
            )
    own.pop(film_parameter, None)
    try:
        typed = values_of(own, file.parameters, notebook=file.path.name, texts=True)
    except NotebookError as error:
        raise NotebookError(f"row {number}: {error}") from error
    return {**shared, **typed}


def _key(
    file: NotebookFile, values: Mapping[str, Any], kernel: str, *, lock: bool
) -> str:
    """Return the hash of all that a row's film is made by, as far as is known."""
    known = [__version__, file.sha256, kernel, lock, sorted(values.items())]
    return hashlib.sha256(msgspec.json.encode(known)).hexdigest()


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
