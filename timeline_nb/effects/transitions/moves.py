"""Transitions that move whole pictures."""

from typing import Any, Final

import cv2
import numpy as np

from timeline_nb.effects.blending import laid_over
from timeline_nb.effects.blur import along_line
from timeline_nb.effects.distort import homography
from timeline_nb.effects.fields import coordinates, projected
from timeline_nb.effects.geometry import placed
from timeline_nb.effects.parameters import Parameter, boolean, choice, number
from timeline_nb.effects.picture import Picture
from timeline_nb.effects.registry import transition

__all__ = ["cover"]

_WAYS: Final = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


def _way(first: str = "left") -> Parameter:
    others = [name for name in _WAYS if name != first]
    return choice(first, *others, doc="Direction of the movement.")


def _shifted(p: Picture, x: float, y: float) -> Picture:
    """Move a picture by shares of width and height; the rest is transparent."""
    return placed(p, x=x * p.width / p.height, y=y)


def _black(p: Picture) -> Picture:
    luma, blue, red = p.planes
    return p.with_planes(
        np.full_like(luma, 16), np.full_like(blue, 128), np.full_like(red, 128)
    ).with_alpha(None)


def _shaded(p: Picture, share: float) -> Picture:
    """Darken a picture by a share and keep its opacity."""
    return p.mixed(_black(p).with_alpha(p.alpha), min(1.0, max(0.0, share)))


@transition("move", way=_way())
def cover(a: Picture, b: Picture, t: float, *, way: str) -> Picture:
    """Slide the incoming picture over the outgoing one."""
    x, y = _WAYS[way]
    return laid_over(a, _shifted(b, -x * (1 - t), -y * (1 - t)))


@transition("move", way=_way())
def reveal(a: Picture, b: Picture, t: float, *, way: str) -> Picture:
    """Slide the outgoing picture away from the incoming one."""
    x, y = _WAYS[way]
    return laid_over(b, _shifted(a, x * t, y * t))


@transition("move", way=_way())
def push(a: Picture, b: Picture, t: float, *, way: str) -> Picture:
    """Push the outgoing picture out by the incoming one."""
    x, y = _WAYS[way]
    return _pushed(a, b, t, x, y)


