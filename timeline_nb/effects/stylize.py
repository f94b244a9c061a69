"""Stylizing effects: mosaics, prints, drawings and broken signals."""

from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from timeline_nb.effects.detail import with_noise
from timeline_nb.effects.fields import coordinates
from timeline_nb.effects.parameters import (
    boolean,
    choice,
    color,
    integer,
    number,
    point,
)
from timeline_nb.effects.picture import Bytes, Picture, color_of, luma_of, u8
from timeline_nb.effects.registry import picture
from timeline_nb.effects.toning import stepped

__all__ = ["cells"]


def cells(plane: Bytes, side: float) -> Any:
    """Replace square cells of a plane by their mean; `side` is in pixels."""
    high, wide = plane.shape[:2]
    count = max(1, round(wide / side)), max(1, round(high / side))
    by = 4 if side >= 12 else 2
    if side >= 6 and wide % by == 0 and high % by == 0:
        # Averaging whole pixels first is much faster than averaging parts of them.
        size = wide // by, high // by
        plane = u8(cv2.resize(plane, size, interpolation=cv2.INTER_AREA))
    small = cv2.resize(plane, count, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (wide, high), interpolation=cv2.INTER_NEAREST)


@picture("artistic", size=number(0.02, 0.002, 1, "height", "Side of a cell."))
def pixelate(p: Picture, *, size: float) -> Picture:
    """Replace square cells by their mean color; `cut.redact` does so to objects."""
    return p.map_planes(lambda plane, scale: cells(plane, size * p.height * scale))


@lru_cache(maxsize=4)
def _screen(wide: int, high: int, size: float, angle: float) -> Bytes:
    """Return the threshold screen of a halftone: cosines from black to white."""
    x, y = coordinates(wide, high)
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    phase = 2 * np.pi / size
    across = np.cos((x * cos + y * sin) * phase)
    down = np.cos((y * cos - x * sin) * phase)
    return u8((across * down + 1) / 2 * 219 + 16)


@picture(
    "artistic",
    size=number(0.015, 0.004, 0.1, "height", "Distance between dots."),
    angle=number(45.0, -90, 90, "deg", "Angle of the screen, clockwise."),
    colored=boolean(doc="Keep the picture's colors."),
)
def halftone(p: Picture, *, size: float, angle: float, colored: bool) -> Picture:
    """Draw the picture as dots of a printing screen."""
    # Dots are drawn on a fine raster, so that small ones are round as well.
    high = max(p.height, 1080)
    wide = round(high * p.width / p.height)
    screen = _screen(wide, high, size, angle)
    # A dot has the mean luma of its cell.
    mean = cv2.blur(p.planes[0], (max(1, round(size * p.height)),) * 2)
    tone = cv2.resize(mean, (wide, high), interpolation=cv2.INTER_LINEAR)
    # A slope of 6 gives each dot an antialiased edge.
    level = cv2.addWeighted(tone, 6, screen, -6, 128)
    dots = cv2.convertScaleAbs(level, alpha=219 / 255, beta=16)
    luma = cv2.resize(dots, (p.width, p.height), interpolation=cv2.INTER_AREA)
    if colored:
        return p.with_luma(luma)
    flat = np.full(p.planes[1].shape, 128, np.uint8)
    return p.with_planes(luma, flat, flat)


@picture(
    "artistic",
    levels=integer(8, 3, 32, "Number of levels of each channel."),
    lines=number(1.0, 0, 3, doc="Strength of the outlines; 0 draws none."),
)
def cartoon(p: Picture, *, levels: int, lines: float) -> Picture:
    """Flatten colors and draw dark outlines."""
    # A raster of 360 lines: details that previews lack are left out at any size.
    height = 360
    size = round(p.width * height / p.height), height
    small = u8(cv2.resize(p.rgb, size, interpolation=cv2.INTER_AREA))
    for _ in range(2):
        small = u8(cv2.bilateralFilter(small, 7, 40, 5))
    table = stepped(levels, 1.0).change(np.arange(256) / 255) * 255
    flat = cv2.LUT(small, u8(table + 0.5))
    gray = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    slope = cv2.Laplacian(cv2.GaussianBlur(gray, (0, 0), 1.2), cv2.CV_16S, ksize=5)
    outlines = 255 - u8(np.clip(np.abs(slope) * lines - 25, 0, 255))
    drawn = cv2.multiply(flat, cv2.merge([outlines, outlines, outlines]), scale=1 / 255)
    whole = cv2.resize(drawn, (p.width, p.height), interpolation=cv2.INTER_CUBIC)
    return p.with_rgb(whole)


