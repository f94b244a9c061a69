"""Vintage effects: worn film, flicker, camera shake and light leaks."""

import cv2
import numpy as np

from timeline_nb.effects.fields import affine, coordinates
from timeline_nb.effects.parameters import color, number
from timeline_nb.effects.picture import Picture, color_of, u8
from timeline_nb.effects.registry import picture

__all__ = ["add_light"]


@picture(
    "vintage",
    random=True,
    amount=number(0.5, 0, 1, doc="Number of marks: 1 is about 24 a frame."),
    scratches=number(0.5, 0, 1, doc="Share of the marks that are scratches."),
)
def dust_and_scratches(p: Picture, *, amount: float, scratches: float) -> Picture:
    """Draw dust and scratches of worn film."""
    # Drawn on a raster of 1080 lines, so that marks are alike at every size.
    high, wide = 1080, round(1080 * p.width / p.height)
    marks = np.full((high, wide), 128, np.uint8)
    generator = p.moment.random(3)
    for _ in range(generator.poisson(24 * amount * (1 - scratches * 0.5))):
        x, y = generator.random(2) * (wide, high)
        axes = generator.uniform(1, 7, 2)
        shade = int(generator.choice([40, 235]))
        cv2.ellipse(
            marks,
            (round(float(x)), round(float(y))),
            (round(float(axes[0])), round(float(axes[1]))),
            float(generator.uniform(0, 180)),
            0,
            360,
            shade,
            -1,
            cv2.LINE_AA,
        )
    for _ in range(generator.poisson(4 * amount * scratches)):
        x = float(generator.random() * wide)
        slope = float(generator.normal(0, 12))
        ends = (round(x), 0), (round(x + slope), high)
        cv2.line(marks, *ends, int(generator.choice([70, 190])), 2, cv2.LINE_AA)
    size = (p.width, p.height)
    if size != (wide, high):
        way = cv2.INTER_AREA if p.height < high else cv2.INTER_LINEAR
        marks = u8(cv2.resize(marks, size, interpolation=way))
    shown = p.planes[0].astype(np.int16) + (marks.astype(np.int16) - 128)
    return p.with_luma(u8(np.clip(shown, 16, 235)))


@picture(
    "vintage",
    random=True,
    amount=number(0.15, 0, 1, doc="Largest relative change of the luma."),
    rate=number(12.0, 0.5, 60, "Hz", "Changes per second."),
)
def flicker(p: Picture, *, amount: float, rate: float) -> Picture:
    """Vary the brightness at random."""
    beat = int(float(p.moment.time) * rate)
    generator = np.random.default_rng([p.moment.seed, beat & 0xFFFFFFFF, 11])
    factor = max(0.0, 1 + amount * float(generator.uniform(-1, 1)))
    steps = (np.arange(256) - 16.0) * factor + 16.5
    return p.with_luma(cv2.LUT(p.planes[0], u8(np.clip(steps, 0, 255))))


@picture(
    "vintage",
    random=True,
    amount=number(0.004, 0, 0.1, "height", "Standard deviation of the shift."),
    turn=number(0.15, 0, 5, "deg", "Standard deviation of the rotation."),
    rate=number(12.0, 0.5, 60, "Hz", "Changes of direction per second."),
)
def shake(p: Picture, *, amount: float, turn: float, rate: float) -> Picture:
    """Move and rotate the picture at random, as a handheld camera."""
    at = float(p.moment.time) * rate
    beat = int(np.floor(at))
    way = at - beat
    way = way * way * (3 - 2 * way)
    ends = [
        np.random.default_rng([p.moment.seed, n & 0xFFFFFFFF, 13]).normal(0, 1, 3)
        for n in (beat, beat + 1)
    ]
    x, y, angle = ends[0] + (ends[1] - ends[0]) * way
    # Enlarged a little, so that the edges are rarely seen.
    zoom = 1 + 3 * amount + np.radians(turn) * 2
    cos, sin = np.cos(np.radians(turn * angle)), np.sin(np.radians(turn * angle))
    rows = np.array(
        [[zoom * cos, -zoom * sin, x * amount], [zoom * sin, zoom * cos, y * amount]]
    )
    return affine(p, rows, clear=False)


def add_light(
    p: Picture, amount: float, tint: str, x0: float, y0: float, reach: float
) -> Picture:
    """Add light of a color about a point, which is in shares of the picture."""
    x, y = coordinates(p.width, p.height)
    aspect = p.width / p.height
    away = np.hypot(x - (x0 - 0.5) * aspect, (y - (y0 - 0.5)) * 0.7)
    share = np.exp(-((away / reach) ** 2)) * amount
    light = np.array(color_of(tint)[:3]) * 255
    added = cv2.merge([u8(share * float(part)) for part in light])
    product = cv2.multiply(255 - p.rgb, 255 - added, scale=1 / 255)
    return p.with_rgb(255 - product)


@picture(
    "vintage",
    random=True,
    amount=number(0.7, 0, 1, doc="Strength of the effect: 0 is none, 1 is all of it."),
    color=color("#ff7a2a", "Color of the light."),
    speed=number(0.15, 0, 2, "Hz", "Turns around the picture per second."),
)
def light_leak(p: Picture, *, amount: float, color: str, speed: float) -> Picture:
    """Add colored light that wanders in from the sides."""
    turn = 2 * np.pi * speed * float(p.moment.time) + p.moment.seed % 7
    x0 = 0.5 + 0.62 * np.cos(turn)
    y0 = 0.5 + 0.35 * np.sin(turn * 1.3)
    strength = amount * (0.75 + 0.25 * np.sin(turn * 2.1))
    return add_light(p, float(strength), color, float(x0), float(y0), 0.45)
