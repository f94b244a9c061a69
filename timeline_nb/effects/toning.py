"""Toning effects: few colors or levels in place of the picture's own."""

from typing import Any, Final

import cv2
import numpy as np

from timeline_nb.effects.color import GRAY, WEIGHTS, apply_stages
from timeline_nb.effects.color_pipeline import Curve, Matrix, Values
from timeline_nb.effects.parameters import choice, color, integer, number
from timeline_nb.effects.picture import Picture, color_of
from timeline_nb.effects.registry import picture

__all__ = ["stepped"]

# The matrix of the CSS filter of this name (W3C Filter Effects, level 1).
_SEPIA: Final = np.array(
    [
        [0.393, 0.769, 0.189, 0],
        [0.349, 0.686, 0.168, 0],
        [0.272, 0.534, 0.131, 0],
    ]
)


@picture(
    "vintage",
    amount=number(1.0, 0, 1, doc="Strength of the effect: 0 is none, 1 is all of it."),
)
def sepia(p: Picture, *, amount: float) -> Picture:
    """Tone the picture brown, as an old photograph."""
    rows = _SEPIA * amount + np.eye(3, 4) * (1 - amount)
    return apply_stages(p, [Matrix(rows)])


@picture("artistic", levels=integer(6, 2, 64, "Number of levels of each channel."))
def posterize(p: Picture, *, levels: int) -> Picture:
    """Reduce each channel to a few levels."""
    return apply_stages(p, [stepped(levels)])


def stepped(levels: float, soft: float = 0.45) -> Curve:
    """Return a staircase curve with soft edges, which do not shimmer in motion."""
    steps = levels - 1

    def change(values: Values) -> Any:
        stair = np.floor(values * steps)
        rise = np.clip((values * steps - stair - 0.5) / soft + 0.5, 0, 1)
        return (stair + rise * rise * (3 - 2 * rise)) / steps

    return Curve(change)


@picture(
    "artistic",
    threshold=number(0.5, 0, 1, doc="Values above it are inverted, from 0 to 1."),
)
def solarize(p: Picture, *, threshold: float) -> Picture:
    """Invert the values above a threshold."""
    return apply_stages(p, [Curve(lambda v: np.where(v > threshold, 1 - v, v))])


@picture(
    "artistic",
    level=number(0.5, 0, 1, doc="Luma at which black becomes white, from 0 to 1."),
    softness=number(0.2, 0, 1, doc="Range of luma over which black becomes white."),
)
def threshold(p: Picture, *, level: float, softness: float) -> Picture:
    """Turn the picture black and white at a luma threshold."""
    soft = max(softness, 1 / 255)
    step = Curve(lambda values: np.clip((values - level) / soft + 0.5, 0, 1))
    return apply_stages(p, [Matrix(GRAY), step])


@picture(
    "artistic",
    dark=color("#1b2a5e", "Color of black."),
    light=color("#ffd9a0", "Color of white."),
)
def duotone(p: Picture, *, dark: str, light: str) -> Picture:
    """Map luma to a gradient between two colors."""
    low, high = np.array(color_of(dark)[:3]), np.array(color_of(light)[:3])
    return apply_stages(
        p, [Matrix(GRAY), Curve(lambda values: low + values * (high - low))]
    )


@picture(
    "technical",
    palette=choice("heat", "rainbow", "viridis", doc="Color scale from dark to light."),
)
def false_color(p: Picture, *, palette: str) -> Picture:
    """Map luma to a color scale, as a thermal camera does."""
    maps = {
        "heat": cv2.COLORMAP_INFERNO,
        "rainbow": cv2.COLORMAP_TURBO,
        "viridis": cv2.COLORMAP_VIRIDIS,
    }
    gray = cv2.transform(p.rgb, np.array([WEIGHTS]))
    colored = cv2.applyColorMap(gray, maps[palette])
    return p.with_rgb(cv2.cvtColor(colored, cv2.COLOR_BGR2RGB))
