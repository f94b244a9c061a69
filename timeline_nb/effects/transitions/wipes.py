"""Wipes: a field says when each pixel turns from the one picture to the other."""

from collections.abc import Hashable
from typing import Any

import cv2
import numpy as np

from timeline_nb.effects.fields import coordinates
from timeline_nb.effects.parameters import boolean, choice, integer, number, point
from timeline_nb.effects.picture import Floats, Picture
from timeline_nb.effects.registry import transition

__all__ = ["reveal"]

_SOFT = number(0.02, 0, 1, doc="Of the edge, as a share of the way.")
_KEPT: dict[Hashable, Floats] = {}


def reveal(
    a: Picture, b: Picture, t: float, when: Any, softness: float, key: Hashable = None
) -> Picture:
    """The second picture where its time has come.

    Args:
        a: The outgoing picture.
        b: The incoming one.
        t: 0 to 1.
        when: `(H, W)` 0 to 1, or what makes it: the moment at which a pixel turns.
        softness: Over how much of the way it turns.
        key: Keeps the field while it stays the same.
    """
    own = (a.width, a.height, key)
    if key is None or own not in _KEPT:
        field = np.asarray(when() if callable(when) else when, np.float32)
        while len(_KEPT) > 8:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[own] = field
    field = _KEPT[own]
    # One pixel of softness keeps edges smooth.
    soft = max(softness, 1.5 / max(a.width, a.height))
    mask = np.clip((t * (1 + soft) - field) / soft, 0, 1)
    return a.mixed_where(b, np.asarray(mask, np.float32))


def _spread(field: Any) -> Any:
    """A field stretched to reach from 0 to 1."""
    low, high = float(field.min()), float(field.max())
    return (field - low) / max(high - low, 1e-9)


@transition(
    "wipe",
    angle=number(0.0, -360, 360, "deg", "Where it goes: 0 is right, 90 is down."),
    softness=_SOFT,
)
def wipe(a: Picture, b: Picture, t: float, *, angle: float, softness: float) -> Picture:
    """An edge moves across."""

    def when() -> Any:
        x, y = coordinates(a.width, a.height)
        cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        return _spread(x * cos + y * sin)

    return reveal(a, b, t, when, softness, ("wipe", angle))


@transition(
    "wipe",
    shape=choice("circle", "diamond", "rectangle", "oval"),
    close=boolean(doc="The old picture shrinks, not the new one grows."),
    center=point((0.5, 0.5), 0, 1),
    softness=_SOFT,
)
def iris(
    a: Picture,
    b: Picture,
    t: float,
    *,
    shape: str,
    close: bool,
    center: tuple[float, float],
    softness: float,
) -> Picture:
    """A shape opens from a point, or closes on it."""

    def when() -> Any:
        x, y = coordinates(a.width, a.height)
        aspect = a.width / a.height
        dx, dy = np.abs(x - (center[0] - 0.5) * aspect), np.abs(y - (center[1] - 0.5))
        away = {
            "circle": lambda: np.hypot(dx, dy),
            "oval": lambda: np.hypot(dx / aspect, dy),
            "diamond": lambda: dx + dy,
            "rectangle": lambda: np.maximum(dx / aspect, dy),
        }[shape]()
        away = away / away.max()
        return 1 - away if close else away

    return reveal(a, b, t, when, softness, ("iris", shape, close, center))


@transition(
    "wipe",
    start=number(-90.0, -360, 360, "deg", "Where the hand begins: -90 is twelve."),
    hands=integer(1, 1, 12),
    clockwise=boolean(default=True),
    softness=_SOFT,
)
def clock(
    a: Picture,
    b: Picture,
    t: float,
    *,
    start: float,
    hands: int,
    clockwise: bool,
    softness: float,
) -> Picture:
    """A hand, or several, sweeps around the middle."""

    def when() -> Any:
        x, y = coordinates(a.width, a.height)
        turn = np.arctan2(y, x) - np.radians(start)
        turn = turn if clockwise else -turn
        return np.mod(turn * hands / (2 * np.pi), 1)

    return reveal(a, b, t, when, softness, ("clock", start, hands, clockwise))


