"""Effects on detail: sharpness, noise, grain, glow and edges."""

from functools import lru_cache
from typing import Any, Final

import cv2
import numpy as np

from timeline_nb.effects.blur import blurred, smooth
from timeline_nb.effects.color import WEIGHTS
from timeline_nb.effects.parameters import boolean, choice, number
from timeline_nb.effects.picture import Bytes, Picture, u8
from timeline_nb.effects.registry import picture

__all__ = ["with_noise"]

# Grain is drawn on a raster of 1080 lines, so that it is the same at every size.
_LINES: Final = 1080
_SLACK: Final = 512


@picture(
    "detail",
    amount=number(0.8, 0, 5, doc="Strength of the added detail."),
    radius=number(
        0.0015,
        0.0005,
        0.02,
        "height",
        "Standard deviation of the blur that detail is measured by.",
    ),
)
def sharpen(p: Picture, *, amount: float, radius: float) -> Picture:
    """Sharpen the picture with an unsharp mask."""
    luma = p.planes[0]
    soft = smooth(luma, radius * p.height)
    return p.with_luma(cv2.addWeighted(luma, 1 + amount, soft, -amount, 0))


@picture(
    "detail",
    strength=number(0.05, 0, 0.5, doc="Largest luma difference that counts as noise."),
    radius=number(0.003, 0.001, 0.02, "height", "Radius of the smoothing."),
)
def denoise(p: Picture, *, strength: float, radius: float) -> Picture:
    """Smooth noise and keep edges (bilateral filter)."""

    def change(plane: Bytes, scale: float) -> Any:
        sigma = max(0.6, radius * p.height * scale)
        side = min(5, 2 * round(sigma) + 1)
        return cv2.bilateralFilter(plane, side, strength * 255, sigma)

    if not strength:
        return p
    changed = p.map_planes(change)
    return changed if p.alpha is None else changed.with_alpha(p.alpha)


@lru_cache(maxsize=8)
def _tile(seed: int, size: int, columns: int) -> Any:
    """Return noise of mean 128 and deviation 32 with grains of `size` lines.

    The tile is larger than the raster, so that each frame shows another part of it.
    """
    values = np.random.default_rng(seed).standard_normal(
        (_LINES + _SLACK, columns + _SLACK)
    )
    noise: Any = values.astype(np.float32)
    if size > 1:
        noise = cv2.blur(noise, (size, size), borderType=cv2.BORDER_REFLECT)
        noise /= noise.std()
    return np.clip(noise * 32 + 128, 0, 255).astype(np.uint8)


def _grain_plane(p: Picture, size: int, salt: int, wide: int, high: int) -> Bytes:
    """Return this moment's grain, bytes about 128, at a plane's size."""
    lines, columns = _LINES, round(_LINES * p.width / p.height)
    tile = _tile(salt, size, columns)
    generator = p.moment.random(salt)
    top, left = int(generator.integers(_SLACK)), int(generator.integers(_SLACK))
    raster = tile[top : top + lines, left : left + columns]
    if (columns, lines) == (wide, high):
        return u8(raster)
    interpolation = cv2.INTER_AREA if high < lines else cv2.INTER_LINEAR
    return u8(cv2.resize(raster, (wide, high), interpolation=interpolation))


def with_noise(p: Picture, amount: float, size: int, *, colored: bool) -> Picture:
    """Add grain; `amount` is its standard deviation, with white at 1."""
    factor = amount * 255 / 32
    planes = []
    for place, plane in enumerate(p.planes):
        if place and not colored:
            planes.append(plane)
            continue
        high, wide = plane.shape
        drawn = _grain_plane(p, size, place + 1, wide, high)
        planes.append(u8(cv2.addWeighted(plane, 1, drawn, factor, -128 * factor)))
    return p.with_planes(*planes)


@picture(
    "vintage",
    random=True,
    amount=number(0.04, 0, 0.5, doc="Standard deviation of the grain; 1 is white."),
    size=number(
        2.0, 1, 8, "lines", "Size of the grains, in lines of a raster of 1080."
    ),
)
def grain(p: Picture, *, amount: float, size: float) -> Picture:
    """Add film grain, strongest in the midtones."""
    luma = p.planes[0]
    noisy = with_noise(p, amount, round(size), colored=False).planes[0]
    steps = np.arange(256)
    weight = np.clip(1 - np.abs(steps - 126) / 126, 0, 1) ** 0.5
    share = cv2.LUT(luma, weight.astype(np.float32))
    return p.with_luma(cv2.blendLinear(luma, noisy, 1 - share, share))


@picture(
    "vintage",
    random=True,
    amount=number(0.06, 0, 0.5, doc="Standard deviation of the noise; 1 is white."),
    colored=boolean(default=True, doc="Add noise to the color planes as well."),
)
def noise(p: Picture, *, amount: float, colored: bool) -> Picture:
    """Add the noise of an image sensor in low light."""
    return with_noise(p, amount, 1, colored=colored)


