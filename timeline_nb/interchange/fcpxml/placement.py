"""Placement of pictures: from our terms to Final Cut's, and back. Pure arithmetic.

Final Cut fits the whole source to the frame, hides what is trimmed, scales, rotates
counterclockwise, and moves the center up and to the right, in percent of the frame's
height. Ours is cropped before it is fitted, and placed by the center of what is left.
"""

import math
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from msgspec.structs import replace

from timeline_nb.timeline.model import Transform

__all__ = ["Conform", "FinalCutPlacement", "from_final_cut", "to_final_cut"]

Conform: TypeAlias = Literal["fit", "fill", "none"]
Pair: TypeAlias = tuple[float, float]
_CLOSE: Final = 1e-6
# What our placements allow.
_MOST_TURN: Final = 100_000.0


@dataclass(frozen=True, kw_only=True)
class FinalCutPlacement:
    """A picture's place, in Final Cut's terms.

    Args:
        conform: How the source is fitted to the frame.
        trim: What is hidden at the left, top, right and bottom, in percent of the
            source's height.
        position: Of the anchor, right and up from the frame's center, in percent of
            the frame's height.
        scale: Horizontal and vertical.
        rotation_deg: Counterclockwise.
        anchor: Of the source, right and up from its center, in percent of the frame's
            height.
    """

    conform: Conform = "fit"
    trim: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    position: Pair = (0.0, 0.0)
    scale: Pair = (1.0, 1.0)
    rotation_deg: float = 0.0
    anchor: Pair = (0.0, 0.0)


def to_final_cut(transform: Transform, source: Pair, canvas: Pair) -> FinalCutPlacement:
    """Return a placement in Final Cut's terms.

    Args:
        transform: Ours.
        source: Width and height of the media, in pixels.
        canvas: Width and height of the edit.
    """
    conform: Conform = "fit" if transform.fit == "stretch" else transform.fit
    whole = _factors(conform, source, canvas)[0]
    own = _factors(transform.fit, _cropped(source, transform.crop), canvas)
    scale = (
        own[0] * transform.scale / whole,
        own[1] * transform.scale / whole,
    )
    shift = _shift(
        transform.crop,
        (source[0] * whole * scale[0], source[1] * whole * scale[1]),
        transform.rotation_deg,
    )
    x = transform.position[0] * canvas[0] - shift[0] - canvas[0] / 2
    y = canvas[1] / 2 - transform.position[1] * canvas[1] + shift[1]
    left, top, right, bottom = transform.crop
    wide = 100 * source[0] / source[1]
    return FinalCutPlacement(
        conform=conform,
        trim=(left * wide, top * 100, right * wide, bottom * 100),
        position=(100 * x / canvas[1], 100 * y / canvas[1]),
        scale=scale,
        rotation_deg=-transform.rotation_deg,
    )


def from_final_cut(
    placed: FinalCutPlacement, source: Pair, canvas: Pair
) -> tuple[Transform, bool]:
    """Return our placement, and whether it is the same.

    It is not if the picture is stretched to another shape than the frame's.
    """
    wide = 100 * source[0] / source[1]
    left, top, right, bottom = placed.trim
    crop = _sensible_crop((left / wide, top / 100, right / wide, bottom / 100))
    whole = _factors(placed.conform, source, canvas)[0]
    shown = (
        source[0] * whole * abs(placed.scale[0]),
        source[1] * whole * abs(placed.scale[1]),
    )
    part = _cropped(shown, crop)
    turn = -placed.rotation_deg
    anchor = _turned(
        placed.anchor[0] * canvas[1] / 100 * placed.scale[0],
        -placed.anchor[1] * canvas[1] / 100 * placed.scale[1],
        turn,
    )
    shift = _shift(crop, shown, turn)
    x = canvas[0] / 2 + placed.position[0] * canvas[1] / 100 - anchor[0] + shift[0]
    y = canvas[1] / 2 - placed.position[1] * canvas[1] / 100 - anchor[1] + shift[1]
    fit: Literal["fit", "fill", "none", "stretch"] = placed.conform
    across, down = part[0] / canvas[0], part[1] / canvas[1]
    same = True
    if not _close(placed.scale[0], placed.scale[1]):
        same = _close(across, down)
        fit = "stretch" if same else fit
    own = _factors(fit, _cropped(source, crop), canvas)
    scale = math.sqrt(
        (part[0] / (own[0] * source[0] * (1 - crop[0] - crop[2])))
        * (part[1] / (own[1] * source[1] * (1 - crop[1] - crop[3])))
    )
    # The check of the whole names what another program placed beyond what is possible.
    made = replace(
        Transform(),
        fit=fit,
        position=(_neat(x / canvas[0]), _neat(y / canvas[1])),
        scale=_neat(max(scale, _CLOSE)),
        rotation_deg=_neat(max(-_MOST_TURN, min(_MOST_TURN, turn))),
        crop=crop,
    )
    return made, same


def _factors(fit: str, source: Pair, canvas: Pair) -> Pair:
    across, down = canvas[0] / source[0], canvas[1] / source[1]
    if fit == "stretch":
        return across, down
    factor = {"fit": min(across, down), "fill": max(across, down)}.get(fit, 1.0)
    return factor, factor


def _cropped(size: Pair, crop: tuple[float, float, float, float]) -> Pair:
    left, top, right, bottom = crop
    return size[0] * (1 - left - right), size[1] * (1 - top - bottom)


def _shift(
    crop: tuple[float, float, float, float], shown: Pair, rotation_deg: float
) -> Pair:
    """Return the way from a source's center to that of its uncropped part, in pixels.

    Down is positive, as of all pixels.
    """
    left, top, right, bottom = crop
    return _turned(
        (left - right) / 2 * shown[0], (top - bottom) / 2 * shown[1], rotation_deg
    )


def _turned(x: float, y: float, rotation_deg: float) -> Pair:
    angle = math.radians(rotation_deg)
    cos, sin = math.cos(angle), math.sin(angle)
    return x * cos - y * sin, x * sin + y * cos


def _sensible_crop(
    crop: tuple[float, float, float, float],
) -> tuple[float, float, float, float]:
    left, top, right, bottom = (_neat(max(0.0, min(0.99, part))) for part in crop)
    if left + right >= 0.995:
        left, right = 0.0, 0.0
    if top + bottom >= 0.995:
        top, bottom = 0.0, 0.0
    return left, top, right, bottom


def _neat(value: float) -> float:
    """Return a number without what floats add to it."""
    return round(value, 9)


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= _CLOSE * max(1.0, abs(one), abs(other))