@transition(
    "wipe",
    count=integer(8, 2, 64),
    vertical=boolean(doc="Slats stand upright."),
    softness=_SOFT,
)
def blinds(
    a: Picture, b: Picture, t: float, *, count: int, vertical: bool, softness: float
) -> Picture:
    """Slats turn."""

    def when() -> Any:
        x, y = coordinates(a.width, a.height)
        along = x * a.height / a.width if vertical else y
        return np.mod((along + 0.5) * count, 1)

    return reveal(a, b, t, when, softness, ("blinds", count, vertical))


@transition(
    "wipe",
    columns=integer(8, 2, 64),
    softness=_SOFT,
)
def checkerboard(
    a: Picture, b: Picture, t: float, *, columns: int, softness: float
) -> Picture:
    """Every other square first, and then the rest, each from its left."""

    def when() -> Any:
        x, y = coordinates(a.width, a.height)
        aspect = a.width / a.height
        across = (x / aspect + 0.5) * columns
        down = (y + 0.5) * columns / aspect
        odd = np.mod(np.floor(across) + np.floor(down), 2)
        return (odd + np.mod(across, 1)) / 2

    return reveal(a, b, t, when, softness, ("checkerboard", columns))


@transition(
    "wipe",
    axis=choice("vertical", "horizontal"),
    close=boolean(doc="From the sides to the middle."),
    softness=_SOFT,
)
def barn_door(
    a: Picture, b: Picture, t: float, *, axis: str, close: bool, softness: float
) -> Picture:
    """Two edges part from the middle, or meet there."""

    def when() -> Any:
        x, y = coordinates(a.width, a.height)
        away = (
            np.abs(x) * 2 * a.height / a.width if axis == "vertical" else np.abs(y) * 2
        )
        return 1 - away if close else away

    return reveal(a, b, t, when, softness, ("barn", axis, close))


@transition("wipe", turns=number(3.0, 1, 10), softness=_SOFT)
def spiral(
    a: Picture, b: Picture, t: float, *, turns: float, softness: float
) -> Picture:
    """Along a spiral, from the middle out."""

    def when() -> Any:
        x, y = coordinates(a.width, a.height)
        away = np.hypot(x, y)
        angle = np.arctan2(y, x) / (2 * np.pi) + 0.5
        rings = np.floor(away / away.max() * turns - angle) + angle
        return _spread(rings)

    return reveal(a, b, t, when, softness, ("spiral", turns))


@transition("wipe", points=integer(5, 3, 12), softness=_SOFT)
def star(a: Picture, b: Picture, t: float, *, points: int, softness: float) -> Picture:
    """A star opens from the middle."""

    def when() -> Any:
        x, y = coordinates(a.width, a.height)
        angle = np.arctan2(x, -y)
        part = np.pi / points
        folded = np.abs(np.mod(angle + part, 2 * part) - part)
        # How far a ray goes until it meets the straight side of the star.
        inner = 0.4
        edge = (
            inner
            * np.sin(part)
            / (np.sin(part - folded) * inner + np.sin(folded) + 1e-6)
        )
        away = np.hypot(x, y) / np.maximum(edge, 1e-3)
        return away / away.max()

    return reveal(a, b, t, when, softness, ("star", points))


@transition("wipe", seed=integer(1, 0, 9999), softness=number(0.2, 0, 1))
def random_dissolve(
    a: Picture, b: Picture, t: float, *, seed: int, softness: float
) -> Picture:
    """Grains turn in no order."""
    return reveal(a, b, t, lambda: _cells(a, 180, seed), softness, ("grains", seed))


