"""Generators: pictures that are computed, such as titles and gradients."""

from collections.abc import Mapping
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from timeline_nb.effects.fields import coordinates
from timeline_nb.effects.parameters import (
    Parameter,
    boolean,
    choice,
    color,
    font,
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

__all__ = ["ANCHORS", "TEXT_STYLE", "text_rows"]

# The parameters that titles and subtitles share.
TEXT_STYLE: Final[dict[str, Parameter]] = {
    "font": font("DejaVu Sans", "Font family, or the path of a font file."),
    "size": number(0.08, 0.005, 1, "height", "Size of the letters."),
    "bold": boolean(doc="Use a bold face."),
    "italic": boolean(doc="Use an italic face, or slant the letters."),
    "underline": boolean(doc="Draw a line below the letters."),
    "strikeout": boolean(doc="Draw a line through the letters."),
    "color": color("#ffffff", "Color of the letters."),
    "outline": number(0.0, 0, 0.1, "height", "Width of the outline of the letters."),
    "outline_color": color("#000000", "Color of the outline."),
    "shadow": point(
        (0.0, 0.0), -1, 1, "Offset of the shadow right and down, in heights."
    ),
    "shadow_blur": number(0.0, 0, 0.2, "height", "Blur of the shadow."),
    "shadow_color": color(
        "#00000000", "Color of the shadow, with its opacity; transparent for none."
    ),
    "box_color": color(
        "#00000000", "Color of a box behind the text; transparent for none."
    ),
    "box_padding": number(0.02, 0, 0.5, "height", "Space around the text."),
    "align": choice(
        "center",
        "left",
        "right",
        "start",
        doc="Alignment of lines; `start` is the side that reading begins at.",
    ),
    "line_spacing": number(1.0, 0.5, 4, "lines", "Distance between lines."),
    "width": number(0.9, 0.05, 10, "width", "Width at which lines are broken."),
    "position": point(
        (0.5, 0.5), -10, 10, "Position of the anchor, in shares of the frame."
    ),
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
        doc="The point of the text that is placed at `position`.",
    ),
    "rotation_deg": number(0.0, -3600, 3600, "deg", "Rotation, clockwise."),
    "scale": number(1.0, 0.01, 20, doc="Scale about the anchor."),
    "opacity": number(1.0, 0, 1, doc="Opacity of the whole text."),
    "reveal": number(1.0, 0, 1, "share", "Share of the letters that is shown."),
    "spans": spans("Parts of the text with a style of their own, by letter from 0."),
    "substitute": boolean(
        doc="Replace a missing font by another, and missing letters by boxes."
    ),
}


@generator.with_parameters(
    "title", {"text": text("Title", "The text, with line breaks."), **TEXT_STYLE}
)
def title(moment: Moment, canvas: tuple[int, int], **values: Any) -> Picture:
    """Draw text on a transparent frame."""
    text = plain_text(values["text"])
    appearance = appearance_of(values, canvas)
    if appearance.substitute:
        text = text[:MOST_LETTERS]
    shown = round(values["reveal"] * (len(text) + text.count("\n")))
    return _placed(rasterize(text, appearance, shown), moment, canvas, values)


def text_rows(
    box: tuple[float, float],
    corner: tuple[float, float],
    size: tuple[int, int],
    values: Mapping[str, Any],
    *,
    moves: bool,
) -> NDArray[np.float64]:
    """Return the `(2, 3)` matrix from pixels of a drawn text to pixels of the frame.

    Args:
        box: Width and height of the text with its box.
        corner: Left and top of the box among the text's pixels.
        size: Width and height of the frame.
        values: All parameters of `title`, checked.
        moves: Whether it is placed between whole pixels, too.
    """
    width, height = size
    side, line = ANCHORS[values["anchor"]]
    anchor = (corner[0] + box[0] * side, corner[1] + box[1] * line)
    x, y = values["position"][0] * width, values["position"][1] * height
    angle, scale = np.radians(values["rotation_deg"]), values["scale"]
    if not angle and scale == 1 and not moves:
        # At rest: on whole pixels, as sharp as it was drawn.
        x, y = round(x - anchor[0]) + anchor[0], round(y - anchor[1]) + anchor[1]
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    return np.array(
        [
            [cos, -sin, x - cos * anchor[0] + sin * anchor[1]],
            [sin, cos, y - sin * anchor[0] - cos * anchor[1]],
        ]
    )


def _placed(
    block: Block, moment: Moment, size: tuple[int, int], values: dict[str, Any]
) -> Picture:
    """Place a block on a transparent frame, with subpixel precision if it moves."""
    width, height = size
    rows = text_rows(block.size, block.corner, size, values, moves=moment.moves)
    # Premultiplied while warping: transparent pixels would darken the edges.
    source = block.rgba
    alpha = cv2.merge([source[..., 3]] * 3)
    premultiplied = cv2.multiply(source[..., :3], alpha, scale=1 / 255)
    whole = cv2.merge([*cv2.split(premultiplied), source[..., 3]])
    moved = cv2.warpAffine(whole, rows, (width, height), flags=cv2.INTER_LINEAR)
    seen = moved[..., 3]
    rgb = np.zeros((height, width, 3), np.uint8)
    area = _area(rows, (source.shape[1], source.shape[0]), size)
    if area is not None:
        inside = cv2.merge([seen[area]] * 3)
        rgb[area] = cv2.divide(moved[area][..., :3], inside, scale=255)
    if values["opacity"] < 1:
        seen = cv2.convertScaleAbs(seen, alpha=values["opacity"])
    return Picture(moment=moment, rgb=u8(rgb), alpha=u8(seen))


def _area(
    rows: NDArray[np.float64], block: tuple[int, int], size: tuple[int, int]
) -> tuple[slice, slice] | None:
    """Return the rows and columns that a block covers; None if it is out of sight."""
    wide, high = block
    corners = np.array([[0, 0, 1], [wide, 0, 1], [0, high, 1], [wide, high, 1]])
    placed = corners @ rows.T
    # Interpolation reaches one pixel further.
    (x0, y0) = np.clip(placed.min(0) - 2, 0, size).astype(int)
    (x1, y1) = np.clip(placed.max(0) + 3, 0, size).astype(int)
    columns, lines = slice(x0, x1), slice(y0, y1)
    if columns.start >= columns.stop or lines.start >= lines.stop:
        return None
    return lines, columns


ANCHORS: Final = {
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


@generator("plain", color=color("#000000", "Color, with its opacity."))
def solid(moment: Moment, size: tuple[int, int], *, color: str) -> Picture:
    """Fill the frame with one color."""
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
    start=color("#1b2a5e", "Color at the start, or at the center if radial."),
    end=color("#e0a070", "Color at the end, or at the edge if radial."),
    angle=number(
        90.0,
        -360,
        360,
        "deg",
        "Direction of a linear gradient: 0 is right, 90 is down.",
    ),
    shape=choice("linear", "radial", doc="Shape of the gradient."),
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
    """Fill the frame with a gradient between two colors."""
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
    """Show the layers below through this clip's effects."""
    clear: Picture = solid(moment, size, color="#00000000")
    return clear
