"""The text of lists of other programs: EDL, ALE, CSV, marker lists."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from timeline_nb.core.file_limits import FileLimit, read_limited
from timeline_nb.errors import ProjectError, TimelineError
from timeline_nb.subtitles.encodings import decode_text

__all__ = [
    "MAX_LIST_BYTES",
    "MAX_LIST_CLIPS",
    "MAX_LIST_ROWS",
    "ListText",
    "list_of",
    "read_list",
    "without_controls",
]

# 100,000 clips with their comments; a marker for each frame of an hour.
MAX_LIST_BYTES: Final = FileLimit("TIMELINE_NB_MAX_LIST_BYTES", 64 << 20)
MAX_LIST_ROWS: Final = FileLimit("TIMELINE_NB_MAX_LIST_ROWS", 1_000_000)
# Each takes a fifth of a millisecond to lay; a feature film has 3,000.
MAX_LIST_CLIPS: Final = FileLimit("TIMELINE_NB_MAX_LIST_CLIPS", 50_000)
_ROW_LETTERS: Final = 100_000
# All but tabs, which separate fields.
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_DELIMITERS: Final = "\t;,"


@dataclass(frozen=True)
class ListText:
    """The rows of a list.

    Args:
        path: The file.
        rows: Its rows, without line ends and control characters.
        note: What a person should know of its encoding; else empty.
        whole: The text as it is.
    """

    path: Path
    rows: list[str]
    note: str = ""
    whole: str = ""

    def table(self, delimiter: str, first: int = 0) -> Iterator[tuple[int, list[str]]]:
        """Yield the cells of each row that is not empty, with its number from 1.

        Args:
            delimiter: What stands between cells, which may be quoted.
            first: The row to begin with, from 0.

        Raises:
            ProjectError: A quoted cell does not end.
        """
        if delimiter == "\t":
            # Tabs come without quotes: a quote is a letter.
            for number, row in enumerate(self.rows[first:], first + 1):
                if row.strip():
                    yield number, row.split("\t")
            return
        lines = (row + "\n" for row in self.rows[first:])
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        before = 0
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield first + before + 1, cells
                before = reader.line_num
        except csv.Error as error:
            raise ProjectError(
                f"row {first + before + 1} is not a row of CSV: {error}"
            ) from None

    def delimiter(self, row: int) -> str:
        """Return what most likely stands between the cells of a row."""
        text = self.rows[row]
        counts = [text.count(one) for one in _DELIMITERS]
        return _DELIMITERS[counts.index(max(counts))] if any(counts) else ","


def read_list(path: Path, *, encoding: str | None = None) -> ListText:
    """Return the rows of a text file in whatever encoding and with any line ends.

    Args:
        path: The file.
        encoding: Such as `cp1251`; detected if None.

    Raises:
        ProjectError: The file is missing, too large, or no text, or its rows are too
            many or too long.
    """
    data = read_limited(path, MAX_LIST_BYTES, ProjectError)
    return list_of(data, path, encoding=encoding)


def list_of(data: bytes, path: Path, *, encoding: str | None = None) -> ListText:
    """Return the rows of a file's bytes; as `read_list`.

    Raises:
        ProjectError: As `read_list`.
    """
    if len(data) > MAX_LIST_BYTES.value:
        raise ProjectError(f"{path} has {len(data):,} bytes, {MAX_LIST_BYTES.excess}")
    try:
        decoded = decode_text(data, path, encoding=encoding)
    except TimelineError as error:
        raise ProjectError(str(error)) from None
    whole = decoded.text.removeprefix("\ufeff")
    text = whole.replace("\r\n", "\n").replace("\r", "\n")
    count = text.count("\n")
    if count > MAX_LIST_ROWS.value:
        raise ProjectError(f"{path} has {count:,} rows, {MAX_LIST_ROWS.excess}")
    rows = without_controls(text).split("\n")
    for number, row in enumerate(rows, 1):
        if len(row) > _ROW_LETTERS:
            raise ProjectError(
                f"{path}, row {number}: it has {len(row):,} letters, more than "
                f"{_ROW_LETTERS:,}"
            )
    return ListText(path, rows, decoded.note, whole)


def without_controls(text: str) -> str:
    """Return a text without control characters, but with tabs and line ends."""
    return _CONTROLS.sub("", text)
