"""Blend modes as MLT numbers them."""

from typing import Final

from timeline_nb.timeline.choices import BlendMode

__all__ = ["BLENDS"]

# Qt's numbers of its compositions (`QPainter::CompositionMode`).
BLENDS: Final[dict[BlendMode, int]] = {
    "normal": 0,
    "add": 12,
    "multiply": 13,
    "screen": 14,
    "overlay": 15,
    "darken": 16,
    "lighten": 17,
    "color_dodge": 18,
    "color_burn": 19,
    "hard_light": 20,
    "soft_light": 21,
    "difference": 22,
    "exclusion": 23,
}