def _cells(p: Picture, lines: int, seed: int, *, smooth: bool = False) -> Any:
    """Chance on square cells, so many of them in a column: each of 0 to 1 as often."""
    size = max(1, round(lines * p.width / p.height)), lines
    order = np.random.default_rng(seed).permutation(size[0] * size[1])
    field = (order / max(1, order.size - 1)).astype(np.float32)
    way = cv2.INTER_CUBIC if smooth else cv2.INTER_NEAREST
    grid = field.reshape(size[1], size[0])
    return np.clip(cv2.resize(grid, (p.width, p.height), interpolation=way), 0, 1)


@transition("wipe", rows=integer(9, 2, 60), seed=integer(1, 0, 9999), softness=_SOFT)
def random_blocks(
    a: Picture, b: Picture, t: float, *, rows: int, seed: int, softness: float
) -> Picture:
    """Blocks turn in no order."""
    key = ("blocks", rows, seed)
    return reveal(a, b, t, lambda: _cells(a, rows, seed), softness, key)


@transition(
    "wipe",
    count=integer(24, 2, 200),
    vertical=boolean(default=True),
    seed=integer(1, 0, 9999),
    softness=_SOFT,
)
def random_bars(
    a: Picture,
    b: Picture,
    t: float,
    *,
    count: int,
    vertical: bool,
    seed: int,
    softness: float,
) -> Picture:
    """Bars turn in no order."""

    def when() -> Any:
        order = np.random.default_rng(seed).permutation(count) / max(1, count - 1)
        x, y = coordinates(a.width, a.height)
        along = x * a.height / a.width if vertical else y
        number_ = np.clip(np.floor((along + 0.5) * count), 0, count - 1)
        return order[number_.astype(int)]

    return reveal(a, b, t, when, softness, ("bars", count, vertical, seed))


@transition("wipe", teeth=integer(6, 1, 40), depth=number(0.12, 0, 0.5), softness=_SOFT)
def zigzag(
    a: Picture, b: Picture, t: float, *, teeth: int, depth: float, softness: float
) -> Picture:
    """An edge with teeth moves across."""

    def when() -> Any:
        x, y = coordinates(a.width, a.height)
        tooth = np.abs(np.mod((y + 0.5) * teeth, 1) * 2 - 1)
        return _spread(x * a.height / a.width + tooth * depth)

    return reveal(a, b, t, when, softness, ("zigzag", teeth, depth))


@transition(
    "wipe", waves=number(3.0, 0.5, 20), depth=number(0.08, 0, 0.5), softness=_SOFT
)
def wavy(
    a: Picture, b: Picture, t: float, *, waves: float, depth: float, softness: float
) -> Picture:
    """A rolling edge moves down."""

    def when() -> Any:
        x, y = coordinates(a.width, a.height)
        roll = np.sin(x * a.height / a.width * 2 * np.pi * waves)
        return _spread(y + roll * depth)

    return reveal(a, b, t, when, softness, ("wavy", waves, depth))


@transition(
    "wipe",
    size=integer(6, 2, 30, "Clouds in a column."),
    seed=integer(1, 0, 9999),
    softness=number(0.15, 0, 1),
)
def clouds(
    a: Picture, b: Picture, t: float, *, size: int, seed: int, softness: float
) -> Picture:
    """Patches grow together, as ink in water."""

    def when() -> Any:
        whole: Any = 0.0
        for octave in range(4):
            lines = size * 2**octave
            whole = whole + _cells(a, lines, seed + octave, smooth=True) / 2**octave
        return _spread(whole)

    return reveal(a, b, t, when, softness, ("clouds", size, seed))


@transition(
    "wipe",
    dark_first=boolean(doc="The dark turns first, not the light."),
    softness=number(0.2, 0.01, 1),
)
def luma_fade(
    a: Picture, b: Picture, t: float, *, dark_first: bool, softness: float
) -> Picture:
    """What is light turns first, or what is dark."""
    light = np.clip((a.planes[0].astype(np.float32) - 16) / 219, 0, 1)
    return reveal(a, b, t, light if dark_first else 1 - light, softness)
