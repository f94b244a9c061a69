"""Execute a notebook in a kernel of its own, and stop it when the job is cancelled."""

import asyncio
import atexit
import os
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import msgspec

from timeline_nb.core.jobs import Reporter
from timeline_nb.core.started_by import (
    MOST_PARAMETER_BYTES,
    NOTEBOOK_VARIABLE,
    StartedBy,
)
from timeline_nb.errors import JobCancelledError, NotebookError
from timeline_nb.runs.failure import failure_text
from timeline_nb.runs.notebook_file import NotebookFile
from timeline_nb.runs.prepare import prepared, without_views

if TYPE_CHECKING:
    from nbclient import NotebookClient

__all__ = ["Execution", "check_kernel", "environment_of", "execute"]

_CHECK_EVERY_S: Final = 0.1
# A cancelled job is given up after two seconds; an interrupted cell has this long to
# remove what it had begun to write.
_STOPS_WITHIN_S: Final = 1.0
_STARTS_WITHIN_S: Final = 120
# It warns of its own connection on each start.
_QUIET: Final = ["--log-level=ERROR"]
# Of what a kernel that ended printed last: bytes that are read, letters that are shown.
_MOST_LAST_BYTES: Final = 50_000
_MOST_LAST_LETTERS: Final = 300


@dataclass(frozen=True)
class Execution:
    """How a notebook is executed.

    Args:
        folder: The working folder of its kernel.
        kernel: The kernel's name.
        cell_timeout_s: How long one cell may take; as long as it likes if None.
        environment: Variables for the kernel, besides those of this process.
    """

    folder: Path
    kernel: str
    cell_timeout_s: float | None = None
    environment: Mapping[str, str] | None = None


def check_kernel(name: str, notebook: Path) -> None:
    """Check that there is a kernel of Python with a name.

    Raises:
        NotebookError: There is none, or it is of another language.
    """
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    manager = KernelSpecManager()
    try:
        language = manager.get_kernel_spec(name).language
    except NoSuchKernel:
        there = ", ".join(sorted(manager.find_kernel_specs())) or "none"
        raise NotebookError(
            f"{notebook} names the kernel {name!r}, which is not installed here; there "
            f"are {there}: choose one with kernel= (--kernel)"
        ) from None
    if language.lower() != "python":
        raise NotebookError(
            f"{notebook} is for {language}, by its kernel {name!r}: only notebooks in "
            "Python are run"
        )


def _is_ipykernel(name: str) -> bool:
    from jupyter_client.kernelspec import KernelSpecManager

    words = KernelSpecManager().get_kernel_spec(name).argv
    return any("ipykernel" in word for word in words)


def environment_of(
    file: NotebookFile, values: Mapping[str, Any], *, lock: bool = False
) -> dict[str, str]:
    """Return the variables that say to a kernel which notebook it executes.

    Args:
        file: The notebook.
        values: Of its parameters.
        lock: Whether its renders write locks.

    Raises:
        NotebookError: The values are too large for that.
    """
    known = StartedBy(file.path.name, file.sha256, dict(values), lock)
    # ASCII, so that any locale can have it.
    text = msgspec.json.encode(known).decode()
    if len(text.encode()) > MOST_PARAMETER_BYTES:
        raise NotebookError(
            f"{file.path.name}: the parameters take more than "
            f"{MOST_PARAMETER_BYTES:,} bytes: write them to a file, and give its name"
        )
    return {NOTEBOOK_VARIABLE: text}


