"""Cells of tables as JSON has them."""

from typing import Any

import numpy as np

from timeline_nb.core.structs import to_builtins

__all__ = ["plain_cell"]


def plain_cell(value: Any) -> Any:
    """A cell of a table as JSON has it."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return to_builtins(value)
