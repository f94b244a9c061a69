"""Places: where lines stand, as a number pad counts them."""

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

# How far from the edges lines stand where nothing else is said.
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
    """Anchor, position and alignment of a place: 1 is left bottom, 9 right top."""
    column, row = (number - 1) % 3, (number - 1) // 3
    place: dict[str, Any] = {
        "anchor": _NAMES[number],
        "position": [_SHARES[column], _SHARES[2 - row]],
    }
    # Several rows stand flush with the side that they are at.
    return place if column == 1 else place | {"align": _SIDES[column]}


def numpad_of(style: Mapping[str, Any]) -> int:
    """The number of a line's place."""
    return NUMPAD.get(style.get("anchor", "bottom"), 2)


def numpad_from_ssa(number: int) -> int:
    """The number of a place that SSA counts otherwise: 1 to 3, and 4 or 8 with them.

    BitReader of 4 are for the top, of 8 for the middle, as in the SSA v4 specification.
    """
    column = number & 3 or 2
    row = 2 if number & 4 else 1 if number & 8 else 0
    return 3 * row + column


def ssa_from_numpad(number: int) -> int:
    """SSA's number of a place."""
    column, row = (number - 1) % 3 + 1, (number - 1) // 3
    return column + (0, 8, 4)[row]
