"""The rows of a batch: a CSV file, a DataFrame, or a list of dictionaries."""

import csv
import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from timeline_nb.core.file_limits import FileLimit, read_limited
from timeline_nb.core.near_names import kind_of, quoted
from timeline_nb.core.tables import is_missing
from timeline_nb.errors import NotebookError

__all__ = ["Row", "rows_and_columns", "rows_of"]

Row = dict[str, Any]
MAX_BATCH_BYTES: Final = FileLimit("TIMELINE_NB_MAX_BATCH_BYTES", 32 << 20)
_MOST_ROWS: Final = 10_000
_MOST_COLUMNS: Final = 500


def rows_of(table: Any) -> list[Row]:
    """Return the rows of a table, each with its values by column.

    Empty cells have no value. The cells of a CSV file are text.

    Raises:
        NotebookError: It is no table, is empty, or has too many rows or columns; or the
            file cannot be read.
    """
    return rows_and_columns(table)[0]


def rows_and_columns(table: Any) -> tuple[list[Row], frozenset[str]]:
    """Return the rows of a table, and all its columns, also those that are empty.

    Raises:
        NotebookError: As `rows_of`.
    """
    if isinstance(table, (str, os.PathLike)):
        rows = _of_csv(Path(table))
    elif hasattr(table, "to_dict") and hasattr(table, "columns"):
        names = [name for name in table.columns if isinstance(name, str)]
        if len(set(names)) != len(table.columns):
            raise NotebookError("the table's columns need names, each another one")
        rows = table.to_dict("records")
    elif isinstance(table, Iterable) and not isinstance(table, (bytes, Mapping)):
        rows = list(table)
    else:
        raise NotebookError(
            f"the table is {kind_of(table)}: give a DataFrame, a CSV file, or "
            "a list of dictionaries"
        )
    _check(rows)
    filled = [
        {name: value for name, value in row.items() if not is_missing(value)}
        for row in rows
    ]
    return filled, frozenset(name for row in rows for name in row)


def _check(rows: list[Any]) -> None:
    if not rows:
        raise NotebookError("the table has no rows: there is nothing to make")
    if len(rows) > _MOST_ROWS:
        raise NotebookError(
            f"the table has {len(rows):,} rows, more than {_MOST_ROWS:,}: divide it"
        )
    for number, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            raise NotebookError(
                f"row {number} of the table is {kind_of(row)}: give values by name"
            )
        if len(row) > _MOST_COLUMNS:
            raise NotebookError(
                f"row {number} has {len(row):,} columns, more than {_MOST_COLUMNS}"
            )
        for name in row:
            if not isinstance(name, str) or not name.strip():
                raise NotebookError(f"row {number} has a column without a name")


def _of_csv(path: Path) -> list[Row]:
    data = read_limited(path, MAX_BATCH_BYTES, NotebookError)
    try:
        # Spreadsheets put a mark of the byte order before UTF-8.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotebookError(
            f"{path} is not UTF-8 text, from byte {error.start} on: save it as CSV in "
            "UTF-8"
        ) from None
    if "\0" in text:
        raise NotebookError(f"{path} is no CSV table: it holds the character NUL")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        _check_names(path, names)
        rows = []
        for cells in reader:
            if len(cells) > len(names):
                raise NotebookError(
                    f"{path}, line {reader.line_num} has {len(cells)} cells, and there "
                    f"are {len(names)} columns: put text with commas into quotes"
                )
            if cells:
                rows.append(dict(zip(names, cells, strict=False)))
            if len(rows) > _MOST_ROWS:
                raise NotebookError(f"{path} has more than {_MOST_ROWS:,} rows")
    except csv.Error as error:
        raise NotebookError(
            f"{path}, line {reader.line_num} is no CSV: {error}"
        ) from error
    return rows


def _check_names(path: Path, names: list[str]) -> None:
    """Check the first line, which names the columns."""
    if not any(names):
        raise NotebookError(f"{path} has no first line that names the columns")
    if len(names) > _MOST_COLUMNS:
        raise NotebookError(f"{path} has more than {_MOST_COLUMNS} columns")
    for number, name in enumerate(names, 1):
        if not name:
            raise NotebookError(f"{path}: column {number} has no name")
        if names.index(name) != number - 1:
            raise NotebookError(f"{path} has two columns named {quoted(name)}")
