"""Detail: sharper, cleaner, grainier; edges and light."""

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

# Lines of the raster that grain is drawn on, so that it is the same at every size.
_LINES: Final = 1080
_SLACK: Final = 512


@picture(
    "detail",
    amount=number(0.8, 0, 5),
    radius=number(0.0015, 0.0005, 0.02, "height", "Of what counts as detail."),
)
def sharpen(p: Picture, *, amount: float, radius: float) -> Picture:
    """Detail stressed: what a blur takes away is added (unsharp mask)."""
    luma = p.planes[0]
    soft = smooth(luma, radius * p.height)
    return p.with_luma(cv2.addWeighted(luma, 1 + amount, soft, -amount, 0))


@picture(
    "detail",
    strength=number(0.05, 0, 0.5, doc="Differences of luma that count as noise."),
    radius=number(0.003, 0.001, 0.02, "height"),
)
def denoise(p: Picture, *, strength: float, radius: float) -> Picture:
    """Noise smoothed away, edges kept (bilateral filter)."""

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
    """Noise about 128 of deviation 32, whose grains are `size` lines across.

    It is larger than the raster, so that every moment sees another part of it.
    """
    chance = np.random.default_rng(seed).standard_normal(
        (_LINES + _SLACK, columns + _SLACK)
    )
    noise: Any = chance.astype(np.float32)
    if size > 1:
        noise = cv2.blur(noise, (size, size), borderType=cv2.BORDER_REFLECT)
        noise /= noise.std()
    return np.clip(noise * 32 + 128, 0, 255).astype(np.uint8)


def _drawn(p: Picture, size: int, salt: int, wide: int, high: int) -> Bytes:
    """Grain of this moment, as bytes about 128, of the picture's size."""
    lines, columns = _LINES, round(_LINES * p.width / p.height)
    tile = _tile(salt, size, columns)
    chance = p.moment.random(salt)
    top, left = int(chance.integers(_SLACK)), int(chance.integers(_SLACK))
    raster = tile[top : top + lines, left : left + columns]
    if (columns, lines) == (wide, high):
        return u8(raster)
    way = cv2.INTER_AREA if high < lines else cv2.INTER_LINEAR
    return u8(cv2.resize(raster, (wide, high), interpolation=way))


def with_noise(p: Picture, amount: float, size: int, *, colored: bool) -> Picture:
    """Grain added, as much of it as `amount`: the deviation in shares of white."""
    factor = amount * 255 / 32
    planes = []
    for place, plane in enumerate(p.planes):
        if place and not colored:
            planes.append(plane)
            continue
        high, wide = plane.shape
        drawn = _drawn(p, size, place + 1, wide, high)
        planes.append(u8(cv2.addWeighted(plane, 1, drawn, factor, -128 * factor)))
    return p.with_planes(*planes)


@picture(
    "vintage",
    random=True,
    amount=number(0.04, 0, 0.5, doc="The deviation, in shares of white."),
    size=number(2.0, 1, 8, "lines", "How large the grains are, of 1,080 lines."),
)
def grain(p: Picture, *, amount: float, size: float) -> Picture:
    """Film grain: in the middle tones most, in black and white least."""
    luma = p.planes[0]
    noisy = with_noise(p, amount, round(size), colored=False).planes[0]
    steps = np.arange(256)
    weight = np.clip(1 - np.abs(steps - 126) / 126, 0, 1) ** 0.5
    share = cv2.LUT(luma, weight.astype(np.float32))
    return p.with_luma(cv2.blendLinear(luma, noisy, 1 - share, share))


@picture(
    "vintage",
    random=True,
    amount=number(0.06, 0, 0.5, doc="The deviation, in shares of white."),
    colored=boolean(default=True, doc="In color too."),
)
def noise(p: Picture, *, amount: float, colored: bool) -> Picture:
    """The noise of a sensor in the dark."""
    return with_noise(p, amount, 1, colored=colored)


@picture(
    "cinematic",
    amount=number(0.5, 0, 2),
    threshold=number(0.6, 0, 1, doc="From which luma on light glows."),
    radius=number(0.02, 0.001, 0.1, "height"),
)
def glow(p: Picture, *, amount: float, threshold: float, radius: float) -> Picture:
    """Light spreads from what is bright."""
    rgb = p.rgb
    low = threshold * 255
    steps = np.clip((np.arange(256) - low) / max(1, 255 - low), 0, 1)
    share = u8(cv2.LUT(u8(cv2.transform(rgb, np.array([WEIGHTS]))), u8(steps * 255)))
    bright = cv2.multiply(rgb, cv2.merge([share, share, share]), scale=1 / 255)
    light = smooth(u8(bright), radius * p.height)
    # As on a screen: light is added, and never beyond white.
    light = u8(cv2.convertScaleAbs(light, alpha=amount))
    product = cv2.multiply(255 - rgb, 255 - light, scale=1 / 255)
    return p.with_rgb(255 - product)


@picture(
    "artistic",
    amount=number(1.0, 0, 1),
    strength=number(2.0, 0.1, 10, doc="How steep an edge must be to shine."),
    colored=boolean(doc="In the picture's colors, not white."),
)
def edge(p: Picture, *, amount: float, strength: float, colored: bool) -> Picture:
    """Outlines on black (Sobel)."""
    luma = p.planes[0]
    # Slopes are told at the raster of 540 lines, at every size.
    height = 540
    small = _resized(luma, round(p.width * height / p.height), height)
    # What a small picture could not show is left out of large ones.
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
    way = cv2.INTER_AREA if high < plane.shape[0] else cv2.INTER_LINEAR
    return u8(cv2.resize(plane, (wide, high), interpolation=way))


@picture(
    "artistic",
    strength=number(1.0, 0, 5),
    angle=number(135.0, -360, 360, "deg", "Where the light comes from."),
)
def emboss(p: Picture, *, strength: float, angle: float) -> Picture:
    """Pressed into gray metal."""
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
    field=choice("top", "bottom", doc="The field that was shot first."),
)
def deinterlace(p: Picture, *, field: str) -> Picture:
    """Lines of the later field made anew, where they moved, from those around them."""
    before, after = (
        p.later(-p.moment.duration).planes,
        p.later(p.moment.duration).planes,
    )
    kept = 0 if field == "top" else 1
    planes = [
        _woven(now, old, new, kept)
        for now, old, new in zip(p.planes, before, after, strict=True)
    ]
    return p.with_planes(*planes)


def _woven(now: Bytes, before: Bytes, after: Bytes, kept: int) -> Bytes:
    # The lines of the other field alone, and those of the kept one around them.
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
    # What passes in one frame alone has moved too.
    moved = cv2.max(cv2.absdiff(old, new), cv2.absdiff(own, still))
    _, mask = cv2.threshold(moved, 8, 255, cv2.THRESH_BINARY)
    out = now.copy()
    out[1 - kept :: 2] = cv2.copyTo(between, u8(mask), own)
    return out


@picture(
    "cinematic", amount=number(0.5, 0, 1), radius=number(0.01, 0.001, 0.1, "height")
)
def soft_focus(p: Picture, *, amount: float, radius: float) -> Picture:
    """Sharp and soft at once, as through a diffusion filter."""
    return p.mixed(blurred(p, radius), amount)
