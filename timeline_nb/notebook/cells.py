"""Tables and lists of stretches, as cells hand them over."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from timeline_nb.core.structs import to_builtins
from timeline_nb.errors import TimeError
from timeline_nb.timebase import TimeLike, TimeRange

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["pairs_of", "plain_cell", "rows_of"]


def rows_of(table: "pd.DataFrame") -> list[dict[Any, Any]]:
    """The rows of a table of stretches.

    Raises:
        TimeError: It has no column `start` or `end`.
    """
    for name in ("start", "end"):
        if name not in table.columns:
            raise TimeError(
                f"the table has no column {name!r}: clips are made of stretches, as "
                "table.tl.ranges() gives them"
            )
    return table.to_dict("records")


def pairs_of(ranges: Iterable[Any]) -> list[tuple[TimeLike, TimeLike]]:
    """Start and end of each stretch.

    Raises:
        TimeError: One is neither a time range nor a pair.
    """
    if isinstance(ranges, str) or not isinstance(ranges, Iterable):
        raise TimeError(f"{ranges!r}: give a table, or pairs of start and end")
    pairs: list[tuple[TimeLike, TimeLike]] = []
    for place, one in enumerate(ranges):
        if isinstance(one, TimeRange):
            pairs.append((one.start, one.end))
        elif isinstance(one, (tuple, list)) and len(one) == 2:
            pairs.append((one[0], one[1]))
        else:
            raise TimeError(f"stretch {place}, {one!r}, is no pair of start and end")
    return pairs


def plain_cell(value: Any) -> Any:
    """A cell of a table as JSON has it."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return to_builtins(value)
