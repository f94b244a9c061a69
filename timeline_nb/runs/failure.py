"""Say where a notebook failed: cell, line, its text and the error."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from timeline_nb.core.near_names import quoted

if TYPE_CHECKING:
    from nbclient.exceptions import CellExecutionError
    from nbformat import NotebookNode

__all__ = ["failure_text"]

_COLORS: Final = re.compile(r"\x1b\[[0-9;]*m")
# "Cell In[3], line 2" of IPython 8 and later.
_LINE: Final = re.compile(r"Cell In\[(\d{1,9})\], line (\d{1,9})")
_MOST_LETTERS: Final = 600
# A traceback is read so far; a recursion's has the cell at its start.
_MOST_TRACEBACK: Final = 200_000


def failure_text(
    path: Path, notebook: "NotebookNode", error: "CellExecutionError"
) -> str:
    """Return the message about a cell that raised an error."""
    place = _failed(notebook)
    if place is None:
        return f"{path.name} failed: {_cut(f'{error.ename}: {error.evalue}')}"
    number, cell = place
    line = _line_of(cell)
    at = f", line {line}" if line else ""
    sources = cell.source.splitlines()
    shown = f" {quoted(sources[line - 1].strip())}" if 0 < line <= len(sources) else ""
    what = _cut(f"{error.ename}: {error.evalue}")
    return f"{path.name} failed in cell {number}{at}{shown}: {what}"


def _failed(notebook: "NotebookNode") -> tuple[int, Any] | None:
    """Return the number, from 1, and the cell with the last error."""
    for number in range(len(notebook.cells), 0, -1):
        cell = notebook.cells[number - 1]
        outputs = cell.get("outputs", ())
        if any(output.get("output_type") == "error" for output in outputs):
            return number, cell
    return None


def _line_of(cell: Any) -> int:
    """Return the line of the cell that its error came through last; 0 if unknown."""
    for output in cell.outputs:
        if output.get("output_type") != "error":
            continue
        text = "\n".join(output.get("traceback", ()))[:_MOST_TRACEBACK]
        own = str(cell.get("execution_count"))
        found = [
            int(line)
            for count, line in _LINE.findall(_COLORS.sub("", text))
            if count == own
        ]
        return found[-1] if found else 0
    return 0


def _cut(text: str) -> str:
    plain = _COLORS.sub("", text).strip()
    return plain if len(plain) <= _MOST_LETTERS else f"{plain[:_MOST_LETTERS]}…"
