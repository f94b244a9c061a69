"""Alignments of cues, numbered as the number pad is: 1 is bottom left, 9 top right."""

from collections.abc import Mapping
from typing import Any, Final

__all__ = [
    "MARGIN",
    "NUMPAD",
    "numpad_from_ssa",
    "numpad_of",
    "placement_of",
    "ssa_from_numpad",
]

# Default distance of cues from the edges of the picture.
MARGIN: Final = 0.06
_SIDES: Final = ("left", "center", "right")
_SHARES: Final = (MARGIN, 0.5, 1 - MARGIN)
_NAMES: Final = {
    1: "bottom left",
    2: "bottom",
    3: "bottom right",
    4: "left",
    5: "middle",
    6: "right",
    7: "top left",
    8: "top",
    9: "top right",
}
NUMPAD: Final = {name: number for number, name in _NAMES.items()}


def placement_of(number: int) -> dict[str, Any]:
    """Return anchor, position and alignment of a number."""
    column, row = (number - 1) % 3, (number - 1) // 3
    placement: dict[str, Any] = {
        "anchor": _NAMES[number],
        "position": [_SHARES[column], _SHARES[2 - row]],
    }
    # Several rows are aligned with the side that they are at.
    return placement if column == 1 else placement | {"align": _SIDES[column]}


def numpad_of(style: Mapping[str, Any]) -> int:
    """Return the number of a style's anchor."""
    return NUMPAD.get(style.get("anchor", "bottom"), 2)


def numpad_from_ssa(number: int) -> int:
    """Return the number of an alignment of SSA v4.

    Bits 1 and 2 are the column; 4 is added for the top and 8 for the middle (SSA v4
    specification).
    """
    column = number & 3 or 2
    row = 2 if number & 4 else 1 if number & 8 else 0
    return 3 * row + column


def ssa_from_numpad(number: int) -> int:
    """Return the alignment of SSA v4 of a number."""
    column, row = (number - 1) % 3 + 1, (number - 1) // 3
    return column + (0, 8, 4)[row]