@picture(
    "artistic",
    strength=number(0.9, 0, 1, doc="Darkness of the strokes."),
    radius=number(0.01, 0.002, 0.05, "height", "Width of the strokes."),
)
def sketch(p: Picture, *, strength: float, radius: float) -> Picture:
    """Draw the picture as a pencil sketch on white paper."""
    height = 540
    size = round(p.width * height / p.height), height
    gray = u8(cv2.resize(p.planes[0], size, interpolation=cv2.INTER_AREA))
    soft = cv2.GaussianBlur(gray, (0, 0), radius * height)
    # Color dodge of the picture with its blurred copy.
    dodge = cv2.divide(gray, np.maximum(soft, 1), scale=255 * (2 - strength) / 1.1)
    luma = u8(np.clip(dodge.astype(np.float32) / 255 * 219 + 16, 16, 235))
    flat = np.full(p.planes[1].shape, 128, np.uint8)
    whole = cv2.resize(luma, (p.width, p.height), interpolation=cv2.INTER_CUBIC)
    return p.with_planes(whole, flat, flat)


@picture(
    "technical",
    lines=integer(270, 20, 540, "Number of dark lines in the picture."),
    amount=number(0.3, 0, 1, doc="Darkness of the lines."),
)
def scanlines(p: Picture, *, lines: int, amount: float) -> Picture:
    """Darken evenly spaced lines, as on a cathode-ray tube."""
    # Averaged over each row of pixels, so that small pictures do not shimmer.
    edges = np.arange(p.height + 1) / p.height * lines
    passed = edges - np.sin(2 * np.pi * edges) / (2 * np.pi)
    dark = np.diff(passed) / np.diff(edges) / 2
    factor = (1 - amount * dark)[:, None]
    luma = (p.planes[0].astype(np.float32) - 16) * factor.astype(np.float32) + 16
    return p.with_luma(u8(luma + 0.5))


@picture(
    "creative",
    amount=number(0.006, 0, 0.1, "height", "Distance of the shift."),
    angle=number(
        0.0, -360, 360, "deg", "Direction of the red shift, clockwise from the right."
    ),
)
def rgb_split(p: Picture, *, amount: float, angle: float) -> Picture:
    """Shift red and blue in opposite directions."""
    x = amount * p.height * float(np.cos(np.radians(angle)))
    y = amount * p.height * float(np.sin(np.radians(angle)))
    red, green, blue = cv2.split(p.rgb)
    return p.with_rgb(cv2.merge([_moved(red, x, y), green, _moved(blue, -x, -y)]))


def _moved(plane: Any, x: float, y: float) -> Any:
    rows = np.array([[1, 0, x], [0, 1, y]])
    size = (plane.shape[1], plane.shape[0])
    return cv2.warpAffine(plane, rows, size, borderMode=cv2.BORDER_REPLICATE)


@picture(
    "creative",
    random=True,
    amount=number(0.5, 0, 1, doc="Strength of the effect: 0 is none, 1 is all of it."),
    rate=number(6.0, 0.5, 30, "Hz", "Changes per second."),
)
def glitch(p: Picture, *, amount: float, rate: float) -> Picture:
    """Shift random bands and color channels, as a broken signal."""
    beat = int(float(p.moment.time) * rate)
    generator = np.random.default_rng([p.moment.seed, beat & 0xFFFFFFFF, 7])
    rgb = p.rgb
    # Band edges are whole rows in previews of 180 lines as well.
    edges = np.round(np.sort(generator.random(10)) * 180) / 180
    shifts = generator.normal(0, 0.06 * amount, 11) * (generator.random(11) < 0.5)
    out = rgb.copy()
    tops = [0, *(round(float(e) * p.height / 2) * 2 for e in edges), p.height]
    for top, bottom, shift in zip(tops, tops[1:], shifts, strict=False):
        if bottom > top and shift:
            band = np.ascontiguousarray(rgb[top:bottom])
            out[top:bottom] = _moved(band, float(shift) * p.height, 0)
    part = float(generator.normal(0, 0.012 * amount)) * p.height
    red, green, blue = cv2.split(out)
    return p.with_rgb(cv2.merge([_moved(red, part, 0), green, _moved(blue, -part, 0)]))


