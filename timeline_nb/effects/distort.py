"""Distort: lenses, waves and whirls; each one says where a pixel comes from."""

from typing import Any

import numpy as np

from timeline_nb.effects.fields import projected, warped
from timeline_nb.effects.parameters import boolean, integer, number, point
from timeline_nb.effects.picture import Picture
from timeline_nb.effects.registry import picture

__all__ = ["homography"]


@picture(
    "distortion",
    k1=number(-0.2, -1, 1, doc="Above 0 a cushion, below 0 a barrel."),
    k2=number(0.0, -1, 1, doc="The same farther out."),
)
def lens(p: Picture, *, k1: float, k2: float) -> Picture:
    """A lens's distortion, put in or taken out (Brown's model)."""
    # Radii are told in half diagonals, and the corners stay within the picture.
    half = float(np.hypot(p.width / p.height, 1) / 2)
    widest = max(1.0, 1 + k1 + k2)

    def warp(x: Any, y: Any) -> tuple[Any, Any]:
        r2 = (x * x + y * y) / half**2
        factor = (1 + k1 * r2 + k2 * r2 * r2) / widest
        return x * factor, y * factor

    return warped(p, ("lens", k1, k2), warp)


@picture(
    "distortion",
    amount=number(0.5, -1, 1, doc="Above 0 it bulges, below 0 it is pinched."),
    radius=number(0.5, 0.05, 2, "height"),
    center=point((0.5, 0.5)),
)
def bulge(
    p: Picture, *, amount: float, radius: float, center: tuple[float, float]
) -> Picture:
    """As through a drop of water."""
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
    amount=number(0.01, 0, 0.2, "height"),
    length=number(0.2, 0.02, 2, "height", "From crest to crest."),
    speed=number(0.5, -5, 5, "Hz"),
    vertical=boolean(doc="Columns move, not rows."),
)
def wave(
    p: Picture, *, amount: float, length: float, speed: float, vertical: bool
) -> Picture:
    """Rows that sway."""
    phase = round(2 * np.pi * speed * float(p.moment.time), 4)

    def warp(x: Any, y: Any) -> tuple[Any, Any]:
        along = x if vertical else y
        sway = amount * np.sin(2 * np.pi / length * along + phase)
        return (x, y + sway) if vertical else (x + sway, y)

    return warped(p, ("wave", amount, length, phase, vertical), warp, outside="mirror")


@picture(
    "distortion",
    amount=number(0.008, 0, 0.1, "height"),
    length=number(0.1, 0.01, 1, "height", "From crest to crest."),
    speed=number(1.0, -5, 5, "Hz"),
    center=point((0.5, 0.5)),
)
def ripple(
    p: Picture,
    *,
    amount: float,
    length: float,
    speed: float,
    center: tuple[float, float],
) -> Picture:
    """Rings, as where a stone fell into water."""
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
    angle=number(180.0, -1080, 1080, "deg"),
    radius=number(0.5, 0.05, 2, "height"),
    center=point((0.5, 0.5)),
)
def swirl(
    p: Picture, *, angle: float, radius: float, center: tuple[float, float]
) -> Picture:
    """Turned about a point, most in the middle."""
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
    segments=integer(6, 2, 24),
    angle=number(0.0, -360, 360, "deg"),
)
def kaleidoscope(p: Picture, *, segments: int, angle: float) -> Picture:
    """One slice, mirrored all around."""
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
    """`(3, 3)`: takes four points to four others.

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
    left_top=point((0.0, 0.0)),
    right_top=point((1.0, 0.0)),
    right_bottom=point((1.0, 1.0)),
    left_bottom=point((0.0, 1.0)),
)
def perspective(
    p: Picture,
    *,
    left_top: tuple[float, float],
    right_top: tuple[float, float],
    right_bottom: tuple[float, float],
    left_bottom: tuple[float, float],
) -> Picture:
    """The four corners put elsewhere, as on a wall seen from the side."""
    aspect = p.width / p.height
    half = aspect / 2
    source = [(-half, -0.5), (half, -0.5), (half, 0.5), (-half, 0.5)]
    target = [
        ((x - 0.5) * aspect, y - 0.5)
        for x, y in (left_top, right_top, right_bottom, left_bottom)
    ]
    return projected(p, homography(source, target))
