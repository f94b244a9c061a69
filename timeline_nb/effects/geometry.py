"""Geometry effects: cropping, moving, rotating, borders and shadows."""

from typing import Any

import cv2
import numpy as np

from timeline_nb.effects.blur import smooth
from timeline_nb.effects.fields import affine, coordinates
from timeline_nb.effects.parameters import boolean, color, number, point
from timeline_nb.effects.picture import Picture, color_of, u8
from timeline_nb.effects.registry import picture
from timeline_nb.effects.stylize import flat

__all__ = ["placed"]


@picture(
    "transform",
    transparent=True,
    left=number(0.0, 0, 1, "share", "Share of the width cut away at the left."),
    top=number(0.0, 0, 1, "share", "Share of the height cut away at the top."),
    right=number(0.0, 0, 1, "share", "Share of the width cut away at the right."),
    bottom=number(0.0, 0, 1, "share", "Share of the height cut away at the bottom."),
    softness=number(
        0.0, 0, 0.5, "height", "Width of the soft edge, as a share of the height."
    ),
)
def crop(
    p: Picture,
    *,
    left: float,
    top: float,
    right: float,
    bottom: float,
    softness: float,
) -> Picture:
    """Cut away the sides; what lies below shows there."""
    x, y = coordinates(p.width, p.height)
    half = p.width / p.height / 2
    distance = np.maximum.reduce(
        [
            -half + left * 2 * half - x,
            x - (half - right * 2 * half),
            -0.5 + top - y,
            y - (0.5 - bottom),
        ]
    )
    soft = max(softness, 1 / p.height)
    return p.masked(np.clip(0.5 - distance / soft, 0, 1) * 255)


@picture(
    "transform",
    horizontal=boolean(default=True, doc="Mirror left to right."),
    vertical=boolean(doc="Mirror top to bottom."),
)
def flip(p: Picture, *, horizontal: bool, vertical: bool) -> Picture:
    """Mirror the picture left to right, top to bottom, or both."""
    if not (horizontal or vertical):
        return p
    code = -1 if horizontal and vertical else 1 if horizontal else 0
    return p.map_planes(lambda plane, _: cv2.flip(plane, code))


@picture(
    "transform",
    transparent=True,
    angle=number(0.0, -3600, 3600, "deg", "Rotation, clockwise."),
)
def rotate(p: Picture, *, angle: float) -> Picture:
    """Rotate the picture about its center within its frame."""
    return placed(p, angle=angle)


def placed(
    p: Picture,
    *,
    x: float = 0.0,
    y: float = 0.0,
    across: float = 1.0,
    down: float = 1.0,
    angle: float = 0.0,
    clear: bool = True,
) -> Picture:
    """Scale, rotate clockwise and move a picture; `x` and `y` are in heights."""
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    rows = np.array([[across * cos, -down * sin, x], [across * sin, down * cos, y]])
    if np.allclose(rows, np.eye(2, 3)):
        return p
    return affine(p, rows, clear=clear)


@picture(
    "transform",
    transparent=True,
    horizontal=number(1.0, 0.01, 10, doc="Factor of the width."),
    vertical=number(1.0, 0.01, 10, doc="Factor of the height."),
)
def scale(p: Picture, *, horizontal: float, vertical: float) -> Picture:
    """Scale the picture about its center within its frame."""
    return placed(p, across=horizontal, down=vertical)


@picture(
    "motion",
    transparent=True,
    offset=point(
        (0.0, 0.0), doc="Shift right and down, as shares of width and height."
    ),
)
def offset(p: Picture, *, offset: tuple[float, float]) -> Picture:
    """Move the picture within its frame."""
    return placed(p, x=offset[0] * p.width / p.height, y=offset[1])


@picture(
    "motion",
    zoom=number(1.0, 1, 20, doc="Enlargement; 1 shows the whole picture."),
    center=point(
        (0.5, 0.5), 0, 1, "Point shown in the middle, as far as the edges allow."
    ),
    angle=number(0.0, -180, 180, "deg", "Rotation, clockwise."),
)
def zoom_pan(
    p: Picture, *, zoom: float, center: tuple[float, float], angle: float
) -> Picture:
    """Zoom in on a point without showing the picture's edges."""
    reach = 0.5 / zoom
    x, y = (min(max(part, reach), 1 - reach) for part in center)
    if not angle and (window := _whole_window(p, x, y, reach)) is not None:
        return _enlarged(p, *window)
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    turn = zoom * np.array([[cos, -sin], [sin, cos]])
    middle = np.array([(x - 0.5) * p.width / p.height, y - 0.5])
    rows = np.column_stack([turn, -turn @ middle])
    if np.allclose(rows, np.eye(2, 3)):
        return p
    return affine(p, rows, clear=False)


