"""Values of NumPy and pandas as Python's own."""

from numbers import Real
from typing import Any

__all__ = ["kind_of_value", "plain_value"]


def plain_value(value: Any) -> Any:
    """Return a scalar of NumPy or pandas as Python's own, within tuples and lists too.

    Tuples become lists, as JSON has them; all else stays as it is.
    """
    if hasattr(value, "item") and getattr(value, "shape", None) == ():
        return value.item()
    if isinstance(value, (tuple, list)):
        return [plain_value(part) for part in value]
    return value


def kind_of_value(value: Any) -> str:
    """Return what JSON calls a value, for messages that must not show the value.

    >>> kind_of_value("secret")
    'text'
    """
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, (str, dict)):
        return "text" if isinstance(value, str) else "an object"
    return "a number" if isinstance(value, Real) else "a list"
