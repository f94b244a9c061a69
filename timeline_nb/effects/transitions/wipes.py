"""Wipes: a field holds the moment at which each pixel changes."""

from collections.abc import Hashable
from typing import Any

import cv2
import numpy as np

from timeline_nb.effects.fields import coordinates
from timeline_nb.effects.parameters import boolean, choice, integer, number, point
from timeline_nb.effects.picture import Floats, Picture
from timeline_nb.effects.registry import transition

__all__ = ["reveal"]

_SOFT = number(0.02, 0, 1, doc="Width of the soft edge, as a share of the way.")
_FIELDS: dict[Hashable, Floats] = {}


def reveal(
    a: Picture, b: Picture, t: float, when: Any, softness: float, key: Hashable = None
) -> Picture:
    """Return a picture of `b` where the field is below `t`, and of `a` elsewhere.

    Args:
        a: The outgoing picture.
        b: The incoming picture.
        t: Progress, 0 to 1.
        when: `(H, W)` from 0 to 1, or a function that returns it: the moment at which
            each pixel changes.
        softness: Share of the way over which a pixel changes.
        key: Names the field in the cache; None if it must not be cached.
    """
    own = (a.width, a.height, key)
    if key is None or own not in _FIELDS:
        field = np.asarray(when() if callable(when) else when, np.float32)
        while len(_FIELDS) > 8:
            _FIELDS.pop(next(iter(_FIELDS)), None)
        _FIELDS[own] = field
    field = _FIELDS[own]
    # A softness of at least 1.5 pixels antialiases the edge.
    soft = max(softness, 1.5 / max(a.width, a.height))
    mask = np.clip((t * (1 + soft) - field) / soft, 0, 1)
    return a.mixed_where(b, np.asarray(mask, np.float32))


def _spread(field: Any) -> Any:
    """Stretch a field to the range from 0 to 1."""
    low, high = float(field.min()), float(field.max())
    return (field - low) / max(high - low, 1e-9)


@transition(
    "wipe",
    angle=number(
        0.0, -360, 360, "deg", "Direction of the movement: 0 is right, 90 is down."
    ),
    softness=_SOFT,
)
def wipe(a: Picture, b: Picture, t: float, *, angle: float, softness: float) -> Picture:
    """Reveal the incoming picture behind a moving straight edge."""

    def when() -> Any:
        x, y = coordinates(a.width, a.height)
        cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        return _spread(x * cos + y * sin)

    return reveal(a, b, t, when, softness, ("wipe", angle))


@transition(
    "wipe",
    shape=choice("circle", "diamond", "rectangle", "oval", doc="Shape of the opening."),
    close=boolean(doc="Shrink the outgoing picture instead."),
    center=point(
        (0.5, 0.5), 0, 1, "Center: shares of width and height from the left top."
    ),
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
    """Reveal the incoming picture through a growing shape."""

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
    start=number(
        -90.0, -360, 360, "deg", "Angle of the first hand; -90 is twelve o'clock."
    ),
    hands=integer(1, 1, 12, "Number of hands."),
    clockwise=boolean(default=True, doc="Rotate clockwise."),
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
    """Reveal the incoming picture behind rotating clock hands."""

    def when() -> Any:
        x, y = coordinates(a.width, a.height)
        turn = np.arctan2(y, x) - np.radians(start)
        turn = turn if clockwise else -turn
        return np.mod(turn * hands / (2 * np.pi), 1)

    return reveal(a, b, t, when, softness, ("clock", start, hands, clockwise))


@transition(
    "wipe",
    count=integer(8, 2, 64, "Number of slats."),
    vertical=boolean(doc="Use vertical slats."),
    softness=_SOFT,
)
def blinds(
    a: Picture, b: Picture, t: float, *, count: int, vertical: bool, softness: float
) -> Picture:
    """Reveal the incoming picture in parallel slats."""

    def when() -> Any:
        x, y = coordinates(a.width, a.height)
        along = x * a.height / a.width if vertical else y
        return np.mod((along + 0.5) * count, 1)

    return reveal(a, b, t, when, softness, ("blinds", count, vertical))


@transition(
    "wipe",
    columns=integer(8, 2, 64, "Squares in a row."),
    softness=_SOFT,
)
def checkerboard(
    a: Picture, b: Picture, t: float, *, columns: int, softness: float
) -> Picture:
    """Reveal the incoming picture in the squares of a checkerboard."""

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
    axis=choice("vertical", "horizontal", doc="Direction of the edges."),
    close=boolean(doc="Move from the sides to the middle instead."),
    softness=_SOFT,
)
def barn_door(
    a: Picture, b: Picture, t: float, *, axis: str, close: bool, softness: float
) -> Picture:
    """Reveal the incoming picture from the middle to the sides."""

    def when() -> Any:
        x, y = coordinates(a.width, a.height)
        away = (
            np.abs(x) * 2 * a.height / a.width if axis == "vertical" else np.abs(y) * 2
        )
        return 1 - away if close else away

    return reveal(a, b, t, when, softness, ("barn", axis, close))


@transition(
    "wipe", turns=number(3.0, 1, 10, doc="Turns of the spiral."), softness=_SOFT
)
def spiral(
    a: Picture, b: Picture, t: float, *, turns: float, softness: float
) -> Picture:
    """Reveal the incoming picture along a spiral from the center."""

    def when() -> Any:
        x, y = coordinates(a.width, a.height)
        away = np.hypot(x, y)
        angle = np.arctan2(y, x) / (2 * np.pi) + 0.5
        rings = np.floor(away / away.max() * turns - angle) + angle
        return _spread(rings)

    return reveal(a, b, t, when, softness, ("spiral", turns))


