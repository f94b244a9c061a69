"""A notebook made ready for its kernel, and its outputs made ready to be kept."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from timeline_nb.errors import NotebookError
from timeline_nb.runs.notebook_file import NotebookFile
from timeline_nb.runs.parameters import injected_source

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["check_declares", "prepared", "without_views"]

# Cells have ids since version 4.5 of the format.
_IDS_SINCE: Final = 5
_INJECTED: Final = "injected-parameters"
_VIEW: Final = "application/vnd.jupyter.widget-view+json"


def check_declares(file: NotebookFile) -> None:
    """Check that a notebook has a cell of parameters.

    Raises:
        NotebookError: It has none, so that values would be overwritten by its cells.
    """
    if file.declares_at is None:
        raise NotebookError(
            f"{file.path.name} takes no parameters: no cell of it has the tag "
            "'parameters'. Put the defaults into one cell, one `name = value` a line, "
            "and give it that tag (JupyterLab: the gear at the right, Cell Tags)"
        )


def prepared(file: NotebookFile, values: Mapping[str, Any]) -> "NotebookNode":
    """Return a copy without outputs, and with the cell that assigns the values.

    Raises:
        NotebookError: It nests too deeply to be copied.
    """
    import nbformat

    try:
        notes: NotebookNode = nbformat.from_dict(file.document)  # type: ignore[no-untyped-call]
    except RecursionError as error:
        raise NotebookError(f"{file.path} nests too deeply") from error
    notes.setdefault("metadata", nbformat.from_dict({}))  # type: ignore[no-untyped-call]
    notes.setdefault("nbformat_minor", 5)
    notes.metadata.pop("widgets", None)
    has_ids = notes.nbformat_minor >= _IDS_SINCE
    cells = []
    for number, cell in enumerate(notes.cells):
        _complete(cell, number, has_ids=has_ids)
        if _INJECTED not in _tags(cell) or not values:
            cells.append(cell)
        if number == file.declares_at and values:
            cells.append(_cell_of(values, has_id=has_ids))
    notes.cells = cells
    return notes


def without_views(notes: "NotebookNode") -> dict[str, Any]:
    """Return a notebook whose outputs name no widgets, of which no state is kept.

    What a widget shows without a browser, a picture or a text, stays.
    """
    for cell in notes.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data")
            if data and len(data) > 1:
                data.pop(_VIEW, None)
    notes.metadata.pop("widgets", None)
    return dict(notes)


def _complete(cell: Any, number: int, *, has_ids: bool) -> None:
    """Give a cell what the format demands, and take its outputs."""
    cell.setdefault("metadata", {})
    source = cell.get("source", "")
    cell["source"] = source if isinstance(source, str) else "".join(source)
    if has_ids:
        cell.setdefault("id", f"cell-{number}")
    if cell.cell_type == "code":
        cell["outputs"], cell["execution_count"] = [], None


def _cell_of(values: Mapping[str, Any], *, has_id: bool) -> Any:
    import nbformat

    cell = nbformat.v4.new_code_cell(  # type: ignore[no-untyped-call]
        injected_source(values), metadata={"tags": [_INJECTED]}
    )
    # A random one would make two runs differ.
    cell["id"] = _INJECTED
    if not has_id:
        del cell["id"]
    return cell


def _tags(cell: Any) -> list[Any]:
    tags = cell.get("metadata", {}).get("tags")
    return tags if isinstance(tags, list) else []