def _pushed(a: Picture, b: Picture, t: float, x: int, y: int) -> Picture:
    """Push by whole chroma pixels, so that the seam is clean."""
    wide = round(a.width * t / 2) * 2 * x
    high = round(a.height * t / 2) * 2 * y
    planes = []
    for one, other in zip(a.planes, b.planes, strict=True):
        half = 1 if one.shape[0] == a.height else 2
        planes.append(_rolled(one, other, wide // half, high // half))
    return a.with_planes(*planes).with_alpha(None)


def _rolled(one: Any, other: Any, wide: int, high: int) -> Any:
    if wide:
        parts = [one[:, -wide:], other[:, :-wide]]
        if wide > 0:
            parts = [other[:, other.shape[1] - wide :], one[:, : one.shape[1] - wide]]
        return np.ascontiguousarray(np.hstack(parts))
    if high:
        parts = [one[-high:], other[:-high]]
        if high > 0:
            parts = [other[other.shape[0] - high :], one[: one.shape[0] - high]]
        return np.ascontiguousarray(np.vstack(parts))
    return one


@transition(
    "move",
    way=_way(),
    blur=number(0.25, 0, 1, doc="Length of the blur at the middle, in heights."),
)
def whip_pan(a: Picture, b: Picture, t: float, *, way: str, blur: float) -> Picture:
    """Push the pictures fast, with motion blur."""
    x, y = _WAYS[way]
    smooth = t * t * (3 - 2 * t)
    moved = _pushed(a, b, smooth, x, y)
    length = blur * np.sin(np.pi * t) * a.height
    angle = 0.0 if x else 90.0
    return moved.map_planes(
        lambda plane, scale: along_line(plane, length * scale, angle)
    )


@transition("move", axis=choice("vertical", "horizontal", doc="Direction of the cut."))
def split(a: Picture, b: Picture, t: float, *, axis: str) -> Picture:
    """Split the outgoing picture and slide its halves apart."""
    x, y = coordinates(a.width, a.height)
    first = (x < 0) if axis == "vertical" else (y < 0)
    whole = b
    for side, way in ((first, -1), (~first, 1)):
        half = a.with_alpha(side.astype(np.uint8) * 255)
        shift = (way * t / 2, 0) if axis == "vertical" else (0, way * t / 2)
        whole = laid_over(whole, _shifted(half, *shift))
    return whole


@transition("move", axis=choice("horizontal", "vertical", doc="Direction of the line."))
def squeeze(a: Picture, b: Picture, t: float, *, axis: str) -> Picture:
    """Squeeze the outgoing picture to a line."""
    left = max(1 - t, 1e-3)
    if axis == "horizontal":
        return laid_over(b, placed(a, down=left))
    return laid_over(b, placed(a, across=left))


@transition("move", scale=number(3.0, 1.1, 20, doc="Enlargement at the middle."))
def zoom_in(a: Picture, b: Picture, t: float, *, scale: float) -> Picture:
    """Zoom into the outgoing picture and on into the incoming one."""
    near = placed(a, across=scale**t, down=scale**t, clear=False)
    far = scale ** (t - 1)
    back = placed(b, across=max(far, 1.0), down=max(far, 1.0), clear=False)
    share = float(np.clip((t - 0.3) / 0.4, 0, 1))
    return near.mixed(back, share)


@transition("move")
def zoom_out(a: Picture, b: Picture, t: float) -> Picture:
    """Shrink the outgoing picture to the center."""
    size = max(1 - t, 1e-3)
    return laid_over(b, placed(a, across=size, down=size))


@transition("move", turns=number(1.0, -5, 5, doc="Clockwise turns."))
def spin(a: Picture, b: Picture, t: float, *, turns: float) -> Picture:
    """Shrink and rotate the outgoing picture."""
    size = max(1 - t, 1e-3)
    return laid_over(b, placed(a, across=size, down=size, angle=360 * turns * t))


@transition(
    "move", angle=number(90.0, -180, 180, "deg", "Angle of the swing, clockwise.")
)
def swing(a: Picture, b: Picture, t: float, *, angle: float) -> Picture:
    """Swing the outgoing picture down about its left top corner."""
    half = a.width / a.height / 2
    cos, sin = np.cos(np.radians(angle * t)), np.sin(np.radians(angle * t))
    corner = np.array([-half, -0.5])
    turn = np.array([[cos, -sin], [sin, cos]])
    shift = corner - turn @ corner
    forward = np.vstack([np.column_stack([turn, shift]), [0, 0, 1]])
    swung = projected(a, forward)
    seen = 1 - max(0.0, t * 4 - 3)
    return laid_over(
        b, swung.with_alpha(cv2.convertScaleAbs(swung.opacity, alpha=seen))
    )


@transition("move")
def drop(a: Picture, b: Picture, t: float) -> Picture:
    """Drop the incoming picture from above, with two bounces."""
    # A fall and two bounces, each lower than the one before.
    edges, heights = (0.0, 0.5, 0.8, 1.0), (1.0, 0.18, 0.05)
    place = 0.0
    for left, right, high in zip(edges, edges[1:], heights, strict=False):
        if left <= t < right:
            along = (t - left) / (right - left)
            whole = 1 - along * along if left == 0 else 4 * along * (1 - along)
            place = high * whole
    return laid_over(a, _shifted(b, 0, -place))


def _quad(p: Picture, corners: list[tuple[float, float]], shade: float) -> Picture:
    """Map a picture to four corners, in heights from the center, and darken it."""
    half = p.width / p.height / 2
    whole = [(-half, -0.5), (half, -0.5), (half, 0.5), (-half, 0.5)]
    return _shaded(projected(p, homography(whole, corners)), shade)


def _turned(p: Picture, angle: float, depth: float, shade: float) -> Picture | None:
    """Rotate a picture as the face of a block about the block's vertical axis.

    Args:
        p: The picture on the face.
        angle: Degrees from facing the viewer.
        depth: Distance of the axis behind the face, in heights.
        shade: Darkness at 90 degrees.

    Returns:
        The picture; None if the face is not visible.
    """
    if abs(angle) >= 89:
        return None
    half, eye = p.width / p.height / 2, 2.5
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    corners = []
    for x, y in ((-half, -0.5), (half, -0.5), (half, 0.5), (-half, 0.5)):
        across = x * cos + depth * sin
        far = depth - (depth * cos - x * sin)
        factor = eye / (eye + far)
        corners.append((float(across * factor), float(y * factor)))
    return _quad(p, corners, shade * abs(float(sin)))


@transition("3d", reverse=boolean(doc="Rotate to the right."))
def cube(a: Picture, b: Picture, t: float, *, reverse: bool) -> Picture:
    """Rotate the pictures as two faces of a cube."""
    way = 1 if reverse else -1
    depth = a.width / a.height / 2
    faces = [(a, way * 90 * t), (b, way * 90 * (t - 1))]
    whole = _black(a)
    for face, angle in sorted(faces, key=lambda pair: -abs(pair[1])):
        shown = _turned(face, angle, depth, 0.6)
        if shown is not None:
            whole = laid_over(whole, shown)
    return whole


@transition("3d", vertical=boolean(doc="Flip about the horizontal axis."))
def card_flip(a: Picture, b: Picture, t: float, *, vertical: bool) -> Picture:
    """Flip the pictures as two sides of a card."""
    front = t < 0.5
    angle = 180 * t if front else 180 * (t - 1)
    face = a if front else b
    if vertical:
        half, eye = face.width / face.height / 2, 2.5
        cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        corners = []
        for x, y in ((-half, -0.5), (half, -0.5), (half, 0.5), (-half, 0.5)):
            factor = eye / (eye + y * sin)
            corners.append((float(x * factor), float(y * cos * factor)))
        shown: Picture | None = (
            None if abs(angle) >= 89 else _quad(face, corners, 0.5 * abs(float(sin)))
        )
    else:
        shown = _turned(face, angle, 0.0, 0.5)
    return _black(a) if shown is None else laid_over(_black(a), shown)


@transition("3d")
def doors(a: Picture, b: Picture, t: float) -> Picture:
    """Open the outgoing picture as two doors."""
    size = 0.8 + 0.2 * t
    whole = laid_over(
        _black(a), _shaded(placed(b, across=size, down=size), 0.5 * (1 - t))
    )
    half, eye = a.width / a.height / 2, 2.5
    turn = np.radians(88 * t)
    x, _ = coordinates(a.width, a.height)
    for side in (-1, 1):
        door = a.with_alpha(((x * side) > 0).astype(np.uint8) * 255)
        # The door turns about the picture's edge, its free side towards the viewer.
        free = half * np.cos(turn)
        factor = eye / (eye - half * np.sin(turn) * 0.8)
        inner = side * (half - free)
        source = [(side * half, -0.5), (0, -0.5), (0, 0.5), (side * half, 0.5)]
        target = [
            (side * half, -0.5),
            (float(inner), float(-0.5 * factor)),
            (float(inner), float(0.5 * factor)),
            (side * half, 0.5),
        ]
        if t < 0.995:
            opened = projected(door, homography(source, target))
            whole = laid_over(whole, _shaded(opened, 0.5 * t))
    return whole


@transition("3d", reverse=boolean(doc="Move to the right."))
def carousel(a: Picture, b: Picture, t: float, *, reverse: bool) -> Picture:
    """Move the pictures past each other on a ring."""
    way = 1 if reverse else -1
    whole = _black(a)
    back = 0.25 * float(np.sin(np.pi * t))
    for face, place in ((a, t), (b, t - 1)):
        size = 1 - back
        x = way * place * 1.05
        shown = placed(face, x=x * a.width / a.height, across=size, down=size)
        whole = laid_over(whole, _shaded(shown, 0.4 * abs(place)))
    return whole


@transition(
    "3d",
    reverse=boolean(doc="Turn from the left."),
    radius=number(0.15, 0.02, 1, "height", "Radius of the fold."),
)
def page_turn(
    a: Picture, b: Picture, t: float, *, reverse: bool, radius: float
) -> Picture:
    """Turn the outgoing picture as the page of a book."""
    from timeline_nb.effects.fields import warped

    width = a.width / a.height
    around = np.pi * radius
    # The line at which the page begins to roll up.
    line = width / 2 - t * (width + around)
    way = -1 if reverse else 1

    def roll(x: Any, y: Any) -> tuple[Any, Any]:
        return line + radius * np.arcsin(np.clip((x * way - line) / radius, -1, 1)), y

    def back(x: Any, y: Any) -> tuple[Any, Any]:
        lifted = np.arcsin(np.clip((x * way - line) / radius, -1, 1))
        return line + radius * (np.pi - lifted), y

    x, _ = coordinates(a.width, a.height)
    x = x * way
    key = ("page", round(t, 5), reverse, radius)
    unrolled = x <= line
    rolled = (x > line) & (x <= line + radius)

    def sampled(part: Any, name: str) -> Picture:
        def bend(gx: Any, gy: Any) -> tuple[Any, Any]:
            across, down = part(gx, gy)
            return across * way, down

        return warped(a, (*key, name), bend)

    front = sampled(roll, "front")
    rear = _shaded(sampled(back, "rear"), 0.35)
    lift = np.clip((x - line) / radius, 0, 1)
    seen_back = line + radius * (np.pi - np.arcsin(np.clip(lift, 0, 1))) <= width / 2
    shadow = np.clip(1 - (x - line - radius) / 0.12, 0, 1) * (x > line + radius) * 0.5
    dark = b.mixed_where(_black(b), np.asarray(shadow, np.float32))
    whole = dark.mixed_where(a, unrolled.astype(np.float32))
    whole = whole.mixed_where(front, (rolled & ~seen_back).astype(np.float32))
    return whole.mixed_where(rear, (rolled & seen_back).astype(np.float32))
