"""Distortions: functions that say where each pixel comes from."""

from typing import Any

import numpy as np

from timeline_nb.effects.fields import projected, warped
from timeline_nb.effects.parameters import boolean, integer, number, point
from timeline_nb.effects.picture import Picture
from timeline_nb.effects.registry import picture

__all__ = ["homography"]


@picture(
    "distortion",
    k1=number(
        -0.2, -1, 1, doc="First coefficient: above 0 pincushion, below 0 barrel."
    ),
    k2=number(
        0.0, -1, 1, doc="Second coefficient, which acts farther from the center."
    ),
)
def lens(p: Picture, *, k1: float, k2: float) -> Picture:
    """Add or correct the radial distortion of a lens (Brown's model)."""
    # Radii are in half diagonals; dividing keeps the corners within the picture.
    half = float(np.hypot(p.width / p.height, 1) / 2)
    widest = max(1.0, 1 + k1 + k2)

    def warp(x: Any, y: Any) -> tuple[Any, Any]:
        r2 = (x * x + y * y) / half**2
        factor = (1 + k1 * r2 + k2 * r2 * r2) / widest
        return x * factor, y * factor

    return warped(p, ("lens", k1, k2), warp)


@picture(
    "distortion",
    amount=number(0.5, -1, 1, doc="Above 0 enlarges, below 0 pinches."),
    radius=number(0.5, 0.05, 2, "height", "Radius of the changed area."),
    center=point(
        (0.5, 0.5), doc="Center: shares of width and height from the left top."
    ),
)
def bulge(
    p: Picture, *, amount: float, radius: float, center: tuple[float, float]
) -> Picture:
    """Enlarge or pinch the picture about a point."""
    aspect = p.width / p.height
    x0, y0 = (center[0] - 0.5) * aspect, center[1] - 0.5

    def warp(x: Any, y: Any) -> tuple[Any, Any]:
        away = np.hypot(x - x0, y - y0) / radius
        inside = np.clip(1 - away * away, 0, 1)
        factor = 1 - amount * inside * inside
        return x0 + (x - x0) * factor, y0 + (y - y0) * factor

    return warped(p, ("bulge", amount, radius, center), warp)


@picture(
    "distortion",
    amount=number(0.01, 0, 0.2, "height", "Amplitude of the wave."),
    length=number(0.2, 0.02, 2, "height", "Wavelength."),
    speed=number(0.5, -5, 5, "Hz", "Waves that pass in a second."),
    vertical=boolean(doc="Shift columns up and down instead of rows sideways."),
)
def wave(
    p: Picture, *, amount: float, length: float, speed: float, vertical: bool
) -> Picture:
    """Shift rows or columns of pixels along a moving sine wave."""
    phase = round(2 * np.pi * speed * float(p.moment.time), 4)

    def warp(x: Any, y: Any) -> tuple[Any, Any]:
        along = x if vertical else y
        sway = amount * np.sin(2 * np.pi / length * along + phase)
        return (x, y + sway) if vertical else (x + sway, y)

    return warped(p, ("wave", amount, length, phase, vertical), warp, outside="mirror")


@picture(
    "distortion",
    amount=number(0.008, 0, 0.1, "height", "Amplitude of the waves."),
    length=number(0.1, 0.01, 1, "height", "Wavelength."),
    speed=number(1.0, -5, 5, "Hz", "Waves that pass in a second."),
    center=point(
        (0.5, 0.5), doc="Center: shares of width and height from the left top."
    ),
)
def ripple(
    p: Picture,
    *,
    amount: float,
    length: float,
    speed: float,
    center: tuple[float, float],
) -> Picture:
    """Distort the picture with moving circular waves."""
    phase = round(2 * np.pi * speed * float(p.moment.time), 4)
    aspect = p.width / p.height
    x0, y0 = (center[0] - 0.5) * aspect, center[1] - 0.5

    def warp(x: Any, y: Any) -> tuple[Any, Any]:
        away = np.hypot(x - x0, y - y0) + 1e-6
        shift = amount * np.sin(2 * np.pi / length * away - phase) / away
        return x + (x - x0) * shift, y + (y - y0) * shift

    return warped(p, ("ripple", amount, length, phase, center), warp, outside="mirror")


