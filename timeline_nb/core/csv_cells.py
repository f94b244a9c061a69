"""Text in CSV that spreadsheets take for a formula (OWASP, "CSV Injection").

A name such as `=cmd|...` would be worked out when the file is opened in one. An
apostrophe before it makes it text, and reading takes that away again.
"""

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["as_text", "from_text", "table_as_text", "table_from_text"]

_BEGINS: Final = "[=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20]"
_FORMULA: Final = re.compile(f"'*{_BEGINS}")
_GUARDED: Final = re.compile(f"'+{_BEGINS}")


def as_text(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    Example:
        >>> as_text("=1+1"), as_text("take 2")
        ("'=1+1", 'take 2')
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def from_text(cell: str) -> str:
    """Return what a cell was before `as_text`."""
    return cell[1:] if _GUARDED.match(cell) else cell


def table_as_text(table: "pd.DataFrame") -> "pd.DataFrame":
    """Return a table whose cells of text, and names of columns, are no formulas."""
    made = table.rename(columns=lambda name: as_text(str(name)))
    for place, kind in enumerate(table.dtypes):
        if not _may_be_text(kind):
            continue
        column = table.iloc[:, place]
        made.isetitem(place, list(map(_guarded, column)))
    return made


def table_from_text(table: "pd.DataFrame") -> "pd.DataFrame":
    """Return what a table was before `table_as_text`."""
    made = table.rename(columns=lambda name: from_text(str(name)))
    for place, kind in enumerate(table.dtypes):
        if not _may_be_text(kind):
            continue
        column = table.iloc[:, place]
        made.isetitem(place, list(map(_unguarded, column)))
    return made


def _may_be_text(kind: object) -> bool:
    return str(kind) in {"object", "str", "string", "category"}


def _guarded(cell: object) -> object:
    return as_text(cell) if isinstance(cell, str) else cell


def _unguarded(cell: object) -> object:
    return from_text(cell) if isinstance(cell, str) else cell
