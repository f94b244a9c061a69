"""Rows as a table, whatever their text holds, and cells as JSON has them."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from timeline_nb.core.structs import to_builtins

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["is_missing", "plain_cell", "table_of"]

# pandas' two missing values, which equal nothing; it is not loaded to tell them.
_MISSING: Final = frozenset({"NAType", "NaTType"})


def is_missing(value: Any) -> bool:
    """Tell whether a cell is empty: None, NaN, NaT, `pd.NA`, or empty text."""
    if value is None or type(value).__name__ in _MISSING or value == "":
        return True
    return isinstance(value, float) and math.isnan(value)


def table_of(
    rows: Sequence[dict[str, Any]], columns: Sequence[str] | None = None
) -> "pd.DataFrame":
    """Make a table of rows.

    Args:
        rows: Values by column name.
        columns: In their order; those of the first row if not given.
    """
    import pandas as pd

    named = None if columns is None else list(columns)
    try:
        return pd.DataFrame(rows, columns=named)
    except UnicodeEncodeError:
        # Arrow's text cannot hold a file name that is not UTF-8 (PEP 383).
        return pd.DataFrame(rows, columns=named, dtype=object)


def plain_cell(value: Any) -> Any:
    """Return a value of NumPy or pandas as JSON has it: a number, a text, a list.

    Fractions and paths become text, and so does what JSON has no form of; what is
    missing, infinite or no number becomes None.
    """
    if hasattr(value, "tolist"):
        value = value.tolist()
    if type(value).__name__ in _MISSING:
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, (list, tuple)):
        return [plain_cell(part) for part in value]
    try:
        return to_builtins(value)
    except (NotImplementedError, TypeError):
        return str(value)