@picture(
    "distortion",
    angle=number(180.0, -1080, 1080, "deg", "Rotation at the center, clockwise."),
    radius=number(0.5, 0.05, 2, "height", "Radius of the rotated area."),
    center=point(
        (0.5, 0.5), doc="Center: shares of width and height from the left top."
    ),
)
def swirl(
    p: Picture, *, angle: float, radius: float, center: tuple[float, float]
) -> Picture:
    """Rotate the picture about a point, most at its center."""
    aspect = p.width / p.height
    x0, y0 = (center[0] - 0.5) * aspect, center[1] - 0.5

    def warp(x: Any, y: Any) -> tuple[Any, Any]:
        dx, dy = x - x0, y - y0
        inside = np.clip(1 - np.hypot(dx, dy) / radius, 0, 1)
        turn = np.radians(angle) * inside * inside
        cos, sin = np.cos(turn), np.sin(turn)
        return x0 + dx * cos - dy * sin, y0 + dx * sin + dy * cos

    return warped(p, ("swirl", angle, radius, center), warp)


@picture(
    "creative",
    segments=integer(6, 2, 24, "Number of mirrored pairs of slices."),
    angle=number(
        0.0, -360, 360, "deg", "Direction of the slice, clockwise from the right."
    ),
)
def kaleidoscope(p: Picture, *, segments: int, angle: float) -> Picture:
    """Mirror one slice of the picture around its center."""
    slice_ = np.pi / segments

    def warp(x: Any, y: Any) -> tuple[Any, Any]:
        turn = np.arctan2(y, x) - np.radians(angle)
        folded = np.abs(np.mod(turn + slice_, 2 * slice_) - slice_)
        away = np.hypot(x, y)
        bent = folded + np.radians(angle)
        return away * np.cos(bent), away * np.sin(bent)

    return warped(p, ("kaleidoscope", segments, angle), warp, outside="mirror")


def homography(
    source: list[tuple[float, float]], target: list[tuple[float, float]]
) -> Any:
    """Return the `(3, 3)` matrix that maps four points to four others.

    Raises:
        ValueError: Three of them lie on a line.
    """
    rows, values = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [
            [x, y, 1, 0, 0, 0, -u * x, -u * y],
            [0, 0, 0, x, y, 1, -v * x, -v * y],
        ]
        values += [u, v]
    try:
        solved = np.linalg.solve(np.array(rows), np.array(values))
    except np.linalg.LinAlgError as error:
        raise ValueError("three of the corners lie on a line") from error
    return np.append(solved, 1).reshape(3, 3)


@picture(
    "distortion",
    transparent=True,
    left_top=point((0.0, 0.0), doc="Position of the left top corner, in shares."),
    right_top=point((1.0, 0.0), doc="Position of the right top corner, in shares."),
    right_bottom=point(
        (1.0, 1.0), doc="Position of the right bottom corner, in shares."
    ),
    left_bottom=point((0.0, 1.0), doc="Position of the left bottom corner, in shares."),
)
def perspective(
    p: Picture,
    *,
    left_top: tuple[float, float],
    right_top: tuple[float, float],
    right_bottom: tuple[float, float],
    left_bottom: tuple[float, float],
) -> Picture:
    """Move the picture's four corners (homography)."""
    aspect = p.width / p.height
    half = aspect / 2
    source = [(-half, -0.5), (half, -0.5), (half, 0.5), (-half, 0.5)]
    target = [
        ((x - 0.5) * aspect, y - 0.5)
        for x, y in (left_top, right_top, right_bottom, left_bottom)
    ]
    return projected(p, homography(source, target))
