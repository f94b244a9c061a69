"""Transitions that fade with light, blur or distortion."""

from typing import Any

import cv2
import numpy as np

from timeline_nb.effects.blur import blurred, from_point
from timeline_nb.effects.color import apply_stages
from timeline_nb.effects.distort import ripple as rippled
from timeline_nb.effects.distort import swirl as swirled
from timeline_nb.effects.parameters import color, integer, number
from timeline_nb.effects.picture import Picture
from timeline_nb.effects.registry import transition
from timeline_nb.effects.stylize import cells, flat, rgb_split
from timeline_nb.effects.stylize import glitch as glitched
from timeline_nb.effects.toning import stepped
from timeline_nb.effects.vintage import add_light

__all__ = ["dissolve"]


def _peak(t: float) -> float:
    """Return 0 at both ends and 1 in the middle."""
    return float(np.sin(np.pi * t))


def _mixed(a: Picture, b: Picture, t: float) -> Picture:
    return a.mixed(b, t).with_alpha(None)


@transition("basic")
def dissolve(a: Picture, b: Picture, t: float) -> Picture:
    """Fade from one picture to the other."""
    return _mixed(a, b, t)


@transition(
    "basic",
    color=color("#000000", "Color in the middle."),
    hold=number(0.0, 0, 0.9, "share", "Share of the time that the color is held."),
)
def dip(a: Picture, b: Picture, t: float, *, color: str, hold: float) -> Picture:
    """Fade to a color, then from it."""
    reach = (1 - hold) / 2
    if t < 0.5:
        return _mixed(a, flat(a, color), min(1.0, t / reach))
    return _mixed(b, flat(b, color), min(1.0, (1 - t) / reach))


@transition("basic")
def additive_dissolve(a: Picture, b: Picture, t: float) -> Picture:
    """Fade by adding light, as two projectors do."""
    one = cv2.convertScaleAbs(a.rgb, alpha=min(1.0, 2 - 2 * t))
    other = cv2.convertScaleAbs(b.rgb, alpha=min(1.0, 2 * t))
    return a.with_rgb(cv2.add(one, other)).with_alpha(None)


@transition("basic")
def fade_grays(a: Picture, b: Picture, t: float) -> Picture:
    """Fade through grayscale."""

    def faded(p: Picture, share: float) -> Picture:
        luma, blue, _ = p.planes
        gray = np.full_like(blue, 128)
        return p.mixed(p.with_planes(luma, gray, gray), share)

    return _mixed(faded(a, min(1.0, 2 * t)), faded(b, min(1.0, 2 - 2 * t)), t)


@transition(
    "optical",
    sigma=number(
        0.04, 0.001, 0.2, "height", "Standard deviation of the blur at the middle."
    ),
)
def blur(a: Picture, b: Picture, t: float, *, sigma: float) -> Picture:
    """Fade while both pictures are out of focus."""
    wide = sigma * _peak(t)
    return _mixed(blurred(a, wide), blurred(b, wide), t)


@transition(
    "optical", size=number(0.1, 0.01, 0.5, "height", "Side of a cell at the middle.")
)
def pixelize(a: Picture, b: Picture, t: float, *, size: float) -> Picture:
    """Fade while both pictures are pixelated."""
    side = size * _peak(t) * a.height
    mixed = _mixed(a, b, t)
    if side < 2:
        return mixed
    return mixed.map_planes(lambda plane, scale: cells(plane, max(1.0, side * scale)))


@transition(
    "optical",
    amount=number(0.6, 0.05, 2, doc="Blur at the middle, as a share of the distance."),
)
def zoom_blur(a: Picture, b: Picture, t: float, *, amount: float) -> Picture:
    """Fade while both pictures are blurred from the center."""
    reach = amount * _peak(t)

    def rushed(p: Picture) -> Picture:
        return p.map_planes(lambda plane, _: from_point(plane, reach, (0.5, 0.5)))

    share = float(np.clip((t - 0.25) / 0.5, 0, 1))
    return _mixed(rushed(a), rushed(b), share)