@transition("wipe", points=integer(5, 3, 12, "Points of the star."), softness=_SOFT)
def star(a: Picture, b: Picture, t: float, *, points: int, softness: float) -> Picture:
    """Reveal the incoming picture through a growing star."""

    def when() -> Any:
        x, y = coordinates(a.width, a.height)
        angle = np.arctan2(x, -y)
        part = np.pi / points
        folded = np.abs(np.mod(angle + part, 2 * part) - part)
        # Distance along a ray to the straight side of the star.
        inner = 0.4
        edge = (
            inner
            * np.sin(part)
            / (np.sin(part - folded) * inner + np.sin(folded) + 1e-6)
        )
        away = np.hypot(x, y) / np.maximum(edge, 1e-3)
        return away / away.max()

    return reveal(a, b, t, when, softness, ("star", points))


@transition(
    "wipe",
    seed=integer(1, 0, 9999, "Seed of the random order."),
    softness=number(0.2, 0, 1, doc="Share of the time that each grain takes."),
)
def random_dissolve(
    a: Picture, b: Picture, t: float, *, seed: int, softness: float
) -> Picture:
    """Reveal the incoming picture in grains in random order."""
    return reveal(a, b, t, lambda: _cells(a, 180, seed), softness, ("grains", seed))


def _cells(p: Picture, lines: int, seed: int, *, smooth: bool = False) -> Any:
    """Return random values on square cells, uniform from 0 to 1; `lines` a column."""
    size = max(1, round(lines * p.width / p.height)), lines
    order = np.random.default_rng(seed).permutation(size[0] * size[1])
    field = (order / max(1, order.size - 1)).astype(np.float32)
    way = cv2.INTER_CUBIC if smooth else cv2.INTER_NEAREST
    grid = field.reshape(size[1], size[0])
    return np.clip(cv2.resize(grid, (p.width, p.height), interpolation=way), 0, 1)


@transition(
    "wipe",
    rows=integer(9, 2, 60, "Blocks in a column."),
    seed=integer(1, 0, 9999, "Seed of the random order."),
    softness=_SOFT,
)
def random_blocks(
    a: Picture, b: Picture, t: float, *, rows: int, seed: int, softness: float
) -> Picture:
    """Reveal the incoming picture in blocks in random order."""
    key = ("blocks", rows, seed)
    return reveal(a, b, t, lambda: _cells(a, rows, seed), softness, key)


@transition(
    "wipe",
    count=integer(24, 2, 200, "Number of bars."),
    vertical=boolean(default=True, doc="Use vertical bars."),
    seed=integer(1, 0, 9999, "Seed of the random order."),
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
    """Reveal the incoming picture in bars in random order."""

    def when() -> Any:
        order = np.random.default_rng(seed).permutation(count) / max(1, count - 1)
        x, y = coordinates(a.width, a.height)
        along = x * a.height / a.width if vertical else y
        number_ = np.clip(np.floor((along + 0.5) * count), 0, count - 1)
        return order[number_.astype(int)]

    return reveal(a, b, t, when, softness, ("bars", count, vertical, seed))


@transition(
    "wipe",
    teeth=integer(6, 1, 40, "Teeth of the edge."),
    depth=number(0.12, 0, 0.5, doc="Depth of the teeth, as a share of the width."),
    softness=_SOFT,
)
def zigzag(
    a: Picture, b: Picture, t: float, *, teeth: int, depth: float, softness: float
) -> Picture:
    """Reveal the incoming picture behind a moving zigzag edge."""

    def when() -> Any:
        x, y = coordinates(a.width, a.height)
        tooth = np.abs(np.mod((y + 0.5) * teeth, 1) * 2 - 1)
        return _spread(x * a.height / a.width + tooth * depth)

    return reveal(a, b, t, when, softness, ("zigzag", teeth, depth))


@transition(
    "wipe",
    waves=number(3.0, 0.5, 20, doc="Waves across the picture."),
    depth=number(0.08, 0, 0.5, doc="Amplitude of the waves, as a share of the height."),
    softness=_SOFT,
)
def wavy(
    a: Picture, b: Picture, t: float, *, waves: float, depth: float, softness: float
) -> Picture:
    """Reveal the incoming picture behind a wave that moves down."""

    def when() -> Any:
        x, y = coordinates(a.width, a.height)
        roll = np.sin(x * a.height / a.width * 2 * np.pi * waves)
        return _spread(y + roll * depth)

    return reveal(a, b, t, when, softness, ("wavy", waves, depth))


@transition(
    "wipe",
    size=integer(6, 2, 30, "Patches in a column."),
    seed=integer(1, 0, 9999, "Seed of the noise."),
    softness=number(0.15, 0, 1, doc="Width of the soft edge, as a share of the way."),
)
def clouds(
    a: Picture, b: Picture, t: float, *, size: int, seed: int, softness: float
) -> Picture:
    """Reveal the incoming picture in growing patches of noise."""

    def when() -> Any:
        whole: Any = 0.0
        for octave in range(4):
            lines = size * 2**octave
            whole = whole + _cells(a, lines, seed + octave, smooth=True) / 2**octave
        return _spread(whole)

    return reveal(a, b, t, when, softness, ("clouds", size, seed))


@transition(
    "wipe",
    dark_first=boolean(doc="Change dark pixels first instead of light ones."),
    softness=number(0.2, 0.01, 1, doc="Share of the time that each pixel takes."),
)
def luma_fade(
    a: Picture, b: Picture, t: float, *, dark_first: bool, softness: float
) -> Picture:
    """Reveal the incoming picture by the luma of the outgoing one."""
    light = np.clip((a.planes[0].astype(np.float32) - 16) / 219, 0, 1)
    return reveal(a, b, t, light if dark_first else 1 - light, softness)
