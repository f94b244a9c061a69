"""Rows as a table, whatever their texts hold."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["table_of"]


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