@transition(
    "creative",
    amount=number(1.0, 0, 1, doc="Strength of the effect: 0 is none, 1 is all of it."),
    rate=number(12.0, 1, 60, "Hz", "Changes during the transition."),
)
def glitch(a: Picture, b: Picture, t: float, *, amount: float, rate: float) -> Picture:
    """Fade while the signal breaks up."""
    beat = int(t * rate)
    generator = np.random.default_rng([beat, 17])
    shown = b if generator.random() < t else a
    strength = amount * _peak(t)
    made: Picture = glitched(shown.at(a.moment), amount=strength, rate=rate)
    return made.with_alpha(None)


@transition(
    "cinematic",
    color=color("#ff8a30", "Color of the light."),
    amount=number(1.0, 0, 1, doc="Strength of the effect: 0 is none, 1 is all of it."),
)
def film_burn(
    a: Picture, b: Picture, t: float, *, color: str, amount: float
) -> Picture:
    """Fade through light that burns across the film."""
    share = float(np.clip((t - 0.35) / 0.3, 0, 1))
    strength = amount * _peak(t)
    mixed = _mixed(a, b, share)
    x0 = -0.1 + 1.2 * t
    burnt = add_light(mixed, strength, color, x0, 0.4, 0.35 + 0.5 * strength)
    white = add_light(burnt, strength**3, "#fff2d0", 1.1 - t, 0.6, 0.2 + 0.6 * strength)
    return white.with_alpha(None)


@transition("cinematic", color=color("#ffffff", "Color of the flash."))
def flash(a: Picture, b: Picture, t: float, *, color: str) -> Picture:
    """Cut to the incoming picture behind a flash."""
    shown = a if t < 0.3 else b
    light = t / 0.3 if t < 0.3 else (1 - t) / 0.7
    light = light**2 if t < 0.3 else light**1.5
    return _mixed(shown, flat(shown, color), light)


@transition(
    "creative", amount=number(0.04, 0, 0.2, "height", "Amplitude at the middle.")
)
def ripple(a: Picture, b: Picture, t: float, *, amount: float) -> Picture:
    """Fade while both pictures ripple."""
    values: dict[str, Any] = {
        "amount": amount * _peak(t),
        "length": 0.15,
        "speed": 0.0,
        "center": (0.5, 0.5),
    }
    made: Picture = rippled(_mixed(a, b, t), **values)
    return made.with_alpha(None)


@transition(
    "creative", angle=number(540.0, -2000, 2000, "deg", "Rotation at the middle.")
)
def swirl(a: Picture, b: Picture, t: float, *, angle: float) -> Picture:
    """Fade while both pictures swirl."""
    values: dict[str, Any] = {
        "angle": angle * _peak(t),
        "radius": 1.0,
        "center": (0.5, 0.5),
    }
    made: Picture = swirled(_mixed(a, b, t), **values)
    return made.with_alpha(None)


@transition(
    "creative",
    amount=number(0.08, 0, 0.3, "height", "Distance of the shift at the middle."),
    angle=number(
        0.0, -360, 360, "deg", "Direction of the shift, clockwise from the right."
    ),
)
def rgb_split_(
    a: Picture, b: Picture, t: float, *, amount: float, angle: float
) -> Picture:
    """Fade while red and blue shift apart."""
    apart: Picture = rgb_split(_mixed(a, b, t), amount=amount * _peak(t), angle=angle)
    return apart.with_alpha(None)


@transition("creative", levels=integer(4, 2, 16, "Levels at the middle."))
def posterize(a: Picture, b: Picture, t: float, *, levels: int) -> Picture:
    """Fade while the levels of each channel are reduced."""
    mixed = _mixed(a, b, t)
    return apply_stages(mixed, [stepped(max(levels, round((1 - _peak(t)) * 64)))])
