"""Checks of the parameters of effects on source frames."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from timeline_nb.errors import CompositionError

__all__ = ["number", "pair", "rows", "text"]


def rows(kind: str, parameters: dict[str, Any], name: str, wide: int) -> NDArray[Any]:
    """Return a parameter that is a list of rows of `wide` numbers, in order of PTS.

    Raises:
        CompositionError: It is missing or something else.
    """
    try:
        table = np.array(parameters[name], np.float64).reshape(-1, wide)
    except (KeyError, TypeError, ValueError) as error:
        raise CompositionError(
            f"the effect {kind!r} has no {name} of {wide} numbers a row"
        ) from error
    if not np.isfinite(table).all() or (np.diff(table[:, 0]) < 0).any():
        raise CompositionError(
            f"the effect {kind!r} has {name} that are not numbers in the order of PTS"
        )
    return table


def pair(kind: str, parameters: dict[str, Any], name: str) -> tuple[int, int]:
    """Return a parameter that is two positive integers.

    Raises:
        CompositionError: It is missing or something else.
    """
    value = parameters.get(name)
    whole = isinstance(value, (list, tuple)) and all(
        isinstance(part, int) and part > 0 for part in value
    )
    if not whole or len(value or ()) != 2:
        raise CompositionError(f"the effect {kind!r} has no {name} of two numbers")
    assert value is not None  # noqa: S101 - checked above
    return int(value[0]), int(value[1])


def number(
    kind: str, parameters: dict[str, Any], name: str, default: float, least: float
) -> float:
    """Return a parameter that is a number of at least `least`.

    Raises:
        CompositionError: It is something else.
    """
    value = parameters.get(name, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < least:
        raise CompositionError(f"the effect {kind!r} has {name}={value!r}")
    return float(value)


def text(kind: str, parameters: dict[str, Any], name: str) -> str:
    """Return a parameter that is text.

    Raises:
        CompositionError: It is missing or something else.
    """
    value = parameters.get(name)
    if not isinstance(value, str) or not value:
        raise CompositionError(f"the effect {kind!r} has {name}={value!r}")
    return value
