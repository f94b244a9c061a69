"""Generators: pictures that no file holds."""

from typing import Any, Final

import cv2
import numpy as np

from timeline_nb.effects.fields import coordinates
from timeline_nb.effects.parameters import (
    Parameter,
    boolean,
    choice,
    color,
    number,
    point,
    spans,
    text,
)
from timeline_nb.effects.picture import Moment, Picture, color_of, u8
from timeline_nb.effects.registry import generator
from timeline_nb.effects.titles.appearance import (
    MOST_LETTERS,
    appearance_of,
    plain_text,
)
from timeline_nb.effects.titles.raster import Block, rasterize

__all__ = ["TEXT_STYLE"]

# What a title and a line of subtitles have in common.
TEXT_STYLE: Final[dict[str, Parameter]] = {
    "font": text("DejaVu Sans", "A family, or the path of a font's file."),
    "size": number(0.08, 0.005, 1, "height", "Of the letters."),
    "bold": boolean(),
    "italic": boolean(),
    "underline": boolean(),
    "strikeout": boolean(),
    "color": color("#ffffff"),
    "outline": number(0.0, 0, 0.1, "height", "Width of a line around the letters."),
    "outline_color": color("#000000"),
    "shadow": point((0.0, 0.0), -1, 1, "Heights to the right and down."),
    "shadow_blur": number(0.0, 0, 0.2, "height"),
    "shadow_color": color("#00000000", "With its opacity; clear for none."),
    "box_color": color("#00000000", "Behind the text; clear for none."),
    "box_padding": number(0.02, 0, 0.5, "height"),
    "align": choice("center", "left", "right", "start"),
    "line_spacing": number(1.0, 0.5, 4, "lines"),
    "width": number(0.9, 0.05, 10, "width", "To which lines are break_lines."),
    "position": point((0.5, 0.5), -10, 10, "Of the anchor, in shares of the frame."),
    "anchor": choice(
        "middle",
        "top",
        "bottom",
        "left",
        "right",
        "top left",
        "top right",
        "bottom left",
        "bottom right",
        doc="The part of the text that lies at the position.",
    ),
    "rotation_deg": number(0.0, -3600, 3600, "deg", "Clockwise."),
    "scale": number(1.0, 0.01, 20),
    "opacity": number(1.0, 0, 1),
    "reveal": number(1.0, 0, 1, "share", "How many of the letters are seen."),
    "spans": spans(
        "Parts of the text that appearance otherwise, by number of the letter."
    ),
    "substitute": boolean(
        doc="Paint what no font has as boxes, and a font that is missing as another."
    ),
}


@generator.with_parameters("title", {"text": text("Title"), **TEXT_STYLE})
def title(moment: Moment, canvas: tuple[int, int], **values: Any) -> Picture:
    """Text, on nothing."""
    told = plain_text(values["text"])
    appearance = appearance_of(values, canvas)
    if appearance.substitute:
        told = told[:MOST_LETTERS]
    shown = round(values["reveal"] * (len(told) + told.count("\n")))
    return _put(rasterize(told, appearance, shown), moment, canvas, values)


def _put(
    block: Block, moment: Moment, size: tuple[int, int], values: dict[str, Any]
) -> Picture:
    """A block at its place, on nothing; between pixels too, so that rolls are even."""
    width, height = size
    wide, high = block.size
    side, line = _ANCHORS[values["anchor"]]
    anchor = (block.corner[0] + wide * side, block.corner[1] + high * line)
    x, y = values["position"][0] * width, values["position"][1] * height
    angle, scale = np.radians(values["rotation_deg"]), values["scale"]
    if not angle and scale == 1 and not moment.moves:
        # At rest: on whole pixels, as sharp as it was rasterize.
        x, y = round(x - anchor[0]) + anchor[0], round(y - anchor[1]) + anchor[1]
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    rows = np.array(
        [
            [cos, -sin, x - cos * anchor[0] + sin * anchor[1]],
            [sin, cos, y - sin * anchor[0] - cos * anchor[1]],
        ]
    )
    # Premultiplied on the way, so that no dark rim comes from what is clear.
    source = block.rgba
    alpha = cv2.merge([source[..., 3]] * 3)
    premultiplied = cv2.multiply(source[..., :3], alpha, scale=1 / 255)
    whole = cv2.merge([*cv2.split(premultiplied), source[..., 3]])
    moved = cv2.warpAffine(whole, rows, (width, height), flags=cv2.INTER_LINEAR)
    seen = moved[..., 3]
    rgb = cv2.divide(moved[..., :3], cv2.merge([seen] * 3), scale=255)
    if values["opacity"] < 1:
        seen = cv2.convertScaleAbs(seen, alpha=values["opacity"])
    return Picture(moment=moment, rgb=u8(rgb), alpha=u8(seen))


_ANCHORS: Final = {
    "middle": (0.5, 0.5),
    "top": (0.5, 0.0),
    "bottom": (0.5, 1.0),
    "left": (0.0, 0.5),
    "right": (1.0, 0.5),
    "top left": (0.0, 0.0),
    "top right": (1.0, 0.0),
    "bottom left": (0.0, 1.0),
    "bottom right": (1.0, 1.0),
}


@generator("plain", color=color("#000000", "With its opacity."))
def solid(moment: Moment, size: tuple[int, int], *, color: str) -> Picture:
    """One color."""
    width, height = size
    *rgb, alpha = color_of(color)
    plane = np.empty((height, width, 3), np.uint8)
    plane[:] = [round(part * 255) for part in rgb]
    seen = (
        None if alpha == 1 else np.full((height, width), round(alpha * 255), np.uint8)
    )
    return Picture(moment=moment, rgb=plane, alpha=seen)


@generator(
    "plain",
    start=color("#1b2a5e"),
    end=color("#e0a070"),
    angle=number(90.0, -360, 360, "deg", "0 goes right, 90 down."),
    shape=choice("linear", "radial"),
)
def gradient(
    moment: Moment,
    size: tuple[int, int],
    *,
    start: str,
    end: str,
    angle: float,
    shape: str,
) -> Picture:
    """One color becomes another."""
    x, y = coordinates(*size)
    if shape == "radial":
        way = np.hypot(x, y)
    else:
        way = x * np.cos(np.radians(angle)) + y * np.sin(np.radians(angle))
    low, high = float(way.min()), float(way.max())
    share = ((way - low) / (high - low))[..., None]
    first, last = np.array(color_of(start)), np.array(color_of(end))
    rgba = (first + (last - first) * share) * 255 + 0.5
    opaque = first[3] == last[3] == 1
    return Picture(
        moment=moment, rgb=u8(rgba[..., :3]), alpha=None if opaque else u8(rgba[..., 3])
    )


@generator("plain")
def adjustment(moment: Moment, size: tuple[int, int], **_: Any) -> Picture:
    """What lies below, seen through the clip's effects."""
    clear: Picture = solid(moment, size, color="#00000000")
    return clear
