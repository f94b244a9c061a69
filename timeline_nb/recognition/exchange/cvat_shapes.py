"""Shapes of CVAT as the boxes around them."""

import math
import re
from typing import Any, Final

__all__ = ["SHAPES", "WITHOUT_BOX", "attributes_of", "box_of", "whole"]

SHAPES: Final = {"box", "polygon", "polyline", "points", "ellipse", "mask"}
# A cuboid has eight corners in no plane, a skeleton has points as elements of its own.
WITHOUT_BOX: Final = {"cuboid", "skeleton", "tag"}
_MOST_POINTS: Final = 100_000
_WHOLE: Final = re.compile(r"[0-9]{1,9}")


def whole(text: str | None) -> int | None:
    """Return a whole number; None of what is none."""
    stripped = (text or "").strip()
    return int(stripped) if _WHOLE.fullmatch(stripped) else None


def _numbers(values: list[str | None]) -> list[float] | None:
    try:
        return [float(value or "") for value in values]
    except ValueError:
        return None


def box_of(tag: str, attributes: dict[str, str]) -> tuple[float, ...] | None:
    """Return left, top, right and bottom of a shape; None if it has no numbers."""
    if tag == "box":
        return _rectangle(attributes)
    if tag == "ellipse":
        found = _numbers([attributes.get(name) for name in ("cx", "cy", "rx", "ry")])
        if found is None:
            return None
        x, y, wide, high = found
        return x - wide, y - high, x + wide, y + high
    if tag == "mask":
        names = ("left", "top", "width", "height")
        found = _numbers([attributes.get(name) for name in names])
        return None if found is None else _from_corner(found)
    return _around(attributes.get("points", ""))


def _from_corner(found: list[float]) -> tuple[float, ...]:
    left, top, wide, high = found
    return left, top, left + wide, top + high


def _rectangle(attributes: dict[str, str]) -> tuple[float, ...] | None:
    names = ("xtl", "ytl", "xbr", "ybr")
    found = _numbers([attributes.get(name) for name in names])
    turned = _numbers([attributes.get("rotation") or "0"])
    if found is None or turned is None:
        return None
    left, top, right, bottom = found
    if not turned[0] or not math.isfinite(turned[0]):
        return left, top, right, bottom
    # The corners turn about the center; what is around them is as wide as both sides'
    # shares of the axis.
    angle = math.radians(turned[0])
    cosine, sine = abs(math.cos(angle)), abs(math.sin(angle))
    wide = ((right - left) * cosine + (bottom - top) * sine) / 2
    high = ((right - left) * sine + (bottom - top) * cosine) / 2
    x, y = (left + right) / 2, (top + bottom) / 2
    return x - wide, y - high, x + wide, y + high


def _around(points: str) -> tuple[float, ...] | None:
    pairs = points.split(";", _MOST_POINTS)
    if len(pairs) > _MOST_POINTS:
        return None
    found = _numbers([part for pair in pairs for part in pair.split(",", 2)])
    if not found or len(found) != 2 * len(pairs):
        return None
    xs, ys = found[::2], found[1::2]
    return min(xs), min(ys), max(xs), max(ys)


def attributes_of(attributes: dict[str, str]) -> dict[str, Any]:
    """Return the columns of a shape's own attributes."""
    turned = _numbers([attributes.get("rotation") or "0"])
    return {"rotation_deg": turned[0]} if turned and turned[0] else {}
