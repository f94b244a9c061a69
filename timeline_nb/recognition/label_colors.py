"""The colors of labels and tracks, the same in pictures, tables and the browser."""

import colorsys
from typing import Final

__all__ = ["LABEL_COLORS", "label_color"]

# The golden angle keeps neighboring numbers apart on the circle of hues.
_GOLDEN_ANGLE_DEG: Final = 137.508
_FIRST_HUE_DEG: Final = 15.0
# Dark text stays readable on them: CSS `hsl(h 85% 62%)`.
_SATURATION: Final = 0.85
_LIGHTNESS: Final = 0.62
_COUNT: Final = 48


def _color(number: int) -> tuple[int, int, int]:
    hue = (number * _GOLDEN_ANGLE_DEG + _FIRST_HUE_DEG) % 360 / 360
    red, green, blue = colorsys.hls_to_rgb(hue, _LIGHTNESS, _SATURATION)
    return round(red * 255), round(green * 255), round(blue * 255)


# RGB, 0 to 255, by number; numbers beyond the last begin again.
LABEL_COLORS: Final = tuple(_color(number) for number in range(_COUNT))


def label_color(number: int) -> tuple[int, int, int]:
    """Return the color of a label's or track's number: RGB, 0 to 255."""
    return LABEL_COLORS[number % len(LABEL_COLORS)]
