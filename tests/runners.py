"""One notebook that makes a film, and the programs that run notebooks."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import nbformat
from nbclient import NotebookClient

__all__ = ["RUNNERS", "film_notebook", "notebook", "sha256"]

_DECLARED: Final = 'words = "Ada"  # what is shown\nfilm = "film.mp4"'
_CELLS: Final = (
    """\
import timeline_nb as tl
cut = tl.Edit("walk", rate=25, size=(160, 90))
cut.append([tl.open(source).clip("0.4s", "1s") for _ in range(2)])
cut.dissolve(after=0, duration="0.2s")
cut.titles.add(words, start=0, end="0.4s")
cut""",
    "await cut.render(film, overwrite=True)",
)


def notebook(folder: Path, *sources: str, parameters: str = "") -> Path:
    """Write a notebook of some cells, after one of parameters."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]  # type: ignore[no-untyped-call]
    if parameters:
        declared = nbformat.v4.new_code_cell(parameters)  # type: ignore[no-untyped-call]
        declared.metadata["tags"] = ["parameters"]
        cells.insert(0, declared)
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    path = folder / "cut.ipynb"
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})  # type: ignore[no-untyped-call]
    nbformat.write(made, path)  # type: ignore[no-untyped-call]
    return path


def film_notebook(folder: Path, source: Path) -> Path:
    """Write a notebook that makes a film of a video: pictures, sound and a title."""
    declared = f"{_DECLARED}\nsource = {str(source)!r}"
    return notebook(folder, *_CELLS, parameters=declared)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _environment(cache: Path) -> dict[str, str]:
    # Each renders all of it itself.
    return {**os.environ, "TIMELINE_NB_CACHE_DIR": str(cache)}


def _run(command: list[Any], folder: Path, cache: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *map(str, command)],
        cwd=folder,
        env=_environment(cache),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _by_papermill(path: Path, film: str, words: str, cache: Path) -> None:
    output = path.with_name(f"{film}.ipynb")
    given = ["-p", "film", film, "-p", "words", words]
    _run(["papermill", path, output, *given], path.parent, cache)


def _by_command(path: Path, film: str, words: str, cache: Path) -> None:
    given = ["-p", f"film={film}", "-p", f"words={words}", "-o", f"{film}.ipynb"]
    _run(["timeline_nb.cli", "run", path, *given], path.parent, cache)


def _by_nbclient(path: Path, film: str, words: str, cache: Path) -> None:
    notes = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    # It takes no parameters: the values are typed into the cell.
    notes.cells[0].source += f"\nwords, film = {words!r}, {film!r}"
    place = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notes, resources=place).execute(env=_environment(cache))


# Each runs a notebook with a film's name and words, and a cache of its own.
RUNNERS: Final[dict[str, Callable[[Path, str, str, Path], None]]] = {
    "papermill": _by_papermill,
    "nbclient": _by_nbclient,
    "timeline-nb": _by_command,
}
