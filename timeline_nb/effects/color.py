"""Color effects: light, contrast, hue and balance."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import cv2
import numpy as np
import scipy

from timeline_nb.effects.color_pipeline import (
    ColorPipeline,
    Curve,
    Matrix,
    Stage,
    Values,
    gain,
)
from timeline_nb.effects.parameters import (
    boolean,
    color,
    number,
    points,
)
from timeline_nb.effects.picture import Bytes, Picture, color_of, u8
from timeline_nb.effects.registry import picture

__all__ = ["GRAY", "apply_stages", "sampled_curve"]

# Luma of RGB (ITU-R BT.709), and the matrix that gives all channels that luma.
WEIGHTS: Final = np.array([0.2126, 0.7152, 0.0722])
GRAY: Final = np.hstack([np.tile(WEIGHTS, (3, 1)), np.zeros((3, 1))])
_STRAIGHT: Final = [[0.0, 0.0], [1.0, 1.0]]


def apply_stages(p: Picture, stages: Sequence[Stage], amount: float = 1.0) -> Picture:
    """Apply color stages to a picture, mixed in by a share `amount`."""
    source = p.rgb if p.deep is None else p.deep
    whole = p.with_rgb(ColorPipeline(stages, deep=p.deep is not None).run(source))
    return whole if amount >= 1 else p.mixed(whole, amount)


def _luma_table(change: Any) -> Bytes:
    """Return the table of 256 luma bytes for a function from 0..1 to 0..1."""
    values = (np.arange(256) - 16) / 219
    return u8(np.clip(np.asarray(change(values)) * 219 + 16.5, 0, 255))


def _chroma(p: Picture, rows: Any) -> Picture:
    """Multiply blue and red difference by a 2 x 2 matrix."""
    luma, blue, red = p.planes
    (a, b), (c, d) = rows
    if b == 0 and c == 0 and a == d:
        table = u8(np.clip((np.arange(256) - 128.0) * a + 128.5, 0, 255))
        return p.with_planes(luma, cv2.LUT(blue, table), cv2.LUT(red, table))
    shift = 128 - np.array(rows) @ [128, 128]
    both = cv2.transform(cv2.merge([blue, red]), np.column_stack([rows, shift]))
    return p.with_planes(luma, *cv2.split(both))


@picture(
    "color",
    amount=number(0.0, -1, 1, doc="Added luma: 1 is the range from black to white."),
)
def brightness(p: Picture, *, amount: float) -> Picture:
    """Add a constant to the luma of every pixel."""
    return p.with_luma(cv2.LUT(p.planes[0], _luma_table(lambda y: y + amount)))


@picture(
    "color",
    amount=number(
        1.0, 0, 4, doc="Factor of the distance from the pivot; 1 changes nothing."
    ),
    pivot=number(
        0.5, 0, 1, doc="Luma that does not change, from 0 (black) to 1 (white)."
    ),
)
def contrast(p: Picture, *, amount: float, pivot: float) -> Picture:
    """Stretch or compress luma about a pivot."""
    table = _luma_table(lambda y: (y - pivot) * amount + pivot)
    return p.with_luma(cv2.LUT(p.planes[0], table))


@picture(
    "color",
    amount=number(1.0, 0.1, 10, doc="Gamma: above 1 is brighter, 1 changes nothing."),
)
def gamma(p: Picture, *, amount: float) -> Picture:
    """Brighten or darken the midtones and keep black and white."""
    table = _luma_table(lambda y: np.clip(y, 0, 1) ** (1 / amount))
    return p.with_luma(cv2.LUT(p.planes[0], table))


@picture(
    "color",
    stops=number(0.0, -6, 6, "stops", "Exposure change: each stop doubles the light."),
)
def exposure(p: Picture, *, stops: float) -> Picture:
    """Multiply the light, as a longer or shorter exposure does."""
    # In linear light of a display of gamma 2.2.
    factor = 2 ** (stops / 2.2)
    return apply_stages(p, [gain(factor, factor, factor)])


@picture(
    "color",
    amount=number(1.0, 0, 4, doc="Factor of the chroma: 0 is gray, 1 changes nothing."),
)
def saturation(p: Picture, *, amount: float) -> Picture:
    """Strengthen or weaken all colors alike."""
    return _chroma(p, [[amount, 0], [0, amount]])


@picture(
    "color",
    amount=number(0.5, -1, 1, doc="Strength; below 0 weak colors are weakened."),
)
def vibrance(p: Picture, *, amount: float) -> Picture:
    """Strengthen weak colors and keep strong ones."""
    luma, blue, red = p.planes
    u, v = (plane.astype(np.float32) - 128 for plane in (blue, red))
    strength = np.clip(np.hypot(u, v) / 112, 0, 1)
    factor = 1 + amount * (1 - strength)
    made = [np.clip(part * factor + 128.5, 0, 255) for part in (u, v)]
    return p.with_planes(luma, *made)


@picture("color", degrees=number(0.0, -360, 360, "deg", "Rotation angle."))
def hue(p: Picture, *, degrees: float) -> Picture:
    """Rotate all hues about the color wheel."""
    angle = np.radians(degrees)
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    return _chroma(p, [[cos, -sin], [sin, cos]])


@picture(
    "color",
    temperature=number(
        6500.0,
        1500,
        20000,
        "K",
        "Color temperature rendered white: above 6500 K is warmer.",
    ),
    tint=number(0.0, -1, 1, doc="Above 0 is more magenta, below 0 more green."),
)
def white_balance(p: Picture, *, temperature: float, tint: float) -> Picture:
    """Correct the color temperature and tint of the light."""
    neutral, wanted = _white(6500), _white(temperature)
    factors = neutral / wanted
    factors *= np.array([1 + tint * 0.2, 1 - tint * 0.2, 1 + tint * 0.2])
    # Keep the luma of grays.
    factors /= float(factors @ WEIGHTS)
    return apply_stages(p, [gain(*(float(f) ** (1 / 2.2) for f in factors))])


def _white(kelvin: float) -> Any:
    """Return linear BT.709 RGB of a black body (CIE 015; Kim et al. 2002)."""
    t = 1000 / kelvin
    if kelvin <= 4000:
        x = -0.2661239 * t**3 - 0.2343589 * t**2 + 0.8776956 * t + 0.179910
    else:
        x = -3.0258469 * t**3 + 2.1070379 * t**2 + 0.2226347 * t + 0.240390
    if kelvin <= 2222:
        y = -1.1063814 * x**3 - 1.34811020 * x**2 + 2.18555832 * x - 0.20219683
    elif kelvin <= 4000:
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    else:
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    xyz = np.array([x / y, 1, (1 - x - y) / y])
    rgb = XYZ_TO_709 @ xyz
    return np.clip(rgb, 0.01, None)


XYZ_TO_709: Final = np.array(
    [
        [3.2409699, -1.5373832, -0.4986108],
        [-0.9692436, 1.8759675, 0.0415551],
        [0.0556301, -0.2039770, 1.0569715],
    ]
)


def sampled_curve(pairs: Sequence[tuple[float, float]]) -> Any:
    """Return a natural cubic spline through points, constant outside them.

    Raises:
        ValueError: There are fewer than two points, or two have the same x.
    """
    ordered = sorted(pairs)
    x, y = np.array(ordered, np.float64).reshape(-1, 2).T
    if len(x) < 2 or (np.diff(x) <= 0).any():
        raise ValueError("it must have two points or more, each at a different x")
    if len(x) == 2:
        return lambda values: np.interp(values, x, y)

    # SciPy's splines load slowly, and most looks are only listed.
    @cache
    def spline() -> Any:
        return scipy.interpolate.CubicSpline(x, y, bc_type="natural")

    return lambda values: spline()(np.clip(values, x[0], x[-1]))


@picture(
    "color",
    master=points(
        _STRAIGHT, "Points (in, out) from 0 to 1 of the curve of all channels."
    ),
    red=points(_STRAIGHT, "Points of the curve of red, applied before `master`."),
    green=points(_STRAIGHT, "Points of the curve of green, applied before `master`."),
    blue=points(_STRAIGHT, "Points of the curve of blue, applied before `master`."),
)
def curves(p: Picture, *, master: Any, red: Any, green: Any, blue: Any) -> Picture:
    """Map each channel, then all of them, by smooth curves."""
    own = [sampled_curve(pairs) for pairs in (red, green, blue)]
    whole = sampled_curve(master)

    def change(values: Values) -> Any:
        parts = [curve(values[:, n]) for n, curve in enumerate(own)]
        return whole(np.clip(np.stack(parts, axis=1), 0, 1))

    return apply_stages(p, [Curve(change)])


@picture(
    "color",
    lift=color("#808080", "Color of the shadows; #808080 changes nothing."),
    gamma=color("#808080", "Color of the midtones; #808080 changes nothing."),
    gain=color("#808080", "Color of the highlights; #808080 changes nothing."),
)
def lift_gamma_gain(p: Picture, *, lift: str, gamma: str, gain: str) -> Picture:
    """Tint shadows, midtones and highlights separately."""
    low, middle, high = (
        np.array(color_of(text)[:3]) * 255 / 128 - 1 for text in (lift, gamma, gain)
    )

    def change(values: Values) -> Any:
        raised = values * (1 + high) + low * (1 - values)
        return np.clip(raised, 0, 1) ** (1 / np.clip(1 + middle, 0.05, None))

    return apply_stages(p, [Curve(change)])


@picture(
    "color",
    black=number(0.0, 0, 1, doc="Input value that becomes `out_black`, from 0 to 1."),
    white=number(1.0, 0, 1, doc="Input value that becomes `out_white`, from 0 to 1."),
    gamma=number(1.0, 0.1, 10, doc="Above 1 the midtones are brighter."),
    out_black=number(0.0, 0, 1, doc="Output value of the black point, from 0 to 1."),
    out_white=number(1.0, 0, 1, doc="Output value of the white point, from 0 to 1."),
)
def levels(
    p: Picture,
    *,
    black: float,
    white: float,
    gamma: float,
    out_black: float,
    out_white: float,
) -> Picture:
    """Set the black point, the white point and the midtones."""
    span = max(1e-3, white - black)

    def change(values: Values) -> Any:
        inside = np.clip((values - black) / span, 0, 1) ** (1 / gamma)
        return out_black + inside * (out_white - out_black)

    return apply_stages(p, [Curve(change)])


@picture(
    "color",
    red=number(0.2126, -2, 2, doc="Weight of red."),
    green=number(0.7152, -2, 2, doc="Weight of green."),
    blue=number(0.0722, -2, 2, doc="Weight of blue."),
)
def black_and_white(p: Picture, *, red: float, green: float, blue: float) -> Picture:
    """Convert to grayscale with a weight for each channel."""
    rows = np.hstack([np.tile([red, green, blue], (3, 1)), np.zeros((3, 1))])
    return apply_stages(p, [Matrix(rows)])


@picture(
    "color",
    amount=number(1.0, 0, 1, doc="Strength of the effect: 0 is none, 1 is all of it."),
)
def invert(p: Picture, *, amount: float) -> Picture:
    """Invert all colors, as a photographic negative."""
    return apply_stages(p, [Curve(lambda values: values + (1 - 2 * values) * amount)])


@picture(
    "color",
    red=color("#ff0000", "Color that pure red becomes."),
    green=color("#00ff00", "Color that pure green becomes."),
    blue=color("#0000ff", "Color that pure blue becomes."),
)
def channel_mixer(p: Picture, *, red: str, green: str, blue: str) -> Picture:
    """Recombine red, green and blue."""
    columns = [color_of(text)[:3] for text in (red, green, blue)]
    rows = np.hstack([np.array(columns).T, np.zeros((3, 1))])
    return apply_stages(p, [Matrix(rows)])


@picture(
    "technical",
    red=boolean(default=True, doc="Show red."),
    green=boolean(default=True, doc="Show green."),
    blue=boolean(default=True, doc="Show blue."),
)
def channels(p: Picture, *, red: bool, green: bool, blue: bool) -> Picture:
    """Show only some of the channels; a single one is shown gray."""
    kept = [red, green, blue]
    if sum(kept) == 1:
        one = np.zeros((3, 4))
        one[:, kept.index(True)] = 1
        return apply_stages(p, [Matrix(one)])
    return apply_stages(p, [gain(*map(float, kept))])
