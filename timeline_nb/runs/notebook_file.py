"""A notebook's file: read within limits, checked, with its parameters."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec

from timeline_nb.core.bounded_json import memory_needed
from timeline_nb.core.file_limits import FileLimit, read_limited
from timeline_nb.errors import NotebookError
from timeline_nb.runs.parameters import NotebookParameter, declared

__all__ = ["NotebookFile", "read_notebook"]

MAX_NOTEBOOK_BYTES: Final = FileLimit("TIMELINE_NB_MAX_NOTEBOOK_BYTES", 256 << 20)
_MOST_MEMORY: Final = 400_000_000
_MOST_CELLS: Final = 20_000
_DECLARES: Final = "parameters"
_INJECTED: Final = "injected-parameters"


class _Cell(msgspec.Struct):
    """What every cell must have; the rest is kept as it is."""

    cell_type: Literal["code", "markdown", "raw"]
    source: str | list[str] = ""
    metadata: dict[str, Any] = {}


class _Notebook(msgspec.Struct):
    nbformat: Annotated[int, msgspec.Meta(ge=0, le=99)]
    cells: list[_Cell]
    metadata: dict[str, Any] = {}
    nbformat_minor: Annotated[int, msgspec.Meta(ge=0, le=99)] = 5


@dataclass(frozen=True)
class NotebookFile:
    """A notebook as it lies on disk.

    Args:
        path: The file.
        document: The notebook as JSON has it; not to be changed.
        parameters: What it declares; empty where no cell has the tag.
        declares_at: The place of the cell with the tag among all; None without one.
        sha256: Of the sources of its code cells, without outputs and injected values.
        kernel: The name of its kernel; empty where it names none.
    """

    path: Path
    document: dict[str, Any]
    parameters: tuple[NotebookParameter, ...]
    declares_at: int | None
    sha256: str
    kernel: str


def read_notebook(path: Path) -> NotebookFile:
    """Read a notebook, which may be anything.

    Raises:
        NotebookError: It cannot be read, is no notebook of version 4, or its cell of
            parameters is not Python.
    """
    data = read_limited(path, MAX_NOTEBOOK_BYTES, NotebookError)
    needed = memory_needed(data)
    if needed > _MOST_MEMORY:
        raise NotebookError(
            f"{path} would take {needed / 1e6:,.0f} MB of memory, more than "
            f"{_MOST_MEMORY / 1e6:,.0f}: clear its outputs"
        )
    try:
        checked = msgspec.json.decode(data, type=_Notebook)
        document = msgspec.json.decode(data)
    except RecursionError as error:
        raise NotebookError(f"{path} is no notebook: it nests too deeply") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        fault = "" if isinstance(error, UnicodeDecodeError) else f": {_place(error)}"
        raise NotebookError(f"{path} is no notebook{fault}") from None
    if checked.nbformat != 4:
        raise NotebookError(
            f"{path} is a notebook of version {checked.nbformat}, not 4: open and save "
            "it in JupyterLab, or convert it with `jupyter nbconvert --to notebook`"
        )
    if len(checked.cells) > _MOST_CELLS:
        raise NotebookError(
            f"{path} has {len(checked.cells):,} cells, more than {_MOST_CELLS:,}"
        )
    cells = [
        (cell.cell_type, _joined(cell.source), _tags(cell)) for cell in checked.cells
    ]
    place = next(
        (n for n, c in enumerate(cells) if c[0] == "code" and _DECLARES in c[2]), None
    )
    parameters: tuple[NotebookParameter, ...] = ()
    if place is not None:
        where = f"{path.name}, cell {place + 1}"
        parameters = declared(cells[place][1], where)
    return NotebookFile(
        path, document, parameters, place, _digest(cells), _kernel(checked.metadata)
    )


def _place(error: Exception) -> str:
    """Return where JSON is not as a notebook is, without words of the file."""
    _, at, place = str(error).rpartition(" - at ")
    return f"{place.strip('`')} is not as in notebooks" if at else "it is no JSON"


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _tags(cell: _Cell) -> frozenset[str]:
    tags = cell.metadata.get("tags")
    named = tags if isinstance(tags, list) else []
    return frozenset(tag for tag in named if isinstance(tag, str))


def _digest(cells: Sequence[tuple[str, str, frozenset[str]]]) -> str:
    """Return the hash of what is executed, each source with its length before it."""
    hashed = hashlib.sha256()
    for kind, source, tags in cells:
        if kind == "code" and _INJECTED not in tags:
            text = source.encode(errors="surrogatepass")
            hashed.update(len(text).to_bytes(8) + text)
    return hashed.hexdigest()


def _kernel(metadata: dict[str, Any]) -> str:
    spec = metadata.get("kernelspec")
    name = spec.get("name") if isinstance(spec, dict) else None
    return name if isinstance(name, str) else ""
