"""Values of NumPy and pandas as Python's own."""

from typing import Any

__all__ = ["plain_value"]


def plain_value(value: Any) -> Any:
    """Return a scalar of NumPy or pandas as Python's own, within tuples and lists too.

    Tuples become lists, as JSON has them; all else stays as it is.
    """
    if hasattr(value, "item") and getattr(value, "shape", None) == ():
        return value.item()
    if isinstance(value, (tuple, list)):
        return [plain_value(part) for part in value]
    return value
