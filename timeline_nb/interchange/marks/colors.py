"""Colors of markers as other programs name them."""

from functools import cache
from typing import Final

from timeline_nb.core.colors import parse_color
from timeline_nb.timeline.validate import color_fault

__all__ = ["AVID", "RESOLVE", "color_of", "name_of"]

# The 16 of DaVinci Resolve, as colors of CSS near to what it draws.
RESOLVE: Final = {
    "Blue": "blue",
    "Cyan": "cyan",
    "Green": "green",
    "Yellow": "yellow",
    "Red": "red",
    "Pink": "pink",
    "Purple": "purple",
    "Fuchsia": "magenta",
    "Rose": "palevioletred",
    "Lavender": "lavender",
    "Sky": "skyblue",
    "Mint": "mediumaquamarine",
    "Lemon": "khaki",
    "Sand": "tan",
    "Cocoa": "saddlebrown",
    "Cream": "cornsilk",
}
# The eight of Avid Media Composer.
_AVID_NAMES: Final = (
    "red",
    "green",
    "blue",
    "cyan",
    "magenta",
    "yellow",
    "black",
    "white",
)
AVID: Final = {name: name for name in _AVID_NAMES}
_OTHER: Final = "green"


def color_of(name: str, palette: dict[str, str] | None = None) -> str:
    """Return a color by a program's name for it; empty if it is none.

    Args:
        name: In any case; a color of CSS that the palette has not is taken, too.
        palette: The program's names, and the colors that they are.
    """
    wanted = name.strip().lower()
    for own, color in (palette or {}).items():
        if own.lower() == wanted:
            return color
    return "" if color_fault(wanted) else wanted


@cache
def _parts(color: str) -> tuple[int, int, int]:
    try:
        digits = parse_color(color)[1:7]
    except ValueError:
        digits = parse_color(_OTHER)[1:]
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


@cache
def _nearest(color: str, palette: tuple[tuple[str, str], ...]) -> str:
    wanted = _parts(color)

    def distance(named: tuple[str, str]) -> int:
        return sum((a - b) ** 2 for a, b in zip(wanted, _parts(named[1]), strict=True))

    return min(palette, key=distance)[0]


def name_of(color: str, palette: dict[str, str]) -> tuple[str, bool]:
    """Return a program's name for a color, the nearest if it has none that is equal.

    Returns:
        The name, and whether it is the color itself.
    """
    for name, own in palette.items():
        if own == color.lower():
            return name, True
    return _nearest(color, tuple(palette.items())), False
