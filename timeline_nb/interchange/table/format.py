"""CSV as a format of edits: our own table, or a foreign one."""

from typing import Any

from timeline_nb.errors import ProjectError
from timeline_nb.interchange import terms
from timeline_nb.interchange.list_text import list_of
from timeline_nb.interchange.requests import ReadRequest
from timeline_nb.interchange.table.foreign import edit_of_rows
from timeline_nb.interchange.table.own import OWN_COLUMNS, edit_of_table
from timeline_nb.interchange.table.rows import CsvTable
from timeline_nb.interchange.table.writing import write_table as write
from timeline_nb.timeline.model import Timeline

__all__ = ["read", "write"]


def read(
    request: ReadRequest,
    *,
    rate: Any = None,
    size: tuple[int, int] | None = None,
    encoding: str | None = None,
) -> Timeline:
    """Return the edit of a table.

    A table that `export` wrote, changed or not, comes back. Of another one, each row is
    a clip: a column names its file (`path`, `file`, `media`), others may say where it
    begins and ends (`start`, `end`, `duration`), its `name`, `track`, and the time of
    the edit (`at`); without that, rows follow one another.

    Args:
        request: The file.
        rate: Frames a second; those of the media if not given.
        size: Width and height; those of the media if not given.
        encoding: Of the file; detected if not given.

    Raises:
        ProjectError: A row cannot be read, which is named with its column; or no
            column names media.
    """
    text = list_of(request.data, request.path, encoding=encoding)
    if text.note:
        request.report.add("the file", terms.LETTERS, "approximated", None, text.note)
    try:
        table = CsvTable.of(text)
        made = edit_of_table if set(table.names) >= OWN_COLUMNS else edit_of_rows
        return made(request, table, rate, size)
    except ProjectError as error:
        words = str(error)
        named = words if request.name in words else f"{request.name}: {words}"
        raise ProjectError(named) from None
