"""What a run of a notebook gave."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["NotebookRun"]


@dataclass(frozen=True)
class NotebookRun:
    """A notebook that was executed to its end.

    Args:
        notebook: The file that was executed.
        output: The executed notebook; None where it was not kept.
        parameters: The values that it was given, by name.
        cells: How many code cells ran.
        seconds: How long they took.

    Example:
        >>> run = tl.run_notebook("greeting.ipynb", {"name": "Ada"})
        >>> run
        <NotebookRun 'greeting.ipynb': 3 cells in ... s, name='Ada'>
    """

    notebook: Path
    output: Path | None
    parameters: dict[str, Any] = field(repr=False)
    cells: int
    seconds: float

    def __repr__(self) -> str:
        kept = f" -> {self.output.name!r}" if self.output else ""
        given = "".join(f", {name}={v!r}" for name, v in self.parameters.items())
        return (
            f"<NotebookRun {self.notebook.name!r}{kept}: {self.cells} cells in "
            f"{self.seconds:.1f} s{given[:200]}>"
        )
