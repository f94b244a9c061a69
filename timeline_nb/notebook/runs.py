"""Execute a notebook from a cell, a script or the terminal, with parameters."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.interrupts import StartedJobs
from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.core.near_names import kind_of
from timeline_nb.core.output_names import output_path
from timeline_nb.core.written_files import WrittenFiles
from timeline_nb.errors import NotebookError
from timeline_nb.notebook.progress import watch
from timeline_nb.project.document import SUFFIX
from timeline_nb.runs.execute import Execution, check_kernel, environment_of, execute
from timeline_nb.runs.notebook_file import NotebookFile, read_notebook
from timeline_nb.runs.outcome import NotebookRun
from timeline_nb.runs.parameters import values_of
from timeline_nb.runs.prepare import check_declares
from timeline_nb.studio import Studio, default_studio

__all__ = ["run_notebook", "start_run_notebook"]


def run_notebook(  # noqa: PLR0913 - what is run, with what, where, and how
    notebook: "str | PathLike[str]",
    parameters: Mapping[str, Any] | None = None,
    *,
    output: "str | PathLike[str] | None" = None,
    folder: "str | PathLike[str] | None" = None,
    kernel: str | None = None,
    cell_timeout_s: float | None = None,
    lock: bool = False,
    overwrite: bool = False,
    studio: Studio | None = None,
) -> NotebookRun:
    """Execute a notebook in a kernel of its own, and wait for it.

    Values are assigned after the cell with the tag `parameters`, as papermill does.

    Args:
        notebook: The file; it is only read.
        parameters: Values by name. Each has the type of the default in that cell.
        output: Where the executed notebook is kept, also if a cell fails; nowhere if
            not given.
        folder: The working folder of the kernel; the notebook's if not given, as in
            JupyterLab.
        kernel: The kernel's name; the one that the notebook names if not given.
        cell_timeout_s: How many seconds one cell may take; any number if not given.
        lock: Write a lock beside each film that the notebook renders: see `tl.verify`.
        overwrite: Replace an `output` that was not written here.
        studio: Its jobs; the notebook's own if not given.

    Raises:
        NotebookError: The notebook, a parameter or the output cannot be used, or a cell
            failed; cell and line are named.
        JobCancelledError: It was cancelled; `output` has what ran.

    Example:
        >>> run = tl.run_notebook("greeting.ipynb", {"name": "Ada"}, output="ada.ipynb")
        >>> run.cells, run.output.name
        (3, 'ada.ipynb')
    """
    # An interrupt of the cell or the command cancels the job, at any moment.
    with StartedJobs():
        job = start_run_notebook(
            notebook,
            parameters,
            output=output,
            folder=folder,
            kernel=kernel,
            cell_timeout_s=cell_timeout_s,
            lock=lock,
            overwrite=overwrite,
            studio=studio,
        )
        return job.wait()


def start_run_notebook(  # noqa: PLR0913 - as `run_notebook`
    notebook: "str | PathLike[str]",
    parameters: Mapping[str, Any] | None = None,
    *,
    output: "str | PathLike[str] | None" = None,
    folder: "str | PathLike[str] | None" = None,
    kernel: str | None = None,
    cell_timeout_s: float | None = None,
    lock: bool = False,
    overwrite: bool = False,
    studio: Studio | None = None,
) -> Job[NotebookRun]:
    """Start to execute a notebook; as `run_notebook`, which waits for it.

    Returns:
        The job: `await` it, or call `wait()` or `cancel()`.

    Raises:
        NotebookError: The notebook, a parameter or the output cannot be used.

    Example:
        >>> job = tl.start_run_notebook("greeting.ipynb", {"name": "Ada"})
        >>> job.wait().cells
        3
    """
    studio = studio or default_studio()
    file = read_notebook(notebook_path(notebook))
    values = checked_values(file, parameters or {})
    target = None
    if output is not None:
        what = "the executed notebook, such as 'out.ipynb'"
        target = output_path(output, NotebookError, what=what, field="output")
        studio.written.check(target, NotebookError, overwrite=overwrite)
    told = environment_of(file, values, lock=lock)
    how = execution(
        file, told, folder=folder, kernel=kernel, cell_timeout_s=cell_timeout_s
    )

    def work(reporter: Reporter) -> NotebookRun:
        keep = Kept(studio.written, target, overwrite)
        return run_file(file, values, how, reporter, keep)

    with StartedJobs():
        return watch(studio.start(f"run {file.path.name}", work))


def notebook_path(notebook: Any) -> Path:
    """Return the path of a notebook.

    Raises:
        NotebookError: It is no path, or that of a project.
    """
    what = "the notebook, such as 'traffic.ipynb'"
    path = output_path(notebook, NotebookError, what=what, field="notebook")
    if path.suffix.lower() == SUFFIX:
        raise NotebookError(
            f"{path} is a project, and no notebook: `timeline-nb render` makes its "
            "film, and tl.render_batch(project, table) in Python one for each row"
        )
    return path


def checked_values(file: NotebookFile, given: Any) -> dict[str, Any]:
    """Return a notebook's values for a run.

    Raises:
        NotebookError: The notebook takes none, or not these.
    """
    if not isinstance(given, Mapping):
        kind = kind_of(given)
        raise NotebookError(
            f"parameters are {kind}: give values by name, such as {{'score': 0.4}}"
        )
    if given:
        check_declares(file)
    return values_of(given, file.parameters, notebook=file.path.name)


def execution(
    file: NotebookFile,
    environment: Mapping[str, str],
    *,
    folder: "str | PathLike[str] | None",
    kernel: str | None,
    cell_timeout_s: float | None,
) -> Execution:
    """Return how a notebook is executed.

    Raises:
        NotebookError: The folder, the kernel or the time cannot be used.
    """
    place = file.path.resolve().parent if folder is None else _folder(folder)
    _check_seconds(cell_timeout_s)
    _check_kernel_name(kernel)
    name = kernel or file.kernel or "python3"
    check_kernel(name, file.path)
    return Execution(place, name, cell_timeout_s, environment)


def _folder(folder: Any) -> Path:
    """Return a working folder.

    Raises:
        NotebookError: It is no path, or there is no such folder.
    """
    if not isinstance(folder, (str, PathLike)) or isinstance(fspath(folder), bytes):
        kind = kind_of(folder)
        raise NotebookError(f"folder is {kind}: give the path of a folder")
    try:
        place = Path(folder).resolve()
        is_there = place.is_dir()
    except (OSError, ValueError):
        # Too long, or with NUL or half a letter in it: no folder has such a name.
        is_there = False
    if not is_there:
        raise NotebookError(
            f"folder={fspath(folder)!a:.200} is no folder: make it before"
        )
    return place


def _check_seconds(number: Any) -> None:
    is_number = isinstance(number, Real) and not isinstance(number, bool)
    if number is not None and not (is_number and 0 < number < 1e7):
        is_short = is_number and abs(number) < 1e9
        shown = f"={number!r}" if is_short else f" is {kind_of(number)}"
        raise NotebookError(f"cell_timeout_s{shown}: give seconds, such as 600")


def _check_kernel_name(kernel: Any) -> None:
    if kernel is None or (isinstance(kernel, str) and kernel):
        return
    shown = "is empty" if isinstance(kernel, str) else f"is {kind_of(kernel)}"
    raise NotebookError(
        f"kernel {shown}: give a kernel's name, such as 'python3', or None for the "
        "notebook's own"
    )


@dataclass(frozen=True)
class Kept:
    """Where an executed notebook is kept.

    Args:
        written: Knows the files that were written here.
        output: The file; None to keep it nowhere.
        overwrite: Whether a file that was not written here is replaced.
    """

    written: WrittenFiles
    output: Path | None
    overwrite: bool

    def write(self, document: dict[str, Any]) -> None:
        """Write the notebook.

        Raises:
            NotebookError: It cannot be written.
        """
        if self.output is None:
            return
        text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
        data = f"{text}\n".encode(errors="replace")
        with file_errors(self.output, NotebookError):
            self.written.write(
                self.output, data, NotebookError, overwrite=self.overwrite
            )


def run_file(
    file: NotebookFile,
    values: dict[str, Any],
    how: Execution,
    reporter: Reporter,
    kept: Kept,
) -> NotebookRun:
    """Execute a notebook, and keep it, whether it failed or not.

    Raises:
        NotebookError: A cell failed, or the output cannot be written.
        JobCancelledError: The job was cancelled.
    """
    document, fault, seconds = execute(file, values, how, reporter)
    try:
        kept.write(document)
    except NotebookError as error:
        raise fault or error from None
    if fault is not None:
        end = f" (what ran is in {kept.output})" if kept.output else ""
        kind = type(fault)
        raise kind(f"{fault}{end}")
    cells = sum(cell["cell_type"] == "code" for cell in document["cells"])
    return NotebookRun(file.path, kept.output, values, cells, seconds)