def execute(
    file: NotebookFile, values: Mapping[str, Any], how: Execution, reporter: Reporter
) -> tuple[dict[str, Any], Exception | None, float]:
    """Execute a notebook from its first cell to its last, or to one that fails.

    No state of widgets is kept: pictures stand for them in the outputs.

    Returns:
        The notebook with its outputs, as far as it ran, as JSON has it; what stopped
        it, a `NotebookError` or `JobCancelledError`, if anything; and the seconds that
        it took.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import (
        CellControlSignal,
        CellExecutionError,
        CellTimeoutError,
        DeadKernelError,
    )

    notes = prepared(file, values)
    client = NotebookClient(
        notes,
        kernel_name=how.kernel,
        timeout=how.cell_timeout_s,
        startup_timeout=_STARTS_WITHIN_S,
        store_widget_state=False,
        record_timing=False,
        extra_arguments=_QUIET if _is_ipykernel(how.kernel) else [],
        resources={"metadata": {"path": str(how.folder)}},
    )
    began = time.monotonic()
    fault: Exception | None = None
    printed = _printed_file(file.path.name)
    try:
        asyncio.run(_run(client, how, reporter, printed))
    except JobCancelledError as error:
        fault = error
    except CellExecutionError as error:
        fault = NotebookError(failure_text(file.path, notes, error))
    except CellTimeoutError:
        limit = f"longer than {how.cell_timeout_s:g} s"
        fault = NotebookError(f"{_place(file, client)} took {limit}, and was stopped")
    except (DeadKernelError, CellControlSignal, RuntimeError, OSError) as error:
        why = f"its kernel ended or did not start: {error}{_last_words(printed)}"
        fault = NotebookError(f"{_place(file, client)}: {why}")
    finally:
        printed.close()
        # Left behind if a kernel does not start, and a traceback as this process ends.
        atexit.unregister(client._cleanup_kernel)  # noqa: SLF001 - nothing public does
    return without_views(notes), fault, time.monotonic() - began


async def _run(
    client: "NotebookClient", how: Execution, reporter: Reporter, printed: IO[bytes]
) -> None:
    """Execute all cells; stop the kernel when the job is cancelled.

    What cells print are outputs. What the kernel's process itself prints (a library in
    C, libzmq as it ends) goes to a file, not among what this process prints.
    """
    total = sum(cell.cell_type == "code" for cell in client.nb.cells)
    done = 0

    async def begin(**_: Any) -> None:
        while reporter.is_paused:  # noqa: ASYNC110 - another thread resumes it
            await asyncio.sleep(_CHECK_EVERY_S)

    def end(**_: Any) -> None:
        nonlocal done
        done += 1
        with suppress(JobCancelledError):
            reporter.report("run", done, total, unit="cell", wait=False)

    client.on_cell_start, client.on_cell_executed = begin, end
    reporter.report("run", 0, total, unit="cell", wait=False)
    environment = {**os.environ, **(how.environment or {})}
    executed = client.async_execute(env=environment, stdout=printed, stderr=printed)
    work = asyncio.ensure_future(executed)
    while not (await asyncio.wait({work}, timeout=_CHECK_EVERY_S))[0]:
        try:
            reporter.check(wait=False)
        except JobCancelledError:
            await _stop(client, work)
            raise
    work.result()


async def _stop(client: "NotebookClient", work: "asyncio.Future[Any]") -> None:
    """Interrupt the running cell, then end the kernel."""
    from jupyter_core.utils import ensure_async

    with suppress(RuntimeError, OSError):
        if client.km is not None and client.km.has_kernel:
            await ensure_async(client.km.interrupt_kernel())
            await asyncio.wait({work}, timeout=_STOPS_WITHIN_S)
    with suppress(RuntimeError, OSError):
        if client.km is not None and client.km.has_kernel:
            await ensure_async(client.km.shutdown_kernel(now=True))
    work.cancel()
    await asyncio.wait({work}, timeout=_STOPS_WITHIN_S)
    if work.done() and not work.cancelled():
        # Looked at, so that asyncio does not log what was asked for.
        work.exception()


def _printed_file(name: str) -> IO[bytes]:
    """Return a file for what a kernel's process prints, which ends with it."""
    try:
        return tempfile.TemporaryFile()
    except OSError as error:
        raise NotebookError(f"{name} cannot run: no temporary file: {error}") from None


def _last_words(printed: IO[bytes]) -> str:
    """Return what the kernel's process printed last, to be put after its end.

    After a crash Python prints the stacks of all threads, which are left out.
    """
    printed.seek(max(0, printed.seek(0, os.SEEK_END) - _MOST_LAST_BYTES))
    text = printed.read().decode(errors="replace")
    before, crash, after = text.partition("Fatal Python error")
    crash += after.split("\n", 1)[0]
    lines = [line.strip() for line in (*before.splitlines(), crash) if line.strip()]
    last = "; ".join(lines[-2:])[-_MOST_LAST_LETTERS:]
    return f"; it printed last: {last}" if last else ""


def _place(file: NotebookFile, client: "NotebookClient") -> str:
    """Return the notebook and the cell that ran last."""
    numbers = [
        number
        for number, cell in enumerate(client.nb.cells, 1)
        if cell.cell_type == "code" and _has_run(cell)
    ]
    return f"{file.path.name}, cell {numbers[-1]}" if numbers else file.path.name


def _has_run(cell: Any) -> bool:
    return cell.execution_count is not None or bool(cell.outputs)