def _whole_window(
    p: Picture, x: float, y: float, reach: float
) -> tuple[int, int, int, int] | None:
    """Return the window's edges if they are whole chroma pixels, else None."""
    edges = [(x - reach) * p.width, (y - reach) * p.height]
    edges += [(x + reach) * p.width, (y + reach) * p.height]
    whole = [round(edge / 2) * 2 for edge in edges]
    if any(abs(a - b) > 0.02 for a, b in zip(whole, edges, strict=True)):
        return None
    return whole[0], whole[1], whole[2], whole[3]


def _enlarged(p: Picture, left: int, top: int, right: int, bottom: int) -> Picture:
    if (left, top, right, bottom) == (0, 0, p.width, p.height):
        return p

    def change(plane: Any, scale: float) -> Any:
        a, b, c, d = (round(edge * scale) for edge in (left, top, right, bottom))
        return cv2.resize(plane[b:d, a:c], (plane.shape[1], plane.shape[0]))

    return p.map_planes(change)


@picture(
    "transform",
    transparent=True,
    size=number(0.35, 0.01, 1, doc="Share of the frame's width and height."),
    center=point(
        (0.8, 0.2), doc="Center: shares of width and height from the left top."
    ),
    border=number(0.004, 0, 0.1, "height", "Width of the border."),
    color=color("#ffffff", "Color of the border."),
    radius=number(0.0, 0, 0.5, "height", "Radius of the corners."),
)
def picture_in_picture(
    p: Picture,
    *,
    size: float,
    center: tuple[float, float],
    border: float,
    color: str,
    radius: float,
) -> Picture:
    """Show the picture small, with a border and round corners."""
    aspect = p.width / p.height
    x0, y0 = (center[0] - 0.5) * aspect, center[1] - 0.5
    small = placed(p, x=x0, y=y0, across=size, down=size, clear=False)
    x, y = coordinates(p.width, p.height)
    inner = _rounded(x - x0, y - y0, aspect * size / 2, size / 2, radius)
    framed = small
    if border:
        hard = np.clip(inner * p.height + 0.5, 0, 1).astype(np.float32)
        framed = small.mixed_where(flat(p, color), hard)
    outer = np.clip(0.5 - (inner - border) * p.height, 0, 1)
    own = None if p.alpha is None else small.alpha
    return framed.with_alpha(own).masked(outer * 255)


def _rounded(x: Any, y: Any, wide: float, high: float, radius: float) -> Any:
    """Return the signed distance, in heights, from a rounded rectangle."""
    round_ = min(radius, wide, high)
    dx, dy = np.abs(x) - (wide - round_), np.abs(y) - (high - round_)
    outside = np.hypot(np.maximum(dx, 0), np.maximum(dy, 0))
    return outside + np.minimum(np.maximum(dx, dy), 0) - round_


@picture(
    "transform",
    width=number(0.02, 0, 0.5, "height", "Width of the border."),
    color=color("#ffffff", "Color of the border."),
)
def border(p: Picture, *, width: float, color: str) -> Picture:
    """Draw a border of one color over the picture's edges."""
    x, y = coordinates(p.width, p.height)
    inside = np.minimum(p.width / p.height / 2 - np.abs(x), 0.5 - np.abs(y))
    share = np.clip((width - inside) * p.height + 0.5, 0, 1).astype(np.float32)
    return p.mixed_where(flat(p, color), share)


@picture(
    "transform",
    transparent=True,
    offset=point(
        (0.01, 0.015), -1, 1, "Shift right and down, as shares of the height."
    ),
    blur=number(0.012, 0, 0.2, "height", "Standard deviation of the shadow's blur."),
    color=color("#000000a0", "Color of the shadow, with its opacity."),
)
def drop_shadow(
    p: Picture, *, offset: tuple[float, float], blur: float, color: str
) -> Picture:
    """Draw the shadow of a picture that is transparent in places."""
    if p.alpha is None:
        return p
    x, y = offset[0] * p.height, offset[1] * p.height
    moved = cv2.warpAffine(
        p.alpha, np.array([[1, 0, x], [0, 1, y]]), (p.width, p.height)
    )
    strength = color_of(color)[3]
    shadow = u8(cv2.convertScaleAbs(smooth(u8(moved), blur * p.height), alpha=strength))
    own = p.alpha.astype(np.float32) / 255
    below = shadow.astype(np.float32) / 255 * (1 - own)
    whole = own + below
    share = np.divide(own, whole, out=np.ones_like(own), where=whole > 0)
    joined = flat(p, color).mixed_where(p.with_alpha(None), share)
    return joined.with_alpha(np.clip(whole * 255 + 0.5, 0, 255))
