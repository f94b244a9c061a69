"""Rows as a table, whatever their texts hold."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["is_missing", "table_of"]


def is_missing(value: Any) -> bool:
    """Tell whether a cell is empty: None, NaN, NaT, `pd.NA`, or empty text."""
    if value is None or value == "" or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    return isinstance(value, float) and value != value  # noqa: PLR0124 - NaN alone


def table_of(
    rows: Sequence[dict[str, Any]], columns: Sequence[str] | None = None
) -> "pd.DataFrame":
    """A table of rows.

    Args:
        rows: Fields by the names of columns.
        columns: In their order; those of the first row if not given.
    """
    import pandas as pd

    named = None if columns is None else list(columns)
    try:
        return pd.DataFrame(rows, columns=named)
    except UnicodeEncodeError:
        # Arrow's texts cannot hold a file's name that is not UTF-8 (PEP 383).
        return pd.DataFrame(rows, columns=named, dtype=object)
