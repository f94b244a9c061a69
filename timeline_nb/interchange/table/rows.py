"""The rows of a CSV table, by the names of its columns."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from timeline_nb.errors import ProjectError
from timeline_nb.interchange.list_text import (
    MAX_LIST_CLIPS,
    ListText,
    without_controls,
)

__all__ = ["CsvRow", "CsvTable"]

_MOST_COLUMNS: Final = 500


@dataclass(frozen=True)
class CsvRow:
    """A row.

    Args:
        number: Its number in the file, from 1.
        cells: What stands in it, by column; columns that it has not are not there.
    """

    number: int
    cells: dict[str, str]

    def get(self, *names: str) -> str:
        """Return the first cell that is not empty of columns of these names."""
        found = (without_controls(self.cells.get(name, "")).strip() for name in names)
        return next(filter(None, found), "")

    def fault(self, column: str, what: str) -> ProjectError:
        """Return the error of a cell."""
        return ProjectError(f"row {self.number}, column {column!r}: {what}")


@dataclass(frozen=True)
class CsvTable:
    """A table.

    Args:
        names: Of its columns, in lower case.
        rows: Its rows, without that of the names.
        delimiter: What stands between cells.
    """

    names: list[str]
    rows: list[CsvRow]
    delimiter: str

    @staticmethod
    def of(text: ListText) -> "CsvTable":
        """Return the table of a text.

        Raises:
            ProjectError: It is empty, a column's name stands twice, a row is none of
                CSV, or rows are too many.
        """
        first = next((n for n, row in enumerate(text.rows) if row.strip()), 0)
        delimiter = text.delimiter(first)
        found = _rows(text.whole, delimiter)
        names = [cell.strip().lower() for cell in next(found, (0, []))[1]]
        if not names:
            raise ProjectError(
                "it is empty: a table names its columns in its first row"
            )
        if len(names) > _MOST_COLUMNS:
            raise ProjectError(f"it has more than {_MOST_COLUMNS} columns")
        twice = next((n for n in names if n and names.count(n) > 1), None)
        if twice is not None:
            raise ProjectError(f"the column {twice[:60]!r} stands there twice")
        rows = [
            CsvRow(number, dict(zip(names, cells, strict=False)))
            for number, cells in islice(found, MAX_LIST_CLIPS.value)
        ]
        if next(found, None) is not None:
            raise ProjectError(f"rows are {MAX_LIST_CLIPS.excess}")
        return CsvTable(names, rows, delimiter)


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each row that is not empty, with its number from 1.

    Line ends within quotes stay as they are.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield number, cells
            number = reader.line_num + 1
    except csv.Error as error:
        raise ProjectError(f"row {number} is not a row of CSV: {error}") from None