@picture(
    "vintage",
    random=True,
    amount=number(0.6, 0, 1, doc="Strength of the effect: 0 is none, 1 is all of it."),
)
def vhs(p: Picture, *, amount: float) -> Picture:
    """Imitate VHS tape: soft lagging colors, unsteady lines, noise."""
    luma, blue, red = p.planes
    x = np.arange(p.height) / p.height
    sway = np.sin(x * 40 + float(p.moment.time) * 9) * 0.0015 * amount * p.height
    columns = np.arange(p.width, dtype=np.float32)
    maps = columns[None] + sway.astype(np.float32)[:, None]
    rows = np.repeat(np.arange(p.height, dtype=np.float32)[:, None], p.width, axis=1)
    bent = cv2.remap(
        luma, maps, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    soft = max(1, round(0.012 * amount * p.height)) | 1
    lag = 0.004 * amount * p.height
    colors = [
        _moved(cv2.blur(c, (soft, 1), borderType=cv2.BORDER_REPLICATE), lag, 0)
        for c in (blue, red)
    ]
    taped = p.with_planes(cv2.blur(bent, (max(1, soft // 4) | 1, 1)), *colors)
    return with_noise(taped, 0.03 * amount, 2, colored=True)


@picture(
    "creative",
    axis=choice(
        "vertical",
        "horizontal",
        "both",
        doc="Axis of the mirror; `both` mirrors twice.",
    ),
    from_end=boolean(doc="Keep the right or lower half instead of the other."),
)
def mirror(p: Picture, *, axis: str, from_end: bool) -> Picture:
    """Show one half of the picture and its mirror image."""

    def change(plane: Bytes, _: float) -> Any:
        out = plane
        if axis in {"vertical", "both"}:
            wide = out.shape[1]
            half = (
                out[:, wide - wide // 2 :] if from_end else out[:, : wide - wide // 2]
            )
            other = half[:, ::-1][:, -(wide // 2) :] if not from_end else half[:, ::-1]
            parts = [other, out[:, wide // 2 :]] if from_end else [half, other]
            out = np.hstack(parts)[:, :wide]
        if axis in {"horizontal", "both"}:
            high = out.shape[0]
            half = out[high - high // 2 :] if from_end else out[: high - high // 2]
            flipped = half[::-1]
            parts = [flipped, half] if from_end else [half, flipped]
            out = np.vstack(parts)[:high]
        return np.ascontiguousarray(out)

    return p.map_planes(change)


@picture(
    "cinematic",
    amount=number(0.5, 0, 1, doc="Strength of the effect: 0 is none, 1 is all of it."),
    radius=number(
        0.75, 0.1, 2, "height", "Distance from the center at which half is reached."
    ),
    softness=number(0.5, 0.01, 2, "height", "Width of the transition."),
    center=point(
        (0.5, 0.5), doc="Center: shares of width and height from the left top."
    ),
    color=color("#000000", "Color of the corners."),
)
def vignette(
    p: Picture,
    *,
    amount: float,
    radius: float,
    softness: float,
    center: tuple[float, float],
    color: str,
) -> Picture:
    """Darken the picture towards its corners."""
    size = (p.width, p.height)
    weights = _vignette_weights(size, amount, radius, softness, center, color)
    return p.with_planes(
        *(
            cv2.add(u8(cv2.multiply(plane, kept, dtype=cv2.CV_8U)), added)
            for plane, (kept, added) in zip(p.planes, weights, strict=True)
        )
    )


@lru_cache(maxsize=4)
def _vignette_weights(
    size: tuple[int, int],
    amount: float,
    radius: float,
    softness: float,
    center: tuple[float, float],
    color: str,
) -> list[tuple[Any, Bytes]]:
    """Return for each plane the factor of the picture and the color to add."""
    x, y = coordinates(*size)
    aspect = size[0] / size[1]
    away = np.hypot(x - (center[0] - 0.5) * aspect, y - (center[1] - 0.5))
    share = np.clip((away - radius) / softness + 0.5, 0, 1)
    share = np.asarray(share * share * (3 - 2 * share) * amount, np.float32)
    half = cv2.resize(share, (size[0] // 2, size[1] // 2), interpolation=cv2.INTER_AREA)
    levels = luma_of(color_of(color)[:3])
    return [
        (1 - own, u8(np.asarray(own) * level + 0.5))
        for own, level in zip((share, half, half), levels, strict=True)
    ]


def flat(p: Picture, color: str) -> Picture:
    """Return a picture of one color with the size of another."""
    y, u, v = luma_of(color_of(color)[:3])
    high, wide = p.height, p.width
    return p.with_planes(
        np.full((high, wide), y, np.uint8),
        np.full((high // 2, wide // 2), u, np.uint8),
        np.full((high // 2, wide // 2), v, np.uint8),
    ).with_alpha(None)


@picture(
    "cinematic",
    aspect=number(2.39, 0.5, 4, doc="Width over height of what stays visible."),
    color=color("#000000", "Color of the bars."),
)
def letterbox(p: Picture, *, aspect: float, color: str) -> Picture:
    """Cover the edges with bars so that an aspect ratio remains."""
    own = p.width / p.height
    # In whole chroma pixels, so that the bars' edges are clean.
    high = round(max(0.0, p.height - p.width / aspect) / 4) * 2 if own < aspect else 0
    wide = round(max(0.0, p.width - p.height * aspect) / 4) * 2 if own > aspect else 0
    levels = luma_of(color_of(color)[:3])
    planes = [plane.copy() for plane in p.planes]
    for plane, level in zip(planes, levels, strict=True):
        half = 1 if plane.shape[0] == p.height else 2
        if high:
            plane[: high // half] = plane[-high // half :] = level
        if wide:
            plane[:, : wide // half] = plane[:, -wide // half :] = level
    return p.with_planes(*planes)