@picture(
    "cinematic",
    amount=number(0.5, 0, 2, doc="Strength of the added light."),
    threshold=number(0.6, 0, 1, doc="Luma above which light spreads, from 0 to 1."),
    radius=number(0.02, 0.001, 0.1, "height", "Standard deviation of the spread."),
)
def glow(p: Picture, *, amount: float, threshold: float, radius: float) -> Picture:
    """Spread light from the bright parts of the picture."""
    rgb = p.rgb
    low = threshold * 255
    steps = np.clip((np.arange(256) - low) / max(1, 255 - low), 0, 1)
    share = u8(cv2.LUT(u8(cv2.transform(rgb, np.array([WEIGHTS]))), u8(steps * 255)))
    bright = cv2.multiply(rgb, cv2.merge([share, share, share]), scale=1 / 255)
    light = smooth(u8(bright), radius * p.height)
    # Blend mode `screen` adds light without exceeding white.
    light = u8(cv2.convertScaleAbs(light, alpha=amount))
    product = cv2.multiply(255 - rgb, 255 - light, scale=1 / 255)
    return p.with_rgb(255 - product)


@picture(
    "artistic",
    amount=number(1.0, 0, 1, doc="Strength of the effect: 0 is none, 1 is all of it."),
    strength=number(2.0, 0.1, 10, doc="Gain of the slopes: higher draws weaker edges."),
    colored=boolean(doc="Draw outlines in the picture's colors instead of white."),
)
def edge(p: Picture, *, amount: float, strength: float, colored: bool) -> Picture:
    """Draw the outlines of the picture on black (Sobel filter)."""
    luma = p.planes[0]
    # Slopes are measured on a raster of 540 lines at every size.
    height = 540
    small = _resized(luma, round(p.width * height / p.height), height)
    # Details that small pictures lack are left out of large ones.
    small = u8(cv2.GaussianBlur(small, (0, 0), 1.3))
    across = cv2.Sobel(small, cv2.CV_16S, 1, 0)
    down = cv2.Sobel(small, cv2.CV_16S, 0, 1)
    slope = cv2.addWeighted(
        cv2.convertScaleAbs(across, alpha=strength / 4),
        0.5,
        cv2.convertScaleAbs(down, alpha=strength / 4),
        0.5,
        0,
    )
    lines = _resized(u8(cv2.convertScaleAbs(slope, alpha=2)), p.width, p.height)
    if colored:
        share = cv2.merge([lines, lines, lines])
        drawn = p.with_rgb(cv2.multiply(p.rgb, share, scale=1 / 255))
    else:
        flat = np.full(p.planes[1].shape, 128, np.uint8)
        level = cv2.convertScaleAbs(lines, alpha=219 / 255, beta=16)
        drawn = p.with_planes(level, flat, flat)
    return p.mixed(drawn, amount) if amount < 1 else drawn


def _resized(plane: Any, wide: int, high: int) -> Bytes:
    if plane.shape[:2] == (high, wide):
        return u8(plane)
    interpolation = cv2.INTER_AREA if high < plane.shape[0] else cv2.INTER_LINEAR
    return u8(cv2.resize(plane, (wide, high), interpolation=interpolation))


@picture(
    "artistic",
    strength=number(1.0, 0, 5, doc="Depth of the relief."),
    angle=number(
        135.0, -360, 360, "deg", "Direction that the light comes from, clockwise."
    ),
)
def emboss(p: Picture, *, strength: float, angle: float) -> Picture:
    """Turn the picture into a gray relief."""
    height = 540
    small = _resized(p.planes[0], round(p.width * height / p.height), height)
    x, y = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    across = cv2.Sobel(small, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(small, cv2.CV_32F, 0, 1)
    relief = (across * x + down * y) * (strength / 4)
    gray = u8(np.clip(relief + 126, 16, 235))
    flat = np.full(p.planes[1].shape, 128, np.uint8)
    return p.with_planes(_resized(gray, p.width, p.height), flat, flat)


@picture(
    "technical",
    temporal=True,
    field=choice("top", "bottom", doc="Field that was recorded first."),
)
def deinterlace(p: Picture, *, field: str) -> Picture:
    """Replace the second field by interpolation where it moved."""
    before, after = (
        p.later(-p.moment.duration).planes,
        p.later(p.moment.duration).planes,
    )
    kept = 0 if field == "top" else 1
    planes = [
        _interpolated(now, old, new, kept)
        for now, old, new in zip(p.planes, before, after, strict=True)
    ]
    return p.with_planes(*planes)


def _interpolated(now: Bytes, before: Bytes, after: Bytes, kept: int) -> Bytes:
    # The lines of the other field, and the kept lines above and below them.
    own, old, new = (
        np.ascontiguousarray(p[1 - kept :: 2]) for p in (now, before, after)
    )
    lines = now[kept::2]
    if kept == 0:
        around = lines, np.concatenate([lines[1:], lines[-1:]])
    else:
        around = np.concatenate([lines[:1], lines[:-1]]), lines
    between = cv2.addWeighted(
        np.ascontiguousarray(around[0][: len(own)]),
        0.5,
        np.ascontiguousarray(around[1][: len(own)]),
        0.5,
        0,
    )
    still = cv2.addWeighted(old, 0.5, new, 0.5, 0)
    # What is seen in one frame only has moved as well.
    moved = cv2.max(cv2.absdiff(old, new), cv2.absdiff(own, still))
    _, mask = cv2.threshold(moved, 8, 255, cv2.THRESH_BINARY)
    out = now.copy()
    out[1 - kept :: 2] = cv2.copyTo(between, u8(mask), own)
    return out


@picture(
    "cinematic",
    amount=number(0.5, 0, 1, doc="Share of the blurred copy."),
    radius=number(0.01, 0.001, 0.1, "height", "Standard deviation of the blur."),
)
def soft_focus(p: Picture, *, amount: float, radius: float) -> Picture:
    """Mix the picture with a blurred copy, as a diffusion filter."""
    return p.mixed(blurred(p, radius), amount)
