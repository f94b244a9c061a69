"""What an analyzer returned, checked cell by cell."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec
import numpy as np

from timeline_nb.core.near_names import kind_of
from timeline_nb.errors import PluginError
from timeline_nb.recognition.analyzers import (
    Analyzer,
    Column,
    ColumnType,
    MediaPart,
    Row,
)

__all__ = ["Measured", "measured_of"]

_MOST_ROWS: Final = 1_000_000
_MOST_ROWS_OF_PART: Final = 10_000
_MOST_LETTERS: Final = 2_000
# What texts may take together, in letters.
_MOST_TEXT: Final = 50_000_000
_MOST_WHOLE: Final = 1 << 53


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What an analyzer returned of a file.

    Args:
        numbers: Of the parts that it was given, rising.
        starts: Their time stamps.
        ends: Until when each holds.
        frames: The frame shown at each.
        places: For each row, the place of its part among those.
        cells: A list of cells for each column; None where nothing was measured.
    """

    numbers: list[int]
    starts: list[int]
    ends: list[int]
    frames: list[int]
    places: list[int]
    cells: dict[str, list[float | int | str | bool | None]]


class _Parts(Iterator[MediaPart]):
    """Hands parts out one by one, and notes which were taken."""

    def __init__(self, parts: Iterable[MediaPart]) -> None:
        self._parts = iter(parts)
        self.numbers: list[int] = []
        self.places: dict[int, int] = {}

    def __next__(self) -> MediaPart:
        part = next(self._parts)
        self.places[part.number] = len(self.numbers)
        self.numbers.append(part.number)
        return part


def measured_of(
    analyzer: Analyzer,
    parts: Iterable[MediaPart],
    measure: Callable[[Iterator[MediaPart]], Iterable[Row]],
) -> tuple[list[int], list[int], dict[str, list[Any]]]:
    """Collect the rows of an analyzer, and check each of them.

    Args:
        analyzer: Whose rows they are.
        parts: What it is given.
        measure: Yields rows of parts.

    Returns:
        The numbers of the parts, the place of each row's part among them, and the cells
        of each column.

    Raises:
        PluginError: A row does not fit the columns, is of a part that was not given, or
            there are too many; the message names the analyzer.
    """
    given, sheet = _Parts(parts), _Sheet(analyzer)
    key = "frame" if analyzer.of == "picture" else "sample"
    for row in measure(given):
        number = sheet.checked(row).get(key)
        if number is None and not given.numbers:
            raise sheet.error("a row came before the first part, and names none")
        if number is None:
            place: int | None = len(given.numbers) - 1
        else:
            is_whole = isinstance(number, int) and not isinstance(number, bool)
            place = given.places.get(number) if is_whole else None
        if place is None:
            raise sheet.error(f"{key}: {number!r:.60} is none that it was given")
        sheet.add(place, row, key)
    # What it left is not measured, but its rows may be of all that it took.
    return given.numbers, sheet.places, sheet.cells


class _Sheet:
    """The rows of one analysis."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._columns = {one.name: one for one in analyzer.columns}
        self.places: list[int] = []
        self.cells: dict[str, list[Any]] = {name: [] for name in self._columns}
        self._of_part = self._letters = 0

    def error(self, fault: str) -> PluginError:
        """Return an error that names the analyzer."""
        count = len(self.places)
        return PluginError(f"{self._analyzer.name}, row {count}: {fault}")

    def checked(self, row: Any) -> Row:
        """Return a row, which is one of cells by name."""
        if not isinstance(row, Mapping):
            raise self.error(f"it is {kind_of(row)}, not a row of cells")
        return row

    def add(self, place: int, row: Row, key: str) -> None:
        """Check a row, and keep it."""
        is_same = bool(self.places) and self.places[-1] == place
        self._of_part = self._of_part + 1 if is_same else 1
        if self._of_part > _MOST_ROWS_OF_PART:
            raise self.error(f"more than {_MOST_ROWS_OF_PART:,} rows are of one {key}")
        if len(self.places) >= _MOST_ROWS:
            raise self.error(f"there are more than {_MOST_ROWS:,} rows")
        for name in row:
            if name not in self._columns and name != key:
                known = ", ".join(self._columns)
                raise self.error(f"{name!r:.60} is no column; there are {known}")
        for name, column in self._columns.items():
            if name not in row:
                raise self.error(f"the column {name!r} is missing")
            self.cells[name].append(self._cell(column, row[name]))
        self.places.append(place)

    def _cell(self, column: Column, value: Any) -> Any:
        if value is None:
            return "" if column.type == "text" else None
        if isinstance(value, np.generic):
            value = value.item()
        if fault := _cell_fault(column.type, value):
            raise self.error(f"{column.name}: {value!r:.60} {fault}")
        if column.type == "text":
            self._letters += len(value)
            if self._letters > _MOST_TEXT:
                raise self.error(f"its texts have more than {_MOST_TEXT:,} letters")
        return float(value) if column.type == "number" else value


def _cell_fault(type_: ColumnType, value: Any) -> str:
    """Return why a column cannot hold a value; empty if it can."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    match type_:
        case "number":
            is_fine = is_number and abs(value) <= sys.float_info.max
            return "" if is_fine else "is no finite number"
        case "integer":
            is_whole = is_number and isinstance(value, int)
            is_fine = is_whole and abs(value) <= _MOST_WHOLE
            return "" if is_fine else "is no whole number up to 2^53"
        case "boolean":
            return "" if isinstance(value, bool) else "is neither true nor false"
        case "text":
            is_fine = isinstance(value, str) and len(value) <= _MOST_LETTERS
            if is_fine and value.isascii():
                return ""
            if is_fine and not any("\ud800" <= one <= "\udfff" for one in value):
                return ""
            return f"is no text of up to {_MOST_LETTERS:,} letters"
